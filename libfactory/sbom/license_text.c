/*
 * A licence text comes in, hashes of its runs of words go out. What differs from copy to copy is
 * left out: notices of who has the copyright, list numbers, what stands in angle brackets, "all
 * rights reserved".
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "sbom/license_text.h"

#include "base/banned.h"

#define MAX_WORD    32 /* longer ones are cut */
#define MAX_BRACKET 80 /* a longer "<" is no placeholder or tag */

struct words {
	struct lf_license_pieces *out;
	uint32_t last[LF_LICENSE_RUN]; /* hashes of the last words */
	unsigned reserved;             /* words of "all rights reserved" that are held back */
};

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_word_char(char c)
{
	return (lower(c) >= 'a' && lower(c) <= 'z') || is_digit(c);
}

/* FNV-1a, and at the end a mix that lets every bit of the input reach every bit. */
static uint32_t hash_bytes(uint32_t h, const void *p, size_t n)
{
	const unsigned char *c = p;

	for (size_t i = 0; i < n; i++)
		h = (h ^ c[i]) * 16777619u;
	return h;
}

static uint32_t mix(uint32_t h)
{
	h = (h ^ (h >> 16)) * 0x85ebca6bu;
	h = (h ^ (h >> 13)) * 0xc2b2ae35u;
	return h ^ (h >> 16);
}

/* ---- words ---- */

static void add_hash(struct words *w, uint32_t word)
{
	struct lf_license_pieces *p = w->out;

	for (size_t i = 0; i + 1 < LF_LICENSE_RUN; i++)
		w->last[i] = w->last[i + 1];
	w->last[LF_LICENSE_RUN - 1] = word;
	if (++p->n_words >= LF_LICENSE_RUN)
		lf_vec_push(p, mix(hash_bytes(2166136261u, w->last, sizeof(w->last))) >>
				       (32 - LF_LICENSE_BITS));
}

static const char *const all_rights[] = {"all", "rights", "reserved"};

static void add_held(struct words *w)
{
	unsigned held = w->reserved;

	w->reserved = 0;
	for (unsigned i = 0; i < held; i++)
		add_hash(w, hash_bytes(2166136261u, all_rights[i], strlen(all_rights[i])));
}

/* One spelling of each word. */
static struct lf_str normal(struct lf_str word)
{
	static const char *const same[][2] = {
		{"licence", "license"},
		{"licences", "licenses"},
		{"licenced", "licensed"},
		{"licencing", "licensing"},
		{"organisation", "organization"},
		{"https", "http"},
		{"c", ""},
	};

	for (size_t i = 0; i < LF_ARRAY_LEN(same); i++)
		if (lf_str_is(word, same[i][0]))
			return lf_str(same[i][1]);
	return word;
}

static void add_word(struct words *w, struct lf_str word)
{
	if (lf_str_is(word, all_rights[w->reserved])) {
		if (++w->reserved == LF_ARRAY_LEN(all_rights))
			w->reserved = 0;
		return;
	}
	add_held(w);
	word = normal(word);
	if (word.n)
		add_hash(w, hash_bytes(2166136261u, word.p, word.n));
}

/* ---- lines ---- */

static bool starts_word(struct lf_str s, const char *word)
{
	size_t n = strlen(word);

	if (s.n < n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (lower(s.p[i]) != word[i])
			return false;
	return true;
}

static struct lf_str skip_any(struct lf_str s, const char *chars)
{
	while (s.n && *s.p && strchr(chars, *s.p))
		s = lf_str_sub(s, 1, s.n);
	return s;
}

/* "Copyright (c) 2001 Somebody", not "copyright notice and this permission notice". */
static bool is_notice(struct lf_str s)
{
	static const char *const signs[] = {"(c)", "\xc2\xa9", "<",    "[",
					    "{",   "by ",      "yyyy", "year"};

	if (starts_word(s, "(c)") || starts_word(s, "\xc2\xa9"))
		return true;
	if (!starts_word(s, "copyright"))
		return false;
	s = skip_any(lf_str_sub(s, strlen("copyright"), s.n), " \t:");
	for (size_t i = 0; i < LF_ARRAY_LEN(signs); i++)
		if (starts_word(s, signs[i]))
			return true;
	return s.n && is_digit(*s.p);
}

/* Without "1. ", "(a) ", "iv) ", "2.1 " in front. */
static struct lf_str skip_number(struct lf_str s)
{
	struct lf_str at = s;
	size_t n = 0;

	if (at.n && *at.p == '(')
		at = lf_str_sub(at, 1, at.n);
	while (n < at.n && n < 5 && (is_word_char(at.p[n]) || (n && at.p[n] == '.')))
		n++;
	if (!n || n == at.n)
		return s;
	if (at.p[n] == ')' && n + 1 < at.n && (at.p[n + 1] == ' ' || at.p[n + 1] == '\t'))
		return lf_str_sub(at, n + 1, at.n);
	if ((at.p[n] == ' ' || at.p[n] == '\t') && (at.p[n - 1] == '.' || is_digit(at.p[0])))
		return lf_str_sub(at, n, at.n);
	return s;
}

/* How long a placeholder or tag at the beginning is; 0: there is none. */
static size_t bracket(struct lf_str s)
{
	for (size_t i = 1; i < s.n && i < MAX_BRACKET; i++)
		if (s.p[i] == '>')
			return i + 1;
	return 0;
}

static void add_line(struct words *w, struct lf_str s)
{
	char word[MAX_WORD];
	size_t n = 0;

	for (size_t i = 0; i <= s.n; i++) {
		if (i < s.n && is_word_char(s.p[i])) {
			if (n < sizeof(word))
				word[n++] = lower(s.p[i]);
			continue;
		}
		if (n)
			add_word(w, (struct lf_str){word, n});
		n = 0;
		if (i < s.n && s.p[i] == '<') {
			size_t skip = bracket(lf_str_sub(s, i, s.n));
			i += skip ? skip - 1 : 0;
		}
	}
}

void lf_license_pieces(struct lf_license_pieces *ret, struct lf_str text)
{
	struct words w = {.out = ret};
	struct lf_str line;

	*ret = (struct lf_license_pieces){0};
	while (lf_str_line(&text, &line)) {
		line = skip_any(line, " \t\f\r*#/;|>\"'-.");
		if (!is_notice(line))
			add_line(&w, skip_number(line));
	}
	add_held(&w);
}

void lf_license_pieces_fini(struct lf_license_pieces *p)
{
	lf_vec_fini(p);
}
