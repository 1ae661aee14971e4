/*
 * The text of a .pc file → the names in its Requires lines.
 *
 * compat: as strict as upstream's parser. Anything outside its small grammar, such as a variable in
 * a Requires line, spoils the whole file.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "build/scan/scan.h"

#include "base/banned.h"

static bool is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* The longest run of letters, digits and `more`, off the front. */
static struct lf_str take_word(struct lf_str *s, const char *more)
{
	struct lf_str word;
	size_t n = 0;

	while (n < s->n && (is_alnum(s->p[n]) || (s->p[n] && strchr(more, s->p[n]))))
		n++;
	word = lf_str_sub(*s, 0, n);
	*s = lf_str_sub(*s, n, s->n);
	return word;
}

static void skip_blanks(struct lf_str *s)
{
	while (s->n && strchr(" \t\r\v\f", *s->p))
		*s = lf_str_sub(*s, 1, s->n);
}

/* An optional comparison and version; false when a comparison has no version, *s stands before it
 * then. */
static bool skip_version(struct lf_str *s)
{
	static const char *const operators[] = {"<=", ">=", "=", "<", ">"};
	struct lf_str before;

	skip_blanks(s);
	before = *s;
	for (size_t i = 0; i < LF_ARRAY_LEN(operators); i++) {
		if (!lf_str_skip(s, operators[i]))
			continue;
		skip_blanks(s);
		if (take_word(s, "_.-").n)
			return true;
		*s = before;
		return false;
	}
	return true;
}

/* Names up to the end of the line or a comment, each with one comma behind it or none; false when
 * something else is in it, *s stands there then. */
static bool take_list(struct lf_str *s, struct lf_arena *arena, struct lf_strv *ret)
{
	for (;;) {
		struct lf_str word;

		skip_blanks(s);
		if (!s->n || *s->p == '#')
			return true;
		word = take_word(s, "_.-");
		if (!word.n || !skip_version(s))
			return false;
		skip_blanks(s);
		(void)lf_str_skip(s, ",");
		if (ret)
			lf_strv_add(ret, lf_arena_str(arena, word));
	}
}

/* Is it a key whose value is a list of names? *ret_list is where they belong, NULL for nowhere. */
static bool is_list_key(struct lf_str key, struct lf_pc *pc, struct lf_strv **ret_list)
{
	static const char *const keys[LF_PC_KINDS] = {"Requires", "Requires.private",
						      "Requires.internal"};

	*ret_list = NULL;
	for (size_t i = 0; i < LF_PC_KINDS; i++)
		if (lf_str_is(key, keys[i]))
			*ret_list = &pc->required[i];
	return *ret_list || lf_str_is(key, "Provides");
}

/* One line; false with *s where it went wrong and *ret_unparsed whether that is a left-over rather
 * than a missing colon. */
static bool parse_line(struct lf_str *s, struct lf_arena *arena, struct lf_pc *ret,
		       bool *ret_unparsed)
{
	struct lf_strv *list;
	struct lf_str key;

	skip_blanks(s);
	if (!s->n || *s->p == '#')
		return true;
	key = take_word(s, "_.");
	skip_blanks(s);
	*ret_unparsed = !key.n;
	if (!key.n || !s->n || (*s->p != '=' && *s->p != ':'))
		return false;
	if (*s->p == '=' || !is_list_key(key, ret, &list))
		return true;
	*s = lf_str_sub(*s, 1, s->n);
	*ret_unparsed = true;
	return take_list(s, arena, list);
}

void lf_pc_fini(struct lf_pc *pc)
{
	for (size_t i = 0; i < LF_PC_KINDS; i++)
		lf_strv_fini(&pc->required[i]);
}

bool lf_pc_parse(struct lf_str text, struct lf_arena *arena, struct lf_pc *ret,
		 const char **ret_problem)
{
	struct lf_str rest = text, line;

	while (lf_str_line(&rest, &line)) {
		bool unparsed = false;
		struct lf_str at = line, left;

		if (parse_line(&at, arena, ret, &unparsed))
			continue;
		left = lf_str_trim(lf_str_sub(text, (size_t)(at.p - text.p), text.n));
		if (unparsed)
			*ret_problem = lf_arena_printf(arena, "left unparsed: " LF_STR_FMT,
						       LF_STR_ARG(left));
		else
			*ret_problem = lf_arena_printf(
				arena, "offset %zu: expected :", (size_t)(at.p - text.p));
		return false;
	}
	return true;
}
