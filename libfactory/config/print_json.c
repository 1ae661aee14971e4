/*
 * Shapes → compact JSON, maps sorted by bytes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "codec/json.h"
#include "config/list.h"
#include "config/print.h"

#include "base/banned.h"

static void print_strv(struct lf_buf *out, const struct lf_strv *v)
{
	lf_buf_putc(out, '[');
	for (size_t i = 0; i < v->n; i++) {
		lf_buf_puts(out, i ? "," : "");
		lf_json_string(out, lf_str(v->v[i]));
	}
	lf_buf_putc(out, ']');
}

static void print_pairs(struct lf_buf *out, const struct lf_pairs *p)
{
	struct lf_pairs sorted = {0};

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
static void print_list(struct lf_buf *out, const struct lf_field *f, const void *value)
{
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

static void print_map(struct lf_buf *out, const struct lf_field *f, const void *value)
{
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

static void print_value(struct lf_buf *out, const struct lf_field *f, const char *value)
{
	const void *at = value + f->offset;
	char number[LF_FIELD_NUMBER];

	switch (f->kind) {
	case LF_FIELD_KIND_STR:
		lf_json_string(out, lf_str(*(const char *const *)at));
		break;
	case LF_FIELD_KIND_STRV:
		if (lf_field_is_empty(f, value))
			lf_buf_puts(out, "null");
		else
			print_strv(out, at);
		break;
	case LF_FIELD_KIND_PAIRS:
		if (lf_field_is_empty(f, value))
			lf_buf_puts(out, "null");
		else
			print_pairs(out, at);
		break;
	case LF_FIELD_KIND_STRUCT:
		lf_shape_json(out, f->shape, at);
		break;
	case LF_FIELD_KIND_LIST:
	case LF_FIELD_KIND_ARRAY:
		print_list(out, f, value);
		break;
	case LF_FIELD_KIND_MAP:
		print_map(out, f, value);
		break;
	case LF_FIELD_KIND_BOOL:
	case LF_FIELD_KIND_INT:
	case LF_FIELD_KIND_I64:
	case LF_FIELD_KIND_U32:
	case LF_FIELD_KIND_U64:
	case LF_FIELD_KIND_ID:
	case LF_FIELD_KIND_DURATION:
		lf_field_number(f, value, number);
		lf_buf_puts(out, number);
		break;
	case LF_FIELD_KIND_CALL:
	case LF_FIELD_KIND_IGNORE:
	case LF_FIELD_END:
		lf_buf_puts(out, "null"); /* not reached: such fields are never shown */
		break;
	}
}

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
		print_value(out, f, value);
	}
	lf_buf_putc(out, '}');
}
