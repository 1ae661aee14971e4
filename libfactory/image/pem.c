/*
 * PEM blocks: see pem.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image/pem.h"

#include "trust/digest.h"
#include "base/banned.h"

#define LINE 64

/* The body between two marker lines, without blanks, decoded. */
static bool decode(struct lf_str body, struct lf_buf *der)
{
	lf_auto_buf text = {0};
	size_t n;

	for (size_t i = 0; i < body.n; i++)
		if (!strchr(" \t\r\n", body.p[i]) || !body.p[i])
			lf_buf_putc(&text, body.p[i]);
	lf_buf_reserve(der, text.n);
	if (!lf_unbase64(lf_buf_view(&text), (uint8_t *)der->p + der->n, text.n, &n))
		return false;
	der->n += n;
	return true;
}

/* The next line that begins with marker: what follows it up to the dashes. */
static bool find_marker(struct lf_str *text, const char *marker, struct lf_str *ret_label,
			struct lf_str *ret_before)
{
	const char *start = text->p;
	struct lf_str line;

	while (lf_str_line(text, &line)) {
		const char *at = line.p;

		line = lf_str_trim(line);
		if (!lf_str_skip(&line, marker) || !lf_str_ends(line, "-----"))
			continue;
		*ret_label = lf_str_sub(line, 0, line.n - 5);
		*ret_before = (struct lf_str){start, (size_t)(at - start)};
		return true;
	}
	return false;
}

bool lf_pem_next(struct lf_str *text, struct lf_str *ret_label, struct lf_buf *der)
{
	struct lf_str label, end, body, skipped;

	while (text->n && find_marker(text, "-----BEGIN ", &label, &skipped)) {
		struct lf_str rest = *text;

		if (!find_marker(&rest, "-----END ", &end, &body) || !lf_str_eq(label, end) ||
		    !decode(body, der))
			continue;
		*text = rest;
		*ret_label = label;
		return true;
	}
	return false;
}

void lf_pem_print(struct lf_buf *out, const char *label, struct lf_str der)
{
	lf_auto_buf text = {0};

	lf_base64(&text, der.p, der.n);
	lf_buf_printf(out, "-----BEGIN %s-----\n", label);
	for (size_t i = 0; i < text.n; i += LINE) {
		lf_buf_str(out, lf_str_sub(lf_buf_view(&text), i, i + LINE));
		lf_buf_putc(out, '\n');
	}
	lf_buf_printf(out, "-----END %s-----\n", label);
}
