/*
 * Values as text, as Go's fmt prints them: %v, %+v with the names of fields, %#v as Go source;
 * other verbs go down to what lists and structs hold. A pointer inside another value is printed as
 * what it points to, with "&" in front: Go prints its address, which says nothing to anybody.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "codec/go_text.h"
#include "codec/template_impl.h"

#include "base/banned.h"

bool lf_verb_is(const struct lf_verb *verb, const char *set)
{
	return verb->verb && verb->verb < 0x80 && strchr(set, (int)verb->verb);
}

void lf_value_misfit(struct lf_buf *out, const struct lf_value *v, const struct lf_verb *verb)
{
	lf_buf_puts(out, "%!");
	lf_rune_put(out, verb->verb);
	lf_buf_putc(out, '(');
	if (v->kind == LF_VALUE_NONE) {
		lf_buf_puts(out, "<nil>");
	} else {
		lf_buf_printf(out, "%s=", v->type);
		lf_value_show(out, v);
	}
	lf_buf_putc(out, ')');
}

/* "{a b}", "[a b]" or "map[k:a l:b]"; as source "TYPE{a, b}". */
static void print_list(struct lf_buf *out, const struct lf_value *v, const struct lf_verb *verb)
{
	lf_buf_puts(out, verb->sharp_v ? v->type : "");
	if (verb->sharp_v && !v->n) {
		lf_buf_puts(out, "(nil)");
		return;
	}
	lf_buf_putc(out, verb->sharp_v ? '{' : '[');
	for (size_t i = 0; i < v->n; i++) {
		lf_buf_puts(out, !i ? "" : verb->sharp_v ? ", " : " ");
		lf_value_print(out, &v->item[i], verb);
	}
	lf_buf_putc(out, verb->sharp_v ? '}' : ']');
}

static void print_map(struct lf_buf *out, const struct lf_value *v, const struct lf_verb *verb)
{
	lf_buf_puts(out, verb->sharp_v ? v->type : "map");
	if (verb->sharp_v && !v->n) {
		lf_buf_puts(out, "(nil)");
		return;
	}
	lf_buf_putc(out, verb->sharp_v ? '{' : '[');
	for (size_t i = 0; i < v->n; i++) {
		struct lf_value key = lf_value_str(v->field[i].name);
		lf_buf_puts(out, !i ? "" : verb->sharp_v ? ", " : " ");
		lf_value_print(out, &key, verb);
		lf_buf_putc(out, ':');
		lf_value_print(out, &v->field[i].value, verb);
	}
	lf_buf_putc(out, verb->sharp_v ? '}' : ']');
}

static void print_struct(struct lf_buf *out, const struct lf_value *v, const struct lf_verb *verb)
{
	lf_buf_puts(out, verb->sharp_v ? v->type : "");
	lf_buf_putc(out, '{');
	for (size_t i = 0; i < v->n; i++) {
		lf_buf_puts(out, !i ? "" : verb->sharp_v ? ", " : " ");
		if (verb->plus_v || verb->sharp_v)
			lf_buf_printf(out, "%s:", v->field[i].name);
		lf_value_print(out, &v->field[i].value, verb);
	}
	lf_buf_putc(out, '}');
}

static void print_pointer(struct lf_buf *out, const struct lf_value *v, const struct lf_verb *verb)
{
	if (v->target) {
		lf_buf_putc(out, '&');
		lf_value_print(out, v->target, verb);
	} else if (verb->sharp_v) {
		lf_buf_printf(out, "(%s)(nil)", v->type);
	} else if (verb->verb == 'v') {
		lf_print_padded(out, LF_STR("<nil>"), verb);
	} else {
		lf_value_misfit(out, v, verb);
	}
}

static bool print_bool(struct lf_buf *out, bool b, const struct lf_verb *verb)
{
	if (verb->verb != 't' && verb->verb != 'v')
		return false;
	lf_print_padded(out, lf_str(b ? "true" : "false"), verb);
	return true;
}

static bool print_scalar(struct lf_buf *out, const struct lf_value *v, const struct lf_verb *verb)
{
	if (v->kind == LF_VALUE_BOOL)
		return print_bool(out, v->b, verb);
	if (v->kind == LF_VALUE_INT)
		return lf_print_integer(out, v->i < 0 ? -(uint64_t)v->i : (uint64_t)v->i, v->i < 0,
					true, verb);
	if (v->kind == LF_VALUE_UINT)
		return lf_print_integer(out, v->u, false, false, verb);
	if (v->kind == LF_VALUE_FLOAT)
		return lf_print_float(out, v->f, verb);
	if (v->kind == LF_VALUE_STR)
		return lf_print_string(out, v->s, verb);
	if (verb->verb != 'v')
		return false;
	lf_print_padded(out, LF_STR("<nil>"), verb);
	return true;
}

void lf_value_print(struct lf_buf *out, const struct lf_value *v, const struct lf_verb *verb)
{
	if (v->shown && !verb->sharp_v && lf_verb_is(verb, "vsxXq"))
		lf_print_string(out, lf_str(v->shown), verb);
	else if (v->kind == LF_VALUE_LIST)
		print_list(out, v, verb);
	else if (v->kind == LF_VALUE_MAP)
		print_map(out, v, verb);
	else if (v->kind == LF_VALUE_STRUCT)
		print_struct(out, v, verb);
	else if (v->kind == LF_VALUE_POINTER)
		print_pointer(out, v, verb);
	else if (!print_scalar(out, v, verb))
		lf_value_misfit(out, v, verb);
}

void lf_value_show(struct lf_buf *out, const struct lf_value *v)
{
	const struct lf_verb verb = LF_VERB_V;

	lf_value_print(out, v, &verb);
}

void lf_values_show(struct lf_buf *out, const struct lf_value *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (i && v[i].kind != LF_VALUE_STR && v[i - 1].kind != LF_VALUE_STR)
			lf_buf_putc(out, ' ');
		lf_value_show(out, &v[i]);
	}
}
