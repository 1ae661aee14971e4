/*
 * Package URLs and SPDX identifiers, escaped as upstream does. Pure printing. docs/formats/sbom.md.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "sbom/purl.h"

#include "codec/utf8.h"

#include "base/banned.h"

static bool is_alnum(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static void escape(struct lf_buf *out, struct lf_str s, const char *keep)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (is_alnum(c) || (c && strchr(keep, c)))
			lf_buf_putc(out, (char)c);
		else
			lf_buf_printf(out, "%%%02X", c);
	}
}

static void escape_part(struct lf_buf *out, const char *s)
{
	escape(out, lf_str(s), "-._~:");
}

/* Empty parts of a namespace are dropped. */
static void print_namespace(struct lf_buf *out, const char *namespace)
{
	struct lf_str rest = lf_str(namespace), part;

	while (rest.p) {
		part = lf_str_cut(&rest, '/');
		if (part.n) {
			lf_buf_putc(out, '/');
			escape(out, part, "-._~:");
		}
	}
}

static void print_qualifiers(struct lf_buf *out, const struct lf_purl *p)
{
	char before = '?';

	for (size_t i = 0; i < p->n_qualifiers; i++) {
		const struct lf_purl_qualifier *q = &p->qualifier[i];

		if (!q->value || !*q->value)
			continue;
		lf_buf_printf(out, "%c%s=", before, q->key);
		escape_part(out, q->value);
		before = '&';
	}
}

void lf_purl_print(struct lf_buf *out, const struct lf_purl *p)
{
	lf_buf_puts(out, "pkg:");
	lf_buf_puts(out, p->type);
	print_namespace(out, p->namespace ? p->namespace : "");
	lf_buf_putc(out, '/');
	escape_part(out, p->name);
	if (p->version && *p->version) {
		lf_buf_putc(out, '@');
		escape_part(out, p->version);
	}
	print_qualifiers(out, p);
	if (p->subpath && *p->subpath) {
		lf_buf_putc(out, '#');
		escape(out, lf_str(p->subpath), "-._~/:@!$&'()*+,;=?");
	}
}

void lf_spdx_id(struct lf_buf *out, const char *text, bool slash_too)
{
	struct lf_str rest = lf_str(text);
	uint32_t c;

	while (rest.n) {
		if (!lf_utf8_next(&rest, &c))
			c = 0xfffd;
		if (c < 0x80 && (is_alnum((unsigned char)c) || c == '-' || c == '.'))
			lf_buf_putc(out, (char)c);
		else if (c == ':' || (slash_too && c == '/'))
			lf_buf_putc(out, '-');
		else
			lf_buf_printf(out, "C%u", c);
	}
}
