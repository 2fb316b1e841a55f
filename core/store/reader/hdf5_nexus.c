/* Reads NXdata groups of NeXus files whose signal has an axis of energies. SPDX-License-Identifier: GPL-3.0-or-later */
#include "hdf5.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH_MAX 12

typedef struct nexus {
    hid_t file;
    int depth, groups, sent;
    char entry[HDF5_TEXT], definition[HDF5_TEXT];
} nexus;

/* ---- Which dataset is the signal, and which its axes */

/* The one whose attribute `signal` is not 0, as NeXus wrote it before 2014. */
static int is_old_signal(hid_t group, const char *name, void *payload)
{
    char *found = payload, text[HDF5_TEXT];
    double number = hdf5_number(group, name, "signal");

    if (!(number > 0) && !hdf5_text(group, name, "signal", text)) { return 0; }
    snprintf(found, HDF5_TEXT, "%s", name);
    return 1;
}

static int find_signal(hid_t group, char name[HDF5_TEXT])
{
    if (!hdf5_text(group, ".", "signal", name)) { hdf5_each(group, is_old_signal, name); }
    return *name && hdf5_exists(group, name);
}

/* Names in a text, between ':' or ',', within brackets or not. */
static void split_names(const char *text, char names[HDF5_AXES][HDF5_TEXT])
{
    for (int k = 0; k < HDF5_AXES && *text; k++) {
        size_t length;

        text += strspn(text, ":, []\"'");
        length = strcspn(text, ":, []\"'");
        snprintf(names[k], HDF5_TEXT, "%.*s", (int)(length < HDF5_TEXT ? length : HDF5_TEXT - 1), text);
        text += length;
    }
}

/* The attribute `axes` as a list of texts. */
static void list_names(hid_t group, char names[HDF5_AXES][HDF5_TEXT])
{
    hid_t attribute = H5Aopen(group, "axes", H5P_DEFAULT), type = H5Aget_type(attribute), space;
    char *texts[HDF5_AXES] = {NULL}, *letters;
    size_t size = H5Tget_size(type);
    hssize_t count;

    space = H5Aget_space(attribute);
    count = H5Sget_simple_extent_npoints(space);
    if (H5Tget_class(type) == H5T_STRING && count >= 1 && count <= HDF5_AXES) {
        if (H5Tis_variable_str(type) > 0) {
            if (H5Aread(attribute, type, texts) >= 0) {
                for (hssize_t k = 0; k < count; k++) {
                    snprintf(names[k], HDF5_TEXT, "%.299s", texts[k] ? texts[k] : "");
                }
                H5Dvlen_reclaim(type, space, H5P_DEFAULT, texts);
            }
        } else if (size < HDF5_TEXT) {
            letters = reader_room((uint64_t)count + 1, size + 1);
            if (H5Aread(attribute, type, letters) >= 0) {
                for (hssize_t k = 0; k < count; k++) {
                    snprintf(names[k], HDF5_TEXT, "%.*s", (int)size, letters + (size_t)k * size);
                }
            }
            free(letters);
        }
    }
    H5Sclose(space);
    H5Tclose(type);
    H5Aclose(attribute);
}

static void find_axes(hid_t group, const char *signal, char names[HDF5_AXES][HDF5_TEXT])
{
    char text[HDF5_TEXT];

    if (hdf5_text(group, ".", "axes", text) || hdf5_text(group, signal, "axes", text)) {
        split_names(text, names);
    } else if (H5Aexists(group, "axes") > 0) {
        list_names(group, names);
    }
}

/* Where NX names `axis_energy_indices` it may stand at another place than in the list. */
static int place_of(hid_t group, const char *name, int place, int rank)
{
    char key[HDF5_TEXT + 16];
    double index;

    snprintf(key, sizeof key, "%s_indices", name);
    index = hdf5_number(group, ".", key);
    return index >= 0 && index < rank ? (int)index : place;
}

static void take_axis(hid_t group, const char *name, hdf5_axis *axis)
{
    if (!*name || strcmp(name, ".") == 0 || !hdf5_exists(group, name)) { return; }
    snprintf(axis->name, HDF5_TEXT, "%s", strncmp(name, "axis_", 5) == 0 ? name + 5 : name);
    hdf5_text(group, name, "units", axis->unit);
    axis->values = reader_room(axis->size + 1, sizeof *axis->values);
    if (hdf5_numbers(group, name, axis->values, axis->size) != axis->size) {
        free(axis->values);
        axis->values = NULL;
    }
}

/* ---- What the energies are */

static int holds(const char *text, const char *word)
{
    size_t length = strlen(word);

    for (; *text; text++) {
        size_t i = 0;

        while (i < length && (text[i] | 32) == word[i]) { i++; }
        if (i == length) { return 1; }
    }
    return 0;
}

static int find_energy(const hdf5_signal *s)
{
    for (int k = s->rank - 1; k >= 0; k--) {
        if (s->axis[k].values && !isnan(hdf5_electronvolts(s->axis[k].unit))) { return k; }
    }
    return -1;
}

/* Energies are called after their name, their long name or the entry's definition. */
static void name_energy(const nexus *n, hid_t group, hdf5_signal *s, const char *dataset)
{
    static const struct {
        const char *word, *axis, *technique;
    } kinds[] = {
        {"loss", "energy_loss", "EELS"},    {"binding", "binding_energy", "XPS"}, {"kinetic", "kinetic_energy", "XPS"},
        {"photon", "photon_energy", "XAS"}, {"nxxas", "photon_energy", "XAS"},    {"nxmpes", "kinetic_energy", "XPS"},
        {"nxem", "energy_loss", "EELS"},    {"mono", "photon_energy", "XAS"},
    };
    char all[4 * HDF5_TEXT], title[HDF5_TEXT], type[HDF5_TEXT];

    hdf5_text(group, dataset, "long_name", title);
    hdf5_text(group, dataset, "type", type);
    snprintf(all, sizeof all, "%s %s %s %s", s->axis[s->energy].name, title, type, n->definition);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (!holds(all, kinds[i].word)) { continue; }
        s->energy_name = kinds[i].axis;
        snprintf(s->technique, sizeof s->technique, "%s", kinds[i].technique);
        return;
    }
}

/* ---- Metadata */

static void add_facts(const nexus *n, hid_t group, hdf5_signal *s)
{
    static const struct {
        const char *path, *name, *unit;
        double factor;
    } numbers[] = {{"instrument/beam/incident_energy", "photon_energy", "eV", 1},
                   {"measurement/instrument/ebeam_column/electron_source/voltage", "beam_energy", "keV", 1e-3},
                   {"em_lab/ebeam_column/electron_source/voltage", "beam_energy", "keV", 1e-3}};
    static const struct {
        const char *path, *name;
    } texts[] = {
        {"title", "title"}, {"start_time", "started"}, {"sample/name", "sample"}, {"instrument/name", "instrument"}};
    char path[2 * HDF5_TEXT], text[HDF5_TEXT], unit[HDF5_TEXT];

    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        double number = NAN, factor = numbers[i].factor;

        snprintf(path, sizeof path, "%s/%s", n->entry, numbers[i].path);
        if (hdf5_numbers(n->file, path, &number, 1) != 1) { continue; }
        hdf5_text(n->file, path, "units", unit);
        if (factor != 1 && strcmp(unit, "kV") == 0) { factor = 1; }
        hdf5_add_number(s, numbers[i].name, number * factor, numbers[i].unit);
    }
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char *found;

        snprintf(path, sizeof path, "%s/%s", n->entry, texts[i].path);
        found = hdf5_dataset_text(n->file, path);
        if (found) {
            snprintf(text, sizeof text, "%.299s", found);
            hdf5_add_text(s, texts[i].name, text);
        }
        free(found);
    }
    if (hdf5_text(group, ".", "title", text)) { snprintf(s->name, sizeof s->name, "%s", text); }
}

/* ---- Groups */

static int read_data(nexus *n, hid_t group, const char *name, const char *signal, hid_t data)
{
    char names[HDF5_AXES][HDF5_TEXT] = {{0}};
    const char *energies = "";
    hdf5_signal s;
    int energy;

    if (!hdf5_begin(&s, data)) {
        hdf5_skip(name, "is no array of numbers of at most six dimensions");
        return 0;
    }
    find_axes(group, signal, names);
    for (int k = 0; k < s.rank; k++) { take_axis(group, names[k], &s.axis[place_of(group, names[k], k, s.rank)]); }
    energy = find_energy(&s);
    if (energy < 0) {
        hdf5_clear(&s);
        hdf5_skip(name, "has no axis in eV");
        return 0;
    }
    for (int k = 0; k < s.rank; k++) {
        if (place_of(group, names[k], k, s.rank) == energy) { energies = names[k]; }
    }
    hdf5_order(&s, energy);
    snprintf(s.name, sizeof s.name, "%s", name);
    hdf5_text(group, signal, "units", s.unit);
    if (!*s.unit) { snprintf(s.unit, sizeof s.unit, "counts"); }
    name_energy(n, group, &s, energies);
    if (strcmp(s.unit, "counts") != 0) { s.noise = "unknown"; }
    add_facts(n, group, &s);
    hdf5_send(&s);
    return 1;
}

/* The definition of an entry, "NXem". */
static void enter(nexus *n, const char *name)
{
    char path[HDF5_TEXT + 16], *text;

    snprintf(n->entry, sizeof n->entry, "%s", name);
    snprintf(path, sizeof path, "%s/definition", name);
    text = hdf5_dataset_text(n->file, path);
    snprintf(n->definition, sizeof n->definition, "%.299s", text ? text : "");
    free(text);
}

static int take_group(hid_t parent, const char *name, void *payload)
{
    nexus *n = payload;
    H5O_info_t about;
    char kind[HDF5_TEXT], signal[HDF5_TEXT] = "";
    hid_t group, data = -1;

    if (!hdf5_exists(parent, name) || H5Oget_info_by_name(parent, name, &about, H5P_DEFAULT) < 0) { return 0; }
    if (about.type != H5O_TYPE_GROUP || n->depth == DEPTH_MAX) { return 0; }
    group = H5Gopen2(parent, name, H5P_DEFAULT);
    if (group < 0) { return 0; }
    if (n->depth == 0) { enter(n, name); }
    if (hdf5_text(group, ".", "NX_class", kind)) { n->groups++; }
    if (strcmp(kind, "NXdata") == 0 && find_signal(group, signal)) { data = H5Dopen2(group, signal, H5P_DEFAULT); }
    if (data >= 0) {
        n->sent += read_data(n, group, name, signal, data);
        H5Dclose(data);
    }
    n->depth++;
    hdf5_each(group, take_group, n);
    n->depth--;
    H5Gclose(group);
    return 0;
}

int hdf5_nexus(hid_t file)
{
    nexus n = {.file = file};

    hdf5_each(file, take_group, &n);
    return n.groups > 0 ? n.sent : -1;
}
