/* Makes the factor between area and amount: cross-section or sensitivity, transmission, attenuation length, angle.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/quantify.h"

#include <corelevel/elements.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MAGIC_ANGLE 54.7356 /* degree, where the angular distribution does not matter */
#define MAGIC_WITHIN 2.0
#define AVERAGE_POWER 0.75

static const char *level_of(const clv_line_name *line, char text[CLV_LINE_NAME_SIZE])
{
    clv_line_name_write(line, text);
    return strchr(text, ' ') + 1;
}

static clv_status find_sensitivity(const quantify_work *work, const quantify_part *part, double photon, double *factor,
                                   clv_error *err)
{
    const clv_sensitivity *set = &work->method.set;
    char text[CLV_LINE_NAME_SIZE];
    int number;

    CLV_TRY(clv_element_number(part->line.element, &number, err));
    if (work->method.scofield) {
        return clv_element_sensitivity(number, level_of(&part->line, text), photon, factor, err);
    }
    CLV_CHECK(fabs(set->photon_energy - photon) <= 1, err, CLV_BAD_ARGUMENT,
              "the factors \"%.80s\" are for photons of %g eV, the spectra were taken with %g eV", set->name,
              set->photon_energy, photon);
    return clv_sensitivity_factor(set, &part->line, factor, err);
}

/* Where the component lies on the axis (as measured) in one spectrum: at its position, or amid the fitted window. */
static double place_on_axis(const quantify_part *part, size_t spectrum)
{
    const clv_fit *fit = part->fit;
    const double *offset = clv_spectra_offset(fit->spectra);
    clv_axis *axis = clv_spectra_energy(fit->spectra);
    const double *energy = clv_axis_values(axis);
    double shift = offset ? offset[spectrum] : 0, low, high;

    if (part->position != SIZE_MAX) { return fit->value[spectrum * fit->all + part->position] - shift; }
    low = fmax(fit->low - shift, energy[0]);
    high = fmin(fit->high - shift, energy[clv_axis_size(axis) - 1]);
    return 0.5 * (low + high);
}

static clv_axis *transmission_of(const clv_spectra *spectra)
{
    size_t last = clv_spectra_axis_count(spectra) - 1;

    for (size_t i = 0; i < clv_spectra_beside_count(spectra, last); i++) {
        clv_axis *axis = clv_spectra_beside(spectra, last, i);

        if (strcmp(clv_axis_name(axis), "transmission") == 0) { return axis; }
    }
    return NULL;
}

/* Linear between channels, level beyond the ends. */
static double interpolate(const double *x, const double *y, size_t count, double at)
{
    size_t low = 0, high = count - 1;

    if (!(at > x[0])) { return y[0]; }
    if (at >= x[high]) { return y[high]; }
    while (high - low > 1) {
        size_t middle = (low + high) / 2;

        *(x[middle] <= at ? &low : &high) = middle;
    }
    return y[low] + (y[high] - y[low]) * (at - x[low]) / (x[high] - x[low]);
}

static double attenuation(const quantify_method *method, double kinetic)
{
    return method->has_material ? clv_imfp_tpp2m(kinetic, &method->material) : pow(kinetic / 1000, AVERAGE_POWER);
}

/* Between photons and electrons, in degrees: from the polar angles to the surface's normal and their azimuths; NaN
   where the file does not tell them. */
static double angle_of(const clv_metadata *metadata)
{
    double radian = M_PI / 180, azimuth;
    double source = clv_metadata_number(metadata, "source_polar_angle") * radian;
    double analyser = clv_metadata_number(metadata, "take_off_polar_angle") * radian;

    azimuth =
        (clv_metadata_number(metadata, "source_azimuth") - clv_metadata_number(metadata, "take_off_azimuth")) * radian;
    if (isnan(azimuth)) { azimuth = 0; }
    return acos(fmax(-1, fmin(1, cos(source) * cos(analyser) + sin(source) * sin(analyser) * cos(azimuth)))) / radian;
}

/* The angular factor for unpolarised x-rays, 1 - beta / 4 (3 cos^2 gamma - 1) (R. F. Reilman, A. Msezane, S. T. Manson,
   J. Electron Spectrosc. 8 (1976) 389, doi 10.1016/0368-2048(76)80025-4). beta is 2 for s levels; for others it is in
   no table here, which is said. */
static clv_status angular_factor(quantify_work *work, const quantify_part *part, double *factor, clv_error *err)
{
    double gamma = angle_of(clv_spectra_metadata(part->fit->spectra)), cosine = cos(gamma * M_PI / 180);

    *factor = 1;
    if (!work->method.scofield || fabs(gamma - MAGIC_ANGLE) <= MAGIC_WITHIN) { return CLV_OK; }
    if (isnan(gamma)) {
        return quantify_note(work, err,
                             "the file does not tell the angle between x-rays and analyser: the magic angle (54.7 "
                             "degrees) is supposed");
    }
    if (part->line.shell[1] == 's') {
        *factor = 1 - 0.5 * (3 * cosine * cosine - 1);
        return CLV_OK;
    }
    return quantify_note(
        work, err,
        "x-rays and analyser stand at %.1f degrees, off the magic angle: the angular asymmetry of %s %c%c "
        "is not corrected",
        gamma, part->line.element, part->line.shell[0], part->line.shell[1]);
}

static clv_status check_weight(const quantify_part *part, double weight, double kinetic, clv_error *err)
{
    CLV_CHECK(
        isfinite(weight) && weight > 0, err, CLV_BAD_ARGUMENT,
        "%s of %s, at a kinetic energy of %g eV, has no factor: transmission must be above zero, and TPP-2M holds "
        "from %g to %g eV",
        part->name, part->line.element, kinetic, CLV_IMFP_LEAST, CLV_IMFP_MOST);
    return CLV_OK;
}

clv_status quantify_weigh(quantify_work *work, quantify_part *part, clv_error *err)
{
    const clv_fit *fit = part->fit;
    clv_axis *axis = clv_spectra_energy(fit->spectra), *transmission = transmission_of(fit->spectra);
    double photon = clv_metadata_number(clv_spectra_metadata(fit->spectra), "photon_energy"), factor, angle;
    int kinetic_axis = strcmp(clv_axis_name(axis), "kinetic_energy") == 0;

    CLV_CHECK(kinetic_axis || strcmp(clv_axis_name(axis), "binding_energy") == 0, err, CLV_BAD_ARGUMENT,
              "%s is a spectrum along %s, not one of photoelectrons", clv_spectra_name(fit->spectra),
              clv_axis_name(axis));
    CLV_CHECK(photon > 0, err, CLV_BAD_ARGUMENT, "the file does not tell the photon energy of %s",
              clv_spectra_name(fit->spectra));
    CLV_CHECK(transmission || !work->method.transmission, err, CLV_BAD_ARGUMENT,
              "the file brings no transmission with %s; say transmission = \"none\"", clv_spectra_name(fit->spectra));
    CLV_TRY(find_sensitivity(work, part, photon, &factor, err));
    CLV_TRY(angular_factor(work, part, &angle, err));
    part->weight = calloc(fit->count + 1, sizeof *part->weight);
    CLV_CHECK(part->weight, err, CLV_NO_MEMORY, "out of memory");
    for (size_t i = 0; i < fit->count; i++) {
        double at = place_on_axis(part, i), kinetic = kinetic_axis ? at : photon - at, all = factor * angle;

        part->weight[i] = 1;
        if (fit_failed(fit, i)) { continue; }
        if (work->method.transmission) {
            all *= interpolate(clv_axis_values(axis), clv_axis_values(transmission), clv_axis_size(axis), at);
        }
        if (work->method.imfp) { all *= attenuation(&work->method, kinetic); }
        CLV_TRY(check_weight(part, all, kinetic, err));
        part->weight[i] = 1 / all;
    }
    return CLV_OK;
}

clv_status quantify_note_method(quantify_work *work, clv_error *err)
{
    const quantify_method *method = &work->method;

    if (method->scofield) {
        CLV_TRY(quantify_note(work, err, "sensitivity: Scofield's cross-sections of whole levels"));
    } else {
        CLV_TRY(quantify_note(work, err, "sensitivity: %.80s (%.200s)", method->set.name, method->set.source));
    }
    if (!method->transmission && !method->set.has_transmission) {
        CLV_TRY(quantify_note(work, err, "the analyser's transmission is not divided out"));
    }
    if (!method->imfp && !method->set.has_imfp) {
        return quantify_note(work, err, "attenuation lengths are not divided out");
    }
    if (method->imfp && !method->has_material) {
        return quantify_note(work, err,
                             "attenuation lengths go as kinetic energy ^ %g, as in an average material; give material "
                             "= { density, valence_electrons, molar_mass, band_gap } for TPP-2M's own",
                             AVERAGE_POWER);
    }
    return CLV_OK;
}
