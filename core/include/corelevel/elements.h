/* The elements' core levels: edges, natural widths and photoionisation cross-sections.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_ELEMENTS_H
#define CLV_ELEMENTS_H

#include <corelevel/error.h>

CLV_BEGIN_DECLS

/* Levels are named as in photoemission, "1s", "2p3/2", "4f"; a name without `1/2` and such means both members of the
   doublet. X-ray names serve as well: "K", "L3", "M5". Blanks and letter case do not matter. */

/* Gives the atomic number of a chemical symbol ("Co"; letter case does not matter).
   Errors: CLV_NOT_FOUND. Any thread, as everything here. */
CLV_API clv_status clv_element_number(const char *symbol, int *number, clv_error *err);

/* Gives the symbol of an atomic number (constant text), or NULL when it is not 1 to 107. */
CLV_API const char *clv_element_symbol(int number);

/* Gives the energy of an x-ray absorption edge in eV; of both members the one of larger j. It lies some tenths of an eV
   to some eV from the binding energy in a photoemission spectrum: good to label, not to calibrate. Source: the xraylib
   library, A. Brunetti et al., Spectrochim. Acta B 59 (2004) 1725, doi 10.1016/j.sab.2004.03.014. Errors:
   CLV_BAD_ARGUMENT for no such element or level, CLV_NOT_FOUND when the tables have none. */
CLV_API clv_status clv_element_edge(int number, const char *level, double *energy, clv_error *err);

/* Gives the natural (lifetime) width of a level, FWHM in eV; of both members the one of larger j.
   Source: xraylib's tables, after J. L. Campbell, T. Papp, At. Data Nucl. Data Tables 77 (2001) 1,
   doi 10.1006/adnd.2000.0848. Errors: as for clv_element_edge; light elements' 1s and many outer levels are not
   tabulated, and nothing is guessed. */
CLV_API clv_status clv_element_width(int number, const char *level, double *width, clv_error *err);

/* Gives the cross-section of photoionisation of a whole level, all its electrons, in barn per atom at a photon energy
   in eV; of both members the sum. Source: xraylib's tables of Scofield's theory (J. H. Scofield, J. Electron Spectrosc.
   8 (1976) 129, doi 10.1016/0368-2048(76)80015-1), per electron, times the occupation. Errors: as for clv_element_edge;
   CLV_BAD_ARGUMENT for a photon energy that is not above zero. */
CLV_API clv_status clv_element_cross_section(int number, const char *level, double photon_energy, double *cross_section,
                                             clv_error *err);

/* Gives the same relative to C 1s at the same photon energy: Scofield's relative sensitivity (angular asymmetry,
   transmission and escape depth are not in it). At 1486.6 eV Co 2p3/2 has 12.62. Errors as for
   clv_element_cross_section. */
CLV_API clv_status clv_element_sensitivity(int number, const char *level, double photon_energy, double *sensitivity,
                                           clv_error *err);

CLV_END_DECLS

#endif
