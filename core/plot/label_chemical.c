/* Turns chemical and spectroscopic names as people type them into the markup of figures.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <corelevel/figure.h>

#include <stdio.h>
#include <string.h>

static const char elements[] =
    " H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr Rb Sr Y Zr Nb "
    "Mo"
    " Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au Hg "
    "Tl"
    " Pb Bi Po At Rn Fr Ra Ac Th Pa U Np Pu Am Cm Bk Cf Es Fm Md No Lr Rf Db Sg Bh Hs Mt Ds Rg Cn Nh Fl Mc Lv Ts Og ";

/* A text that grows in a buffer and is cut at a character's end. */
typedef struct writer {
    char *at;
    size_t size, used;
    bool full;
} writer;

static bool digit(char c) { return c >= '0' && c <= '9'; }
static bool upper(char c) { return c >= 'A' && c <= 'Z'; }
static bool lower(char c) { return c >= 'a' && c <= 'z'; }
static bool sign(char c) { return c == '+' || c == '-'; }

static void put(writer *w, const char *text, size_t length)
{
    w->full = w->full || w->used + length + 1 > w->size;
    if (w->full) { return; }
    memcpy(w->at + w->used, text, length);
    w->used += length;
    w->at[w->used] = 0;
}

static void put_raised(writer *w, const char *digits, size_t count, char charge)
{
    put(w, "^{", 2);
    put(w, digits, count);
    if (charge) { put(w, charge == '-' ? "−" : "+", charge == '-' ? 3 : 1); }
    put(w, "}", 1);
}

static void put_lowered(writer *w, const char *digits, size_t count)
{
    if (count == 0) { return; }
    put(w, "_{", 2);
    put(w, digits, count);
    put(w, "}", 1);
}

/* Writes a word as it stands; a character of several bytes goes whole. */
static void put_plain(writer *w, const char *word, size_t length)
{
    for (size_t i = 0; i < length;) {
        size_t bytes = 1;
        while (i + bytes < length && ((unsigned char)word[i + bytes] & 0xC0) == 0x80) { bytes++; }
        if (word[i] == '^' || word[i] == '_' || word[i] == '\\') { put(w, "\\", 1); }
        put(w, word + i, bytes);
        i += bytes;
    }
}

/* Tells the length of the element's symbol at `s`, 0 for none; two letters before one. */
static size_t symbol(const char *s, size_t left)
{
    for (size_t length = left < 2 ? left : 2; length > 0; length--) {
        char text[8];
        if (!upper(s[0]) || (length == 2 && !lower(s[1]))) { continue; }
        snprintf(text, sizeof text, " %.*s ", (int)length, s);
        if (strstr(elements, text)) { return length; }
    }
    return 0;
}

/* Element symbols, digits and brackets only: a formula without its charge. `atoms` counts the symbols. */
static bool is_formula(const char *s, size_t length, size_t *atoms)
{
    int open = 0;

    *atoms = 0;
    for (size_t i = 0; i < length;) {
        size_t letters = symbol(s + i, length - i);
        if (letters == 0 && !digit(s[i]) && s[i] != '(' && s[i] != ')') { return false; }
        if (digit(s[i]) && (i == 0 || s[i - 1] == '(')) { return false; }
        open += (s[i] == '(') - (s[i] == ')');
        if (open < 0) { return false; }
        *atoms += letters > 0;
        i += letters ? letters : 1;
    }
    return *atoms > 0 && open == 0;
}

static void put_formula(writer *w, const char *s, size_t length)
{
    for (size_t i = 0; i < length;) {
        size_t digits = 0;
        while (i + digits < length && digit(s[i + digits])) { digits++; }
        put_lowered(w, s + i, digits);
        i += digits;
        if (i < length && !digit(s[i])) { put(w, s + i++, 1); }
    }
}

/* Writes a formula with its charge: "Co2+", "NH4+", "SO42-", "Co0". A lone atom's digits are its charge; of several
   digits the last is; after a group one digit counts atoms. */
static bool put_ion(writer *w, const char *s, size_t length)
{
    char charge = length > 1 && sign(s[length - 1]) ? s[length - 1] : 0;
    size_t end = charge ? length - 1 : length, digits = 0, atoms;

    if (!is_formula(s, end, &atoms)) { return false; }
    while (digits < end && digit(s[end - 1 - digits])) { digits++; }
    bool metal = atoms == 1 && !charge && digits == 1 && s[end - 1] == '0';
    size_t raised = metal ? 1 : !charge ? 0 : atoms == 1 && digits == 1 ? 1 : digits > 1 ? 1 : 0;
    put_formula(w, s, end - raised);
    if (charge || metal) { put_raised(w, s + end - raised, raised, charge); }
    return true;
}

/* "2p3/2": the spin-orbit part lowered; "L2,3": the edges lowered. */
static bool put_line(writer *w, const char *s, size_t length)
{
    bool orbital = length == 5 && digit(s[0]) && strchr("spdf", s[1]) && digit(s[2]) && s[3] == '/' && s[4] == '2';
    bool edges = length >= 2 && strchr("LMN", s[0]) && digit(s[1]);
    size_t kept = orbital ? 2 : 1;

    for (size_t i = 1; i < length && edges; i++) { edges = digit(s[i]) || (s[i] == ',' && i + 1 < length); }
    if (!orbital && !edges) { return false; }
    put(w, s, kept);
    put_lowered(w, s + kept, length - kept);
    return true;
}

/* Formulas joined by "-" (a bond, en dash), "=", "/" or "+": "C-O", "O-C=O", "Co2+/Co3+". */
static bool put_joined(writer *w, const char *s, size_t length)
{
    writer trial = *w;
    size_t begin = 0;

    for (size_t i = 1; i <= length; i++) {
        bool join = i < length && strchr("-=/+", s[i]) && i + 1 < length && (upper(s[i + 1]) || s[i + 1] == '(');
        if (i < length && !join) { continue; }
        if (!put_ion(&trial, s + begin, i - begin)) {
            w->at[w->used] = 0;
            return false;
        }
        if (i < length) { put(&trial, s[i] == '-' ? "–" : s + i, s[i] == '-' ? 3 : 1); }
        begin = i + 1;
    }
    *w = trial;
    return true;
}

/* Tells the length of a charge that stands as a word of its own, as in "PS4 3-"; 0 for none. */
static size_t lone_charge(const char *s)
{
    size_t length = strcspn(s, " ");

    return length == 2 && s[0] >= '1' && s[0] <= '9' && sign(s[1]) ? 2 : 0;
}

char *clv_label_chemical(const char *name, char *out, size_t size)
{
    writer w = {out, size, 0, false};

    if (size == 0) { return out; }
    out[0] = 0;
    while (*name) {
        size_t spaces = strspn(name, " "), length = strcspn(name + spaces, " "), atoms;
        const char *word = name + spaces;
        put(&w, name, spaces);
        name = word + length;
        if (length == 0) { break; }
        size_t charge = *name == ' ' && is_formula(word, length, &atoms) ? lone_charge(name + 1) : 0;
        if (charge) {
            put_formula(&w, word, length);
            put_raised(&w, name + 1, 1, name[2]);
            name += 1 + charge;
        } else if (!put_line(&w, word, length) && !put_ion(&w, word, length) && !put_joined(&w, word, length)) {
            put_plain(&w, word, length);
        }
    }
    return out;
}
