/*
 * Environment files in dotenv form: "KEY=value" or "KEY: value" lines, `export`, comments, quotes,
 * and references to earlier keys. Text comes in, pairs go out.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "recipe/load.h"

#include "codec/go_text.h"

#include "base/banned.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\v' || c == '\f' || c == '\r';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static void skip(struct lf_str *s, size_t n)
{
	*s = (struct lf_str){s->p + n, s->n - n};
}

static void skip_blanks(struct lf_str *s)
{
	while (s->n && is_blank(s->p[0]))
		skip(s, 1);
}

static struct lf_str trim(struct lf_str s)
{
	skip_blanks(&s);
	while (s.n && is_blank(s.p[s.n - 1]))
		s.n--;
	return s;
}

/* To the next line that says something. */
static void skip_empty_lines(struct lf_str *s)
{
	for (;;) {
		while (s->n && (is_blank(s->p[0]) || s->p[0] == '\n'))
			skip(s, 1);
		if (!s->n || s->p[0] != '#')
			return;
		while (s->n && s->p[0] != '\n')
			skip(s, 1);
	}
}

static bool fail_name(struct lf_str s, size_t at, struct lf_err *err)
{
	lf_auto_buf text = {0};

	lf_quote(&text, lf_str_sub(s, at, at + 1));
	lf_buf_puts(&text, " in variable name near ");
	lf_quote(&text, s);
	return lf_fail_new(err, LF_E_CONFIG, "unexpected character %s", lf_buf_c(&text));
}

static bool parse_name(struct lf_str *s, struct lf_str *ret, struct lf_err *err)
{
	struct lf_str rest = *s;

	if (lf_str_skip(&rest, "export") && rest.n && is_blank(rest.p[0])) {
		skip_blanks(&rest);
		*s = rest;
	}
	for (size_t i = 0; i < s->n; i++) {
		char c = s->p[i];

		if (c == '=' || c == ':') {
			*ret = trim(lf_str_sub(*s, 0, i));
			skip(s, i + 1);
			skip_blanks(s);
			return true;
		}
		if (!is_blank(c) && !is_letter(c) && !is_digit(c) && c != '_' && c != '.')
			return fail_name(*s, i, err);
	}
	/* compat: a last word without a separator is the name "" upstream; it says nothing. */
	*ret = (struct lf_str){0};
	skip(s, s->n);
	return true;
}

static bool is_reference(char c)
{
	return (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_';
}

/* $X and ${X} of earlier lines; "\$" is a dollar; "$(" and a lone "$" stay. */
static const char *expand(struct lf_str s, const struct lf_pairs *known, struct lf_arena *arena)
{
	lf_auto_buf out = {0};

	for (size_t i = 0; i < s.n;) {
		size_t from = i + 1 + (i + 1 < s.n && s.p[i + 1] == '{'), to = from;

		if (s.p[i] == '\\' && i + 1 < s.n && s.p[i + 1] == '$') {
			lf_buf_putc(&out, '$');
			i += 2;
			continue;
		}
		while (s.p[i] == '$' && to < s.n && is_reference(s.p[to]))
			to++;
		if (s.p[i] != '$' || to == from) {
			lf_buf_putc(&out, s.p[i++]);
			continue;
		}
		const char *key = lf_arena_str(arena, lf_str_sub(s, from, to));
		const char *value = lf_pairs_get(known, key);
		lf_buf_puts(&out, value ? value : "");
		i = to + (to < s.n && s.p[to] == '}');
	}
	return lf_arena_str(arena, lf_buf_view(&out));
}

static const char *parse_plain(struct lf_str *s, const struct lf_pairs *known,
			       struct lf_arena *arena)
{
	ptrdiff_t end = lf_str_find(*s, '\n');
	struct lf_str line = lf_str_sub(*s, 0, end < 0 ? s->n : (size_t)end);

	skip(s, line.n);
	for (size_t i = 1; i < line.n; i++) {
		if (line.p[i] == '#' && is_blank(line.p[i - 1]))
			line.n = i;
	}
	return expand(trim(line), known, arena);
}

/* "\n" and "\r" become what they name, "\$" waits for expand, other escapes lose the backslash. */
static const char *unescape(struct lf_str s, struct lf_arena *arena)
{
	lf_auto_buf out = {0};

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c == '\\' && i + 1 < s.n) {
			c = s.p[++i];
			if (c == '$')
				lf_buf_putc(&out, '\\');
			c = c == 'n' ? '\n' : c == 'r' ? '\r' : c;
		}
		lf_buf_putc(&out, c);
	}
	return lf_arena_str(arena, lf_buf_view(&out));
}

static bool parse_quoted(struct lf_str *s, const struct lf_pairs *known, struct lf_arena *arena,
			 const char **ret, struct lf_err *err)
{
	char quote = s->p[0];

	for (size_t i = 1; i < s->n; i++) {
		if (s->p[i] != quote || s->p[i - 1] == '\\')
			continue;
		struct lf_str text = lf_str_sub(*s, 1, i);

		*ret = quote == '"' ? expand(lf_str(unescape(text, arena)), known, arena)
				    : lf_arena_str(arena, text);
		skip(s, i + 1);
		return true;
	}
	struct lf_str rest = *s, line = lf_str_cut(&rest, '\n');
	return lf_fail_new(err, LF_E_CONFIG, "unterminated quoted value " LF_STR_FMT,
			   LF_STR_ARG(line));
}

bool lf_env_file_parse(struct lf_str text, struct lf_arena *arena, struct lf_pairs *ret,
		       struct lf_err *err)
{
	struct lf_str name;

	for (skip_empty_lines(&text); text.n; skip_empty_lines(&text)) {
		const char *value = "";

		if (!parse_name(&text, &name, err))
			return false;
		if (text.n && (text.p[0] == '"' || text.p[0] == '\'')) {
			if (!parse_quoted(&text, ret, arena, &value, err))
				return false;
		} else {
			value = parse_plain(&text, ret, arena);
		}
		if (name.n)
			lf_pairs_set(ret, arena, lf_arena_str(arena, name), value);
	}
	return true;
}
