/* Opens HDF5 files of electron microscopes and finds which layout they have.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "hdf5.h"

#include <stdio.h>
#include <string.h>

static char skipped[HDF5_TEXT];

void hdf5_skip(const char *name, const char *why)
{
    if (!*skipped) { snprintf(skipped, sizeof skipped, "\"%.100s\" %s", *name ? name : "its data", why); }
}

/* Files that netCDF wrote are read as such. */
static int is_netcdf(hid_t file) { return H5Aexists(file, "_NCProperties") > 0; }

/* ---- The file is in memory already: HDF5 is lent it instead of copying it */

typedef struct lent {
    void *bytes;
} lent;

static void *lend(size_t size, H5FD_file_image_op_t why, void *payload)
{
    (void)size;
    (void)why;
    return ((lent *)payload)->bytes;
}

static void *copy_nothing(void *to, const void *from, size_t size, H5FD_file_image_op_t why, void *payload)
{
    (void)why;
    (void)payload;
    return to == from ? to : memcpy(to, from, size);
}

static void *grow_nothing(void *bytes, size_t size, H5FD_file_image_op_t why, void *payload)
{
    (void)bytes;
    (void)size;
    (void)why;
    (void)payload;
    return NULL;
}

static herr_t free_nothing(void *bytes, H5FD_file_image_op_t why, void *payload)
{
    (void)bytes;
    (void)why;
    (void)payload;
    return 0;
}

static void *same_payload(void *payload) { return payload; }
static herr_t keep_payload(void *payload)
{
    (void)payload;
    return 0;
}

static hid_t open_image(lent *image, size_t size)
{
    H5FD_file_image_callbacks_t calls = {lend,         copy_nothing, grow_nothing, free_nothing,
                                         same_payload, keep_payload, image};
    hid_t how = H5Pcreate(H5P_FILE_ACCESS), file = -1;

    if (H5Pset_fapl_core(how, 1 << 20, 0) >= 0 && H5Pset_file_image_callbacks(how, &calls) >= 0 &&
        H5Pset_file_image(how, image->bytes, size) >= 0) {
        file = H5Fopen("file", H5F_ACC_RDONLY, how);
    }
    H5Pclose(how);
    return file;
}

int reader_hdf5(void *bytes, size_t size)
{
    lent image = {bytes};
    static const struct {
        const char *name;
        int (*read)(hid_t file);
    } layouts[] = {{"HyperSpy", hdf5_hyperspy},       {"Velox", hdf5_velox}, {"EMD", hdf5_emd},
                   {"DigitalMicrograph 5", hdf5_dm5}, {"NeXus", hdf5_nexus}, {"pyEELSMODEL", hdf5_eelsmodel}};
    hid_t file;
    int sent = -1;

    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    file = open_image(&image, size);
    if (file < 0) { return 0; }
    for (size_t i = 0; i < sizeof layouts / sizeof *layouts && sent < 0 && !is_netcdf(file); i++) {
        sent = layouts[i].read(file);
        if (sent == 0 && *skipped) {
            reader_refuse("this file of %s holds no spectra on energies: %s", layouts[i].name, skipped);
        }
        if (sent == 0) { reader_refuse("this file of %s holds no spectra on energies", layouts[i].name); }
    }
    H5Fclose(file);
    return sent > 0;
}
