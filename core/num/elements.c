/* Names of elements and levels, and what xraylib's tables tell of them.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <corelevel/elements.h>

#include <math.h>
#include <stdbool.h>
#include <string.h>
#include <xraylib.h>

#include <corelevel/text.h>

#define CARBON 6

static const char symbols[][3] = {
    "H",  "He", "Li", "Be", "B",  "C",  "N",  "O",  "F",  "Ne", "Na", "Mg", "Al", "Si", "P",  "S",  "Cl", "Ar",
    "K",  "Ca", "Sc", "Ti", "V",  "Cr", "Mn", "Fe", "Co", "Ni", "Cu", "Zn", "Ga", "Ge", "As", "Se", "Br", "Kr",
    "Rb", "Sr", "Y",  "Zr", "Nb", "Mo", "Tc", "Ru", "Rh", "Pd", "Ag", "Cd", "In", "Sn", "Sb", "Te", "I",  "Xe",
    "Cs", "Ba", "La", "Ce", "Pr", "Nd", "Pm", "Sm", "Eu", "Gd", "Tb", "Dy", "Ho", "Er", "Tm", "Yb", "Lu", "Hf",
    "Ta", "W",  "Re", "Os", "Ir", "Pt", "Au", "Hg", "Tl", "Pb", "Bi", "Po", "At", "Rn", "Fr", "Ra", "Ac", "Th",
    "Pa", "U",  "Np", "Pu", "Am", "Cm", "Bk", "Cf", "Es", "Fm", "Md", "No", "Lr", "Rf", "Db", "Sg", "Bh"};
enum { n_symbols = sizeof symbols / sizeof symbols[0] };

/* One level as xraylib counts its shells: one, or the two members of a doublet (the larger j last). */
typedef struct level {
    int shells[2];
    int count;
} level;

clv_status clv_element_number(const char *symbol, int *number, clv_error *err)
{
    for (int i = 0; i < n_symbols; i++) {
        if (clv_text_equal(symbol, symbols[i])) {
            *number = i + 1;
            return CLV_OK;
        }
    }
    return clv_fail(err, CLV_NOT_FOUND, "there is no element '%.20s'", symbol);
}

const char *clv_element_symbol(int number) { return number >= 1 && number <= n_symbols ? symbols[number - 1] : NULL; }

static clv_status fail_level(const char *name, clv_error *err)
{
    return clv_fail(err, CLV_BAD_ARGUMENT, "'%.20s' is no level: say 1s, 2p3/2, 4f, K or L3", name);
}

/* The number of subshells of main shell K, L, ... Q in xraylib's count, and the place of the first. */
static const int shell_size[] = {1, 3, 5, 7, 7, 5, 3};
static const int shell_first[] = {K_SHELL, L1_SHELL, M1_SHELL, N1_SHELL, O1_SHELL, P1_SHELL, Q1_SHELL};

/* "L3", or "K" alone. */
static bool read_xray_name(const char *name, level *out)
{
    int main_shell = name[0] - 'K', place = name[1] ? name[1] - '1' : 0;

    if (main_shell < 0 || main_shell > 6 || (name[1] == 0) != (main_shell == 0) || (name[1] && name[2])) {
        return false;
    }
    if (place < 0 || place >= shell_size[main_shell]) { return false; }
    *out = (level){{shell_first[main_shell] + place}, 1};
    return true;
}

/* "2P3/2" or "2P". */
static bool read_orbital_name(const char *name, level *out)
{
    static const char orbitals[] = "SPDF";
    int main_shell = name[0] - '1';
    const char *orbital = name[0] && name[1] ? strchr(orbitals, name[1]) : NULL;
    int l = orbital ? (int)(orbital - orbitals) : -1, low = 2 * l - 1;

    if (main_shell < 0 || main_shell > 6 || l < 0 || l > main_shell) { return false; }
    if (2 * l >= shell_size[main_shell]) { return false; }
    low += shell_first[main_shell];
    if (name[2] == 0) {
        *out = l == 0 ? (level){{low + 1}, 1} : (level){{low, low + 1}, 2};
        return true;
    }
    if (strlen(name + 2) != 3 || name[3] != '/' || name[4] != '2') { return false; }
    if (name[2] - '0' == 2 * l + 1) {
        *out = (level){{low + 1}, 1};
    } else if (l > 0 && name[2] - '0' == 2 * l - 1) {
        *out = (level){{low}, 1};
    } else {
        return false;
    }
    return true;
}

/* Reads a level's name, without blanks and in capitals. */
static clv_status read_level(int number, const char *name, level *out, clv_error *err)
{
    char plain[8];
    size_t length = 0;

    CLV_CHECK(clv_element_symbol(number), err, CLV_BAD_ARGUMENT, "there is no element of atomic number %d", number);
    for (const char *c = name; *c; c++) {
        if (*c == ' ') { continue; }
        if (length + 1 == sizeof plain) { return fail_level(name, err); }
        plain[length++] = *c >= 'a' && *c <= 'z' ? (char)(*c - 32) : *c;
    }
    plain[length] = 0;
    if (length == 0 || (!read_xray_name(plain, out) && !read_orbital_name(plain, out))) {
        return fail_level(name, err);
    }
    return CLV_OK;
}

/* Passes on what a table told, or that it has nothing. */
static clv_status take(double value, xrl_error *trouble, const char *what, int number, const char *name, double *out,
                       clv_error *err)
{
    bool bad = trouble || !(value > 0);

    xrl_clear_error(&trouble);
    CLV_CHECK(!bad, err, CLV_NOT_FOUND, "the tables have no %s for %s %.20s", what, clv_element_symbol(number), name);
    *out = value;
    return CLV_OK;
}

clv_status clv_element_edge(int number, const char *name, double *energy, clv_error *err)
{
    level which;
    xrl_error *trouble = NULL;
    double value;

    CLV_TRY(read_level(number, name, &which, err));
    value = 1000 * EdgeEnergy(number, which.shells[which.count - 1], &trouble);
    return take(value, trouble, "edge", number, name, energy, err);
}

clv_status clv_element_width(int number, const char *name, double *width, clv_error *err)
{
    level which;
    xrl_error *trouble = NULL;
    double value;

    CLV_TRY(read_level(number, name, &which, err));
    value = 1000 * AtomicLevelWidth(number, which.shells[which.count - 1], &trouble);
    return take(value, trouble, "natural width", number, name, width, err);
}

clv_status clv_element_cross_section(int number, const char *name, double photon_energy, double *cross_section,
                                     clv_error *err)
{
    level which;
    double sum = 0;

    CLV_TRY(read_level(number, name, &which, err));
    CLV_CHECK(photon_energy > 0 && isfinite(photon_energy), err, CLV_BAD_ARGUMENT,
              "a photon energy is above zero, not %g eV", photon_energy);
    for (int i = 0; i < which.count; i++) {
        xrl_error *trouble = NULL;
        double electrons = ElectronConfig(number, which.shells[i], &trouble), one = 0;

        /* the second is not asked after the first has failed: xraylib keeps one error at a time */
        if (!trouble) { one = CSb_Photo_Partial(number, which.shells[i], photon_energy / 1000, &trouble); }
        CLV_TRY(take(one * electrons, trouble, "cross-section at this photon energy", number, name, &one, err));
        sum += one;
    }
    *cross_section = sum;
    return CLV_OK;
}

clv_status clv_element_sensitivity(int number, const char *name, double photon_energy, double *sensitivity,
                                   clv_error *err)
{
    double own, carbon;

    CLV_TRY(clv_element_cross_section(number, name, photon_energy, &own, err));
    CLV_TRY(clv_element_cross_section(CARBON, "1s", photon_energy, &carbon, err));
    *sensitivity = own / carbon;
    return CLV_OK;
}
