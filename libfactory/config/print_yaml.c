/*
 * Shapes → YAML.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <inttypes.h>
#include <stdio.h>

#include "base/date.h"
#include "config/list.h"
#include "config/print.h"

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

static void print_strv(struct lf_yaml_out *y, const struct lf_strv *v, bool redact)
{
	if (!v->n) {
		lf_yaml_raw(y, "[]");
		return;
	}
	lf_yaml_seq_begin(y);
	for (size_t i = 0; i < v->n; i++) {
		lf_auto_buf text = {0};

		if (redact)
			lf_redact(&text, v->v[i]);
		lf_yaml_seq_item(y);
		lf_yaml_str(y, redact ? lf_buf_c(&text) : v->v[i]);
	}
	lf_yaml_seq_end(y);
}

void lf_yaml_strv(struct lf_yaml_out *y, const struct lf_strv *v)
{
	print_strv(y, v, false);
}

static int compare_pairs(const void *a, const void *b)
{
	return lf_yaml_key_cmp(&((const struct lf_pair *)a)->key,
			       &((const struct lf_pair *)b)->key);
}

void lf_yaml_pairs(struct lf_yaml_out *y, const struct lf_pairs *p)
{
	struct lf_pairs sorted = {0};

	if (!p->n) {
		lf_yaml_raw(y, "{}");
		return;
	}
	for (size_t i = 0; i < p->n; i++)
		lf_vec_push(&sorted, p->v[i]);
	lf_vec_sort(&sorted, compare_pairs);
	lf_yaml_map_begin(y);
	for (size_t i = 0; i < sorted.n; i++) {
		lf_yaml_key(y, sorted.v[i].key);
		lf_yaml_str(y, sorted.v[i].value);
	}
	lf_yaml_map_end(y);
	lf_vec_fini(&sorted);
}

static void print_list(struct lf_yaml_out *y, const struct lf_field *f, const void *value)
{
	struct lf_any_list list = lf_field_items(f, value);

	if (!list.n) {
		lf_yaml_raw(y, "[]");
		return;
	}
	lf_yaml_seq_begin(y);
	for (size_t i = 0; i < list.n; i++) {
		lf_yaml_seq_item(y);
		lf_shape_yaml(y, f->shape, lf_any_item(&list, f->shape, i));
	}
	lf_yaml_seq_end(y);
}

static int compare_names(const void *a, const void *b)
{
	return lf_yaml_key_cmp(*(const void *const *)a, *(const void *const *)b);
}

static void print_map(struct lf_yaml_out *y, const struct lf_field *f, const void *value)
{
	struct lf_any_list list = lf_field_items(f, value);
	LF_VEC(const void *) sorted = {0};

	if (!list.n) {
		lf_yaml_raw(y, "{}");
		return;
	}
	for (size_t i = 0; i < list.n; i++)
		lf_vec_push(&sorted, lf_any_item(&list, f->shape, i));
	lf_vec_sort(&sorted, compare_names);
	lf_yaml_map_begin(y);
	for (size_t i = 0; i < sorted.n; i++) {
		lf_yaml_key(y, *(const char *const *)sorted.v[i]);
		lf_shape_yaml(y, f->shape, sorted.v[i]);
	}
	lf_yaml_map_end(y);
	lf_vec_fini(&sorted);
}

static void print_duration(struct lf_yaml_out *y, int64_t ns)
{
	char text[LF_DATE_MAX];

	lf_duration_print(ns, text);
	lf_yaml_str(y, text);
}

static void print_value(struct lf_yaml_out *y, const struct lf_field *f, const char *value)
{
	const void *at = value + f->offset;
	char number[LF_FIELD_NUMBER];

	switch (f->kind) {
	case LF_FIELD_KIND_STR:
		lf_yaml_str(y, *(const char *const *)at);
		break;
	case LF_FIELD_KIND_STRV:
		print_strv(y, at, f->redact);
		break;
	case LF_FIELD_KIND_PAIRS:
		lf_yaml_pairs(y, at);
		break;
	case LF_FIELD_KIND_STRUCT:
		lf_shape_yaml(y, f->shape, at);
		break;
	case LF_FIELD_KIND_LIST:
	case LF_FIELD_KIND_ARRAY:
		print_list(y, f, value);
		break;
	case LF_FIELD_KIND_MAP:
		print_map(y, f, value);
		break;
	case LF_FIELD_KIND_DURATION:
		print_duration(y, *(const int64_t *)at);
		break;
	case LF_FIELD_KIND_BOOL:
	case LF_FIELD_KIND_INT:
	case LF_FIELD_KIND_I64:
	case LF_FIELD_KIND_U32:
	case LF_FIELD_KIND_U64:
	case LF_FIELD_KIND_ID:
		lf_field_number(f, value, number);
		lf_yaml_raw(y, number);
		break;
	case LF_FIELD_KIND_CALL:
	case LF_FIELD_KIND_IGNORE:
	case LF_FIELD_END:
		lf_yaml_raw(y, "null"); /* not reached: such fields are never shown */
		break;
	}
}

static bool is_shown(const struct lf_field *f, const void *value)
{
	return f->always || !is_empty(f, value);
}

void lf_shape_yaml_fields(struct lf_yaml_out *y, const struct lf_shape *shape, const void *value)
{
	for (const struct lf_field *f = shape->field; f->key; f++) {
		if (!is_shown(f, value))
			continue;
		lf_yaml_key(y, f->key);
		print_value(y, f, value);
	}
}

void lf_shape_yaml(struct lf_yaml_out *y, const struct lf_shape *shape, const void *value)
{
	const struct lf_field *f = shape->field;

	while (f->key && !is_shown(f, value))
		f++;
	if (!f->key) {
		lf_yaml_raw(y, "{}");
		return;
	}
	lf_yaml_map_begin(y);
	lf_shape_yaml_fields(y, shape, value);
	lf_yaml_map_end(y);
}
