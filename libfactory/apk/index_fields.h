/*
 * Reading index text whose records have further fields. Not for other rooms.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "apk/package.h"

struct lf_index_fields {
	/* A field that an index has not; value is NUL-terminated and may be cut up. */
	bool (*field)(void *data, struct lf_pkg *pkg, char letter, char *value, size_t n,
		      struct lf_err *err);
	/* The record ended; kept: it is now the last of the index. */
	void (*end)(void *data, bool kept);
	void *data;
};

bool lf_index_parse_fields(struct lf_str text, const struct lf_index_fields *more,
			   struct lf_arena *arena, struct lf_index *ret,
			   struct lf_err *err) LF_MUST_CHECK;
/* Items between single spaces; none of an empty text. */
void lf_index_list(struct lf_arena *arena, char *text, size_t n, struct lf_strv *ret);
