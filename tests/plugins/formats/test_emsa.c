/* The reader of EMSA/MAS files against what RosettaSciIO 0.15.0 reads in the real files, and damaged files.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "vendor.h"

static const char *eels_path(const char *name)
{
    char inside[300];

    snprintf(inside, sizeof inside, "../eels/%s", name);
    return vendor_path(inside);
}

/* The value in the dump at a place of the array, under its number as a text. */
static void same_values(const char *name, const clv_spectra *spectra, const json *values)
{
    for (size_t i = 0; i < clv_spectra_channels(spectra); i++) {
        char place[24];
        const json *value;

        snprintf(place, sizeof place, "%zu", i);
        value = json_get(values, place);
        if (value && clv_spectra_intensity(spectra)[i] != value->number) {
            fail_msg("%s: channel %zu holds %.17g, not %.17g", name, i, clv_spectra_intensity(spectra)[i],
                     value->number);
        }
    }
}

static void same_file(const char *name)
{
    char beside[700];
    const char *path = eels_path(name);
    clv_record *record = expected_read("emsa", path);
    json dump;
    const json *signal, *axis, *beam;
    const clv_spectra *spectra;
    double sum = 0, offset, scale;

    snprintf(beside, sizeof beside, "%s.expected.json", path);
    dump = json_file(beside);
    assert_non_null(record);
    signal = &json_get(&dump, "signals")->items[0];
    axis = &json_get(signal, "axes")->items[0];
    spectra = clv_record_at(record, 0);
    assert_int_equal(clv_record_count(record), 1);
    assert_true((double)clv_spectra_channels(spectra) == json_get(axis, "size")->number);
    offset = json_get(axis, "offset")->number;
    scale = json_get(axis, "scale")->number;
    for (size_t i = 0; i < clv_spectra_channels(spectra); i++) {
        double energy = offset + (double)i * scale;

        sum += clv_spectra_intensity(spectra)[i];
        assert_true(fabs(clv_axis_values(clv_spectra_energy(spectra))[i] - energy) <= 1e-12 * fmax(1, fabs(energy)));
    }
    assert_true(fabs(sum - json_get(signal, "sum")->number) <= 1e-9 * fabs(sum));
    same_values(name, spectra, json_get(signal, "values"));
    beam = json_get(json_get(signal, "acquisition"), "beam_energy_keV");
    if (beam) { assert_true(clv_metadata_number(clv_spectra_metadata(spectra), "beam_energy") == beam->number); }
    json_free(&dump);
    clv_record_free(record);
}

static void real_files_equal_their_dumps(void **state)
{
    static const char *const names[] = {
        "eelsdb_1.msa",
        "eelsdb_2.msa",
        "exspy_coreloss_spectrum.msa",
        "exspy_lowloss_spectrum.msa",
        "pyeelsmodel_hl.msa",
        "pyeelsmodel_ll.msa",
        "formats/msa/ISO_22029_2022_compliance_XY_NCOLUMNS2.msa",
        "formats/msa/ISO_22029_2022_compliance_scientific_notation.msa",
        "formats/msa/example1.msa",
        "formats/msa/example1_with_seconds.msa",
        "formats/msa/example1_wrong_date.msa",
        "formats/msa/example2.msa",
        "formats/msa/example2_NCOLUMNS5.msa",
        "formats/msa/minimum_metadata.msa",
    };

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) { same_file(names[i]); }
}

#define HEAD "#FORMAT : EMSA/MAS Spectral Data File\n#NPOINTS : 3\n#XPERCHAN : 0.5\n#OFFSET : 10\n#SIGNALTYPE : ELS\n"

static void damaged_files_are_refused(void **state)
{
    (void)state;
    vendor_refused("emsa", HEAD "#DATATYPE : Y\n#SPECTRUM : here\n1, 2\n#ENDOFDATA :\n",
                   "made.file:9: the file says 3 points, 2 follow");
    vendor_refused("emsa", HEAD "#DATATYPE : XYZ\n#SPECTRUM : here\n1, 2, 3\n",
                   "made.file:8: #DATATYPE should be Y or XY, not 'XYZ'");
    vendor_refused("emsa", HEAD "#DATATYPE : XY\n#SPECTRUM : here\n1, 2, 3\n",
                   "made.file:8: pairs should be an even count of numbers, not 3");
    vendor_refused("emsa", HEAD "1\n2\n3\n", "made.file:6: a line '#SPECTRUM' should come before the data");
    vendor_refused("emsa", HEAD "#SPECTRUM : here\n1\n2x\n3\n", "made.file:8: a number should stand where '2x' does");
    vendor_refused("emsa", "#FORMAT : EMSA/MAS\n#XPERCHAN : a\n", "made.file:2: #XPERCHAN should be a number, not 'a'");
    vendor_refused("emsa", "#FORMAT : EMSA/MAS\n#SPECTRUM :\n1\n2\n",
                   "made.file:4: #XPERCHAN should tell the energy from channel to channel");
    vendor_refused("emsa", HEAD, "made.file:5: the file holds no spectrum");
    vendor_hurt("emsa", eels_path("formats/msa/example1.msa"), 150);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(real_files_equal_their_dumps),
        cmocka_unit_test(damaged_files_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
