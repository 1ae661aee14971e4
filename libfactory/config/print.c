/*
 * What printing by shapes needs in any notation: which fields are empty, and the way from a field's
 * kind to the function that writes it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "config/print.h"

#include <inttypes.h>
#include <stdio.h>

#include "config/list.h"

#include "base/banned.h"

static bool list_is_empty(const void *at)
{
	return !((const struct lf_any_list *)at)->n;
}

static bool is_empty(const struct lf_field *f, const char *value)
{
	const void *at = value + f->offset;

	switch (f->kind) {
	case LF_FIELD_KIND_STR:
		return !**(const char *const *)at;
	case LF_FIELD_KIND_BOOL:
		return !*(const bool *)at;
	case LF_FIELD_KIND_INT:
		return !*(const int *)at;
	case LF_FIELD_KIND_I64:
	case LF_FIELD_KIND_DURATION:
		return !*(const int64_t *)at;
	case LF_FIELD_KIND_U32:
		return !*(const uint32_t *)at;
	case LF_FIELD_KIND_U64:
		return !*(const uint64_t *)at;
	case LF_FIELD_KIND_ID:
		return !((const struct lf_id *)at)->set;
	case LF_FIELD_KIND_STRV:
	case LF_FIELD_KIND_PAIRS:
	case LF_FIELD_KIND_LIST:
		return list_is_empty(at);
	case LF_FIELD_KIND_ARRAY:
	case LF_FIELD_KIND_MAP:
		return !*(const size_t *)(const void *)(value + f->count);
	case LF_FIELD_KIND_STRUCT:
		if (f->set)
			return !*(const bool *)(const void *)(value + f->set - 1);
		return lf_shape_is_empty(f->shape, at);
	case LF_FIELD_KIND_CALL:
	case LF_FIELD_KIND_IGNORE:
	case LF_FIELD_END:
		break;
	}
	return true;
}

bool lf_field_is_empty(const struct lf_field *f, const void *value)
{
	return is_empty(f, value);
}

bool lf_shape_is_empty(const struct lf_shape *shape, const void *value)
{
	for (const struct lf_field *f = shape->field; f->key; f++)
		if (!is_empty(f, value))
			return false;
	return true;
}

struct lf_any_list lf_field_items(const struct lf_field *f, const void *value)
{
	const char *base = value;
	struct lf_any_list list;

	if (f->kind == LF_FIELD_KIND_LIST)
		return *(const struct lf_any_list *)(const void *)(base + f->offset);
	list.v = *(void *const *)(const void *)(base + f->offset);
	list.n = list.cap = *(const size_t *)(const void *)(base + f->count);
	return list;
}

void lf_field_number(const struct lf_field *f, const void *value, char out[LF_FIELD_NUMBER])
{
	const void *at = (const char *)value + f->offset;

	if (f->kind == LF_FIELD_KIND_INT)
		snprintf(out, LF_FIELD_NUMBER, "%d", *(const int *)at);
	else if (f->kind == LF_FIELD_KIND_I64 || f->kind == LF_FIELD_KIND_DURATION)
		snprintf(out, LF_FIELD_NUMBER, "%" PRId64, *(const int64_t *)at);
	else if (f->kind == LF_FIELD_KIND_U32)
		snprintf(out, LF_FIELD_NUMBER, "%" PRIu32, *(const uint32_t *)at);
	else if (f->kind == LF_FIELD_KIND_U64)
		snprintf(out, LF_FIELD_NUMBER, "%" PRIu64, *(const uint64_t *)at);
	else if (f->kind == LF_FIELD_KIND_ID)
		snprintf(out, LF_FIELD_NUMBER, "%" PRIu32, ((const struct lf_id *)at)->v);
	else
		snprintf(out, LF_FIELD_NUMBER, "%s", *(const bool *)at ? "true" : "false");
}

static void write_number(const struct lf_notation *n, void *to, const struct lf_field *f,
			 const void *value)
{
	char number[LF_FIELD_NUMBER];

	lf_field_number(f, value, number);
	n->raw(to, number);
}

void lf_field_write(const struct lf_notation *n, void *to, const struct lf_field *f,
		    const void *value)
{
	const void *at = (const char *)value + f->offset;

	switch (f->kind) {
	case LF_FIELD_KIND_STR:
		n->text(to, *(const char *const *)at);
		break;
	case LF_FIELD_KIND_STRV:
		n->strv(to, f, at);
		break;
	case LF_FIELD_KIND_PAIRS:
		n->pairs(to, at);
		break;
	case LF_FIELD_KIND_STRUCT:
		n->object(to, f->shape, at);
		break;
	case LF_FIELD_KIND_LIST:
	case LF_FIELD_KIND_ARRAY:
		n->list(to, f, value);
		break;
	case LF_FIELD_KIND_MAP:
		n->map(to, f, value);
		break;
	case LF_FIELD_KIND_DURATION:
		if (n->duration) {
			n->duration(to, *(const int64_t *)at);
			break;
		}
		write_number(n, to, f, value);
		break;
	case LF_FIELD_KIND_BOOL:
	case LF_FIELD_KIND_INT:
	case LF_FIELD_KIND_I64:
	case LF_FIELD_KIND_U32:
	case LF_FIELD_KIND_U64:
	case LF_FIELD_KIND_ID:
		write_number(n, to, f, value);
		break;
	case LF_FIELD_KIND_CALL:
	case LF_FIELD_KIND_IGNORE:
	case LF_FIELD_END:
		n->raw(to, "null"); /* not reached: such fields are never shown */
		break;
	}
}
