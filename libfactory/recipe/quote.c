/*
 * Quoting of text for conditions and messages: text comes in, a Go string literal goes out. Which
 * code points print is Unicode's business; the table holds the blanks, formats, private and
 * non-characters, and lets unassigned ones pass.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "recipe/quote.h"

#include "base/banned.h"

/* Decodes one code point; 0 bytes used means that the bytes are not UTF-8. */
static size_t decode_utf8(struct lf_str s, uint32_t *ret)
{
	const unsigned char *p = (const unsigned char *)s.p;
	size_t len = p[0] < 0x80   ? 1
		     : p[0] < 0xc2 ? 0
		     : p[0] < 0xe0 ? 2
		     : p[0] < 0xf0 ? 3
		     : p[0] < 0xf5 ? 4
				   : 0;
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	static const unsigned char mask[] = {0, 0x7f, 0x1f, 0x0f, 0x07};

	if (!len || len > s.n)
		return 0;
	uint32_t c = p[0] & mask[len];
	for (size_t i = 1; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3f);
	}
	if (c < least[len] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		return 0;
	*ret = c;
	return len;
}

static bool prints(uint32_t c)
{
	static const struct {
		uint32_t first, last;
	} hidden[] = {
		{0x00, 0x1f},       {0x7f, 0xa0},        {0xad, 0xad},     {0x1680, 0x1680},
		{0x2000, 0x200f},   {0x2028, 0x202f},    {0x205f, 0x206f}, {0x3000, 0x3000},
		{0xd800, 0xf8ff},   {0xfeff, 0xfeff},    {0xfff0, 0xfffb}, {0xfffe, 0xffff},
		{0xe0000, 0xe00ff}, {0xe01f0, 0x10ffff},
	};

	for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++) {
		if (c >= hidden[i].first && c <= hidden[i].last)
			return false;
	}
	return true;
}

static void quote_one(struct lf_buf *out, struct lf_str s, size_t len, uint32_t c)
{
	static const char named[] = "a\ab\bf\fn\nr\rt\tv\v";

	if (c == '"' || c == '\\') {
		lf_buf_printf(out, "\\%c", (char)c);
		return;
	}
	if (prints(c)) {
		lf_buf_add(out, s.p, len);
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

void lf_quote(struct lf_buf *out, struct lf_str s)
{
	lf_buf_putc(out, '"');
	while (s.n) {
		uint32_t c = 0;
		size_t len = decode_utf8(s, &c);

		if (!len) {
			lf_buf_printf(out, "\\x%02x", (unsigned)(unsigned char)s.p[0]);
			len = 1;
		} else {
			quote_one(out, s, len, c);
		}
		s = lf_str_sub(s, len, s.n);
	}
	lf_buf_putc(out, '"');
}
