/* Finds the signals of a netCDF file: in corelevel's layout each group's `intensity`, elsewhere every variable whose
   last dimension has energies. SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader.h"

#include <netcdf.h>
#include <stdlib.h>
#include <string.h>

#include "store/names.h"

#define DEPTH_MAX 8

static const char *const energies[] = {"binding_energy", "kinetic_energy", "photon_energy", "energy_loss", "k", "r"};

int reader_is_energy(const char *name)
{
    for (size_t i = 0; i < sizeof energies / sizeof *energies; i++) {
        if (strcmp(name, energies[i]) == 0) { return 1; }
    }
    return 0;
}

/* Whether a variable is numbers along exactly one dimension, this one. */
static int stands_on(int group, int variable, int dimension)
{
    int count, own[NC_MAX_VAR_DIMS];
    nc_type type;

    if (nc_inq_var(group, variable, NULL, &type, &count, own, NULL)) { return 0; }
    return count == 1 && own[0] == dimension && type != NC_CHAR && type < NC_STRING;
}

static int find_here(int group, int dimension, int energy, int *variable)
{
    char name[NC_MAX_NAME + 1];

    if (nc_inq_dimname(group, dimension, name)) { return 0; }
    if ((!energy || reader_is_energy(name)) && nc_inq_varid(group, name, variable) == NC_NOERR &&
        stands_on(group, *variable, dimension)) {
        return 1;
    }
    for (size_t i = 0; energy && i < sizeof energies / sizeof *energies; i++) {
        if (nc_inq_varid(group, energies[i], variable) == NC_NOERR && stands_on(group, *variable, dimension)) {
            return 1;
        }
    }
    return 0;
}

int reader_coordinate(int group, int dimension, int energy, int *variable)
{
    for (int depth = 0; depth < DEPTH_MAX; depth++) {
        int above;

        if (find_here(group, dimension, energy, variable)) { return group; }
        if (nc_inq_grp_parent(group, &above)) { break; }
        group = above;
    }
    return -1;
}

/* Whether a variable is a signal: numbers whose last dimension has energies, and no coordinate itself. */
static int is_signal(int group, int variable)
{
    int count, dimensions[NC_MAX_VAR_DIMS], energy;
    nc_type type;
    char name[NC_MAX_NAME + 1], own[NC_MAX_NAME + 1];

    if (nc_inq_var(group, variable, name, &type, &count, dimensions, NULL)) { return 0; }
    if (count < 1 || type == NC_CHAR || type >= NC_STRING || reader_is_energy(name)) { return 0; }
    if (count == 1 && nc_inq_dimname(group, dimensions[0], own) == NC_NOERR && strcmp(name, own) == 0) { return 0; }
    return reader_coordinate(group, dimensions[count - 1], 1, &energy) >= 0;
}

static void read_group(int group, int own, int depth)
{
    int count = 0, intensity, *inside;

    if (nc_inq_varid(group, "intensity", &intensity) == NC_NOERR && is_signal(group, intensity)) {
        reader_signal(group, intensity, own);
        return; /* what lies below is made of it: a fit */
    }
    if (nc_inq_nvars(group, &count)) { count = 0; }
    for (int i = 0; i < count; i++) {
        if (is_signal(group, i)) { reader_signal(group, i, own); }
    }
    if (depth == DEPTH_MAX || nc_inq_grps(group, &count, NULL) || count < 1) { return; }
    inside = reader_room((uint64_t)count, sizeof *inside);
    if (nc_inq_grps(group, &count, inside)) { count = 0; }
    for (int i = 0; i < count; i++) { read_group(inside[i], own, depth + 1); }
    free(inside);
}

void reader_walk(int file)
{
    char *conventions = reader_text(file, NC_GLOBAL, "Conventions");
    int own = conventions && strcmp(conventions, CLV_NAME_CONVENTIONS) == 0;

    free(conventions);
    read_group(file, own, 0);
}
