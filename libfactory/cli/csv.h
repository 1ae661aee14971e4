/*
 * One record of comma-separated values, as list options take them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <factory/err.h>

#include "base/arena.h"
#include "base/vec.h"

/* Appends the fields of the first record of text to *list; the texts live in the arena. Go's words
 * on failure. */
bool lf_csv_parse(struct lf_arena *arena, const char *text, struct lf_strv *list,
		  struct lf_err *err) LF_MUST_CHECK;
/* The fields as one record, in the arena. */
const char *lf_csv_print(struct lf_arena *arena, const struct lf_strv *list);
