/*
 * Text as a view: pointer and length, passed by value, never owned, not NUL-terminated. Parsers cut
 * views from a view; nothing is copied. Byte order is that of memcmp, never the locale's.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct lf_str {
	const char *p;
	size_t n;
};

#define LF_STR(literal) ((struct lf_str){(literal), sizeof(literal) - 1})
#define LF_STR_FMT      "%.*s"
#define LF_STR_ARG(s)   (int)(s).n, (s).p

static inline struct lf_str lf_str(const char *s)
{
	return (struct lf_str){s ? s : "", s ? strlen(s) : 0};
}

bool lf_str_eq(struct lf_str a, struct lf_str b);
bool lf_str_is(struct lf_str a, const char *b);
int lf_str_cmp(struct lf_str a, struct lf_str b);
bool lf_str_starts(struct lf_str s, const char *prefix);
bool lf_str_ends(struct lf_str s, const char *suffix);
bool lf_starts(const char *s, const char *prefix);
bool lf_ends(const char *s, const char *suffix);

/* For tables in memory; nothing that leaves the program may depend on it. */
uint64_t lf_str_hash(struct lf_str s, uint64_t seed);

/* Drops prefix from the front of *s if it is there. */
bool lf_str_skip(struct lf_str *s, const char *prefix);

/* Without blanks (space, tab, CR, LF, VT, FF) at either end. */
struct lf_str lf_str_trim(struct lf_str s);

/* Cuts *s at the first sep: returns the part before it, *s becomes the part behind it (empty, and
 * s->p NULL, when there was no sep: so a loop "while (s.p)" sees an empty last part). */
struct lf_str lf_str_cut(struct lf_str *s, char sep);
/* The next line without its newline. False at the end; a last line without newline counts. */
bool lf_str_line(struct lf_str *s, struct lf_str *ret_line);
/* The next word between blanks. */
bool lf_str_word(struct lf_str *s, struct lf_str *ret_word);

/* Index of the first c, or -1. */
ptrdiff_t lf_str_find(struct lf_str s, char c);
ptrdiff_t lf_str_rfind(struct lf_str s, char c);
/* Index of the first occurrence of needle, or -1. */
ptrdiff_t lf_str_search(struct lf_str s, struct lf_str needle);
struct lf_str lf_str_sub(struct lf_str s, size_t from, size_t to); /* clamped */

/* Whole text as a number; false on anything else, overflow included. base 8, 10 or 16. */
bool lf_str_u64(struct lf_str s, unsigned base, uint64_t *ret);
bool lf_str_i64(struct lf_str s, int64_t *ret); /* optional sign, decimal */

/* Lower-case hex of n bytes into out (2n + 1 bytes). */
void lf_hex(const void *bytes, size_t n, char *out);
/* False unless s is exactly 2n hex digits. */
bool lf_unhex(struct lf_str s, void *out, size_t n);

/* Last path component ("a/b/" has "b", "" has "."), and everything before it ("." when none), as
 * Go's path.Base and path.Dir for clean paths. Views into path. */
struct lf_str lf_path_base(struct lf_str path);
struct lf_str lf_path_dir(struct lf_str path);
