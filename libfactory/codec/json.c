/*
 * JSON values ↔ text. jansson parses and holds; printing is ours, byte for byte what Go's
 * encoding/json writes: order as set, HTML characters escaped, shortest floats. Foreign strings
 * that are no UTF-8 are made so before jansson sees them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "codec/json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "codec/utf8.h"

#include "base/banned.h"

#define MAX_DEPTH 64

static const char *short_escape(uint32_t c)
{
	switch (c) {
	case '"':
		return "\\\"";
	case '\\':
		return "\\\\";
	case '\b':
		return "\\b";
	case '\f':
		return "\\f";
	case '\n':
		return "\\n";
	case '\r':
		return "\\r";
	case '\t':
		return "\\t";
	default:
		return NULL;
	}
}

static bool needs_escape(uint32_t c)
{
	return c < 0x20 || c == '<' || c == '>' || c == '&' || c == 0x2028 || c == 0x2029;
}

/* How much of the text stands for itself and is ASCII. */
static size_t plain_text(struct lf_str s)
{
	size_t n = 0;

	while (n < s.n && (unsigned char)s.p[n] < 0x7f && !short_escape((unsigned char)s.p[n]) &&
	       !needs_escape((unsigned char)s.p[n]))
		n++;
	return n;
}

void lf_json_string(struct lf_buf *out, struct lf_str s)
{
	lf_buf_putc(out, '"');
	while (s.n) {
		size_t plain = plain_text(s);
		const char *start = s.p + plain;
		uint32_t c;

		lf_buf_add(out, s.p, plain);
		s = lf_str_sub(s, plain, s.n);
		if (!s.n)
			break;
		if (!lf_utf8_next(&s, &c)) {
			lf_buf_puts(out, "\\ufffd");
		} else if (short_escape(c)) {
			lf_buf_puts(out, short_escape(c));
		} else if (needs_escape(c)) {
			lf_buf_printf(out, "\\u%04x", c);
		} else {
			lf_buf_add(out, start, (size_t)(s.p - start));
		}
	}
	lf_buf_putc(out, '"');
}

/* The shortest digits that read back as the same number; exponents without leading zeros. */
static void print_real(struct lf_buf *out, double v)
{
	char text[64], *e;
	bool scientific = v != 0 && (fabs(v) < 1e-6 || fabs(v) >= 1e21);

	for (int digits = 1; digits <= 17; digits++) {
		snprintf(text, sizeof(text), "%.*e", digits - 1, v);
		if (strtod(text, NULL) == v) {
			int exponent = (int)strtol(strchr(text, 'e') + 1, NULL, 10);

			if (scientific)
				break;
			exponent = digits - 1 - exponent;
			snprintf(text, sizeof(text), "%.*f", exponent > 0 ? exponent : 0, v);
			break;
		}
	}
	e = scientific ? strchr(text, 'e') : NULL;
	if (e && e[2] == '0') /* e-09 → e-9 */
		memmove(e + 2, e + 3, strlen(e + 3) + 1);
	lf_buf_puts(out, text);
}

static void new_line(struct lf_buf *out, unsigned indent, unsigned depth)
{
	if (!indent)
		return;
	lf_buf_putc(out, '\n');
	lf_buf_fill(out, ' ', (size_t)indent * depth);
}

static void print_value(struct lf_buf *out, const json_t *v, unsigned indent, unsigned depth);

static void print_array(struct lf_buf *out, const json_t *a, unsigned indent, unsigned depth)
{
	size_t n = json_array_size(a);

	lf_buf_putc(out, '[');
	for (size_t i = 0; i < n; i++) {
		if (i)
			lf_buf_putc(out, ',');
		new_line(out, indent, depth + 1);
		print_value(out, json_array_get(a, i), indent, depth + 1);
	}
	if (n)
		new_line(out, indent, depth);
	lf_buf_putc(out, ']');
}

static void print_object(struct lf_buf *out, const json_t *o, unsigned indent, unsigned depth)
{
	json_t *object = (json_t *)o; /* jansson's iteration is not const */
	bool first = true;

	lf_buf_putc(out, '{');
	for (void *i = json_object_iter(object); i; i = json_object_iter_next(object, i)) {
		if (!first)
			lf_buf_putc(out, ',');
		first = false;
		new_line(out, indent, depth + 1);
		lf_json_string(out, lf_str(json_object_iter_key(i)));
		lf_buf_puts(out, indent ? ": " : ":");
		print_value(out, json_object_iter_value(i), indent, depth + 1);
	}
	if (!first)
		new_line(out, indent, depth);
	lf_buf_putc(out, '}');
}

static void print_value(struct lf_buf *out, const json_t *v, unsigned indent, unsigned depth)
{
	if (!v) {
		lf_buf_puts(out, "null");
		return;
	}
	switch (json_typeof(v)) {
	case JSON_OBJECT:
		print_object(out, v, indent, depth);
		break;
	case JSON_ARRAY:
		print_array(out, v, indent, depth);
		break;
	case JSON_STRING:
		lf_json_string(out, (struct lf_str){json_string_value(v), json_string_length(v)});
		break;
	case JSON_INTEGER:
		lf_buf_printf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(v));
		break;
	case JSON_REAL:
		print_real(out, json_real_value(v));
		break;
	case JSON_TRUE:
		lf_buf_puts(out, "true");
		break;
	case JSON_FALSE:
		lf_buf_puts(out, "false");
		break;
	case JSON_NULL:
		lf_buf_puts(out, "null");
		break;
	}
}

void lf_json_print(struct lf_buf *out, const json_t *value, unsigned indent)
{
	print_value(out, value, indent, 0);
}

/* Where nesting first exceeds the limit; NULL when nowhere. Brackets in strings do not count. */
static const char *too_deep(struct lf_str text)
{
	const char *end = text.p + text.n;
	bool in_string = false;
	size_t depth = 0;

	for (const char *p = text.p; p < end; p++) {
		if (in_string && *p == '\\')
			p++;
		else if (*p == '"')
			in_string = !in_string;
		else if (!in_string && (*p == '[' || *p == '{') && ++depth > MAX_DEPTH)
			return p;
		else if (!in_string && (*p == ']' || *p == '}') && depth)
			depth--;
	}
	return NULL;
}

static bool fail_depth(struct lf_str text, const char *at, const char *source, struct lf_err *err)
{
	unsigned line = 1, column = 1;

	for (const char *p = text.p; p < at; p++) {
		column = *p == '\n' ? 1 : column + 1;
		line += *p == '\n';
	}
	return lf_fail_new(err, LF_E_LIMIT, "%s:%u:%u: nested too deeply", source, line, column);
}

json_t *lf_json_parse(struct lf_str text, const char *source, struct lf_err *err)
{
	const char *deep = too_deep(text);
	json_error_t what;
	json_t *v;

	if (deep) {
		fail_depth(text, deep, source, err);
		return NULL;
	}
	v = json_loadb(text.p ? text.p : "", text.n, JSON_DECODE_ANY | JSON_ALLOW_NUL, &what);
	if (!v)
		lf_fail_new(err, LF_E_FORMAT, "%s:%d:%d: %s", source, what.line > 0 ? what.line : 1,
			    what.column > 0 ? what.column : 1, what.text);
	return v;
}

static void clean(struct lf_buf *out, struct lf_str s)
{
	while (s.n) {
		const char *start = s.p;
		uint32_t c;

		if (lf_utf8_next(&s, &c))
			lf_buf_add(out, start, (size_t)(s.p - start));
		else
			lf_buf_puts(out, "\xef\xbf\xbd");
	}
}

json_t *lf_json_text(struct lf_str s)
{
	lf_auto_buf text = {0};

	if (lf_utf8_valid(s))
		return json_stringn_nocheck(s.p, s.n);
	clean(&text, s);
	return json_stringn_nocheck(lf_buf_c(&text), text.n);
}

void lf_json_set(json_t *object, const char *key, json_t *value)
{
	lf_auto_buf text = {0};

	if (!lf_utf8_valid(lf_str(key))) {
		clean(&text, lf_str(key));
		key = lf_buf_c(&text);
	}
	json_object_set_new_nocheck(object, key, value);
}

void lf_json_set_str(json_t *object, const char *key, const char *s)
{
	lf_json_set(object, key, lf_json_text(lf_str(s)));
}

static bool is_empty(const json_t *v)
{
	return !v || (json_is_string(v) && !json_string_length(v)) ||
	       (json_is_array(v) && !json_array_size(v)) ||
	       (json_is_object(v) && !json_object_size(v));
}

void lf_json_opt(json_t *object, const char *key, json_t *value)
{
	if (is_empty(value))
		json_decref(value);
	else
		lf_json_set(object, key, value);
}

void lf_json_opt_str(json_t *object, const char *key, const char *s)
{
	if (s && *s)
		lf_json_set_str(object, key, s);
}
