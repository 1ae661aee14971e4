/*
 * UTF-8 decoding as Go's unicode/utf8 does it: an invalid sequence is one byte long.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "codec/utf8.h"

#include "base/banned.h"

static size_t sequence_length(unsigned char first)
{
	if (first < 0x80)
		return 1;
	if (first < 0xc2)
		return 0;
	if (first < 0xe0)
		return 2;
	if (first < 0xf0)
		return 3;
	return first < 0xf5 ? 4 : 0;
}

static bool in_range(uint32_t c, size_t n)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};

	return c >= least[n] && c <= 0x10ffff && (c < 0xd800 || c > 0xdfff);
}

bool lf_utf8_next(struct lf_str *s, uint32_t *ret)
{
	const unsigned char *p = (const unsigned char *)s->p;
	size_t n = sequence_length(p[0]);
	uint32_t c = n < 2 ? p[0] : p[0] & (0x7fu >> n);
	bool ok = n && n <= s->n;

	for (size_t i = 1; ok && i < n; i++) {
		ok = (p[i] & 0xc0) == 0x80;
		c = c << 6 | (p[i] & 0x3f);
	}
	ok = ok && in_range(c, n);
	if (!ok)
		n = 1;
	s->p += n;
	s->n -= n;
	if (ok)
		*ret = c;
	return ok;
}

bool lf_utf8_valid(struct lf_str s)
{
	uint32_t c;

	while (s.n)
		if (!lf_utf8_next(&s, &c))
			return false;
	return true;
}
