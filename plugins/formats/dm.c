/* Reads the spectra of Gatan DigitalMicrograph files (DM3, DM4): single ones, line scans, spectrum images.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "dm_tags.h"
#include "rows.h"

#include <corelevel/text.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_IMAGES 10000
#define MOST_DIMENSIONS 4
#define LABEL 300

/* One of an image's dimensions, the fastest first. */
typedef struct dm_dimension {
    size_t size;
    double offset, scale;
    char unit[LABEL];
} dm_dimension;

typedef struct dm_image {
    size_t place; /* in the file's list */
    const dm_tag *data;
    dm_dimension dimension[MOST_DIMENSIONS];
    size_t rank, energy; /* which dimension is the energy; SIZE_MAX: none */
    double to_ev;        /* eV in one of its units */
    char name[LABEL], signal[LABEL], format[LABEL];
} dm_image;

typedef struct dm_file {
    clv_cursor *in;
    dm_tags tags;
    clv_error *err;
} dm_file;

/* ---- What an image is */

static clv_status take_text(dm_file *f, char *text, const dm_tag *tag)
{
    return dm_tags_text(f->in, &f->tags, tag, text, LABEL, f->err);
}

static clv_status take_dimension(dm_file *f, const dm_image *image, size_t k, dm_dimension *to)
{
    const dm_tags *t = &f->tags;
    double origin = dm_tags_number(t, "ImageList[%zu].ImageData.Calibrations.Dimension[%zu].Origin", image->place, k);
    double scale = dm_tags_number(t, "ImageList[%zu].ImageData.Calibrations.Dimension[%zu].Scale", image->place, k);
    double size = dm_tags_number(t, "ImageList[%zu].ImageData.Dimensions[%zu]", image->place, k);

    if (!(size >= 1 && size <= (double)clv_cursor_size(f->in))) {
        return clv_cursor_fail(f->in, f->err, "image %zu: its dimension %zu is %g", image->place + 1, k + 1, size);
    }
    to->size = (size_t)size;
    to->scale = isfinite(scale) && scale != 0 ? scale : 1;
    to->offset = isfinite(origin) ? -origin * to->scale : 0;
    return take_text(f, to->unit,
                     dm_tags_find(t, "ImageList[%zu].ImageData.Calibrations.Dimension[%zu].Units", image->place, k));
}

static double electronvolts(const char *unit)
{
    static const struct {
        const char *unit;
        double in_ev;
    } units[] = {{"eV", 1}, {"keV", 1000}, {"meV", 0.001}};

    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (strcmp(unit, units[i].unit) == 0) { return units[i].in_ev; }
    }
    return NAN;
}

/* The dimension in eV; else, of what calls itself a spectrum, the last one, as GMS orders them. */
static void find_energy(dm_image *image)
{
    int spectrum = strncmp(image->format, "Spectrum", 8) == 0;

    image->energy = spectrum ? image->rank - 1 : SIZE_MAX;
    image->to_ev = 1;
    for (size_t k = 0; k < image->rank; k++) {
        double in_ev = electronvolts(image->dimension[k].unit);

        if (isnan(in_ev)) { continue; }
        image->energy = k;
        image->to_ev = in_ev;
    }
    if (spectrum && image->rank == 2 && image->dimension[1].size == 1 &&
        isnan(electronvolts(image->dimension[1].unit))) {
        image->energy = 0;
    }
}

static clv_status take_image(dm_file *f, size_t place, dm_image *image)
{
    const dm_tags *t = &f->tags;

    *image = (dm_image){.place = place, .data = dm_tags_find(t, "ImageList[%zu].ImageData.Data", place)};
    if (!image->data) { return CLV_OK; }
    while (image->rank < MOST_DIMENSIONS &&
           dm_tags_find(t, "ImageList[%zu].ImageData.Dimensions[%zu]", place, image->rank)) {
        CLV_TRY(take_dimension(f, image, image->rank, &image->dimension[image->rank]));
        image->rank++;
    }
    CLV_TRY(take_text(f, image->name, dm_tags_find(t, "ImageList[%zu].Name", place)));
    CLV_TRY(take_text(f, image->signal, dm_tags_find(t, "ImageList[%zu].ImageTags.Meta Data.Signal", place)));
    CLV_TRY(take_text(f, image->format, dm_tags_find(t, "ImageList[%zu].ImageTags.Meta Data.Format", place)));
    if (image->rank > 0) { find_energy(image); }
    return CLV_OK;
}

static int is_thumbnail(const dm_file *f, size_t place)
{
    for (size_t i = 0;; i++) {
        double index = dm_tags_number(&f->tags, "Thumbnails[%zu].ImageIndex", i);

        if (isnan(index)) { return 0; }
        if (index == (double)place) { return 1; }
    }
}

/* ---- Numbers */

/* Copies the elements so that the energy is the fastest, and ascending. */
static void put_in_order(const dm_image *image, const double *from, double *to)
{
    size_t channels = image->dimension[image->energy].size, stride[MOST_DIMENSIONS], total = 1,
           at[MOST_DIMENSIONS] = {0};
    int backwards = image->dimension[image->energy].scale < 0;

    for (size_t k = 0; k < image->rank; k++) {
        stride[k] = total;
        total *= image->dimension[k].size;
    }
    for (size_t done = 0; done < total; done += channels) {
        size_t begin = 0;

        for (size_t k = 0; k < image->rank; k++) { begin += at[k] * stride[k]; }
        for (size_t c = 0; c < channels; c++) {
            to[done + (backwards ? channels - 1 - c : c)] = from[begin + c * stride[image->energy]];
        }
        for (size_t k = 0; k < image->rank; k++) { /* the next spectrum: the fastest of the others first */
            if (k == image->energy) { continue; }
            if (++at[k] < image->dimension[k].size) { break; }
            at[k] = 0;
        }
    }
}

static clv_status fill_numbers(dm_file *f, const dm_image *image, double *to)
{
    double *from = calloc(image->data->count + 1, sizeof *from);
    clv_status status;

    CLV_CHECK(from, f->err, CLV_NO_MEMORY, "%s: no memory for its %zu numbers", clv_cursor_name(f->in),
              image->data->count);
    status = clv_cursor_seek(f->in, image->data->byte, f->err);
    if (!status) {
        status = clv_cursor_binary(f->in, f->tags.order, image->data->elements, image->data->count, from, f->err);
    }
    if (!status) { put_in_order(image, from, to); }
    free(from);
    return status;
}

static clv_status check_size(dm_file *f, const dm_image *image)
{
    size_t total = 1;

    for (size_t k = 0; k < image->rank; k++) {
        size_t size = image->dimension[k].size;

        if (size > image->data->count / total + 1) { total = SIZE_MAX / 2; }
        if (total <= image->data->count) { total *= size; }
    }
    if (total == image->data->count) { return CLV_OK; }
    return clv_cursor_fail(f->in, f->err, "image %zu: its dimensions do not multiply to the %zu numbers that it holds",
                           image->place + 1, image->data->count);
}

/* ---- Axes */

static clv_status make_axis(dm_file *f, const dm_dimension *d, const char *name, const char *unit, double factor,
                            clv_axis **axis)
{
    double *values = calloc(d->size + 1, sizeof *values);
    clv_status status;

    CLV_CHECK(values, f->err, CLV_NO_MEMORY, "%s: no memory for an axis", clv_cursor_name(f->in));
    for (size_t i = 0; i < d->size; i++) {
        size_t place = d->scale < 0 && clv_text_equal(unit, "eV") ? d->size - 1 - i : i;

        values[i] = (d->offset + d->scale * (double)place) * factor;
    }
    status = clv_axis_new(name, unit, values, d->size, axis, f->err);
    free(values);
    return status;
}

/* Axes in the order of the array: the slowest dimension first, the energy last. Dimensions of one place that carry no
   unit are left out. */
static clv_status make_axes(dm_file *f, const dm_image *image, clv_axis **axes, size_t *count)
{
    static const char *const names[] = {"x", "y", "z", "w"};
    size_t number = 0, left = 0;

    for (size_t k = 0; k < image->rank; k++) { left += k != image->energy && image->dimension[k].size > 1; }
    *count = 0;
    for (size_t k = image->rank; k-- > 0;) {
        const dm_dimension *d = &image->dimension[k];

        if (k == image->energy || d->size == 1) { continue; }
        number = --left;
        CLV_TRY(make_axis(f, d, names[number], *d->unit ? d->unit : "1", 1, &axes[*count]));
        ++*count;
    }
    CLV_TRY(make_axis(f, &image->dimension[image->energy], "energy_loss", "eV", image->to_ev, &axes[*count]));
    ++*count;
    return CLV_OK;
}

/* ---- Metadata */

static const struct {
    const char *path, *name, *unit;
    double factor;
} facts[] = {
    {"Microscope Info.Voltage", "beam_energy", "keV", 0.001},
    {"EELS.Experimental Conditions.Collection semi-angle (mrad)", "collection_angle", "mrad", 1},
    {"EELS.Experimental Conditions.Convergence semi-angle (mrad)", "convergence_angle", "mrad", 1},
    {"EELS.Collection semi-angle (mrad)", "collection_angle", "mrad", 1},
    {"EELS.Convergence semi-angle (mrad)", "convergence_angle", "mrad", 1},
    {"EELS.Acquisition.Exposure (s)", "dwell", "s", 1},
    {"EELS.Exposure (s)", "dwell", "s", 1},
    {"EELS.Acquisition.Number of frames", "scans", "1", 1},
    {"EELS.Number of frames", "scans", "1", 1},
    {"EELS.Experimental Conditions.Dispersion (eV/ch)", "dispersion", "eV", 1},
    {"EELS.Dispersion (eV/ch)", "dispersion", "eV", 1},
    {"Microscope Info.Indicated Magnification", "magnification", "1", 1},
};

static clv_status add_facts(dm_file *f, const dm_image *image, clv_metadata *to)
{
    double brightness =
        dm_tags_number(&f->tags, "ImageList[%zu].ImageData.Calibrations.Brightness.Scale", image->place);
    char unit[LABEL];

    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        double number = dm_tags_number(&f->tags, "ImageList[%zu].ImageTags.%s", image->place, facts[i].path);

        if (!isfinite(number) || isfinite(clv_metadata_number(to, facts[i].name))) { continue; }
        CLV_TRY(clv_metadata_set_number(to, facts[i].name, number * facts[i].factor, facts[i].unit, f->err));
    }
    CLV_TRY(take_text(f, unit,
                      dm_tags_find(&f->tags, "ImageList[%zu].ImageData.Calibrations.Brightness.Units", image->place)));
    if (isfinite(brightness) && brightness > 0 && brightness != 1 && strcmp(unit, "e-") == 0) {
        return clv_metadata_set_number(to, "gain", 1 / brightness, "counts per electron", f->err);
    }
    return CLV_OK;
}

static clv_status add_texts(dm_file *f, const dm_image *image, clv_metadata *to)
{
    static const struct {
        const char *path, *name;
    } texts[] = {{"Microscope Info.Name", "instrument"},
                 {"Microscope Info.Microscope", "instrument"},
                 {"Microscope Info.Operator", "operator"},
                 {"Microscope Info.Specimen", "sample"},
                 {"Microscope Info.Operation Mode", "operating_mode"}};
    char text[LABEL];

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const dm_tag *tag = dm_tags_find(&f->tags, "ImageList[%zu].ImageTags.%s", image->place, texts[i].path);

        CLV_TRY(take_text(f, text, tag));
        if (*text && !clv_metadata_text(to, texts[i].name)) {
            CLV_TRY(clv_metadata_set_text(to, texts[i].name, text, f->err));
        }
    }
    if (*image->signal) { CLV_TRY(clv_metadata_set_text(to, "signal_type", image->signal, f->err)); }
    return clv_metadata_set_text(to, "technique", "EELS", f->err);
}

/* ---- Spectra */

/* Energies in a unit that is none of energy are told. */
static clv_status note_unit(dm_file *f, const dm_image *image, clv_spectra *spectra)
{
    const char *unit = image->dimension[image->energy].unit;
    char line[LABEL + 100];

    if (!isnan(electronvolts(unit))) { return CLV_OK; }
    snprintf(line, sizeof line, "-- the energies have the unit \"%s\" in the file and are taken as eV", unit);
    return clv_spectra_add_history(spectra, line, f->err);
}

static clv_status make_spectra(dm_file *f, const dm_image *image, clv_record *out)
{
    clv_axis *axes[MOST_DIMENSIONS + 1] = {NULL};
    clv_spectra *made = NULL;
    size_t count = 0;
    clv_status status = check_size(f, image);

    if (!status) { status = make_axes(f, image, axes, &count); }
    if (!status) {
        status = clv_spectra_new(*image->name ? image->name : "spectrum", "counts", axes, count, &made, f->err);
    }
    for (size_t i = 0; i <= MOST_DIMENSIONS; i++) { clv_axis_free(axes[i]); }
    if (!status) { status = fill_numbers(f, image, clv_spectra_fill(made)); }
    if (!status) { status = add_facts(f, image, clv_spectra_metadata_fill(made)); }
    if (!status) { status = add_texts(f, image, clv_spectra_metadata_fill(made)); }
    if (status) {
        clv_spectra_free(made);
        return status;
    }
    clv_spectra_set_noise(made, CLV_NOISE_POISSON, 1, 0);
    status = note_unit(f, image, made);
    if (status) {
        clv_spectra_free(made);
        return status;
    }
    return clv_record_add(out, made, f->err);
}

/* EDS spectra have energies too, but none of a loss. */
static int is_wanted(const dm_file *f, const dm_image *image)
{
    int x_rays = strncmp(image->signal, "X-ray", 5) == 0 || strncmp(image->signal, "EDS", 3) == 0;

    return image->data && image->energy != SIZE_MAX && !x_rays && !is_thumbnail(f, image->place);
}

static clv_status read_images(dm_file *f, clv_record *out)
{
    size_t images = 0;

    for (size_t i = 0; i < MOST_IMAGES && dm_tags_find(&f->tags, "ImageList[%zu].ImageData.DataType", i); i++) {
        dm_image image;

        CLV_TRY(take_image(f, i, &image));
        images++;
        if (is_wanted(f, &image)) { CLV_TRY(make_spectra(f, &image, out)); }
    }
    if (clv_record_count(out) > 0) { return CLV_OK; }
    return clv_cursor_fail(f->in, f->err,
                           images ? "none of its %zu images is a spectrum: no dimension is in eV" : "it holds no image",
                           images);
}

static clv_status read_dm(clv_cursor *in, const clv_options *options, clv_record *out, clv_error *err)
{
    dm_file file = {.in = in, .err = err};
    clv_status status = dm_tags_read(in, &file.tags, err);

    (void)options;
    if (!status) { status = read_images(&file, out); }
    dm_tags_clear(&file.tags);
    return status;
}

/* Version 3 or 4 and the byte order, both with zeros before them. */
static int probe_dm(const clv_head *head)
{
    static const uint8_t zeros[3] = {0, 0, 0};
    size_t order = head->count > 3 && head->bytes[3] == 4 ? 12 : 8;

    if (head->count < 20 || memcmp(head->bytes, zeros, 3) != 0 || (head->bytes[3] != 3 && head->bytes[3] != 4)) {
        return 0;
    }
    if (memcmp(head->bytes + order, zeros, 3) != 0 || head->bytes[order + 3] > 1) { return 0; }
    return clv_head_suffix(head, "dm3 dm4") ? 100 : 80;
}

static const clv_format dm = {
    .size = sizeof dm,
    .name = "dm",
    .title = "Gatan DigitalMicrograph, DM3 and DM4",
    .suffixes = "dm3 dm4",
    .source = "the layout as C. Jeffree and others found it (www.er-c.org/cbb/info/dmformat), checked on files",
    .probe = probe_dm,
    .read = read_dm,
};

static const clv_format *const formats[] = {&dm, NULL};

CLV_PLUGIN(dm) = {
    .abi = CLV_PLUGIN_ABI,
    .size = sizeof(clv_plugin),
    .id = "corelevel.formats.dm",
    .version = CLV_VERSION_STRING,
    .licence = "GPL-3.0-or-later",
    .formats = formats,
};
