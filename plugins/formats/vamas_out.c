/* Lines, energies and metadata on their way into a VAMAS file.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "vamas_out.h"

#include <corelevel/text.h>

#include <math.h>
#include <string.h>

/* ---- Lines */

static void put_bytes(vamas_out *out, const char *bytes, size_t count)
{
    while (count > 0 && !out->status) {
        size_t part = sizeof out->bytes - out->used < count ? sizeof out->bytes - out->used : count;

        memcpy(out->bytes + out->used, bytes, part);
        out->used += part;
        bytes += part;
        count -= part;
        if (out->used < sizeof out->bytes) { continue; }
        out->status = out->put(out->payload, out->bytes, out->used, out->err);
        out->used = 0;
    }
}

static void put_line(vamas_out *out, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        char c = text[i] == '\n' || text[i] == '\r' ? ' ' : text[i];

        put_bytes(out, &c, 1);
    }
    put_bytes(out, "\r\n", 2);
}

void vamas_put_text(vamas_out *out, const char *text) { put_line(out, text, strlen(text)); }

void vamas_put_label(vamas_out *out, vamas_piece text)
{
    if (text.length == 0) {
        vamas_put_text(out, "Not Specified");
    } else {
        put_line(out, text.text, text.length);
    }
}

void vamas_put_number(vamas_out *out, double number)
{
    char text[CLV_TEXT_NUMBER_SIZE];

    clv_text_from_number(number, text);
    vamas_put_text(out, isfinite(number) ? text : "1E37");
}

void vamas_put_comment(vamas_out *out, vamas_piece text, size_t more)
{
    const char *end = text.text + text.length;
    size_t lines = text.length > 0;

    for (size_t i = 0; i < text.length; i++) { lines += text.text[i] == '\n'; }
    vamas_put_number(out, (double)(lines + more));
    for (const char *line = text.text; lines > 0; lines--) {
        const char *stop = memchr(line, '\n', (size_t)(end - line));

        stop = stop ? stop : end;
        put_line(out, line, (size_t)(stop - line));
        line = stop + 1;
    }
}

/* ---- Energies */

static double decimal(double energy) { return nearbyint(energy * 1e9) / 1e9 + 0.0; }

size_t vamas_channel(const clv_spectra *spectra, const vamas_abscissa *abscissa, size_t i)
{
    return isnan(abscissa->photon) ? i : clv_spectra_channels(spectra) - 1 - i;
}

double vamas_energy(const clv_spectra *spectra, size_t spectrum, const vamas_abscissa *abscissa, size_t i)
{
    const double *offset = clv_spectra_offset(spectra);
    double energy = clv_axis_values(clv_spectra_energy(spectra))[vamas_channel(spectra, abscissa, i)];

    energy += offset ? offset[spectrum] : 0;
    return decimal(isnan(abscissa->photon) ? energy : abscissa->photon - energy);
}

static double find_step(const clv_spectra *spectra, size_t spectrum, const vamas_abscissa *abscissa)
{
    size_t n = clv_spectra_channels(spectra);
    double start = vamas_energy(spectra, spectrum, abscissa, 0), step = 1;

    if (n > 1) { step = decimal((vamas_energy(spectra, spectrum, abscissa, n - 1) - start) / (double)(n - 1)); }
    for (size_t i = 0; i < n; i++) {
        double energy = vamas_energy(spectra, spectrum, abscissa, i);

        if (fabs(decimal(start + (double)i * step) - energy) > 1e-12 * fabs(energy)) { return 0; }
    }
    return step;
}

vamas_abscissa vamas_find_abscissa(const clv_spectra *spectra, size_t spectrum)
{
    static const char *const names[][2] = {{"binding_energy", "binding energy"},
                                           {"kinetic_energy", "kinetic energy"},
                                           {"photon_energy", "photon energy"},
                                           {"energy_loss", "energy loss"}};
    const char *axis = clv_axis_name(clv_spectra_energy(spectra));
    vamas_abscissa abscissa = {.label = axis, .photon = NAN};
    double photon = vamas_number_of(spectra, spectrum, "photon_energy");

    for (size_t i = 0; i < 4; i++) {
        if (strcmp(axis, names[i][0]) == 0) { abscissa.label = names[i][1]; }
    }
    if (strcmp(axis, "binding_energy") == 0 && photon > 0 && strcmp(vamas_technique(spectra), "XPS") == 0) {
        abscissa.label = "kinetic energy"; /* what other programs expect; readers turn it back */
        abscissa.photon = photon;
    }
    abscissa.start = vamas_energy(spectra, spectrum, &abscissa, 0);
    abscissa.step = find_step(spectra, spectrum, &abscissa);
    return abscissa;
}

/* ---- Metadata */

const char *vamas_technique(const clv_spectra *spectra)
{
    const char *technique = clv_metadata_text(clv_spectra_metadata(spectra), "technique");
    const char *axis = clv_axis_name(clv_spectra_energy(spectra));

    if (!technique) { return strcmp(axis, "energy_loss") == 0 ? "ELS" : "XPS"; }
    return strcmp(technique, "EELS") == 0 ? "ELS" : technique;
}

/* How many pieces "; " makes of a text; and the one at a place. */
static size_t count_pieces(const char *text)
{
    size_t count = 1;

    while ((text = strstr(text, "; "))) {
        count++;
        text += 2;
    }
    return count;
}

static vamas_piece piece_at(const char *text, size_t place)
{
    const char *end;

    while (place-- > 0) { text = strstr(text, "; ") + 2; }
    end = strstr(text, "; ");
    return (vamas_piece){text, end ? (size_t)(end - text) : strlen(text)};
}

vamas_piece vamas_text_of(const clv_spectra *spectra, size_t spectrum, const char *name)
{
    const char *text = clv_metadata_text(clv_spectra_metadata(spectra), name);
    size_t count = clv_spectra_count(spectra);

    if (!text) { return (vamas_piece){NULL, 0}; }
    if (count > 1 && count_pieces(text) == count) {
        vamas_piece piece = piece_at(text, spectrum);

        return piece.length == 1 && *piece.text == '-' ? (vamas_piece){NULL, 0} : piece; /* the host's word for none */
    }
    return (vamas_piece){text, strlen(text)};
}

double vamas_number_of(const clv_spectra *spectra, size_t spectrum, const char *name)
{
    vamas_piece text = vamas_text_of(spectra, spectrum, name), unit = vamas_unit_of(spectra, spectrum, name);
    double number = clv_metadata_number(clv_spectra_metadata(spectra), name);

    if (text.text && unit.text) { clv_text_number_at(text.text, text.text + text.length, &number); }
    return number;
}

vamas_piece vamas_unit_of(const clv_spectra *spectra, size_t spectrum, const char *name)
{
    static const char none[] = "1";
    const char *unit = clv_metadata_unit(clv_spectra_metadata(spectra), name), *after, *end;
    vamas_piece text = vamas_text_of(spectra, spectrum, name);
    double number;

    if (!text.text) { return (vamas_piece){unit, unit ? strlen(unit) : 0}; }
    end = text.text + text.length;
    after = clv_text_number_at(text.text, end, &number);
    if (!after) { return (vamas_piece){NULL, 0}; }
    if (after == end) { return (vamas_piece){none, 1}; }
    if (*after != ' ' || memchr(after + 1, ' ', (size_t)(end - after - 1))) { return (vamas_piece){NULL, 0}; }
    return (vamas_piece){after + 1, (size_t)(end - after - 1)};
}

/* ---- Experimental variables */

/* Depths that follow from etch times and the rate are not written: who reads the times and the rate finds them. */
static int follows(const clv_spectra *spectra, size_t place)
{
    if (strcmp(clv_axis_name(clv_spectra_axis(spectra, place)), "depth") != 0) { return 0; }
    for (size_t b = 0; b < clv_spectra_beside_count(spectra, place); b++) {
        if (strcmp(clv_axis_name(clv_spectra_beside(spectra, place, b)), "etch_time") == 0) {
            return clv_metadata_number(clv_spectra_metadata(spectra), "sputter_rate") > 0;
        }
    }
    return 0;
}

static void add_variable(vamas_out *out, const clv_axis *axis)
{
    for (size_t v = 0; v < out->variables; v++) {
        if (strcmp(out->variable[v].name, clv_axis_name(axis)) == 0 &&
            strcmp(out->variable[v].unit, clv_axis_unit(axis)) == 0) {
            return;
        }
    }
    if (out->variables == VAMAS_VARIABLES) { return; }
    out->variable[out->variables].name = clv_axis_name(axis);
    out->variable[out->variables++].unit = clv_axis_unit(axis);
}

void vamas_find_variables(vamas_out *out)
{
    for (size_t s = 0; s < clv_record_count(out->record); s++) {
        const clv_spectra *spectra = clv_record_at(out->record, s);

        for (size_t p = 0; p + 1 < clv_spectra_axis_count(spectra); p++) {
            if (!follows(spectra, p)) { add_variable(out, clv_spectra_axis(spectra, p)); }
            for (size_t b = 0; b < clv_spectra_beside_count(spectra, p); b++) {
                add_variable(out, clv_spectra_beside(spectra, p, b));
            }
        }
    }
}

static int is_variable(const clv_axis *axis, const char *name, const char *unit)
{
    return strcmp(clv_axis_name(axis), name) == 0 && strcmp(clv_axis_unit(axis), unit) == 0;
}

double vamas_variable_at(const clv_spectra *spectra, size_t spectrum, const char *name, const char *unit)
{
    size_t stride = clv_spectra_count(spectra);

    for (size_t p = 0; p + 1 < clv_spectra_axis_count(spectra); p++) {
        const clv_axis *axis = clv_spectra_axis(spectra, p);
        size_t size = clv_axis_size(axis), at;

        stride /= size;
        at = spectrum / stride % size;
        if (is_variable(axis, name, unit)) { return clv_axis_values(axis)[at]; }
        for (size_t b = 0; b < clv_spectra_beside_count(spectra, p); b++) {
            axis = clv_spectra_beside(spectra, p, b);
            if (is_variable(axis, name, unit)) { return clv_axis_values(axis)[at]; }
        }
    }
    return NAN;
}
