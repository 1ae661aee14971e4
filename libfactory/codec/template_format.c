/*
 * printf as Go has it: a format and values come in, text goes out. There are no errors: what does
 * not fit is said in the text, "%!d(string=hi)".
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "codec/template_impl.h"
#include "codec/utf8.h"

#include "base/banned.h"

#define NUMBER_MAX 1000000 /* of widths, precisions and indexes */

struct format {
	struct lf_buf *out;
	struct lf_str rest;
	const struct lf_value *v;
	size_t n, at; /* the next argument */
	bool reordered, bad_index;
	bool after_index; /* the verb, width or precision at hand has an index of its own */
};

/* Digits at the front of the format; false when there are none or too many. */
static bool take_number(struct format *f, int *ret)
{
	size_t n = 0;
	int value = 0;

	for (; n < f->rest.n && f->rest.p[n] >= '0' && f->rest.p[n] <= '9'; n++) {
		value = value * 10 + (f->rest.p[n] - '0');
		if (value > NUMBER_MAX)
			return false;
	}
	f->rest = lf_str_sub(f->rest, n, f->rest.n);
	*ret = value;
	return n > 0;
}

/* "[2]" chooses the argument that comes next. */
static void take_index(struct format *f)
{
	struct lf_str rest = f->rest;
	ptrdiff_t close = lf_str_find(rest, ']');
	int number;

	if (!lf_str_starts(rest, "["))
		return;
	f->reordered = f->after_index = true;
	if (close < 0) {
		f->bad_index = true;
		f->rest = lf_str_sub(rest, 1, rest.n);
		return;
	}
	f->rest = lf_str_sub(rest, 1, (size_t)close);
	bool ok = take_number(f, &number) && !f->rest.n && number >= 1 && (size_t)number <= f->n;
	f->rest = lf_str_sub(rest, (size_t)close + 1, rest.n);
	if (ok)
		f->at = (size_t)number - 1;
	else
		f->bad_index = true;
}

static void take_flags(struct format *f, struct lf_verb *verb)
{
	for (; f->rest.n; f->rest = lf_str_sub(f->rest, 1, f->rest.n)) {
		switch (f->rest.p[0]) {
		case '#':
			verb->sharp = true;
			break;
		case '0':
			verb->zero = true;
			break;
		case '+':
			verb->plus = true;
			break;
		case '-':
			verb->minus = true;
			break;
		case ' ':
			verb->space = true;
			break;
		default:
			return;
		}
	}
}

/* A width or precision that is an argument. */
static bool take_star(struct format *f, int *ret)
{
	if (f->at >= f->n)
		return false;
	const struct lf_value *v = &f->v[f->at++];
	bool fits = (v->kind == LF_VALUE_INT && v->i >= -NUMBER_MAX && v->i <= NUMBER_MAX) ||
		    (v->kind == LF_VALUE_UINT && v->u <= NUMBER_MAX);
	*ret = fits ? (int)v->i : -1;
	return fits;
}

static void take_width(struct format *f, struct lf_verb *verb)
{
	take_index(f);
	if (lf_str_skip(&f->rest, "*")) {
		if (!take_star(f, &verb->width))
			lf_buf_puts(f->out, "%!(BADWIDTH)");
		if (verb->width < -1) {
			verb->width = -verb->width;
			verb->minus = true;
		}
		f->after_index = false;
		return;
	}
	int number;
	if (take_number(f, &number)) {
		verb->width = number;
		f->bad_index |= f->after_index; /* "%[3]2d" */
	}
}

static void take_precision(struct format *f, struct lf_verb *verb)
{
	int number = 0;

	if (!lf_str_skip(&f->rest, "."))
		return;
	f->bad_index |= f->after_index; /* "%[3].2d" */
	take_index(f);
	if (lf_str_skip(&f->rest, "*")) {
		if (!take_star(f, &verb->precision) || verb->precision < 0) {
			verb->precision = -1;
			lf_buf_puts(f->out, "%!(BADPREC)");
		}
		f->after_index = false;
		return;
	}
	take_number(f, &number);
	verb->precision = number;
}

static void print_type(struct lf_buf *out, const struct lf_value *v, const struct lf_verb *verb)
{
	lf_print_padded(out, lf_str(v->kind == LF_VALUE_NONE ? "<nil>" : v->type), verb);
}

static void print_arg(struct format *f, struct lf_verb *verb)
{
	const struct lf_value *v = &f->v[f->at++];

	if (verb->verb == 'T') {
		print_type(f->out, v, verb);
		return;
	}
	if (verb->verb == 'v') {
		verb->sharp_v = verb->sharp;
		verb->plus_v = verb->plus;
		verb->sharp = verb->plus = false;
	}
	lf_value_print(f->out, v, verb);
}

/* One verb, from behind its "%". */
static void print_verb(struct format *f)
{
	struct lf_verb verb = {.width = -1, .precision = -1};
	uint32_t c = 0xfffd;

	f->after_index = f->bad_index = false;
	take_flags(f, &verb);
	take_width(f, &verb);
	take_precision(f, &verb);
	if (!f->after_index)
		take_index(f);
	if (!f->rest.n) {
		lf_buf_puts(f->out, "%!(NOVERB)");
		return;
	}
	struct lf_str shown = f->rest;
	(void)lf_utf8_next(&f->rest, &c);
	shown.n -= f->rest.n;
	verb.verb = c;
	if (c == '%')
		lf_buf_putc(f->out, '%');
	else if (f->bad_index)
		lf_buf_printf(f->out, "%%!" LF_STR_FMT "(BADINDEX)", LF_STR_ARG(shown));
	else if (f->at >= f->n)
		lf_buf_printf(f->out, "%%!" LF_STR_FMT "(MISSING)", LF_STR_ARG(shown));
	else
		print_arg(f, &verb);
}

static void print_extra(struct format *f)
{
	if (f->reordered || f->at >= f->n)
		return;
	lf_buf_puts(f->out, "%!(EXTRA ");
	for (size_t i = f->at; i < f->n; i++) {
		lf_buf_puts(f->out, i > f->at ? ", " : "");
		if (f->v[i].kind == LF_VALUE_NONE) {
			lf_buf_puts(f->out, "<nil>");
			continue;
		}
		lf_buf_printf(f->out, "%s=", f->v[i].type);
		lf_value_show(f->out, &f->v[i]);
	}
	lf_buf_putc(f->out, ')');
}

void lf_value_format(struct lf_buf *out, struct lf_str format, const struct lf_value *v, size_t n)
{
	struct format f = {.out = out, .rest = format, .v = v, .n = n};

	while (f.rest.n) {
		ptrdiff_t percent = lf_str_find(f.rest, '%');
		size_t plain = percent < 0 ? f.rest.n : (size_t)percent;

		lf_buf_str(out, lf_str_sub(f.rest, 0, plain));
		f.rest = lf_str_sub(f.rest, plain + 1, f.rest.n);
		if (percent >= 0)
			print_verb(&f);
	}
	print_extra(&f);
}
