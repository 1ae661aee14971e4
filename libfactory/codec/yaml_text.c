/*
 * Which text the YAML reader takes at all, as Go's: valid UTF-8 without control characters.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "codec/yaml_text.h"
#include "codec/utf8.h"

#include "base/banned.h"

static bool fail_text(struct lf_err *err, const char *file, unsigned line, unsigned column,
		      const char *what)
{
	return lf_fail_new(err, LF_E_CONFIG, "%s:%u:%u: %s", file, line, column, what);
}

static bool is_allowed(uint32_t c)
{
	if (c < 0x20)
		return c == '\t' || c == '\n' || c == '\r';
	return c != 0x7f && (c < 0x80 || c > 0x9f || c == 0x85) && c != 0xfeff && c != 0xfffe &&
	       c != 0xffff;
}

/* How much of the text is printable ASCII: nearly all of it, so this is the fast way through. */
static size_t printable(struct lf_str text)
{
	size_t n = 0;

	while (n < text.n && text.p[n] >= 0x20 && text.p[n] < 0x7f)
		n++;
	return n;
}

bool lf_yaml_check_text(struct lf_str text, const char *file, struct lf_err *err)
{
	unsigned line = 1, column = 1;

	while (text.n) {
		size_t plain = printable(text);
		uint32_t c;

		column += (unsigned)plain;
		text = lf_str_sub(text, plain, text.n);
		if (!text.n)
			break;
		if (!lf_utf8_next(&text, &c))
			return fail_text(err, file, line, column, "invalid UTF-8 text");
		if (!is_allowed(c))
			return fail_text(err, file, line, column,
					 "control characters are not allowed");
		column = c == '\n' ? 1 : column + 1;
		line += c == '\n';
	}
	return true;
}
