/* Reads attributes, small datasets and members of HDF5 files. SPDX-License-Identifier: GPL-3.0-or-later */
#include "hdf5.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MEMBERS_MAX 100000
#define LETTERS_MAX ((hsize_t)1 << 22)

int hdf5_exists(hid_t place, const char *path)
{
    char part[1024];
    size_t length = strlen(path);

    if (length >= sizeof part) { return 0; }
    for (size_t i = 1; i <= length; i++) {
        if (path[i] != '/' && path[i] != 0) { continue; }
        snprintf(part, sizeof part, "%.*s", (int)i, path);
        if (H5Lexists(place, part, H5P_DEFAULT) <= 0) { return 0; }
    }
    return length > 0 && H5Oexists_by_name(place, path, H5P_DEFAULT) > 0;
}

static hid_t open_attribute(hid_t place, const char *path, const char *name)
{
    int here = !*path || strcmp(path, ".") == 0;

    if (!here && !hdf5_exists(place, path)) { return -1; }
    if (H5Aexists_by_name(place, here ? "." : path, name, H5P_DEFAULT) <= 0) { return -1; }
    return H5Aopen_by_name(place, here ? "." : path, name, H5P_DEFAULT, H5P_DEFAULT);
}

static hssize_t count_of(hid_t attribute)
{
    hid_t space = H5Aget_space(attribute);
    hssize_t count = space < 0 ? -1 : H5Sget_simple_extent_npoints(space);

    if (space >= 0) { H5Sclose(space); }
    return count;
}

double hdf5_number(hid_t place, const char *path, const char *name)
{
    hid_t attribute = open_attribute(place, path, name), type;
    double number = NAN;
    H5T_class_t kind;

    if (attribute < 0) { return NAN; }
    type = H5Aget_type(attribute);
    kind = H5Tget_class(type);
    if (count_of(attribute) == 1) {
        signed char flag;

        if ((kind == H5T_INTEGER || kind == H5T_FLOAT) && H5Aread(attribute, H5T_NATIVE_DOUBLE, &number) < 0) {
            number = NAN;
        }
        if (kind == H5T_ENUM && H5Tget_size(type) == 1 && H5Aread(attribute, type, &flag) >= 0) { number = flag; }
    }
    H5Tclose(type);
    H5Aclose(attribute);
    return number;
}

/* A text of variable length; what HDF5 allots is given back to it. */
static void read_variable(hid_t attribute, hid_t type, char text[HDF5_TEXT])
{
    char *letters = NULL;
    hid_t space = H5Aget_space(attribute);

    if (H5Aread(attribute, type, &letters) >= 0 && letters) {
        snprintf(text, HDF5_TEXT, "%.*s", HDF5_TEXT - 1, letters);
        H5Dvlen_reclaim(type, space, H5P_DEFAULT, &letters);
    }
    H5Sclose(space);
}

static void read_fixed(hid_t attribute, hid_t type, char text[HDF5_TEXT])
{
    size_t size = H5Tget_size(type);
    char *letters = size < LETTERS_MAX ? reader_room(size + 1, 1) : NULL;

    if (letters && H5Aread(attribute, type, letters) >= 0) {
        letters[size] = 0;
        snprintf(text, HDF5_TEXT, "%.*s", HDF5_TEXT - 1, letters);
    }
    free(letters);
}

int hdf5_text(hid_t place, const char *path, const char *name, char text[HDF5_TEXT])
{
    hid_t attribute = open_attribute(place, path, name), type;

    text[0] = 0;
    if (attribute < 0) { return 0; }
    type = H5Aget_type(attribute);
    if (H5Tget_class(type) == H5T_STRING && count_of(attribute) == 1) {
        if (H5Tis_variable_str(type) > 0) {
            read_variable(attribute, type, text);
        } else {
            read_fixed(attribute, type, text);
        }
    }
    H5Tclose(type);
    H5Aclose(attribute);
    return text[0] != 0;
}

/* ---- Datasets */

static int is_dataset(hid_t place, const char *path)
{
    H5O_info_t about;

    return hdf5_exists(place, path) && H5Oget_info_by_name(place, path, &about, H5P_DEFAULT) >= 0 &&
           about.type == H5O_TYPE_DATASET;
}

static int is_number(hid_t type)
{
    H5T_class_t kind = H5Tget_class(type);

    return kind == H5T_INTEGER || kind == H5T_FLOAT;
}

size_t hdf5_numbers(hid_t place, const char *path, double *numbers, size_t count)
{
    hid_t data = is_dataset(place, path) ? H5Dopen2(place, path, H5P_DEFAULT) : -1, type, space;
    hssize_t held;
    double *all = NULL;

    if (data < 0) { return 0; }
    type = H5Dget_type(data);
    space = H5Dget_space(data);
    held = H5Sget_simple_extent_npoints(space);
    if (held > 0 && is_number(type)) { all = reader_room((uint64_t)held, sizeof *all); }
    if (!all || H5Dread(data, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, all) < 0) { held = 0; }
    if (held > 0) { memcpy(numbers, all, ((size_t)held < count ? (size_t)held : count) * sizeof *numbers); }
    free(all);
    H5Sclose(space);
    H5Tclose(type);
    H5Dclose(data);
    return (size_t)held;
}

/* The first column of a table of bytes [rows][columns]. */
static char *read_bytes(hid_t data, hid_t space)
{
    hsize_t sizes[2] = {0, 1}, start[2] = {0, 0}, count[2];
    int rank = H5Sget_simple_extent_ndims(space);
    hid_t room;
    char *text = NULL;

    if (rank < 1 || rank > 2 || H5Sget_simple_extent_dims(space, sizes, NULL) < 0) { return NULL; }
    if (sizes[0] == 0 || sizes[1] == 0 || sizes[0] > LETTERS_MAX) { return NULL; }
    count[0] = sizes[0];
    count[1] = 1;
    room = H5Screate_simple(1, count, NULL);
    text = reader_room(sizes[0] + 1, 1);
    if (H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, count, NULL) < 0 ||
        H5Dread(data, H5T_NATIVE_UCHAR, room, space, H5P_DEFAULT, text) < 0) {
        text[0] = 0;
    }
    H5Sclose(room);
    return text;
}

static char *read_letters(hid_t data, hid_t type, hid_t space)
{
    char *text = NULL, *lent = NULL;
    size_t size = H5Tget_size(type);

    if (H5Sget_simple_extent_npoints(space) != 1) { return NULL; }
    if (H5Tis_variable_str(type) > 0) {
        if (H5Dread(data, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, &lent) < 0 || !lent) { return NULL; }
        text = strdup(lent);
        H5Dvlen_reclaim(type, space, H5P_DEFAULT, &lent);
        return text;
    }
    if (size > LETTERS_MAX) { return NULL; }
    text = reader_room(size + 1, 1);
    if (H5Dread(data, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, text) < 0) { text[0] = 0; }
    return text;
}

char *hdf5_dataset_text(hid_t place, const char *path)
{
    hid_t data = is_dataset(place, path) ? H5Dopen2(place, path, H5P_DEFAULT) : -1, type, space;
    char *text = NULL;

    if (data < 0) { return NULL; }
    type = H5Dget_type(data);
    space = H5Dget_space(data);
    if (H5Tget_class(type) == H5T_STRING) { text = read_letters(data, type, space); }
    if (H5Tget_class(type) == H5T_INTEGER && H5Tget_size(type) == 1) { text = read_bytes(data, space); }
    H5Sclose(space);
    H5Tclose(type);
    H5Dclose(data);
    return text;
}

/* ---- Members */

int hdf5_each(hid_t group, int (*take)(hid_t group, const char *name, void *payload), void *payload)
{
    H5G_info_t about;
    int stop = 0;

    if (H5Gget_info(group, &about) < 0) { return 0; }
    for (hsize_t i = 0; i < about.nlinks && i < MEMBERS_MAX && !stop; i++) {
        char name[HDF5_TEXT];
        ssize_t length = H5Lget_name_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, i, name, sizeof name, H5P_DEFAULT);

        if (length > 0 && (size_t)length < sizeof name) { stop = take(group, name, payload); }
    }
    return stop;
}
