/*
 * RE2 syntax to pcre2 syntax: a pattern comes in, and what RE2 does not know is refused, so that a
 * recipe that works here works upstream. What both write alike but mean otherwise (\s, \v, octal
 * escapes) is rewritten. The rest is copied.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "recipe/regex.h"

#include "base/banned.h"

#define MAX_REPEAT 1000

struct syntax {
	struct lf_str rest;
	struct lf_buf *out;
	bool in_class;
	struct lf_err *err;
};

static char peek(const struct syntax *s, size_t i)
{
	return i < s->rest.n ? s->rest.p[i] : '\0';
}

static void copy(struct syntax *s, size_t n)
{
	lf_buf_str(s->out, lf_str_sub(s->rest, 0, n));
	s->rest = lf_str_sub(s->rest, n, s->rest.n);
}

static void drop(struct syntax *s, size_t n)
{
	s->rest = lf_str_sub(s->rest, n, s->rest.n);
}

static bool refuse(struct syntax *s, const char *why, size_t n)
{
	struct lf_str part = lf_str_sub(s->rest, 0, n);

	return lf_fail_new(s->err, LF_E_CONFIG, "error parsing regexp: %s: `" LF_STR_FMT "`", why,
			   LF_STR_ARG(part));
}

static bool is_octal(char c)
{
	return c >= '0' && c <= '7';
}

static bool is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* "\12" is octal, "\1" alone would be a back reference. */
static bool translate_octal(struct syntax *s)
{
	unsigned value = 0;
	size_t n = 1;

	if (peek(s, 1) != '0' && !is_octal(peek(s, 2)))
		return refuse(s, "invalid escape sequence", 2);
	while (n < 4 && is_octal(peek(s, n)))
		value = value * 8 + (unsigned)(peek(s, n++) - '0');
	lf_buf_printf(s->out, "\\x{%x}", value);
	drop(s, n);
	return true;
}

static bool translate_literal_run(struct syntax *s)
{
	ptrdiff_t end = lf_str_search(s->rest, LF_STR("\\E"));

	copy(s, end < 0 ? s->rest.n : (size_t)end + 2);
	return true;
}

static bool translate_escape(struct syntax *s)
{
	char c = peek(s, 1);

	if (!c)
		return refuse(s, "trailing backslash at end of expression", 0);
	if (is_octal(c))
		return translate_octal(s);
	if (c == 'Q' && !s->in_class)
		return translate_literal_run(s);
	if (c == 's' || c == 'v') {
		const char *set = c == 'v'      ? "\\x0b"
				  : s->in_class ? "\\t\\n\\f\\r "
						: "[\\t\\n\\f\\r ]";

		lf_buf_puts(s->out, set);
		drop(s, 2);
		return true;
	}
	if (c == 'S' && !s->in_class) {
		lf_buf_puts(s->out, "[^\\t\\n\\f\\r ]");
		drop(s, 2);
		return true;
	}
	if (is_alnum(c) && !strchr(s->in_class ? "afnrtxdDSwWpP" : "afnrtxdDwWpPAzbB", c))
		return refuse(s, "invalid escape sequence", 2);
	copy(s, 2);
	return true;
}

/* Behind "(?": a name, or flags; anything else is Perl's own. */
static bool translate_group(struct syntax *s)
{
	size_t n = 2;

	if (peek(s, 1) == '*')
		return refuse(s, "missing argument to repetition operator", 2);
	if (peek(s, 1) != '?') {
		copy(s, 1);
		return true;
	}
	bool named = (peek(s, 2) == 'P' && peek(s, 3) == '<') ||
		     (peek(s, 2) == '<' && peek(s, 3) != '=' && peek(s, 3) != '!');
	if (!named) {
		while (peek(s, n) && strchr("imsU-", peek(s, n)))
			n++;
		if (peek(s, n) != ':' && (peek(s, n) != ')' || n == 2))
			return refuse(s, "invalid or unsupported Perl syntax", n + 1);
	}
	copy(s, n);
	return true;
}

/* The length of a repetition operator, 0 when there is none. A brace that is none is a literal. */
static size_t repetition(const struct syntax *s)
{
	size_t n = 1;

	if (!peek(s, 0) || !strchr("*+?{", peek(s, 0)))
		return 0;
	if (peek(s, 0) != '{')
		return 1;
	while (peek(s, n) >= '0' && peek(s, n) <= '9')
		n++;
	if (n == 1)
		return 0;
	if (peek(s, n) == ',') {
		for (n++; peek(s, n) >= '0' && peek(s, n) <= '9';)
			n++;
	}
	return peek(s, n) == '}' ? n + 1 : 0;
}

/* "{3}", "{3,}", "{3,5}": RE2 repeats a thousand times at most. */
static bool counts_fit(struct lf_str braces)
{
	struct lf_str most = lf_str_sub(braces, 1, braces.n - 1), least = lf_str_cut(&most, ',');
	uint64_t min, max;

	if (!lf_str_u64(least, 10, &min) || min > MAX_REPEAT)
		return false;
	return !most.n || (lf_str_u64(most, 10, &max) && min <= max && max <= MAX_REPEAT);
}

static bool translate_repetition(struct syntax *s, size_t n)
{
	if (peek(s, 0) == '{' && !counts_fit(lf_str_sub(s->rest, 0, n)))
		return refuse(s, "invalid repeat count", n);
	if (peek(s, n) == '?')
		n++;
	if (peek(s, n) && strchr("*+?", peek(s, n)))
		return refuse(s, "invalid nested repetition operator", n + 1);
	copy(s, n);
	return true;
}

/* Copies "[:alpha:]" whole, and the "]" that may stand first. */
static void translate_class_start(struct syntax *s)
{
	s->in_class = true;
	copy(s, peek(s, 1) == '^' ? 2 : 1);
	if (peek(s, 0) == ']')
		copy(s, 1);
}

static void translate_in_class(struct syntax *s)
{
	ptrdiff_t end = lf_str_starts(s->rest, "[:") ? lf_str_search(s->rest, LF_STR(":]")) : -1;

	if (end > 0) {
		copy(s, (size_t)end + 2);
		return;
	}
	if (peek(s, 0) == '[')
		lf_buf_putc(s->out, '\\');
	s->in_class = peek(s, 0) != ']';
	copy(s, 1);
}

static bool translate_one(struct syntax *s)
{
	size_t n;

	if (peek(s, 0) == '\\')
		return translate_escape(s);
	if (s->in_class) {
		translate_in_class(s);
		return true;
	}
	if (peek(s, 0) == '(')
		return translate_group(s);
	if (peek(s, 0) == '[') {
		translate_class_start(s);
		return true;
	}
	n = repetition(s);
	if (n)
		return translate_repetition(s, n);
	copy(s, 1);
	return true;
}

bool lf_regex_translate(struct lf_buf *out, const char *pattern, struct lf_err *err)
{
	struct syntax s = {.rest = lf_str(pattern), .out = out, .err = err};

	while (s.rest.n) {
		if (!translate_one(&s))
			return false;
	}
	return true;
}
