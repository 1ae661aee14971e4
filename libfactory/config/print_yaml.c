/*
 * Shapes → YAML.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "base/date.h"
#include "config/list.h"
#include "config/print.h"

#include "base/banned.h"

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

static void write_strv(void *to, const struct lf_field *f, const struct lf_strv *v)
{
	print_strv(to, v, f->redact);
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

static void write_list(void *to, const struct lf_field *f, const void *value)
{
	struct lf_yaml_out *y = to;
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

static void write_map(void *to, const struct lf_field *f, const void *value)
{
	struct lf_yaml_out *y = to;
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

static void write_duration(void *to, int64_t ns)
{
	char text[LF_DATE_MAX];

	lf_duration_print(ns, text);
	lf_yaml_str(to, text);
}

static void write_raw(void *to, const char *text)
{
	lf_yaml_raw(to, text);
}

static void write_text(void *to, const char *text)
{
	lf_yaml_str(to, text);
}

static void write_object(void *to, const struct lf_shape *shape, const void *value)
{
	lf_shape_yaml(to, shape, value);
}

static void write_pairs(void *to, const struct lf_pairs *p)
{
	lf_yaml_pairs(to, p);
}

static const struct lf_notation notation = {
	.raw = write_raw,
	.text = write_text,
	.strv = write_strv,
	.pairs = write_pairs,
	.object = write_object,
	.list = write_list,
	.map = write_map,
	.duration = write_duration,
};

static bool is_shown(const struct lf_field *f, const void *value)
{
	return f->always || !lf_field_is_empty(f, value);
}

void lf_shape_yaml_fields(struct lf_yaml_out *y, const struct lf_shape *shape, const void *value)
{
	for (const struct lf_field *f = shape->field; f->key; f++) {
		if (!is_shown(f, value))
			continue;
		lf_yaml_key(y, f->key);
		lf_field_write(&notation, y, f, value);
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
