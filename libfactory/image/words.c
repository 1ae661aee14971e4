/*
 * Lists of words: their union, and commands as words, split as a shell splits them: single and
 * double quotes, backslashes, comments, no expansion.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image/image.h"

#include <string.h>

#include "base/vec.h"
#include "base/banned.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Adds the quoted text that begins behind the quote; returns what follows the closing one, or NULL.
 */
static const char *read_quoted(const char *p, char quote, struct lf_buf *word)
{
	for (; *p != quote; p++) {
		if (quote == '"' && *p == '\\')
			p++;
		if (!*p)
			return NULL;
		lf_buf_putc(word, *p);
	}
	return p + 1;
}

static const char *read_word(const char *p, struct lf_buf *word, struct lf_err *err)
{
	while (*p && !is_blank(*p)) {
		if (*p == '\'' || *p == '"') {
			p = read_quoted(p + 1, *p, word);
			if (!p) {
				(void)lf_fail_new(err, LF_E_CONFIG,
						  "EOF found when expecting closing quote");
				return NULL;
			}
			continue;
		}
		if (*p == '\\' && !*++p) {
			(void)lf_fail_new(err, LF_E_CONFIG, "EOF found after escape character");
			return NULL;
		}
		lf_buf_putc(word, *p++);
	}
	return p;
}

bool lf_shell_split(const char *text, struct lf_arena *arena, struct lf_strv *ret,
		    struct lf_err *err)
{
	for (const char *p = text;;) {
		lf_auto_buf word = {0};

		while (is_blank(*p))
			p++;
		if (*p == '#') {
			p += strcspn(p, "\n");
			continue;
		}
		if (!*p)
			return true;
		p = read_word(p, &word, err);
		if (!p)
			return false;
		lf_strv_add(ret, lf_arena_dup(arena, lf_buf_c(&word), word.n));
	}
}

struct lf_strv lf_strv_union(const struct lf_strv *a, const struct lf_strv *b)
{
	struct lf_strv u = {0};

	lf_strv_addv(&u, a);
	if (b)
		lf_strv_addv(&u, b);
	lf_strv_sort(&u);
	lf_strv_uniq(&u);
	return u;
}
