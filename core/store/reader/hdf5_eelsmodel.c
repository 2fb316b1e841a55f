/* Reads the HDF5 files of pyEELSMODEL: Data, and a group Energy_axis with the calibration.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include "hdf5.h"

#include <stdio.h>

int hdf5_eelsmodel(hid_t file)
{
    hdf5_signal s;
    hid_t data;
    double scale = hdf5_number(file, "Energy_axis", "Dispersion"), offset = hdf5_number(file, "Energy_axis", "Offset");

    if (!hdf5_exists(file, "Data") || !(scale != 0) || !isfinite(scale) || !isfinite(offset)) { return -1; }
    data = H5Dopen2(file, "Data", H5P_DEFAULT);
    if (data < 0) { return -1; }
    if (!hdf5_begin(&s, data)) {
        H5Dclose(data);
        hdf5_skip("Data", "is no array of numbers");
        return 0;
    }
    s.axis[s.energy].offset = offset;
    s.axis[s.energy].scale = scale;
    s.noise = "unknown"; /* edges and simulations, as a rule; the file says nothing */
    hdf5_add_number(&s, "dispersion", scale, "eV");
    hdf5_send(&s);
    H5Dclose(data);
    return 1;
}
