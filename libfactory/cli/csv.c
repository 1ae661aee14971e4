/*
 * Comma-separated values as Go's encoding/csv reads them in its strict mode: quotes only around a
 * whole field, a doubled quote for one. Columns in errors count bytes from 1.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/csv.h"

#include "base/buf.h"
#include "base/banned.h"

struct csv {
	struct lf_arena *arena;
	struct lf_strv *list;
	struct lf_str rest; /* of the whole text */
	const char *line_start;
	unsigned start, line; /* line of the record, line of the reading position */
	struct lf_err *err;
};

static bool fail_at(struct csv *c, const char *at, const char *words)
{
	unsigned column = (unsigned)(at - c->line_start) + 1;

	if (c->start != c->line)
		return lf_fail_new(c->err, LF_E_USAGE,
				   "record on line %u; parse error on line %u, column %u: %s",
				   c->start, c->line, column, words);
	return lf_fail_new(c->err, LF_E_USAGE, "parse error on line %u, column %u: %s", c->line,
			   column, words);
}

static void add(struct csv *c, struct lf_str field)
{
	lf_strv_add(c->list, lf_arena_str(c->arena, field));
}

/* Length of the line at rest without its end. */
static size_t line_length(struct lf_str rest)
{
	ptrdiff_t n = lf_str_find(rest, '\n');

	if (n < 0)
		return rest.n;
	return n > 0 && rest.p[n - 1] == '\r' ? (size_t)n - 1 : (size_t)n;
}

/* True in *ret_more when a comma followed. */
static bool take_plain(struct csv *c, bool *ret_more)
{
	size_t end = line_length(c->rest);
	struct lf_str field = lf_str_sub(c->rest, 0, end);
	ptrdiff_t comma = lf_str_find(field, ','), quote;

	if (comma >= 0)
		field.n = (size_t)comma;
	quote = lf_str_find(field, '"');
	if (quote >= 0)
		return fail_at(c, field.p + quote, "bare \" in non-quoted-field");
	add(c, field);
	*ret_more = comma >= 0;
	c->rest = lf_str_sub(c->rest, field.n + (comma >= 0 ? 1 : 0), c->rest.n);
	return true;
}

static void take_newlines(struct csv *c, struct lf_str piece)
{
	for (size_t i = 0; i < piece.n; i++)
		if (piece.p[i] == '\n') {
			c->line++;
			c->line_start = piece.p + i + 1;
		}
}

/* rest stands behind the opening quote. */
static bool take_quoted(struct csv *c, bool *ret_more)
{
	static const char words[] = "extraneous or missing \" in quoted-field";
	lf_auto_buf field = {0};

	for (;;) {
		ptrdiff_t at = lf_str_find(c->rest, '"');
		struct lf_str piece = lf_str_sub(c->rest, 0, at < 0 ? c->rest.n : (size_t)at);

		take_newlines(c, piece);
		lf_buf_str(&field, piece);
		if (at < 0)
			return fail_at(c, c->rest.p + c->rest.n, words);
		c->rest = lf_str_sub(c->rest, (size_t)at + 1, c->rest.n);
		if (!lf_str_skip(&c->rest, "\""))
			break;
		lf_buf_putc(&field, '"');
	}
	*ret_more = lf_str_skip(&c->rest, ",");
	if (!*ret_more && line_length(c->rest) > 0)
		return fail_at(c, c->rest.p - 1, words);
	add(c, lf_buf_view(&field));
	return true;
}

bool lf_csv_parse(struct lf_arena *arena, const char *text, struct lf_strv *list,
		  struct lf_err *err)
{
	struct csv c = {.arena = arena, .list = list, .rest = lf_str(text), .line = 1, .err = err};
	bool more = true;

	if (text[0] == '\0')
		return true;
	while (lf_str_skip(&c.rest, "\n") || lf_str_skip(&c.rest, "\r\n"))
		c.line++;
	if (c.rest.n == 0)
		return lf_fail_new(err, LF_E_USAGE, "EOF");
	c.start = c.line;
	c.line_start = c.rest.p;
	while (more)
		if (!(lf_str_skip(&c.rest, "\"") ? take_quoted(&c, &more) : take_plain(&c, &more)))
			return false;
	return true;
}

static bool needs_quotes(struct lf_str s)
{
	if (lf_str_is(s, "\\."))
		return true;
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == ',' || s.p[i] == '"' || s.p[i] == '\n' || s.p[i] == '\r')
			return true;
	return s.n > 0 && (s.p[0] == ' ' || s.p[0] == '\t');
}

const char *lf_csv_print(struct lf_arena *arena, const struct lf_strv *list)
{
	lf_auto_buf out = {0};

	for (size_t i = 0; i < list->n; i++) {
		struct lf_str field = lf_str(list->v[i]);

		if (i > 0)
			lf_buf_putc(&out, ',');
		if (!needs_quotes(field)) {
			lf_buf_str(&out, field);
			continue;
		}
		lf_buf_putc(&out, '"');
		for (size_t k = 0; k < field.n; k++) {
			if (field.p[k] == '"')
				lf_buf_putc(&out, '"');
			lf_buf_putc(&out, field.p[k]);
		}
		lf_buf_putc(&out, '"');
	}
	return lf_arena_str(arena, lf_buf_view(&out));
}
