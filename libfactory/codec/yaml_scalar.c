/*
 * What a scalar means: Go's yaml.v3 resolver, and the small questions about nodes. Plain text is
 * looked up among the fixed words first, then read as a timestamp, an integer, a float; the rest is
 * a string. Quoted text is always a string.
 *
 * compat: integers follow Go's ParseInt with base 0 after dropping underscores, which makes "010"
 * octal and "0o10" too; a float without fraction is taken where an integer is asked for; the
 * YAML 1.1 words are booleans only where one is asked for.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "codec/yaml.h"

#include "base/banned.h"

#define LONGEST_NUMBER 128

static bool is_one_of(struct lf_str s, const char *const *words)
{
	for (; *words; words++)
		if (lf_str_is(s, *words))
			return true;
	return false;
}

static const char *const null_words[] = {"", "~", "null", "Null", "NULL", NULL};
static const char *const true_words[] = {"true", "True", "TRUE", NULL};
static const char *const false_words[] = {"false", "False", "FALSE", NULL};
static const char *const yes_words[] = {"y", "Y", "yes", "Yes", "YES", "on", "On", "ON", NULL};
static const char *const no_words[] = {"n", "N", "no", "No", "NO", "off", "Off", "OFF", NULL};
static const char *const special_floats[] = {
	".nan",  ".NaN",  ".NAN",  ".inf",  ".Inf",  ".INF", "+.inf",
	"+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF", NULL,
};

static bool is_plain(const struct lf_yaml *n)
{
	return n->kind == LF_YAML_NULL || (n->kind == LF_YAML_SCALAR && !n->quoted);
}

bool lf_yaml_is_null(const struct lf_yaml *n)
{
	if (!is_plain(n))
		return false;
	if (n->tag)
		return strcmp(n->tag, "!!null") == 0;
	return is_one_of(n->text, null_words);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static size_t skip_digits(struct lf_str s, size_t i)
{
	while (i < s.n && is_digit(s.p[i]))
		i++;
	return i;
}

/* [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)? */
static bool is_float_form(struct lf_str s)
{
	size_t i = s.n && (s.p[0] == '-' || s.p[0] == '+'), start = i, whole, part;

	i = skip_digits(s, i);
	whole = i - start;
	if (i < s.n && s.p[i] == '.') {
		part = skip_digits(s, i + 1) - (i + 1);
		if (!whole && !part)
			return false;
		i += 1 + part;
	} else if (!whole) {
		return false;
	}
	if (i < s.n && (s.p[i] == 'e' || s.p[i] == 'E')) {
		i++;
		if (i < s.n && (s.p[i] == '-' || s.p[i] == '+'))
			i++;
		part = skip_digits(s, i);
		if (part == i)
			return false;
		i = part;
	}
	return i == s.n;
}

/* The text without underscores in buf; false when it cannot be a number. */
static bool clean_number(struct lf_str s, char buf[LONGEST_NUMBER], struct lf_str *ret)
{
	size_t n = 0;

	if (!s.n || s.n >= LONGEST_NUMBER)
		return false;
	if (!is_digit(s.p[0]) && s.p[0] != '-' && s.p[0] != '+' && s.p[0] != '.')
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != '_')
			buf[n++] = s.p[i];
	buf[n] = '\0';
	*ret = (struct lf_str){buf, n};
	return n > 0;
}

static unsigned take_base(struct lf_str *s)
{
	static const struct {
		const char *prefix;
		unsigned base;
	} bases[] = {{"0x", 16}, {"0X", 16}, {"0o", 8}, {"0O", 8}, {"0b", 2}, {"0B", 2}};

	for (size_t i = 0; i < LF_ARRAY_LEN(bases); i++)
		if (lf_str_skip(s, bases[i].prefix))
			return bases[i].base;
	if (s->n > 1 && s->p[0] == '0')
		return 8;
	return 10;
}

static int digit_value(char c)
{
	if (is_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 16;
}

/* Sign and magnitude of an integer in any of Go's forms. */
static bool parse_integer(struct lf_str s, bool *ret_negative, uint64_t *ret)
{
	bool negative = s.n && s.p[0] == '-';
	unsigned base;
	uint64_t v = 0;

	if (s.n && (s.p[0] == '-' || s.p[0] == '+'))
		s = lf_str_sub(s, 1, s.n);
	base = take_base(&s);
	if (!s.n)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		unsigned digit = (unsigned)digit_value(s.p[i]);

		if (digit >= base || v > (UINT64_MAX - digit) / base)
			return false;
		v = v * base + digit;
	}
	*ret_negative = negative;
	*ret = v;
	return true;
}

/* Integers that Go can hold: from -2^63 to 2^64 - 1. */
static bool resolve_integer(struct lf_str text, bool *ret_negative, uint64_t *ret)
{
	char buf[LONGEST_NUMBER];
	struct lf_str s;

	return clean_number(text, buf, &s) && parse_integer(s, ret_negative, ret) &&
	       (!*ret_negative || *ret <= (uint64_t)INT64_MAX + 1);
}

static bool resolve_float(struct lf_str text, double *ret)
{
	char buf[LONGEST_NUMBER], *end;
	struct lf_str s;

	if (is_one_of(text, special_floats)) {
		*ret = NAN;
		return true;
	}
	if (!clean_number(text, buf, &s) || !is_float_form(s))
		return false;
	*ret = strtod(buf, &end);
	return *end == '\0';
}

static const char *plain_tag(struct lf_str s)
{
	bool negative;
	uint64_t integer;
	double number;

	if (is_one_of(s, null_words))
		return "!!null";
	if (is_one_of(s, true_words) || is_one_of(s, false_words))
		return "!!bool";
	if (lf_yaml_text_is_time(s))
		return "!!timestamp";
	if (resolve_integer(s, &negative, &integer))
		return "!!int";
	return resolve_float(s, &number) ? "!!float" : "!!str";
}

bool lf_yaml_text_is_typed(struct lf_str text)
{
	return strcmp(plain_tag(text), "!!str") != 0 || is_one_of(text, yes_words) ||
	       is_one_of(text, no_words);
}

const char *lf_yaml_tag(const struct lf_yaml *n)
{
	if (n->tag)
		return n->tag;
	switch (n->kind) {
	case LF_YAML_NULL:
		return "!!null";
	case LF_YAML_SEQ:
		return "!!seq";
	case LF_YAML_MAP:
		return "!!map";
	case LF_YAML_SCALAR:
		break;
	}
	return n->quoted ? "!!str" : plain_tag(n->text);
}

bool lf_yaml_bool(const struct lf_yaml *n, bool *ret)
{
	bool yes, no;

	if (n->kind != LF_YAML_SCALAR)
		return false;
	/* compat: Go takes the 1.1 words quoted as well, but not a quoted "true". */
	yes = is_one_of(n->text, yes_words) || (!n->quoted && is_one_of(n->text, true_words));
	no = is_one_of(n->text, no_words) || (!n->quoted && is_one_of(n->text, false_words));
	if (yes || no)
		*ret = yes;
	return yes || no;
}

bool lf_yaml_int(const struct lf_yaml *n, int64_t *ret)
{
	bool negative;
	uint64_t v;
	double number;

	if (n->kind != LF_YAML_SCALAR || n->quoted || lf_yaml_text_is_time(n->text))
		return false;
	if (resolve_integer(n->text, &negative, &v)) {
		if (v > (uint64_t)INT64_MAX + negative)
			return false;
		*ret = negative ? (int64_t)(0 - v) : (int64_t)v;
		return true;
	}
	if (!resolve_float(n->text, &number) || !(fabs(number) < 0x1p63))
		return false;
	*ret = (int64_t)number;
	return true;
}

bool lf_yaml_uint(const struct lf_yaml *n, uint64_t *ret)
{
	bool negative;
	uint64_t v;
	double number;

	if (n->kind != LF_YAML_SCALAR || n->quoted || lf_yaml_text_is_time(n->text))
		return false;
	if (resolve_integer(n->text, &negative, &v)) {
		if (negative && v)
			return false;
		*ret = v;
		return true;
	}
	if (!resolve_float(n->text, &number) || !(number >= 0 && number < 0x1p64))
		return false;
	*ret = (uint64_t)number;
	return true;
}

struct lf_yaml *lf_yaml_get(const struct lf_yaml *map, const char *key)
{
	if (!map || map->kind != LF_YAML_MAP)
		return NULL;
	for (size_t i = 0; i < map->n; i++)
		if (lf_str_is(map->key[i]->text, key))
			return map->item[i];
	return NULL;
}
