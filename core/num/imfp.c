/* The equation TPP-2M for inelastic mean free paths. SPDX-License-Identifier: GPL-3.0-or-later */
#include <corelevel/imfp.h>

#include <math.h>

#define ANGSTROM 0.1 /* nm */

double clv_imfp_tpp2m(double energy, const clv_material *material)
{
    double density = material->density, gap = material->band_gap;
    double u = material->valence_electrons * density / material->molar_mass;
    double plasmon = 28.8 * sqrt(u); /* eV */
    double beta = -0.10 + 0.944 / sqrt(plasmon * plasmon + gap * gap) + 0.069 * pow(density, 0.1);
    double gamma = 0.191 / sqrt(density);
    double c = 1.97 - 0.91 * u, d = 53.4 - 20.8 * u;

    if (!(energy >= CLV_IMFP_LEAST && energy <= CLV_IMFP_MOST)) { return NAN; }
    if (!(density > 0 && u > 0 && isfinite(u) && material->molar_mass > 0 && gap >= 0)) { return NAN; }
    return ANGSTROM * energy / (plasmon * plasmon * (beta * log(gamma * energy) - c / energy + d / (energy * energy)));
}
