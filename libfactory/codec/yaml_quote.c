/*
 * Single-quoted YAML text: doubled quotes, and lines folded as the specification says (7.4, flow
 * folding).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "codec/yaml_text.h"

#include "base/buf.h"

#include "base/banned.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* The next line without its break, "\n", "\r" or "\r\n"; *ret_more whether there was one. */
static struct lf_str cut_line(struct lf_str *s, bool *ret_more)
{
	struct lf_str line = *s;
	size_t n = 0;

	while (n < s->n && s->p[n] != '\n' && s->p[n] != '\r')
		n++;
	line.n = n;
	*ret_more = n < s->n;
	if (*ret_more && s->p[n] == '\r' && n + 1 < s->n && s->p[n + 1] == '\n')
		n++;
	*s = lf_str_sub(*s, n + *ret_more, s->n);
	return line;
}

static void add_unquoted(struct lf_buf *out, struct lf_str s)
{
	for (size_t i = 0; i < s.n; i++) {
		lf_buf_putc(out, s.p[i]);
		if (s.p[i] == '\'' && i + 1 < s.n && s.p[i + 1] == '\'')
			i++;
	}
}

struct lf_str lf_yaml_unquote(struct lf_str raw, struct lf_arena *arena)
{
	lf_auto_buf out = {0};
	bool more, first = true;
	size_t breaks = 0;

	do {
		struct lf_str line = cut_line(&raw, &more);

		while (!first && line.n && is_blank(*line.p))
			line = lf_str_sub(line, 1, line.n);
		while (more && line.n && is_blank(line.p[line.n - 1]))
			line.n--;
		if (!first && (line.n || !more)) {
			if (breaks == 1)
				lf_buf_putc(&out, ' ');
			else
				lf_buf_fill(&out, '\n', breaks - 1);
			breaks = 0;
		}
		add_unquoted(&out, line);
		breaks++;
		first = false;
	} while (more);
	return (struct lf_str){lf_arena_str(arena, lf_buf_view(&out)), out.n};
}
