/*
 * Literals of Go: text comes in, a literal goes out, and back. Which code points print is Unicode's
 * business; see lf_rune_prints for how far it is followed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "codec/go_text.h"

#include "base/mem.h"
#include "codec/utf8.h"

#include "base/banned.h"

bool lf_rune_prints(uint32_t c)
{
	static const struct {
		uint32_t first, last;
	} hidden[] = {
		{0x00, 0x1f},       {0x7f, 0xa0},        {0xad, 0xad},     {0x1680, 0x1680},
		{0x2000, 0x200f},   {0x2028, 0x202f},    {0x205f, 0x206f}, {0x3000, 0x3000},
		{0xd800, 0xf8ff},   {0xfeff, 0xfeff},    {0xfff0, 0xfffb}, {0xfffe, 0xffff},
		{0xe0000, 0xe00ff}, {0xe01f0, 0x10ffff},
	};

	for (size_t i = 0; i < LF_ARRAY_LEN(hidden); i++) {
		if (c >= hidden[i].first && c <= hidden[i].last)
			return false;
	}
	return true;
}

void lf_rune_put(struct lf_buf *out, uint32_t c)
{
	if (c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		c = 0xfffd;
	if (c < 0x80) {
		lf_buf_putc(out, (char)c);
	} else if (c < 0x800) {
		lf_buf_putc(out, (char)(0xc0 | c >> 6));
		lf_buf_putc(out, (char)(0x80 | (c & 0x3f)));
	} else if (c < 0x10000) {
		lf_buf_putc(out, (char)(0xe0 | c >> 12));
		lf_buf_putc(out, (char)(0x80 | (c >> 6 & 0x3f)));
		lf_buf_putc(out, (char)(0x80 | (c & 0x3f)));
	} else {
		lf_buf_putc(out, (char)(0xf0 | c >> 18));
		lf_buf_putc(out, (char)(0x80 | (c >> 12 & 0x3f)));
		lf_buf_putc(out, (char)(0x80 | (c >> 6 & 0x3f)));
		lf_buf_putc(out, (char)(0x80 | (c & 0x3f)));
	}
}

/* ---- quoting ---- */

/* Pairs of the letter behind the backslash and the character. */
static const char named[] = "a\ab\bf\fn\nr\rt\tv\v";

static void quote_one(struct lf_buf *out, uint32_t c, char quote, bool ascii)
{
	if (c == (uint32_t)quote || c == '\\') {
		lf_buf_printf(out, "\\%c", (char)c);
		return;
	}
	if (lf_rune_prints(c) && !(ascii && c >= 0x80)) {
		lf_rune_put(out, c);
		return;
	}
	for (const char *e = named; c < 0x80 && *e; e += 2) {
		if ((uint32_t)e[1] == c) {
			lf_buf_printf(out, "\\%c", e[0]);
			return;
		}
	}
	if (c < 0x80)
		lf_buf_printf(out, "\\x%02x", (unsigned)c);
	else if (c < 0x10000)
		lf_buf_printf(out, "\\u%04x", (unsigned)c);
	else
		lf_buf_printf(out, "\\U%08x", (unsigned)c);
}

static void quote(struct lf_buf *out, struct lf_str s, bool ascii)
{
	lf_buf_putc(out, '"');
	while (s.n) {
		unsigned char first = (unsigned char)s.p[0];
		uint32_t c = 0;

		if (lf_utf8_next(&s, &c))
			quote_one(out, c, '"', ascii);
		else
			lf_buf_printf(out, "\\x%02x", (unsigned)first);
	}
	lf_buf_putc(out, '"');
}

void lf_quote(struct lf_buf *out, struct lf_str s)
{
	quote(out, s, false);
}

void lf_quote_ascii(struct lf_buf *out, struct lf_str s)
{
	quote(out, s, true);
}

void lf_quote_rune(struct lf_buf *out, uint32_t c, bool ascii)
{
	if (c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		c = 0xfffd;
	lf_buf_putc(out, '\'');
	quote_one(out, c, '\'', ascii);
	lf_buf_putc(out, '\'');
}

/* ---- unquoting ---- */

/* n digits of this base at the front of *s. */
static bool take_digits(struct lf_str *s, size_t n, unsigned base, uint32_t *ret)
{
	uint64_t value;

	if (s->n < n || !lf_str_u64(lf_str_sub(*s, 0, n), base, &value) || value > UINT32_MAX)
		return false;
	*s = lf_str_sub(*s, n, s->n);
	*ret = (uint32_t)value;
	return true;
}

static bool take_code(struct lf_buf *out, struct lf_str *s, size_t digits)
{
	uint32_t c;

	if (!take_digits(s, digits, 16, &c) || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		return false;
	lf_rune_put(out, c);
	return true;
}

static bool take_byte(struct lf_buf *out, struct lf_str *s, size_t digits, unsigned base)
{
	uint32_t c;

	if (!take_digits(s, digits, base, &c) || c > 0xff)
		return false;
	lf_buf_putc(out, (char)c);
	return true;
}

/* What stands behind a backslash. */
static bool take_escape(struct lf_buf *out, struct lf_str *s, char quote)
{
	if (!s->n)
		return false;
	char c = s->p[0];
	if (c >= '0' && c <= '7')
		return take_byte(out, s, 3, 8);
	*s = lf_str_sub(*s, 1, s->n);
	if (c == 'x')
		return take_byte(out, s, 2, 16);
	if (c == 'u')
		return take_code(out, s, 4);
	if (c == 'U')
		return take_code(out, s, 8);
	if (c == '\\' || c == quote) {
		lf_buf_putc(out, c);
		return true;
	}
	for (const char *e = named; *e; e += 2) {
		if (e[0] == c) {
			lf_buf_putc(out, e[1]);
			return true;
		}
	}
	return false;
}

static bool unquote_raw(struct lf_buf *out, struct lf_str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '`')
			return false;
		if (s.p[i] != '\r') /* Go drops them from raw literals */
			lf_buf_putc(out, s.p[i]);
	}
	return true;
}

bool lf_unquote(struct lf_buf *out, struct lf_str literal)
{
	char q = literal.n >= 2 ? literal.p[0] : 0;
	struct lf_str s = lf_str_sub(literal, 1, literal.n - (literal.n > 0));

	if ((q != '"' && q != '`' && q != '\'') || literal.p[literal.n - 1] != q)
		return false;
	if (q == '`')
		return unquote_raw(out, s);
	while (s.n) {
		char c = s.p[0];

		if (c == q || c == '\n')
			return false;
		s = lf_str_sub(s, 1, s.n);
		if (c != '\\')
			lf_buf_putc(out, c);
		else if (!take_escape(out, &s, q))
			return false;
	}
	return true;
}
