/* The registry: every format, operation and component there is, built in or loaded; and calling an operation by name.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_REGISTRY_H
#define CLV_REGISTRY_H

#include <corelevel/plugin.h>

CLV_BEGIN_DECLS

/* Readies the registry: takes the built-in plugins and loads those in the folders of CORELEVEL_PLUGIN_PATH (separated
   by ':'). Done once, by whoever asks first; thread-safe. A plugin that is broken, of another version or a second copy
   of the library is skipped with one sentence, which `clv_registry_message` keeps. All calls below do it by themselves.
 */
CLV_API void clv_registry_ready(void);
/* The sentences about plugins that were skipped: how many, and the one at a place (lent; NULL beyond the last). */
CLV_API size_t clv_registry_message_count(void);
CLV_API const char *clv_registry_message(size_t place);

/* What there is, sorted by name (what hosts list, and what `corelevel list` prints): how many, and the descriptor at a
   place from 0, NULL beyond the last. Descriptors are constant and live as long as the process. Any thread. */
CLV_API size_t clv_registry_format_count(void);
CLV_API const clv_format *clv_registry_format(size_t place);

/* Operations of one name that stand on different kinds follow each other, so that a host may list them as
   one method. */
CLV_API size_t clv_registry_operation_count(void);
CLV_API const clv_operation *clv_registry_operation(size_t place);

/* What models are made of: peaks, references, backgrounds, transforms. */
CLV_API size_t clv_registry_component_count(void);
CLV_API const clv_component *clv_registry_component(size_t place);

/* Find by name: for operations, the one of that name that stands on a kind (several kinds may share a name, each with a
   descriptor of its own). Errors: CLV_NOT_FOUND with a did-you-mean. */
CLV_API clv_status clv_registry_find_format(const char *name, const clv_format **format, clv_error *err);
CLV_API clv_status clv_registry_find_operation(const char *name, clv_kind on, const clv_operation **operation,
                                               clv_error *err);
CLV_API clv_status clv_registry_find_component(const char *name, const clv_component **component, clv_error *err);

/* Checks options (a table, or NULL for none) against rows: places, names with did-you-mean, types, ranges, choices,
   presets. `who` begins the sentences ("charge_correct"). The options are the caller's. */
CLV_API clv_status clv_options_check(const char *who, const clv_parameter *rows, const clv_value *given,
                                     clv_options **options, clv_error *err);
/* Frees checked options and the values they hold; NULL is allowed. What was read from them is gone with them. */

CLV_API void clv_options_free(clv_options *options);

/* Applies the operation `name` to an object with options (a table or NULL, not taken). On a group it is applied to each
   member unless it stands on groups itself. The result is the caller's. Errors: as the operation says, sentences
   beginning with its name. */
CLV_API clv_status clv_apply(const char *name, const clv_value *on, const clv_value *options, clv_value **result,
                             clv_error *err);

/* Does the same with the options as literal text, as clv_value_parse reads it, without the outer braces:
   clv_apply_text("crop", spectra, "773, 811", …). Errors: also CLV_BAD_ARGUMENT for text that is no literal. */
CLV_API clv_status clv_apply_text(const char *name, const clv_value *on, const char *options, clv_value **result,
                                  clv_error *err);

/* Loads a file: finds its format by probing all (or takes the one named), reads, stacks, measures the noise, hashes.
   `options` is a table or NULL: `format` and the format's own. The record is the caller's. Errors: CLV_BAD_FILE in one
   sentence with the place; CLV_NOT_FOUND when there is no such file or no format knows it. */
CLV_API clv_status clv_load(const char *path, const clv_value *options, clv_record **record, clv_error *err);

/* The same from `count` bytes in memory, as if they were a file called `name`, whose suffix is looked at (for hosts,
   tests and fuzzers). The bytes are lent for the length of the call. */
CLV_API clv_status clv_load_bytes(const char *name, const void *bytes, size_t count, const clv_value *options,
                                  clv_record **record, clv_error *err);

/* Writes a record in a format that is writable, beside its final name and then renamed, so that `path` never holds half
   a file. Errors: CLV_CANNOT_WRITE; CLV_NOT_FOUND or CLV_BAD_ARGUMENT when there is no such format or it is only
   read. */
CLV_API clv_status clv_convert(const clv_record *record, const char *path, const char *format, clv_error *err);

CLV_END_DECLS

#endif
