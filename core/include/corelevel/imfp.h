/* Inelastic mean free paths: how far photoelectrons come through a material.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_IMFP_H
#define CLV_IMFP_H

#include <corelevel/error.h>

CLV_BEGIN_DECLS

/* What the predictive formula asks of a material. */
typedef struct clv_material {
    double density;           /* g/cm3 */
    double valence_electrons; /* per formula unit: 11 for Au, 16 for SiO2, 22 for LiCoO2 */
    double molar_mass;        /* g/mol of the formula unit */
    double band_gap;          /* eV; 0 for metals */
} clv_material;

/* The kinetic energies for which TPP-2M was made, eV. */
#define CLV_IMFP_LEAST 50.0
#define CLV_IMFP_MOST 2000.0

/* Gives the inelastic mean free path in nm of electrons of a kinetic energy in eV by the equation TPP-2M; it scatters
   by some 11 % about measured ones, ratios at two energies by far less. NaN for an energy outside CLV_IMFP_LEAST to
   CLV_IMFP_MOST or a material whose numbers are not positive (its gap: negative). Any thread. Source: S. Tanuma, C. J.
   Powell, D. R. Penn, Surf. Interface Anal. 21 (1994) 165, doi 10.1002/sia.740210302. */
CLV_API double clv_imfp_tpp2m(double energy, const clv_material *material);

CLV_END_DECLS

#endif
