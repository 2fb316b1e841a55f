/* The parts of the reader of FEI TIA files. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_TIA_H
#define CLV_TIA_H

#include <corelevel/plugin.h>

/* Adds what the first objects of an EMI file say: microscope, voltage, integration time, stage. */
clv_status tia_emi_facts(clv_cursor *emi, clv_metadata *to, clv_error *err);

/* Whether a word stands anywhere in an EMI file. */
int tia_emi_mentions(clv_cursor *emi, const char *word);

#endif
