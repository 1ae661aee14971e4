/*
 * Text made safe for HTML, JavaScript and the query of a URL, as the functions html, js and
 * urlquery of templates do it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "codec/go_text.h"
#include "codec/template_impl.h"
#include "codec/utf8.h"

#include "base/banned.h"

void lf_escape_html(struct lf_buf *out, struct lf_str s)
{
	for (size_t i = 0; i < s.n; i++) {
		switch (s.p[i]) {
		case '\0':
			lf_rune_put(out, 0xfffd);
			break;
		case '"':
			lf_buf_puts(out, "&#34;");
			break;
		case '\'':
			lf_buf_puts(out, "&#39;");
			break;
		case '&':
			lf_buf_puts(out, "&amp;");
			break;
		case '<':
			lf_buf_puts(out, "&lt;");
			break;
		case '>':
			lf_buf_puts(out, "&gt;");
			break;
		default:
			lf_buf_putc(out, s.p[i]);
		}
	}
}

void lf_escape_js(struct lf_buf *out, struct lf_str s)
{
	while (s.n) {
		uint32_t c = 0xfffd;

		(void)lf_utf8_next(&s, &c);
		if (c == '\\' || c == '\'' || c == '"')
			lf_buf_printf(out, "\\%c", (char)c);
		else if (c < ' ' || c == '<' || c == '>' || c == '&' || c == '=' ||
			 (c >= 0x80 && !lf_rune_prints(c)))
			lf_buf_printf(out, "\\u%04X", (unsigned)c);
		else
			lf_rune_put(out, c);
	}
}

void lf_escape_query(struct lf_buf *out, struct lf_str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			     (c >= '0' && c <= '9') || (c && strchr("-_.~", c));

		if (c == ' ')
			lf_buf_putc(out, '+');
		else if (plain)
			lf_buf_putc(out, c);
		else
			lf_buf_printf(out, "%%%02X", (unsigned)(unsigned char)c);
	}
}
