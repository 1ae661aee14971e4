/*
 * Starting, freeing and copying the structs that shapes describe.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "config/config.h"
#include "config/decode.h"
#include "config/list.h"

#include "base/banned.h"

static void empty_strings(const struct lf_shape *shape, char *value)
{
	for (const struct lf_field *f = shape->field; f->key; f++) {
		if (f->kind == LF_FIELD_KIND_STR)
			*(const char **)(void *)(value + f->offset) = "";
		else if (f->kind == LF_FIELD_KIND_STRUCT)
			empty_strings(f->shape, value + f->offset);
	}
}

void lf_shape_init(const struct lf_shape *shape, void *value)
{
	memset(value, 0, shape->size);
	empty_strings(shape, value);
}

static void free_list(const struct lf_shape *shape, struct lf_any_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		lf_shape_fini(shape, lf_any_item(list, shape, i));
	lf_vec_fini(list);
}

static void free_array(const struct lf_field *f, char *value)
{
	char *v = *(void **)(void *)(value + f->offset);
	size_t n = *(size_t *)(void *)(value + f->count);

	for (size_t i = 0; i < n; i++)
		lf_shape_fini(f->shape, v + i * f->shape->size);
	*(size_t *)(void *)(value + f->count) = 0;
}

static void free_field(const struct lf_field *f, char *value)
{
	void *at = value + f->offset;

	switch (f->kind) {
	case LF_FIELD_KIND_STRV:
		lf_strv_fini(at);
		break;
	case LF_FIELD_KIND_PAIRS:
		lf_vec_fini((struct lf_pairs *)at);
		break;
	case LF_FIELD_KIND_STRUCT:
		lf_shape_fini(f->shape, at);
		break;
	case LF_FIELD_KIND_LIST:
		free_list(f->shape, at);
		break;
	case LF_FIELD_KIND_ARRAY:
	case LF_FIELD_KIND_MAP:
		free_array(f, value);
		break;
	case LF_FIELD_KIND_STR:
	case LF_FIELD_KIND_BOOL:
	case LF_FIELD_KIND_INT:
	case LF_FIELD_KIND_I64:
	case LF_FIELD_KIND_U32:
	case LF_FIELD_KIND_U64:
	case LF_FIELD_KIND_ID:
	case LF_FIELD_KIND_DURATION:
	case LF_FIELD_KIND_CALL:
	case LF_FIELD_KIND_IGNORE:
	case LF_FIELD_END:
		break;
	}
}

void lf_shape_fini(const struct lf_shape *shape, void *value)
{
	for (const struct lf_field *f = shape->field; f->key; f++)
		free_field(f, value);
}

static void *copy_bytes(const void *src, size_t n, size_t size)
{
	void *copy;

	if (!n)
		return NULL;
	copy = lf_calloc(n, size);
	memcpy(copy, src, n * size);
	return copy;
}

/* Gives the heap arrays of a bytewise copy an array of their own. */
static void own_arrays(const struct lf_shape *shape, char *value)
{
	for (const struct lf_field *f = shape->field; f->key; f++) {
		struct lf_any_list *list = (void *)(value + f->offset);
		size_t size = sizeof(const char *);

		if (f->kind == LF_FIELD_KIND_STRUCT)
			own_arrays(f->shape, value + f->offset);
		if (f->kind == LF_FIELD_KIND_PAIRS)
			size = sizeof(struct lf_pair);
		else if (f->kind == LF_FIELD_KIND_LIST)
			size = f->shape->size;
		else if (f->kind != LF_FIELD_KIND_STRV)
			continue;
		list->v = copy_bytes(list->v, list->n, size);
		list->cap = list->n;
		for (size_t i = 0; f->kind == LF_FIELD_KIND_LIST && i < list->n; i++)
			own_arrays(f->shape, lf_any_item(list, f->shape, i));
	}
}

void lf_shape_copy(const struct lf_shape *shape, void *dst, const void *src)
{
	memcpy(dst, src, shape->size);
	own_arrays(shape, dst);
}
