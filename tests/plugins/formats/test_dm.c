/* The reader of DigitalMicrograph files against what HyperSpy 2.5.0 shows of the real files (hyperspy_view of the
   dumps: hash of the array as float64 with the energy last, axes, acquisition), and damaged files.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/sha256.h"
#include "vendor.h"

static const char *eels_path(const char *name)
{
    char inside[300];

    snprintf(inside, sizeof inside, "../eels/%s", name);
    return vendor_path(inside);
}

static void same_axis(const char *name, const clv_axis *axis, const json *expected)
{
    double offset = json_get(expected, "offset")->number, scale = json_get(expected, "scale")->number;

    assert_true((double)clv_axis_size(axis) == json_get(expected, "size")->number);
    for (size_t i = 0; i < clv_axis_size(axis); i++) {
        double value = offset + (double)i * scale;

        if (!(fabs(clv_axis_values(axis)[i] - value) <= 1e-12 * fmax(1, fabs(value)))) {
            fail_msg("%s: %s %zu is %.17g, not %.17g", name, clv_axis_name(axis), i, clv_axis_values(axis)[i], value);
        }
    }
}

static void same_number(const char *name, const clv_spectra *spectra, const char *ours, const json *theirs)
{
    double number = clv_metadata_number(clv_spectra_metadata(spectra), ours);

    if (!theirs || theirs->kind != 'n') { return; }
    if (!(fabs(number - theirs->number) <= 1e-12 * fmax(1, fabs(theirs->number)))) {
        fail_msg("%s: %s is %.17g, not %.17g", name, ours, number, theirs->number);
    }
}

static void same_acquisition(const char *name, const clv_spectra *spectra, const json *view)
{
    const json *acquisition = json_get(view, "acquisition");
    const json *tem = acquisition && acquisition->kind == 'o' ? json_get(acquisition, "TEM") : NULL;
    const json *detector = tem ? json_get(tem, "Detector") : NULL, *eels = detector ? json_get(detector, "EELS") : NULL;

    if (!tem) { return; }
    same_number(name, spectra, "beam_energy", json_get(tem, "beam_energy"));
    same_number(name, spectra, "convergence_angle", json_get(tem, "convergence_angle"));
    if (!eels) { return; }
    same_number(name, spectra, "collection_angle", json_get(eels, "collection_angle"));
    same_number(name, spectra, "scans", json_get(eels, "frame_number"));
}

static void same_file(const char *name)
{
    char beside[700], hash[CLV_SHA256_TEXT];
    const char *path = eels_path(name);
    clv_record *record = expected_read("dm", path);
    json dump;
    const json *view, *axes;
    const clv_spectra *spectra;
    size_t rank;

    snprintf(beside, sizeof beside, "%s.expected.json", path);
    dump = json_file(beside);
    assert_non_null(record);
    view = &json_get(&dump, "hyperspy_view")->items[0];
    axes = json_get(view, "axes");
    spectra = clv_record_at(record, 0);
    rank = clv_spectra_axis_count(spectra);
    assert_int_equal(clv_record_count(record), 1);
    assert_int_equal(axes->count, rank);
    for (size_t i = 0; i < rank; i++) { same_axis(name, clv_spectra_axis(spectra, i), &axes->items[i]); }
    clv_sha256_text(clv_spectra_intensity(spectra),
                    clv_spectra_count(spectra) * clv_spectra_channels(spectra) * sizeof(double), hash);
    if (strcmp(hash, json_get(view, "sha256_f8le")->text) != 0) { fail_msg("%s: other numbers", name); }
    same_acquisition(name, spectra, view);
    json_free(&dump);
    clv_record_free(record);
}

static void real_files_equal_their_dumps(void **state)
{
    static const char *const names[] = {
        "Cu2O_Deconvolved_Spectrum.dm4", "CuO_Deconvolved_Spectrum.dm4",  "ncem_08_carbon.dm3",
        "pyTEMlib_AL-DFoffset0.00.dm3",  "pyTEMlib_EELS_STO.dm3",         "rsciio_EELS_SI.dm4",
        "formats/nion_dm/ref_F_0_1.dm3", "formats/nion_dm/ref_F_0_1.dm4", "formats/nion_dm/ref_F_2_1.dm3",
        "formats/nion_dm/ref_F_2_1.dm4"};

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) { same_file(names[i]); }
}

static void images_are_not_spectra(void **state)
{
    static const char *const names[] = {"formats/digitalmicrograph/Fei_HAADF-DE_location.dm3",
                                        "formats/ncem/dmTest_3D_int16_64_65_66.dm3", "formats/nion_dm/ref_F_0_2.dm3"};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        size_t size;
        uint8_t *bytes = vendor_bytes(eels_path(names[i]), &size);
        clv_record *record = NULL;
        clv_error err = {0};

        assert_int_equal(vendor_read("dm", bytes, size, NULL, &record, &err), CLV_BAD_FILE);
        assert_non_null(strstr(err.text, "is a spectrum: no dimension is in eV"));
        free(bytes);
    }
}

static void damaged_files_are_refused(void **state)
{
    (void)state;
    vendor_hurt("dm", eels_path("formats/nion_dm/ref_F_2_1.dm3"), 3000);
    vendor_hurt("dm", eels_path("formats/nion_dm/ref_F_2_1.dm4"), 3000);
    vendor_hurt("dm", eels_path("ncem_08_carbon.dm3"), 60);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(real_files_equal_their_dumps),
                                       cmocka_unit_test(images_are_not_spectra),
                                       cmocka_unit_test(damaged_files_are_refused)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
