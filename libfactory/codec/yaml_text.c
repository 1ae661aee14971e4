/*
 * Which text the YAML reader takes at all, as Go's: valid UTF-8 without control characters; and
 * scalars that are what their tags say.
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

/* What the text would mean without a tag and quotes. */
static const char *plain_meaning(const struct lf_yaml *n)
{
	struct lf_yaml plain = {.kind = LF_YAML_SCALAR, .text = n->text};

	if (lf_yaml_is_null(&plain))
		plain.kind = LF_YAML_NULL;
	return lf_yaml_tag(&plain);
}

static bool check_tag(const struct lf_yaml *n, struct lf_err *err)
{
	static const char *const typed[] = {"!!int", "!!float", "!!bool", "!!null", "!!timestamp"};
	const char *meaning = plain_meaning(n);

	if (!strcmp(n->tag, "!!float") && !strcmp(meaning, "!!int"))
		return true;
	for (size_t i = 0; i < sizeof(typed) / sizeof(*typed); i++) {
		if (!strcmp(n->tag, typed[i]) && strcmp(meaning, n->tag) != 0)
			return lf_fail_at(err, n, "cannot decode %s `%s` as a %s", meaning,
					  n->text.p, n->tag);
	}
	return true;
}

bool lf_yaml_check_scalar(const struct lf_yaml *n, struct lf_err *err)
{
	if (memchr(n->text.p, '\0', n->text.n))
		return lf_fail_at(err, n, "a NUL character cannot stand in a value");
	return !n->tag || check_tag(n, err);
}
