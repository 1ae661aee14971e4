/*
 * .melangeignore: one glob pattern a line, "#" comments; matched against the relative path of each
 * file. In: the text, then paths; out: ignored or not. `*`, `?` and `[…]` stay within a path
 * component, `**` does not; a leading "/" ties the pattern to the top.
 *
 * compat: only files are matched, so a pattern that names a directory does not leave out what lies
 * in it, and "!" does not bring anything back.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "build/ignore.h"

#include "base/banned.h"

#define MAX_STEPS 100000 /* of one match: "**" patterns could otherwise take exponential time */

void lf_ignore_parse(struct lf_ignore *ret, struct lf_str text, struct lf_arena *arena)
{
	struct lf_str line;

	while (lf_str_line(&text, &line)) {
		line = lf_str_trim(line);
		if (line.n && line.p[0] != '#' && line.p[0] != '!')
			lf_strv_add(&ret->patterns, lf_arena_str(arena, line));
	}
}

/* Matches one character class at p ("[...]"); returns what follows it, or NULL when c is not in it.
 */
static const char *match_class(const char *p, char c)
{
	bool negate = *++p == '!' || *p == '^', in = false;

	p += negate;
	for (bool first = true; *p && (*p != ']' || first); first = false) {
		char low = *p == '\\' && p[1] ? *++p : *p, high = low;
		if (*++p == '-' && p[1] && p[1] != ']') {
			high = p[1];
			p += 2;
		}
		in |= low <= c && c <= high;
	}
	return *p == ']' && in != negate && c != '/' ? p + 1 : NULL;
}

static bool match(const char *p, const char *s, unsigned *steps);

/* "*" or "**" at p. */
static bool match_star(const char *p, const char *s, unsigned *steps)
{
	bool deep = p[1] == '*';

	p += deep ? 2 : 1;
	if (deep && *p == '/' &&
	    match(p + 1, s, steps)) /* "**" may stand for no directory at all */
		return true;
	for (;; s++) {
		if (match(p, s, steps))
			return true;
		if (!*s || (*s == '/' && !deep))
			return false;
	}
}

static bool match(const char *p, const char *s, unsigned *steps)
{
	for (; *p; p++, s++) {
		if (++*steps > MAX_STEPS)
			return false;
		if (*p == '*')
			return match_star(p, s, steps);
		if (!*s)
			return false;
		if (*p == '[') {
			p = match_class(p, *s);
			if (!p)
				return false;
			p--; /* the loop steps over the bracket */
		} else if (*p == '?') {
			if (*s == '/')
				return false;
		} else {
			p += *p == '\\' && p[1];
			if (*p != *s)
				return false;
		}
	}
	return !*s;
}

/* Anywhere below the top: at the start and behind each slash. */
static bool match_anywhere(const char *pattern, const char *path)
{
	for (const char *s = path; s; s = strchr(s, '/')) {
		unsigned steps = 0;
		s += *s == '/';
		if (match(pattern, s, &steps))
			return true;
	}
	return false;
}

bool lf_ignore_match(const struct lf_ignore *ig, const char *path)
{
	for (size_t i = 0; i < ig->patterns.n; i++) {
		const char *pattern = ig->patterns.v[i];
		unsigned steps = 0;
		if (*pattern == '/' ? match(pattern + 1, path, &steps)
				    : match_anywhere(pattern, path))
			return true;
	}
	return false;
}

void lf_ignore_fini(struct lf_ignore *i)
{
	lf_strv_fini(&i->patterns);
}
