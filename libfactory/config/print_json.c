/*
 * Shapes → compact JSON, maps sorted by bytes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "codec/json.h"
#include "config/list.h"
#include "config/print.h"

#include "base/banned.h"

/* An empty list that must be shown is null, as a nil slice of Go. */
static void write_strv(void *to, const struct lf_field *f, const struct lf_strv *v)
{
	struct lf_buf *out = to;

	(void)f;
	if (!v->n) {
		lf_buf_puts(out, "null");
		return;
	}
	lf_buf_putc(out, '[');
	for (size_t i = 0; i < v->n; i++) {
		lf_buf_puts(out, i ? "," : "");
		lf_json_string(out, lf_str(v->v[i]));
	}
	lf_buf_putc(out, ']');
}

static void write_pairs(void *to, const struct lf_pairs *p)
{
	struct lf_buf *out = to;
	struct lf_pairs sorted = {0};

	if (!p->n) {
		lf_buf_puts(out, "null");
		return;
	}
	for (size_t i = 0; i < p->n; i++)
		lf_vec_push(&sorted, p->v[i]);
	lf_pairs_sort(&sorted);
	lf_buf_putc(out, '{');
	for (size_t i = 0; i < sorted.n; i++) {
		lf_buf_puts(out, i ? "," : "");
		lf_json_string(out, lf_str(sorted.v[i].key));
		lf_buf_putc(out, ':');
		lf_json_string(out, lf_str(sorted.v[i].value));
	}
	lf_buf_putc(out, '}');
	lf_vec_fini(&sorted);
}

/* An array that was never there is null, as a nil slice of Go. */
static void write_list(void *to, const struct lf_field *f, const void *value)
{
	struct lf_buf *out = to;
	struct lf_any_list list = lf_field_items(f, value);

	if (f->kind == LF_FIELD_KIND_ARRAY && !list.v) {
		lf_buf_puts(out, "null");
		return;
	}
	lf_buf_putc(out, '[');
	for (size_t i = 0; i < list.n; i++) {
		lf_buf_puts(out, i ? "," : "");
		lf_shape_json(out, f->shape, lf_any_item(&list, f->shape, i));
	}
	lf_buf_putc(out, ']');
}

static void write_map(void *to, const struct lf_field *f, const void *value)
{
	struct lf_buf *out = to;
	struct lf_any_list list = lf_field_items(f, value);

	lf_buf_putc(out, '{');
	for (size_t i = 0; i < list.n; i++) {
		const char *const *item = lf_any_item(&list, f->shape, i);

		lf_buf_puts(out, i ? "," : "");
		lf_json_string(out, lf_str(*item));
		lf_buf_putc(out, ':');
		lf_shape_json(out, f->shape, item);
	}
	lf_buf_putc(out, '}');
}

static void write_raw(void *to, const char *text)
{
	lf_buf_puts(to, text);
}

static void write_text(void *to, const char *text)
{
	lf_json_string(to, lf_str(text));
}

static void write_object(void *to, const struct lf_shape *shape, const void *value)
{
	lf_shape_json(to, shape, value);
}

static const struct lf_notation notation = {
	.raw = write_raw,
	.text = write_text,
	.strv = write_strv,
	.pairs = write_pairs,
	.object = write_object,
	.list = write_list,
	.map = write_map,
};

void lf_shape_json(struct lf_buf *out, const struct lf_shape *shape, const void *value)
{
	bool first = true;

	lf_buf_putc(out, '{');
	for (const struct lf_field *f = shape->field; f->key; f++) {
		if (!f->always_json && lf_field_is_empty(f, value))
			continue;
		lf_buf_puts(out, first ? "" : ",");
		first = false;
		lf_json_string(out, lf_str(f->json_key ? f->json_key : f->key));
		lf_buf_putc(out, ':');
		lf_field_write(&notation, out, f, value);
	}
	lf_buf_putc(out, '}');
}
