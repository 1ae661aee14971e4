/*
 * Lines of a child's output: complete ones are reported as views into the bytes read, the rest is
 * kept until its newline comes. A line beyond the maximum is reported in pieces.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "base/lines.h"

#include "base/banned.h"

static void report(struct lf_lines *l, struct lf_str line)
{
	l->line(l->data, l->stream, line);
}

static void keep(struct lf_lines *l, struct lf_str bytes)
{
	while (l->part.n + bytes.n > LF_LINE_MAX) {
		size_t n = LF_LINE_MAX - l->part.n;

		lf_buf_str(&l->part, lf_str_sub(bytes, 0, n));
		bytes = lf_str_sub(bytes, n, bytes.n);
		report(l, lf_buf_view(&l->part));
		lf_buf_clear(&l->part);
	}
	lf_buf_str(&l->part, bytes);
}

void lf_lines_feed(struct lf_lines *l, struct lf_str bytes)
{
	if (l->raw)
		lf_buf_str(l->raw, bytes);
	if (!l->line)
		return;
	while (bytes.n > 0) {
		ptrdiff_t at = lf_str_find(bytes, '\n');

		if (at < 0) {
			keep(l, bytes);
			return;
		}
		if (l->part.n == 0 && (size_t)at <= LF_LINE_MAX) {
			report(l, lf_str_sub(bytes, 0, (size_t)at));
		} else {
			keep(l, lf_str_sub(bytes, 0, (size_t)at));
			report(l, lf_buf_view(&l->part));
			lf_buf_clear(&l->part);
		}
		bytes = lf_str_sub(bytes, (size_t)at + 1, bytes.n);
	}
}

void lf_lines_end(struct lf_lines *l)
{
	if (l->line && l->part.n > 0)
		report(l, lf_buf_view(&l->part));
	lf_buf_fini(&l->part);
}
