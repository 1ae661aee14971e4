/*
 * Text views: comparing, cutting, searching, numbers and hex. All of it is plain ASCII work on
 * bytes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "base/str.h"

#include "base/banned.h"

bool lf_str_eq(struct lf_str a, struct lf_str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool lf_str_is(struct lf_str a, const char *b)
{
	return lf_str_eq(a, lf_str(b));
}

int lf_str_cmp(struct lf_str a, struct lf_str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int order = n ? memcmp(a.p, b.p, n) : 0;

	return order ? order : (a.n > b.n) - (a.n < b.n);
}

/* Eight bytes at a time: multiply, fold the halves. */
static uint64_t mix(uint64_t h, uint64_t word)
{
	const unsigned __int128 wide = (unsigned __int128)(h ^ word) * 0x9e3779b97f4a7c15u;

	return (uint64_t)wide ^ (uint64_t)(wide >> 64);
}

uint64_t lf_str_hash(struct lf_str s, uint64_t seed)
{
	uint64_t h = mix(0xcbf29ce484222325u ^ s.n, seed), word;

	for (; s.n >= sizeof(word); s.p += sizeof(word), s.n -= sizeof(word)) {
		memcpy(&word, s.p, sizeof(word));
		h = mix(h, word);
	}
	word = 0;
	if (s.n)
		memcpy(&word, s.p, s.n);
	return mix(mix(h, word), 0xff51afd7ed558ccdu);
}

bool lf_str_starts(struct lf_str s, const char *prefix)
{
	size_t n = strlen(prefix);

	return s.n >= n && (n == 0 || memcmp(s.p, prefix, n) == 0);
}

bool lf_str_ends(struct lf_str s, const char *suffix)
{
	size_t n = strlen(suffix);

	return s.n >= n && (n == 0 || memcmp(s.p + s.n - n, suffix, n) == 0);
}

bool lf_starts(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

bool lf_ends(const char *s, const char *suffix)
{
	return lf_str_ends(lf_str(s), suffix);
}

bool lf_str_skip(struct lf_str *s, const char *prefix)
{
	size_t n = strlen(prefix);

	if (!lf_str_starts(*s, prefix))
		return false;
	*s = lf_str_sub(*s, n, s->n);
	return true;
}

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct lf_str lf_str_trim(struct lf_str s)
{
	size_t from = 0;

	while (from < s.n && is_blank(s.p[from]))
		from++;
	while (s.n > from && is_blank(s.p[s.n - 1]))
		s.n--;
	return lf_str_sub(s, from, s.n);
}

struct lf_str lf_str_cut(struct lf_str *s, char sep)
{
	ptrdiff_t at = lf_str_find(*s, sep);
	struct lf_str part = *s;

	if (at < 0) {
		*s = (struct lf_str){NULL, 0};
		return part;
	}
	part.n = (size_t)at;
	*s = (struct lf_str){s->p + at + 1, s->n - (size_t)at - 1};
	return part;
}

bool lf_str_line(struct lf_str *s, struct lf_str *ret_line)
{
	if (s->n == 0)
		return false;
	*ret_line = lf_str_cut(s, '\n');
	return true;
}

bool lf_str_word(struct lf_str *s, struct lf_str *ret_word)
{
	size_t from = 0, to;

	while (from < s->n && is_blank(s->p[from]))
		from++;
	for (to = from; to < s->n && !is_blank(s->p[to]);)
		to++;
	if (from == to)
		return false;
	*ret_word = lf_str_sub(*s, from, to);
	*s = lf_str_sub(*s, to, s->n);
	return true;
}

ptrdiff_t lf_str_find(struct lf_str s, char c)
{
	const char *at = s.n ? memchr(s.p, c, s.n) : NULL;

	return at ? at - s.p : -1;
}

ptrdiff_t lf_str_rfind(struct lf_str s, char c)
{
	size_t i = s.n;

	while (i > 0 && s.p[i - 1] != c)
		i--;
	return (ptrdiff_t)i - 1;
}

ptrdiff_t lf_str_search(struct lf_str s, struct lf_str needle)
{
	const char *at;

	if (needle.n == 0)
		return 0;
	at = s.n ? memmem(s.p, s.n, needle.p, needle.n) : NULL;
	return at ? at - s.p : -1;
}

struct lf_str lf_str_sub(struct lf_str s, size_t from, size_t to)
{
	if (to > s.n)
		to = s.n;
	if (from > to)
		from = to;
	return (struct lf_str){s.p ? s.p + from : NULL, to - from};
}

/* A hex digit's value; more than any base for what is none. */
static int digit(char c)
{
	static const uint8_t value_and_one[256] = {
		['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,
		['6'] = 7,  ['7'] = 8,  ['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12,
		['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16, ['A'] = 11, ['B'] = 12,
		['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16,
	};
	const int found = value_and_one[(uint8_t)c];

	return found ? found - 1 : 99;
}

bool lf_str_u64(struct lf_str s, unsigned base, uint64_t *ret)
{
	uint64_t value = 0;

	if (s.n == 0)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		const unsigned d = (unsigned)digit(s.p[i]);

		if (d >= base || __builtin_mul_overflow(value, (uint64_t)base, &value) ||
		    __builtin_add_overflow(value, (uint64_t)d, &value))
			return false;
	}
	*ret = value;
	return true;
}

bool lf_str_i64(struct lf_str s, int64_t *ret)
{
	bool negative = lf_str_starts(s, "-");
	uint64_t value, limit = (uint64_t)INT64_MAX + (negative ? 1 : 0);

	if (negative || lf_str_starts(s, "+"))
		s = lf_str_sub(s, 1, s.n);
	if (!lf_str_u64(s, 10, &value) || value > limit)
		return false;
	*ret = negative ? (int64_t)(0 - value) : (int64_t)value;
	return true;
}

void lf_hex(const void *bytes, size_t n, char *out)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *p = bytes;

	for (size_t i = 0; i < n; i++) {
		out[2 * i] = digits[p[i] >> 4];
		out[2 * i + 1] = digits[p[i] & 15];
	}
	out[2 * n] = '\0';
}

bool lf_unhex(struct lf_str s, void *out, size_t n)
{
	unsigned char *p = out;

	if (s.n % 2 != 0 || s.n / 2 != n)
		return false;
	for (size_t i = 0; i < n; i++) {
		const int high = digit(s.p[2 * i]), low = digit(s.p[2 * i + 1]);

		if ((high | low) > 15)
			return false;
		p[i] = (unsigned char)(high << 4 | low);
	}
	return true;
}

struct lf_str lf_path_base(struct lf_str path)
{
	ptrdiff_t at;

	if (path.n == 0)
		return LF_STR(".");
	while (path.n > 0 && path.p[path.n - 1] == '/')
		path.n--;
	if (path.n == 0)
		return LF_STR("/");
	at = lf_str_rfind(path, '/');
	return lf_str_sub(path, (size_t)(at + 1), path.n);
}

struct lf_str lf_path_dir(struct lf_str path)
{
	ptrdiff_t at = lf_str_rfind(path, '/');

	if (at < 0)
		return LF_STR(".");
	path.n = (size_t)at;
	while (path.n > 0 && path.p[path.n - 1] == '/')
		path.n--;
	return path.n ? path : LF_STR("/");
}
