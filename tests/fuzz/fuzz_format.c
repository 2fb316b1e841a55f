/* Fuzzes one reader, named when it is built (CLV_FUZZ_FORMAT): whatever the bytes, it answers or refuses.
   SPDX-License-Identifier: GPL-3.0-or-later */
#include <corelevel/corelevel.h>

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    clv_value *options = clv_value_table();
    clv_record *record = NULL;
    clv_error err = {0};

    if (options && !clv_value_set(options, "format", clv_value_text(CLV_FUZZ_FORMAT), &err) &&
        !clv_load_bytes("fuzz", data, size, options, &record, &err)) {
        for (size_t i = 0; i < clv_record_count(record); i++) {
            if (!clv_spectra_intensity(clv_record_at(record, i))) { abort(); }
        }
        clv_record_free(record);
    }
    clv_value_free(options);
    return 0;
}
