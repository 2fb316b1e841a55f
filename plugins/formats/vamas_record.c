/* Turns VAMAS blocks into spectra: energies ascending, the signal and its companions, variables that a series runs
   along. SPDX-License-Identifier: GPL-3.0-or-later */
#include "vamas.h"

#include <corelevel/text.h>

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Whether a label holds a word, letter case ignored. */
static int has(const char *label, const char *word) { return strcasestr(label, word) != NULL; }

/* ---- Names */

int vamas_is_line(const char *species, const char *transition)
{
    size_t length = strlen(species);

    if (length < 1 || length > 2 || !isupper((unsigned char)species[0])) { return 0; }
    if (length == 2 && !islower((unsigned char)species[1])) { return 0; }
    if (isdigit((unsigned char)transition[0])) { return transition[1] && strchr("spdf", transition[1]) != NULL; }
    return strlen(transition) >= 3 && strspn(transition, "KLMNOPV12345") >= 3;
}

int vamas_says_nothing(const char *label)
{
    return !*label || has(label, "not specified") || clv_text_equal(label, "none") || has(label, "counts per second") ||
           strncmp(label, "Block No", 8) == 0;
}

/* The line when species and transition name one, else the first of block identifier and species that says something. */
static void name_region(const vamas_block *block, char name[2 * VAMAS_LABEL])
{
    char species[VAMAS_LABEL] = "", transition[VAMAS_LABEL] = "";

    snprintf(name, 2 * VAMAS_LABEL, "%s %s", block->species, block->transition);
    if (sscanf(name, "%100s %100s", species, transition) == 2 && vamas_is_line(species, transition)) {
        snprintf(name, 2 * VAMAS_LABEL, "%s %s", species, transition);
    } else if (!vamas_says_nothing(block->id)) {
        snprintf(name, 2 * VAMAS_LABEL, "%s", block->id);
    } else if (!vamas_says_nothing(block->species)) {
        snprintf(name, 2 * VAMAS_LABEL, "%s", block->species);
    } else {
        snprintf(name, 2 * VAMAS_LABEL, "region %zu", block->place);
    }
}

/* ---- The energy axis */

/* What the abscissa is, and whether binding energies follow from it as photon energy minus value. */
static clv_status name_axis(const vamas_file *file, const vamas_block *block, const vamas_variable *abscissa,
                            const char **name, double *photon)
{
    const char *label = abscissa->label;

    *photon = NAN;
    if (!clv_text_equal(abscissa->unit, "eV")) {
        return clv_cursor_fail(file->in, file->err,
                               "block %zu runs along '%s' in '%s'; only energies in eV can be read", block->place,
                               label, abscissa->unit);
    }
    if (has(label, "binding")) {
        *name = "binding_energy";
    } else if (has(label, "photon")) {
        *name = "photon_energy";
    } else if (has(label, "loss") || strcmp(block->technique, "ELS") == 0) {
        *name = "energy_loss";
    } else {
        *photon = strcmp(block->technique, "XPS") == 0 ? clv_metadata_number(block->metadata, "photon_energy") : NAN;
        *name = *photon > 0 ? "binding_energy" : "kinetic_energy";
    }
    return CLV_OK;
}

/* The abscissa of point i, as the file gives it. */
static double abscissa_at(const vamas_block *block, size_t first, size_t i)
{
    return first ? block->ordinates[i * block->columns] : block->start + (double)i * block->step;
}

/* The points of a block by ascending energy. Points of one energy (irregular scans that overlap) stand together:
   energy k is that of the points order[from[k]] to order[from[k + 1] - 1]. */
typedef struct grid {
    size_t count;
    double *energy;
    size_t *order, *from;
} grid;

typedef struct point {
    double energy;
    size_t place;
} point;

static int by_energy(const void *a, const void *b)
{
    const point *p = a, *q = b;

    if (p->energy != q->energy) { return p->energy < q->energy ? -1 : 1; }
    return p->place < q->place ? -1 : p->place > q->place;
}

/* Energies are decimal numbers in the file: what is calculated from them is rounded to 1e-9 eV, so that 840.1 stays so.
 */
static double decimal(double energy) { return nearbyint(energy * 1e9) / 1e9 + 0.0; }

static clv_status sort_points(const vamas_file *file, const vamas_block *block, size_t first, double photon,
                              point *points)
{
    for (size_t i = 0; i < block->points; i++) {
        double value = abscissa_at(block, first, i);

        if (!(fabs(value) < 1e6)) {
            return clv_cursor_fail(file->in, file->err, "block %zu: the energy of point %zu is %g eV", block->place,
                                   i + 1, value);
        }
        points[i] = (point){decimal(photon > 0 ? photon - value : value), i};
    }
    if (!first && block->points > 1 && decimal(block->step) == 0) {
        return clv_cursor_fail(file->in, file->err, "block %zu: the abscissa's increment is 0", block->place);
    }
    qsort(points, block->points, sizeof *points, by_energy);
    return CLV_OK;
}

static void fill_grid(grid *g, const point *points, size_t n)
{
    g->count = 0;
    for (size_t i = 0; i < n; i++) {
        g->order[i] = points[i].place;
        if (i > 0 && points[i].energy == points[i - 1].energy) { continue; }
        g->energy[g->count] = points[i].energy;
        g->from[g->count++] = i;
    }
    g->from[g->count] = n;
}

static void free_grid(grid *g)
{
    free(g->energy);
    free(g->order);
    free(g->from);
}

static clv_status make_axis(const vamas_file *file, const vamas_block *block, size_t first, grid *g, clv_axis **axis)
{
    size_t n = block->points;
    point *points = malloc(n * sizeof *points);
    const char *name = NULL;
    double photon = NAN;
    clv_status status = CLV_OK;

    g->energy = malloc(n * sizeof *g->energy);
    g->order = malloc(n * sizeof *g->order);
    g->from = malloc((n + 1) * sizeof *g->from);
    if (!points || !g->energy || !g->order || !g->from) {
        status = clv_fail(file->err, CLV_NO_MEMORY, "no memory for %zu energies", n);
    }
    if (!status) { status = name_axis(file, block, first ? &block->column[0] : &block->abscissa, &name, &photon); }
    if (!status) { status = sort_points(file, block, first, photon, points); }
    if (!status) {
        fill_grid(g, points, n);
        status = clv_axis_new(name, "eV", g->energy, g->count, axis, file->err);
    }
    free(points);
    return status;
}

/* ---- What a series runs along */

/* Names, units and values in the shape that a record takes. */
typedef struct series {
    char name[VAMAS_VARIABLES + 3][VAMAS_LABEL], unit[VAMAS_VARIABLES + 3][VAMAS_LABEL];
    const char *names[VAMAS_VARIABLES + 3], *units[VAMAS_VARIABLES + 3];
    double values[VAMAS_VARIABLES + 3];
    size_t count;
} series;

static void append(series *along, const char *name, const char *unit, double value)
{
    size_t n = along->count;

    if (n == VAMAS_VARIABLES + 3) { return; }
    snprintf(along->name[n], VAMAS_LABEL, "%s", name);
    snprintf(along->unit[n], VAMAS_LABEL, "%s", unit);
    along->names[n] = along->name[n];
    along->units[n] = along->unit[n];
    along->values[n] = value;
    along->count++;
}

/* "PositionX [mm]" gives position_x and mm; "Etch Time" gives etch_time. */
static void split_label(const vamas_variable *variable, char name[VAMAS_LABEL], char unit[VAMAS_LABEL])
{
    const char *bracket = strchr(variable->label, '[');
    size_t length = 0, end = bracket ? (size_t)(bracket - variable->label) : strlen(variable->label);

    snprintf(unit, VAMAS_LABEL, "%s", variable->unit);
    if (bracket) { snprintf(unit, VAMAS_LABEL, "%.*s", (int)strcspn(bracket + 1, "]"), bracket + 1); }
    if (!*unit || clv_text_equal(unit, "d") || clv_text_equal(unit, "n")) { snprintf(unit, VAMAS_LABEL, "1"); }
    while (end > 0 && variable->label[end - 1] == ' ') { end--; }
    for (size_t i = 0; i < end && length + 3 < VAMAS_LABEL; i++) {
        unsigned char c = (unsigned char)variable->label[i];

        if (i > 0 && isupper(c) && islower((unsigned char)variable->label[i - 1])) { name[length++] = '_'; }
        name[length++] = c == ' ' || c == '-' ? '_' : (char)tolower(c);
    }
    name[length] = 0;
}

/* Times of etching come in seconds, and where a rate is known the depth stands before them. */
static void append_etch_time(series *along, const vamas_file *file, const char *unit, double value)
{
    char depth_unit[VAMAS_LABEL] = "nm";

    if (strncmp(unit, "min", 3) == 0) { value *= 60; }
    if (!file->rate_measured) { snprintf(depth_unit, sizeof depth_unit, "nm %.80s equiv.", file->rate_material); }
    if (file->rate > 0) { append(along, "depth", depth_unit, value * file->rate); }
    append(along, "etch_time", "s", value);
}

static void append_variable(series *along, const vamas_file *file, const vamas_variable *variable, double value)
{
    char name[VAMAS_LABEL], unit[VAMAS_LABEL];

    split_label(variable, name, unit);
    if (!(fabs(value) < VAMAS_UNKNOWN) || !*name || strcmp(name, "none") == 0) { return; }
    if ((has(name, "etch") || has(name, "sputter")) && has(name, "time")) {
        append_etch_time(along, file, unit, value);
    } else {
        append(along, name, unit, value);
    }
}

static void make_series(const vamas_file *file, const vamas_block *block, series *along)
{
    along->count = 0;
    for (size_t v = 0; v < file->variables; v++) { append_variable(along, file, &file->variable[v], block->values[v]); }
    if (file->positions > 1 && fabs(block->x) < VAMAS_UNKNOWN && fabs(block->y) < VAMAS_UNKNOWN) {
        append(along, "y", "1", block->y);
        append(along, "x", "1", block->x);
    }
}

/* ---- Metadata that follow from others */

/* The factor from a rate's unit to nm/s; 0 for a unit that is no rate. */
static double rate_factor(const char *unit)
{
    double length = strncmp(unit, "nm", 2) == 0 ? 1 : 0;
    const char *slash = strchr(unit, '/');

    if (length == 0 && (*unit == 'A' || strncmp(unit, "\xC3\x85", 2) == 0)) { length = 0.1; }
    if (!slash) { return 0; }
    if (strncmp(slash + 1, "min", 3) == 0) { return length / 60; }
    return slash[1] == 's' ? length : 0;
}

/* `Etch rate = 0.05 nm/s (SiO2 equivalent)` on a line of a comment; it holds until another is told. Without a material
   it is taken as one of SiO2; `(LiCoO2)` without `equivalent` says that it was measured for this material. */
static void find_rate(vamas_file *file, const clv_metadata *metadata)
{
    const char *comment = clv_metadata_text(metadata, "comment");
    const char *found = comment ? strcasestr(comment, "etch rate") : NULL;
    const char *end, *unit;
    double rate = 0;

    if (!found) { return; }
    found += strlen("etch rate");
    found += strspn(found, " \t=:");
    end = clv_text_number_at(found, found + strlen(found), &rate);
    if (!end) { return; }
    unit = end + strspn(end, " \t");
    rate *= rate_factor(unit);
    if (!(rate > 0) || !isfinite(rate)) { return; }
    file->rate = rate;
    unit += strcspn(unit, "(\n");
    if (sscanf(unit, "(%100[^) \n]", file->rate_material) != 1) {
        snprintf(file->rate_material, VAMAS_LABEL, "SiO2");
        file->rate_measured = 0;
    } else {
        unit += strcspn(unit, ")\n");
        file->rate_measured = !memmem(found, (size_t)(unit - found), "equiv", 5);
    }
}

static clv_status keep_rate(vamas_file *file, vamas_block *block)
{
    if (block->place == 1) { find_rate(file, clv_record_metadata(file->out)); }
    find_rate(file, block->metadata);
    if (file->rate == 0) { return CLV_OK; }
    CLV_TRY(clv_metadata_set_number(block->metadata, "sputter_rate", file->rate, "nm/s", file->err));
    return clv_metadata_set_text(block->metadata, "sputter_rate_material", file->rate_material, file->err);
}

/* The ion that sputters, from its atomic number, number of atoms and charge: Ar+, Ar2000+. */
static clv_status keep_ion(vamas_block *block, clv_error *err)
{
    static const struct {
        int number;
        const char *symbol;
    } ions[] = {{1, "H"},   {2, "He"},  {6, "C"},   {7, "N"},   {8, "O"},   {10, "Ne"}, {18, "Ar"},
                {31, "Ga"}, {36, "Kr"}, {54, "Xe"}, {55, "Cs"}, {79, "Au"}, {83, "Bi"}};
    double number = clv_metadata_number(block->metadata, "sputter_atomic_number");
    double atoms = clv_metadata_number(block->metadata, "sputter_atoms");
    double charge = clv_metadata_number(block->metadata, "sputter_charge");
    char ion[VAMAS_LABEL];
    int length = 0;

    for (size_t i = 0; i < sizeof ions / sizeof *ions; i++) {
        if (number == ions[i].number) { length = snprintf(ion, sizeof ion, "%s", ions[i].symbol); }
    }
    if (length == 0) { return CLV_OK; }
    if (atoms > 1 && atoms < 1e6) { length += snprintf(ion + length, sizeof ion - (size_t)length, "%.0f", atoms); }
    if (charge != 0 && fabs(charge) < 10) {
        snprintf(ion + length, sizeof ion - (size_t)length, "%s", charge > 0 ? "+" : "-");
    }
    return clv_metadata_set_text(block->metadata, "sputter_ion", ion, err);
}

/* ---- Spectra */

/* The unit of a column: 'd' is a plain number, counts where pulses were counted. */
static const char *unit_of(const vamas_block *block, const vamas_variable *column)
{
    const char *mode = clv_metadata_text(block->metadata, "signal_mode");

    if (has(column->unit, "c/s") || has(column->unit, "cps") || has(column->unit, "counts/s")) { return "counts/s"; }
    if (has(column->label, "per second") || has(block->id, "counts per second")) { return "counts/s"; }
    if (clv_text_equal(column->unit, "counts") || has(column->label, "count")) { return "counts"; }
    if (*column->unit && !clv_text_equal(column->unit, "d") && !clv_text_equal(column->unit, "n")) {
        return column->unit;
    }
    return has(column->label, "intensity") && (!mode || has(mode, "pulse")) ? "counts" : "1";
}

/* Copies a column by ascending energy, the mean where several points have one energy; 1E37 becomes NaN. */
static void copy_column(const vamas_block *block, size_t column, const grid *g, double *to)
{
    for (size_t k = 0; k < g->count; k++) {
        double sum = 0;

        for (size_t i = g->from[k]; i < g->from[k + 1]; i++) {
            double value = block->ordinates[g->order[i] * block->columns + column];
            sum += fabs(value) < VAMAS_UNKNOWN ? value : NAN;
        }
        to[k] = sum / (double)(g->from[k + 1] - g->from[k]);
    }
}

static clv_status keep_metadata(clv_spectra *spectra, const vamas_block *block, const char *region, clv_error *err)
{
    clv_metadata *metadata = clv_spectra_metadata_fill(spectra);

    for (size_t i = 0; i < clv_metadata_count(block->metadata); i++) {
        const char *name = clv_metadata_name(block->metadata, i);
        const char *text = clv_metadata_text(block->metadata, name);
        double number = clv_metadata_number(block->metadata, name);

        if (text && *text) {
            CLV_TRY(clv_metadata_set_text(metadata, name, text, err));
        } else if (!isnan(number)) {
            CLV_TRY(clv_metadata_set_number(metadata, name, number, clv_metadata_unit(block->metadata, name), err));
        }
    }
    CLV_TRY(clv_metadata_set_text(metadata, "region", region, err));
    if (strcmp(block->id, region) != 0 && *block->id) {
        CLV_TRY(clv_metadata_set_text(metadata, "block", block->id, err));
    }
    return *block->technique ? clv_metadata_set_text(metadata, "technique", block->technique, err) : CLV_OK;
}

/* The transmission stands beside the energies; one that is not known everywhere is left out. */
static clv_status keep_transmission(clv_spectra *spectra, const vamas_block *block, size_t first, const grid *g,
                                    clv_error *err)
{
    double *values;
    clv_axis *axis = NULL;
    size_t column = first;
    clv_status status = CLV_OK;
    int known = 1;

    while (column < block->columns && !has(block->column[column].label, "transmission")) { column++; }
    if (column == block->columns) { return CLV_OK; }
    values = malloc(g->count * sizeof *values);
    CLV_CHECK(values, err, CLV_NO_MEMORY, "no memory for the transmission");
    copy_column(block, column, g, values);
    for (size_t k = 0; k < g->count; k++) { known = known && isfinite(values[k]); }
    if (known) { status = clv_axis_new("transmission", "1", values, g->count, &axis, err); }
    if (axis) { status = clv_spectra_add_beside(spectra, 0, axis, err); }
    clv_axis_free(axis);
    free(values);
    return status;
}

/* The variance of the signal, which files written here carry as a column of that label. */
static clv_status keep_variance(clv_spectra *spectra, const vamas_block *block, const grid *g, clv_error *err)
{
    double *variance = NULL;
    size_t column = 0;

    while (column < block->columns && !clv_text_equal(block->column[column].label, VAMAS_VARIANCE)) { column++; }
    if (column == block->columns) { return CLV_OK; }
    CLV_TRY(clv_spectra_make_variance(spectra, &variance, err));
    copy_column(block, column, g, variance);
    return CLV_OK;
}

/* Whether a column goes with the signal, and is none of its own. */
static int is_beside(const vamas_variable *column)
{
    return has(column->label, "transmission") || clv_text_equal(column->label, VAMAS_VARIANCE);
}

/* One column as a spectrum of its own. */
static clv_status add_column(vamas_file *file, const vamas_block *block, size_t column, clv_axis *axis, const grid *g,
                             const char *region)
{
    clv_spectra *spectra = NULL;
    const char *unit = unit_of(block, &block->column[column]);
    series along;
    clv_status status;

    CLV_TRY(clv_spectra_new(region, unit, &axis, 1, &spectra, file->err));
    copy_column(block, column, g, clv_spectra_fill(spectra));
    if (strcmp(unit, "counts") == 0) { clv_spectra_set_noise(spectra, CLV_NOISE_POISSON, 1, 0); }
    status = keep_metadata(spectra, block, region, file->err);
    if (!status) { status = keep_transmission(spectra, block, strcmp(file->scan, "IRREGULAR") == 0, g, file->err); }
    if (!status) { status = keep_variance(spectra, block, g, file->err); }
    if (!status && g->count < block->points) {
        char line[100];

        snprintf(line, sizeof line, "-- %zu points stand at an energy of another: their mean",
                 block->points - g->count);
        status = clv_spectra_add_history(spectra, line, file->err);
    }
    if (status) {
        clv_spectra_free(spectra);
        return status;
    }
    make_series(file, block, &along);
    return clv_record_add_block(file->out, spectra, along.names, along.units, along.values, along.count, file->err);
}

/* The signal is the first column that is no abscissa and no transmission; each further one stands after it as spectra
   named after region and label. */
static clv_status add_columns(vamas_file *file, const vamas_block *block, size_t first, clv_axis *axis, const grid *g)
{
    char region[2 * VAMAS_LABEL], name[3 * VAMAS_LABEL + 1];
    size_t signal = first;

    name_region(block, region);
    while (signal + 1 < block->columns && is_beside(&block->column[signal])) { signal++; }
    CLV_TRY(add_column(file, block, signal, axis, g, region));
    for (size_t c = first; c < block->columns; c++) {
        if (c == signal || is_beside(&block->column[c])) { continue; }
        snprintf(name, sizeof name, "%s %s", region, block->column[c].label);
        CLV_TRY(add_column(file, block, c, axis, g, name));
    }
    return CLV_OK;
}

static clv_status add_block(vamas_file *file, vamas_block *block)
{
    size_t first = strcmp(file->scan, "IRREGULAR") == 0; /* the abscissa is then the first column */
    clv_axis *axis = NULL;
    grid g = {0};
    clv_status status;

    if (block->columns <= first) {
        return clv_cursor_fail(file->in, file->err, "block %zu has energies but no intensities", block->place);
    }
    CLV_TRY(keep_rate(file, block));
    CLV_TRY(keep_ion(block, file->err));
    status = make_axis(file, block, first, &g, &axis);
    if (!status) { status = add_columns(file, block, first, axis, &g); }
    clv_axis_free(axis);
    free_grid(&g);
    return status;
}

clv_status vamas_add(vamas_file *file, const vamas_block *block)
{
    vamas_block own = *block; /* what is derived here is of this block only, even when it is the first */
    clv_status status;

    own.metadata = clv_metadata_copy(block->metadata);
    CLV_CHECK(own.metadata, file->err, CLV_NO_MEMORY, "no memory for a block");
    status = add_block(file, &own);
    clv_metadata_free(own.metadata);
    return status;
}
