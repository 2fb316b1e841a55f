/* The format "hdf5": what RosettaSciIO 0.15.0 reads of the real files (hash of the array as float64, axes,
   acquisition), layouts written here by HDF5 itself, and files made to hurt. SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eels.h"

#include <hdf5.h>
#include <unistd.h>

/* ---- Real files */

/* Spectra of a file against the signals of its dump, from one of them on. */
static void same_signals(const char *name, size_t first, size_t count)
{
    json dump = eels_dump(name);
    clv_record *record = eels_load(name);

    assert_int_equal(clv_record_count(record), count);
    assert_string_equal(clv_record_format(record), "hdf5");
    for (size_t i = 0; i < count; i++) {
        eels_same_signal(name, clv_record_at(record, i), &json_get(&dump, "signals")->items[first + i]);
    }
    json_free(&dump);
    clv_record_free(record);
}

static void hyperspy_files_equal_their_dumps(void **state)
{
    static const char *const names[] = {"LSMO_linescan.hspy",
                                        "LSMO_linescan_low_loss.hspy",
                                        "CuZn_EELS_mapping_tutorial.hspy",
                                        "Cr_L_cl.hspy",
                                        "Cr_L_ll.hspy",
                                        "EELS_LL_linescan_simulated_thickness_variation.hspy",
                                        "EELS_ZLP_linescan_simulated_thickness_variation.hspy",
                                        "relEELS_Itot.hspy",
                                        "relEELS_Ivol.hspy",
                                        "formats/hspy/example1_v1.0.hdf5",
                                        "formats/hspy/example1_v1.1.hdf5",
                                        "formats/hspy/hspy_ext_missing.hspy",
                                        "formats/hspy/none_metadata.hdf5",
                                        "formats/hspy/with_lists_etc.hdf5"};

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) { same_signals(names[i], 0, 1); }
}

static void emd_files_equal_their_dumps(void **state)
{
    (void)state;
    same_signals("formats/emd/example_spectrum.emd", 0, 1);
    same_signals("example_velox_EELS_EDS.emd", 14, 3); /* the first 14 are EDS spectra and images */
}

/* Velox tells 300 kV, 0.0214 rad, 4 ms and electrons = counts * 0.0822... - 8.22... in the file's JSON. */
static void velox_tells_acquisition(void **state)
{
    clv_record *record = eels_load("example_velox_EELS_EDS.emd");
    const clv_metadata *facts = clv_spectra_metadata(clv_record_at(record, 0));

    (void)state;
    assert_true(clv_metadata_number(facts, "beam_energy") == 300);
    assert_true(fabs(clv_metadata_number(facts, "convergence_angle") - 21.43377827928146) < 1e-12);
    assert_true(clv_metadata_number(facts, "dwell") == 0.004);
    assert_true(fabs(clv_metadata_number(facts, "gain") - 1 / 0.082287381012713559) < 1e-12);
    assert_true(fabs(clv_metadata_number(facts, "dark_level") - 100) < 1e-9);
    clv_record_free(record);
}

static void lsmo_tells_acquisition(void **state)
{
    clv_record *record = eels_load("LSMO_linescan.hspy");
    const clv_spectra *scan = clv_record_at(record, 0);
    const clv_metadata *facts = clv_spectra_metadata(scan);

    (void)state;
    assert_string_equal(clv_axis_name(clv_spectra_axis(scan, 0)), "x");
    assert_string_equal(clv_axis_unit(clv_spectra_axis(scan, 0)), "\xC2\xB5m");
    assert_string_equal(clv_axis_name(clv_spectra_energy(scan)), "energy_loss");
    assert_true(clv_metadata_number(facts, "collection_angle") == 33.19);
    assert_string_equal(clv_metadata_text(facts, "technique"), "EELS");
    clv_record_free(record);
}

/* Complex numbers are two spectra; the dump has them one after the other, as complex128. */
static void complex_numbers_become_two_spectra(void **state)
{
    const char *name = "relEELS_cdf.hspy";
    json dump = eels_dump(name);
    const json *signal = &json_get(&dump, "signals")->items[0];
    clv_record *record = eels_load(name);
    const clv_spectra *real = clv_record_at(record, 0), *imaginary = clv_record_at(record, 1);
    size_t n = clv_spectra_count(real) * clv_spectra_channels(real);
    double *pairs = malloc(2 * n * sizeof *pairs);
    char hash[CLV_SHA256_TEXT];

    (void)state;
    assert_int_equal(clv_record_count(record), 2);
    for (size_t i = 0; i < n; i++) {
        pairs[2 * i] = clv_spectra_intensity(real)[i];
        pairs[2 * i + 1] = clv_spectra_intensity(imaginary)[i];
    }
    clv_sha256_text((const uint8_t *)pairs, 2 * n * sizeof *pairs, hash);
    assert_string_equal(hash, json_get(signal, "sha256_c16le")->text);
    free(pairs);
    json_free(&dump);
    clv_record_free(record);
}

/* The dumps of these have no signals but the datasets as they stand. */
static void eelsmodel_files_equal_their_dumps(void **state)
{
    static const char *const names[] = {"ce3_edge.hdf5", "ce4_edge.hdf5", "pyeelsmodel_simulated_C_edge.hdf5",
                                        "pyeelsmodel_ll_simulated_C_edge.hdf5"};

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        json dump = eels_dump(names[i]);
        const json *sets = json_get(&dump, "datasets"), *axis = json_get(sets, "Energy_axis/@");
        clv_record *record = eels_load(names[i]);
        const clv_spectra *edge = clv_record_at(record, 0);
        double first = json_get(axis, "Offset")->number, step = json_get(axis, "Dispersion")->number;

        eels_same_numbers(names[i], edge, json_get(json_get(sets, "Data"), "sha256_f8le")->text);
        for (size_t c = 0; c < clv_spectra_channels(edge); c++) {
            double energy = first + (double)c * step;

            assert_true(fabs(clv_axis_values(clv_spectra_energy(edge))[c] - energy) <= 1e-12 * fmax(1, fabs(energy)));
        }
        json_free(&dump);
        clv_record_free(record);
    }
}

/* The array [2][1][3] has its energies along the first dimension, as the DM4 of the same name. Calibration: -origin *
   scale + place * scale. */
static void dm5_equals_its_dump(void **state)
{
    clv_record *record = eels_load("formats/nion_dm/ref_T_0_1.dm5");
    const clv_spectra *line = clv_record_at(record, 0);
    static const double in_file[6] = {0, 2, 4, 1, 3, 5};

    (void)state;
    assert_int_equal(clv_spectra_count(line), 3);
    assert_int_equal(clv_spectra_channels(line), 2);
    for (size_t x = 0; x < 3; x++) {
        for (size_t c = 0; c < 2; c++) { assert_true(clv_spectra_intensity(line)[2 * x + c] == in_file[3 * c + x]); }
        assert_true(clv_axis_values(clv_spectra_axis(line, 0))[x] == 1 + 2 * (double)x);
    }
    assert_true(fabs(clv_axis_values(clv_spectra_energy(line))[1] - 1.5 * 2.200000047683716) < 1e-12);
    clv_record_free(record);
}

static void what_is_no_spectrum_is_named(void **state)
{
    static const char *const names[][2] = {
        {"CuZn_HAADF.hspy", "this file of HyperSpy holds no spectra on energies: \"Gatan HAADF\" is an image"},
        {"formats/hspy/test_rgba16.hdf5", "\"Stack of \" is no array of numbers"},
        {"formats/emd/Si100_4D.emd", "has no dimension in eV"},
        {"formats/nexus/simple_signal.nxs",
         "this file of NeXus holds no spectra on energies: \"rocks\" has no axis in eV"},
        {"formats/nion_dm/ref_F_0_2.dm5", "is an image: no dimension is in eV"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        clv_record *record = NULL;
        clv_error err = {0};

        assert_int_equal(clv_load(eels_path(names[i][0]), NULL, &record, &err), CLV_BAD_FILE);
        if (!strstr(err.text, names[i][1])) { fail_msg("'%s' instead of '%s'", err.text, names[i][1]); }
    }
}

/* ---- Files written here */

#define MADE "made.nxs"

static void put_text(hid_t place, const char *name, const char *text)
{
    hid_t type = H5Tcopy(H5T_C_S1), space = H5Screate(H5S_SCALAR), attribute;

    H5Tset_size(type, strlen(text));
    attribute = H5Acreate2(place, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    assert_true(H5Awrite(attribute, type, text) >= 0);
    H5Aclose(attribute);
    H5Sclose(space);
    H5Tclose(type);
}

/* Two texts of variable length, as h5py writes lists. */
static void put_list(hid_t place, const char *name, const char *const texts[3])
{
    hsize_t count = 3;
    hid_t type = H5Tcopy(H5T_C_S1), space = H5Screate_simple(1, &count, NULL), attribute;

    H5Tset_size(type, H5T_VARIABLE);
    attribute = H5Acreate2(place, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    assert_true(H5Awrite(attribute, type, texts) >= 0);
    H5Aclose(attribute);
    H5Sclose(space);
    H5Tclose(type);
}

static void put_number(hid_t place, const char *name, double number)
{
    hid_t space = H5Screate(H5S_SCALAR), attribute;

    attribute = H5Acreate2(place, name, H5T_NATIVE_DOUBLE, space, H5P_DEFAULT, H5P_DEFAULT);
    assert_true(H5Awrite(attribute, H5T_NATIVE_DOUBLE, &number) >= 0);
    H5Aclose(attribute);
    H5Sclose(space);
}

/* A dataset of doubles, stored as big-endian 16-bit whole numbers where `whole`. */
static hid_t put_data(hid_t place, const char *name, int rank, const hsize_t *sizes, const double *values, int whole)
{
    hid_t space = H5Screate_simple(rank, sizes, NULL);
    hid_t data =
        H5Dcreate2(place, name, whole ? H5T_STD_U16BE : H5T_IEEE_F64LE, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);

    assert_true(H5Dwrite(data, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0);
    H5Sclose(space);
    return data;
}

static hid_t put_group(hid_t place, const char *name)
{
    return H5Gcreate2(place, name, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
}

static clv_record *load_made(void)
{
    clv_record *record = NULL;
    clv_error err = {0};

    if (clv_load(MADE, NULL, &record, &err)) { fail_msg("%s", err.text); }
    unlink(MADE);
    return record;
}

/* NXdata [energy 2][y 1][x 3]: the energies fall, in keV, so numbers are turned twice. */
static void nexus_maps_are_turned(void **state)
{
    static const double numbers[6] = {1, 2, 3, 4, 5, 6}, turned[6] = {4, 1, 5, 2, 6, 3}, energies[2] = {0.5, 0.4},
                        x[3] = {0, 2, 4};
    hid_t file = H5Fcreate(MADE, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT), entry, group, data;
    const clv_spectra *map;
    clv_record *record;

    (void)state;
    entry = put_group(file, "entry");
    put_text(entry, "NX_class", "NXentry");
    group = put_group(entry, "spectrum");
    put_text(group, "NX_class", "NXdata");
    put_text(group, "signal", "intensity");
    put_list(group, "axes", (const char *const[3]){"axis_energy", ".", "axis_x"});
    H5Dclose(put_data(group, "intensity", 3, (const hsize_t[3]){2, 1, 3}, numbers, 1));
    data = put_data(group, "axis_energy", 1, (const hsize_t[1]){2}, energies, 0);
    put_text(data, "units", "keV");
    put_text(data, "long_name", "Energy loss");
    H5Dclose(data);
    data = put_data(group, "axis_x", 1, (const hsize_t[1]){3}, x, 0);
    put_text(data, "units", "nm");
    H5Dclose(data);
    H5Gclose(group);
    H5Gclose(entry);
    H5Fclose(file);
    record = load_made();
    map = clv_record_at(record, 0);
    assert_int_equal(clv_spectra_axis_count(map), 3);
    assert_string_equal(clv_axis_name(clv_spectra_axis(map, 0)), "y");
    assert_string_equal(clv_axis_name(clv_spectra_axis(map, 1)), "x");
    assert_string_equal(clv_axis_unit(clv_spectra_axis(map, 1)), "nm");
    assert_true(clv_axis_values(clv_spectra_axis(map, 1))[2] == 4);
    assert_string_equal(clv_axis_name(clv_spectra_energy(map)), "energy_loss");
    assert_true(clv_axis_values(clv_spectra_energy(map))[0] == 400);
    assert_memory_equal(clv_spectra_intensity(map), turned, sizeof turned);
    assert_string_equal(clv_spectra_unit(map), "counts");
    clv_record_free(record);
}

/* EMD: evenly spaced dimensions told by two numbers, units in brackets, the voltage above the signals. */
static void emd_dimensions_are_read(void **state)
{
    static const double numbers[6] = {1, 2, 3, 4, 5, 6}, energies[2] = {500, 500.5}, y[2] = {10, 12};
    hid_t file = H5Fcreate(MADE, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT), group, microscope, data;
    const clv_spectra *line;
    clv_record *record;

    (void)state;
    microscope = put_group(file, "microscope");
    put_number(microscope, "voltage", 200000);
    H5Gclose(microscope);
    group = put_group(file, "line");
    put_number(group, "emd_group_type", 1);
    H5Dclose(put_data(group, "data", 2, (const hsize_t[2]){2, 3}, numbers, 1));
    data = put_data(group, "dim1", 1, (const hsize_t[1]){2}, y, 0);
    put_text(data, "units", "[n_m]");
    put_text(data, "name", "Y Position");
    H5Dclose(data);
    data = put_data(group, "dim2", 1, (const hsize_t[1]){2}, energies, 0);
    put_text(data, "units", "[e_V]");
    H5Dclose(data);
    H5Gclose(group);
    H5Fclose(file);
    record = load_made();
    line = clv_record_at(record, 0);
    assert_string_equal(clv_spectra_name(line), "line");
    assert_string_equal(clv_axis_name(clv_spectra_axis(line, 0)), "y_position");
    assert_string_equal(clv_axis_unit(clv_spectra_axis(line, 0)), "nm");
    assert_true(clv_axis_values(clv_spectra_axis(line, 0))[1] == 12);
    assert_true(clv_axis_values(clv_spectra_energy(line))[2] == 501);
    assert_memory_equal(clv_spectra_intensity(line), numbers, sizeof numbers);
    assert_true(clv_metadata_number(clv_spectra_metadata(line), "beam_energy") == 200);
    clv_record_free(record);
}

/* A group that links to itself is walked a bounded number of times. */
static void loops_end(void **state)
{
    hid_t file = H5Fcreate(MADE, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT), group;
    clv_record *record = NULL;
    clv_error err = {0};

    (void)state;
    put_text(file, "version_major", "0");
    group = put_group(file, "loop");
    H5Lcreate_hard(file, "/loop", group, "again", H5P_DEFAULT, H5P_DEFAULT);
    H5Lcreate_soft("/nowhere", group, "dangling", H5P_DEFAULT, H5P_DEFAULT);
    H5Lcreate_external("/etc/passwd", "/x", group, "outside", H5P_DEFAULT, H5P_DEFAULT);
    H5Gclose(group);
    H5Fclose(file);
    assert_int_equal(clv_load(MADE, NULL, &record, &err), CLV_BAD_FILE);
    assert_non_null(strstr(err.text, "this file of EMD holds no spectra on energies"));
    unlink(MADE);
}

/* ---- Files made to hurt */

static void survives(const char *name, const uint8_t *bytes, size_t size)
{
    clv_record *record = NULL;
    clv_error err = {0};

    if (clv_load_bytes(name, bytes, size, NULL, &record, &err)) {
        if (!err.text[0] || strchr(err.text, '\n')) { fail_msg("'%s'", err.text); }
    }
    clv_record_free(record);
}

static void hurt(const char *name, int rounds)
{
    size_t size;
    uint8_t *bytes = vendor_bytes(eels_path(name), &size), *copy = malloc(size);
    const char *base = strrchr(name, '/') ? strrchr(name, '/') + 1 : name;
    uint64_t seed = 42;

    for (int i = 0; i < rounds; i++) {
        survives(base, bytes, 1 + (size_t)((double)(size - 1) * i / rounds));
        memcpy(copy, bytes, size);
        for (int change = 0; change < 1 + i % 8; change++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            copy[(seed >> 33) % size] = (uint8_t)(seed >> 20);
        }
        survives(base, copy, size);
    }
    free(copy);
    free(bytes);
}

static void damaged_files_are_refused(void **state)
{
    static const char *const names[] = {"Cr_L_cl.hspy",
                                        "formats/hspy/example1_v1.0.hdf5",
                                        "formats/emd/example_spectrum.emd",
                                        "formats/nion_dm/ref_T_0_1.dm5",
                                        "formats/nexus/simple_signal.nxs",
                                        "ce3_edge.hdf5"};

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) { hurt(names[i], 60); }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(hyperspy_files_equal_their_dumps),
                                       cmocka_unit_test(emd_files_equal_their_dumps),
                                       cmocka_unit_test(velox_tells_acquisition),
                                       cmocka_unit_test(lsmo_tells_acquisition),
                                       cmocka_unit_test(complex_numbers_become_two_spectra),
                                       cmocka_unit_test(eelsmodel_files_equal_their_dumps),
                                       cmocka_unit_test(dm5_equals_its_dump),
                                       cmocka_unit_test(what_is_no_spectrum_is_named),
                                       cmocka_unit_test(nexus_maps_are_turned),
                                       cmocka_unit_test(emd_dimensions_are_read),
                                       cmocka_unit_test(loops_end),
                                       cmocka_unit_test(damaged_files_are_refused)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
