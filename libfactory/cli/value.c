/*
 * Values of options. The words for what is wrong are those of Go's strconv, time, csv and slog,
 * since they reach the user inside `invalid argument "x" for "--flag" flag: ...`.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/value.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/date.h"
#include "cli/csv.h"
#include "base/banned.h"

static void *place(const struct lf_optref *ref)
{
	return (char *)ref->base + ref->opt->at;
}

const char *lf_quoted(struct lf_arena *arena, const char *s)
{
	lf_auto_buf out = {0};

	lf_buf_putc(&out, '"');
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;

		if (c == '"' || c == '\\')
			lf_buf_printf(&out, "\\%c", c);
		else if (c == '\n')
			lf_buf_puts(&out, "\\n");
		else if (c == '\t')
			lf_buf_puts(&out, "\\t");
		else if (c == '\r')
			lf_buf_puts(&out, "\\r");
		else if (c < ' ' || c == 127)
			lf_buf_printf(&out, "\\x%02x", c);
		else
			lf_buf_putc(&out, (char)c);
	}
	lf_buf_putc(&out, '"');
	return lf_arena_str(arena, lf_buf_view(&out));
}

static bool fail_parse(const char *function, const char *text, const char *words,
		       struct lf_err *err)
{
	struct lf_arena scratch = {0};

	lf_fail_new(err, LF_E_USAGE, "strconv.%s: parsing %s: %s", function,
		    lf_quoted(&scratch, text), words);
	lf_arena_fini(&scratch);
	return false;
}

static bool parse_bool(const char *text, bool *ret, struct lf_err *err)
{
	static const char *const words[] = {"0", "f", "F", "FALSE", "false", "False",
					    "1", "t", "T", "TRUE",  "true",  "True"};

	for (size_t i = 0; i < LF_ARRAY_LEN(words); i++)
		if (strcmp(text, words[i]) == 0) {
			*ret = i >= LF_ARRAY_LEN(words) / 2;
			return true;
		}
	return fail_parse("ParseBool", text, "invalid syntax", err);
}

/* Underscores may stand between digits and behind a prefix, when there is a prefix. */
static bool underscores_fit(struct lf_str s, bool prefix)
{
	char before = prefix ? '0' : '_';

	for (size_t i = 0; i < s.n; before = s.p[i++])
		if (s.p[i] == '_' && (!prefix || before == '_' || i + 1 == s.n))
			return false;
	return true;
}

static unsigned take_prefix(struct lf_str *s)
{
	if (lf_str_skip(s, "0x") || lf_str_skip(s, "0X"))
		return 16;
	if (lf_str_skip(s, "0b") || lf_str_skip(s, "0B"))
		return 2;
	if (lf_str_skip(s, "0o") || lf_str_skip(s, "0O"))
		return 8;
	if (s->n > 1 && lf_str_skip(s, "0"))
		return 8;
	return 10;
}

/* Go's ParseInt with base 0: prefixes 0x 0o 0b 0 and underscores. */
static bool parse_int(const char *text, int64_t *ret, struct lf_err *err)
{
	struct lf_str s = lf_str(text);
	bool negative = lf_str_starts(s, "-");
	lf_auto_buf digits = {0};
	uint64_t value, limit = (uint64_t)INT64_MAX + negative;
	unsigned base;

	if (negative || lf_str_starts(s, "+"))
		s = lf_str_sub(s, 1, s.n);
	base = take_prefix(&s);
	if (s.n == 0 || !underscores_fit(s, base != 10))
		return fail_parse("ParseInt", text, "invalid syntax", err);
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != '_')
			lf_buf_putc(&digits, s.p[i]);
	for (size_t i = 0; i < digits.n; i++)
		if (!lf_str_u64(lf_str_sub(lf_buf_view(&digits), i, i + 1), base, &value))
			return fail_parse("ParseInt", text, "invalid syntax", err);
	if (!lf_str_u64(lf_buf_view(&digits), base, &value) || value > limit)
		return fail_parse("ParseInt", text, "value out of range", err);
	*ret = negative ? (int64_t)(0 - value) : (int64_t)value;
	return true;
}

static bool fail_level(const char *text, const char *words, struct lf_err *err)
{
	struct lf_arena scratch = {0};

	lf_fail_new(err, LF_E_USAGE, "slog: level string %s: %s", lf_quoted(&scratch, text), words);
	lf_arena_fini(&scratch);
	return false;
}

bool lf_level_parse(const char *text, int *ret, struct lf_err *err)
{
	static const char *const names[] = {"debug", "info", "warn", "error"};
	size_t n = strcspn(text, "+-");
	lf_auto_buf words = {0};
	int64_t offset = 0;

	if (text[n] && (!lf_str_i64(lf_str(text + n), &offset) || offset > 999 || offset < -999)) {
		lf_buf_printf(&words, "strconv.Atoi: parsing \"%s\": invalid syntax", text + n);
		return fail_level(text, lf_buf_c(&words), err);
	}
	for (int i = 0; i < (int)LF_ARRAY_LEN(names); i++)
		if (strlen(names[i]) == n && strncasecmp(names[i], text, n) == 0) {
			*ret = 4 * i - 4 + (int)offset;
			return true;
		}
	return fail_level(text, "unknown name", err);
}

/* The first value replaces the default, later ones add to it. */
static struct lf_strv *list_of(struct lf_optref *ref)
{
	struct lf_strv *list = place(ref);

	if (!ref->given)
		list->n = 0;
	return list;
}

bool lf_value_set(struct lf_optref *ref, struct lf_arena *arena, const char *text,
		  struct lf_err *err)
{
	int level;

	switch (ref->opt->kind) {
	case LF_OPT_KIND_BOOL:
		return parse_bool(text, place(ref), err);
	case LF_OPT_KIND_LEVEL:
		if (!lf_level_parse(text, &level, err))
			return false;
		__attribute__((fallthrough));
	case LF_OPT_KIND_STRING:
		*(const char **)place(ref) = lf_arena_strdup(arena, text);
		return true;
	case LF_OPT_KIND_STRINGS:
		return lf_csv_parse(arena, text, list_of(ref), err);
	case LF_OPT_KIND_ARRAY:
		lf_strv_add(list_of(ref), lf_arena_strdup(arena, text));
		return true;
	case LF_OPT_KIND_INT:
	case LF_OPT_KIND_INT64:
		return parse_int(text, place(ref), err);
	case LF_OPT_KIND_DURATION:
		return lf_duration_parse(text, place(ref), err);
	case LF_OPT_KIND_END:
		break;
	}
	return true;
}

void lf_value_init(struct lf_optref *ref, struct lf_arena *arena)
{
	const char *def = ref->opt->def;
	bool text = ref->opt->kind == LF_OPT_KIND_STRING || ref->opt->kind == LF_OPT_KIND_LEVEL;

	if (!def && text)
		def = "";
	/* A default that does not parse is a bug of the table; the test of the tables finds it. */
	if (def && !lf_value_set(ref, arena, def, NULL))
		abort();
}

void lf_value_fini(struct lf_optref *ref)
{
	if (ref->opt->kind == LF_OPT_KIND_STRINGS || ref->opt->kind == LF_OPT_KIND_ARRAY)
		lf_strv_fini(place(ref));
}

const char *lf_value_default(const struct lf_optref *ref, struct lf_arena *arena)
{
	const void *at = place(ref);
	char duration[LF_DATE_MAX];

	switch (ref->opt->kind) {
	case LF_OPT_KIND_BOOL:
		return *(const bool *)at ? "true" : NULL;
	case LF_OPT_KIND_LEVEL:
	case LF_OPT_KIND_STRING:
		return **(const char *const *)at ? lf_quoted(arena, *(const char *const *)at)
						 : NULL;
	case LF_OPT_KIND_STRINGS:
	case LF_OPT_KIND_ARRAY:
		if (((const struct lf_strv *)at)->n == 0)
			return NULL;
		return lf_arena_printf(arena, "[%s]", lf_csv_print(arena, at));
	case LF_OPT_KIND_INT:
	case LF_OPT_KIND_INT64:
		if (*(const int64_t *)at == 0)
			return NULL;
		return lf_arena_printf(arena, "%lld", (long long)*(const int64_t *)at);
	case LF_OPT_KIND_DURATION:
		if (*(const int64_t *)at == 0)
			return NULL;
		lf_duration_print(*(const int64_t *)at, duration);
		return lf_arena_strdup(arena, duration);
	case LF_OPT_KIND_END:
		break;
	}
	return NULL;
}

const char *lf_value_type(const struct lf_opt *opt)
{
	switch (opt->kind) {
	case LF_OPT_KIND_LEVEL:
	case LF_OPT_KIND_STRING:
		return "string";
	case LF_OPT_KIND_STRINGS:
		return "strings";
	case LF_OPT_KIND_ARRAY:
		return "stringArray";
	case LF_OPT_KIND_INT:
	case LF_OPT_KIND_INT64:
		return "int";
	case LF_OPT_KIND_DURATION:
		return "duration";
	case LF_OPT_KIND_BOOL:
	case LF_OPT_KIND_END:
		break;
	}
	return "";
}
