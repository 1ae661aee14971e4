/*
 * What decoding and printing by shapes share inside the room: vectors whose element only a shape
 * knows, and access to fields.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "config/config.h"
#include "config/decode.h"

/* Laid out as LF_VEC(T) for any struct T. */
struct lf_any_list {
	void *v;
	size_t n, cap;
};

static inline void *lf_any_item(const struct lf_any_list *list, const struct lf_shape *shape,
				size_t i)
{
	return (char *)list->v + i * shape->size;
}

#define LF_FIELD_NUMBER 24

bool lf_field_is_empty(const struct lf_field *f, const void *value);
/* The elements of a LIST or ARRAY. */
struct lf_any_list lf_field_items(const struct lf_field *f, const void *value);
/* A number or boolean as text. */
void lf_field_number(const struct lf_field *f, const void *value, char out[LF_FIELD_NUMBER]);

/* How a notation writes the kinds of values; to: its own. */
struct lf_notation {
	void (*raw)(void *to, const char *text); /* a number, true, null */
	void (*text)(void *to, const char *text);
	void (*strv)(void *to, const struct lf_field *f, const struct lf_strv *v);
	void (*pairs)(void *to, const struct lf_pairs *p);
	void (*object)(void *to, const struct lf_shape *shape, const void *value);
	void (*list)(void *to, const struct lf_field *f, const void *value);
	void (*map)(void *to, const struct lf_field *f, const void *value);
	void (*duration)(void *to, int64_t ns); /* NULL: as a number */
};
/* The value of one field. */
void lf_field_write(const struct lf_notation *n, void *to, const struct lf_field *f,
		    const void *value);
