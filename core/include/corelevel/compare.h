/* Whether two result files hold the same numbers. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_COMPARE_H
#define CLV_COMPARE_H

#include <corelevel/error.h>

CLV_BEGIN_DECLS

/* Results are the same bytes whenever the same is done to the same input, so two files are compared number by number:
   what differs tells of another input, another version of the library, or another kind of processor.

   How two files differ. Numbers and texts of all variables are counted, in all groups; NaN equals NaN. */
typedef struct clv_file_difference {
    size_t compared; /* numbers and texts that were compared */
    size_t
        differing;   /* of them, those that are not the same to the bit; a variable that one file lacks counts as one */
    double largest;  /* largest difference of two numbers over the larger of them; infinite where only one is finite,
                        a text differs or a variable is missing */
    char where[256]; /* the variable in which that is, such as "Co 2p/fit/parameter_value"; empty for none */
} clv_file_difference;

/* Compares all variables of two netCDF files; both are read in a process of their own, as any file. Errors:
   CLV_NOT_FOUND when one of them is not there, CLV_BAD_FILE when it is no netCDF file or damaged, CLV_NO_MEMORY. */
CLV_API clv_status clv_netcdf_compare(const char *path, const char *other, clv_file_difference *difference,
                                      clv_error *err);

CLV_END_DECLS

#endif
