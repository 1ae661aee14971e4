/*
 * Bytes of unknown origin → text that can do nothing to a terminal or a log: see foreign.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "net/foreign.h"

#include "codec/utf8.h"
#include "base/banned.h"

/* C0, DEL, C1, and what turns the direction of text around. */
static bool is_harmless(uint32_t c)
{
	return c >= 0x20 && (c < 0x7f || c > 0x9f) && !(c >= 0x200b && c <= 0x200f) &&
	       !(c >= 0x2028 && c <= 0x202e) && !(c >= 0x2066 && c <= 0x2069) && c != 0xfeff;
}

void lf_foreign_print(struct lf_buf *out, struct lf_str s, size_t max)
{
	const size_t start = out->n;
	bool blank = false;

	for (s = lf_str_trim(s); s.n;) {
		const struct lf_str before = s;
		uint32_t c;
		const bool valid = lf_utf8_next(&s, &c);
		const size_t n = valid ? before.n - s.n : 1;

		if (out->n - start + n + 1 > max) {
			lf_buf_puts(out, "...");
			return;
		}
		if (valid && (c == '\n' || c == '\r' || c == '\t' || c == ' ')) {
			blank = true;
			continue;
		}
		if (blank)
			lf_buf_putc(out, ' ');
		blank = false;
		if (valid && is_harmless(c))
			lf_buf_add(out, before.p, n);
		else
			lf_buf_putc(out, '?');
	}
}
