/* One descriptor in full, for people and as JSON: all that is said comes from the descriptor itself.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_RUNNER_DESCRIBE_H
#define CLV_RUNNER_DESCRIBE_H

#include "runner.h"

/* The kinds of a set of CLV_ON bits as "record, spectra". */
void clv_describe_kinds(uint32_t kinds, char *text, size_t size);
const char *clv_describe_role(clv_role role);

/* The format, operation or component at a place of the registry, printed in full. */
void clv_describe_format(size_t place);
void clv_describe_operation(size_t place);
void clv_describe_component(size_t place);

/* The same as a JSON object. */
void clv_json_format(size_t place);
void clv_json_operation(size_t place);
void clv_json_component(size_t place);

#endif
