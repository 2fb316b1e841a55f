/* Makes and reads records. SPDX-License-Identifier: GPL-3.0-or-later */
#include "record.h"

#include <stdlib.h>
#include <string.h>

void clv_record_block_clear(clv_record_block *block)
{
    clv_spectra_free(block->spectra);
    clv_texts_clear(&block->names);
    clv_texts_clear(&block->units);
    free(block->values);
    *block = (clv_record_block){0};
}

static void destroy_record(void *object)
{
    clv_record *record = object;

    for (size_t i = 0; i < record->count; i++) { clv_record_block_clear(&record->blocks[i]); }
    free(record->blocks);
    clv_metadata_free(record->metadata);
    free(record->source);
    free(record->format);
    free(record->hash_name);
    free(record->hash);
    free(record);
}

clv_record *clv_record_new(void)
{
    clv_record *record = clv_object_new(sizeof *record, CLV_RECORD, destroy_record);

    if (record && !(record->metadata = clv_metadata_new())) {
        clv_record_free(record);
        return NULL;
    }
    return record;
}

clv_record *clv_record_ref(const clv_record *record) { return clv_object_ref(record); }
void clv_record_free(clv_record *record) { clv_object_free(record); }

clv_status clv_record_add(clv_record *record, clv_spectra *spectra_take, clv_error *err)
{
    return clv_record_add_block(record, spectra_take, NULL, NULL, NULL, 0, err);
}

static clv_status fill_variables(clv_record_block *block, const char *const *names, const char *const *units,
                                 const double *values, size_t count, clv_error *err)
{
    if (count == 0) { return CLV_OK; }
    block->values = reallocarray(NULL, count, sizeof *values);
    CLV_CHECK(block->values, err, CLV_NO_MEMORY, "no memory for the variables of a block");
    memcpy(block->values, values, count * sizeof *values);
    for (size_t i = 0; i < count; i++) {
        CLV_TRY(clv_texts_add(&block->names, names[i], err));
        CLV_TRY(clv_texts_add(&block->units, units[i], err));
    }
    return CLV_OK;
}

static clv_status make_room(clv_record *record, clv_error *err)
{
    size_t room = record->room ? 2 * record->room : 8;
    clv_record_block *blocks;

    if (record->count < record->room) { return CLV_OK; }
    blocks = reallocarray(record->blocks, room, sizeof *blocks);
    CLV_CHECK(blocks, err, CLV_NO_MEMORY, "no memory for %zu spectra", room);
    record->blocks = blocks;
    record->room = room;
    return CLV_OK;
}

clv_status clv_record_add_block(clv_record *record, clv_spectra *spectra_take, const char *const *variables,
                                const char *const *units, const double *values, size_t count, clv_error *err)
{
    clv_record_block block = {.spectra = spectra_take};
    clv_status status = fill_variables(&block, variables, units, values, count, err);

    if (!status) { status = make_room(record, err); }
    if (status) {
        clv_record_block_clear(&block);
        return status;
    }
    record->blocks[record->count++] = block;
    return CLV_OK;
}

size_t clv_record_count(const clv_record *record) { return record->count; }

clv_spectra *clv_record_at(const clv_record *record, size_t place)
{
    return place < record->count ? record->blocks[place].spectra : NULL;
}

static clv_status replace(char **place, const char *text, clv_error *err)
{
    if (text) { return clv_texts_replace(place, text, err); }
    free(*place);
    *place = NULL;
    return CLV_OK;
}

clv_status clv_record_set_source(clv_record *record, const char *name, const char *format, const char *hash_name,
                                 const char *hash, clv_error *err)
{
    CLV_TRY(replace(&record->source, name, err));
    CLV_TRY(replace(&record->format, format, err));
    CLV_TRY(replace(&record->hash_name, hash_name, err));
    return replace(&record->hash, hash, err);
}

clv_status clv_record_copy_source(clv_record *record, const clv_record *from, clv_error *err)
{
    clv_metadata *metadata = clv_metadata_copy(from->metadata);

    CLV_CHECK(metadata, err, CLV_NO_MEMORY, "no memory for metadata");
    clv_metadata_free(record->metadata);
    record->metadata = metadata;
    if (!from->source) { return CLV_OK; }
    return clv_record_set_source(record, from->source, from->format, from->hash_name, from->hash, err);
}

const char *clv_record_source(const clv_record *record) { return record->source; }
const char *clv_record_format(const clv_record *record) { return record->format; }
const char *clv_record_hash_name(const clv_record *record) { return record->hash_name; }
const char *clv_record_hash(const clv_record *record) { return record->hash; }
const clv_metadata *clv_record_metadata(const clv_record *record) { return record->metadata; }
clv_metadata *clv_record_metadata_fill(clv_record *record) { return record->metadata; }
