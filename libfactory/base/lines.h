/*
 * Cuts a stream of bytes into lines for the callbacks of proc.h. Private to base.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "base/buf.h"
#include "base/proc.h"

#define LF_LINE_MAX ((size_t)64 << 10)

struct lf_lines {
	lf_line_fn *line;   /* may be NULL */
	struct lf_buf *raw; /* takes the bytes as they are; may be NULL */
	void *data;
	int stream;
	struct lf_buf part; /* the line that is not complete yet */
};

void lf_lines_feed(struct lf_lines *l, struct lf_str bytes);
/* Reports what is left as a last line. */
void lf_lines_end(struct lf_lines *l);
