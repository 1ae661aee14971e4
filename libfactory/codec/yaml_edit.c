/*
 * Edits of scalars, and putting all edits together: the old text and a list of splices come in, the
 * new text goes out, if it reads back as the tree that was meant.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "codec/yaml_edit.h"

#include <stdlib.h>

#include "codec/utf8.h"
#include "codec/yaml_style.h"

#include "base/banned.h"

bool lf_yaml_edit_open(struct lf_yaml_edit *e, struct lf_str text, const char *file,
		       struct lf_arena *arena, struct lf_err *err)
{
	*e = (struct lf_yaml_edit){.arena = arena, .file = file, .text = text};
	if (lf_str_starts(text, "\xef\xbb\xbf"))
		e->mark = 3;
	return lf_yaml_parse(text, file, arena, &e->root, err);
}

void lf_yaml_edit_fini(struct lf_yaml_edit *e)
{
	lf_vec_fini(&e->splices);
	*e = (struct lf_yaml_edit){0};
}

void lf_yaml_edit_splice(struct lf_yaml_edit *e, size_t from, size_t to, const char *text)
{
	lf_vec_push(&e->splices, ((struct lf_yaml_splice){from + e->mark, to + e->mark, text}));
}

/* ---- scalars ---- */

/* How the scalar is written now: '"', '\'' or 'p' for plain; 0 when that cannot be replaced. */
static char written_style(const struct lf_yaml_edit *e, const struct lf_yaml *n)
{
	struct lf_str raw = lf_str_sub(e->text, n->from + e->mark, n->to + e->mark);

	if (n->kind != LF_YAML_SCALAR || n->from >= n->to || raw.n != n->to - n->from)
		return 0;
	if (memchr(raw.p, '\n', raw.n) || memchr(raw.p, '\r', raw.n))
		return 0;
	if (raw.n >= 2 && (*raw.p == '"' || *raw.p == '\'') && raw.p[raw.n - 1] == *raw.p)
		return *raw.p;
	return lf_str_eq(raw, n->text) ? 'p' : 0;
}

static bool is_printable(struct lf_str s)
{
	while (s.n) {
		uint32_t c;

		if (!lf_utf8_next(&s, &c) || !lf_yaml_is_printable(c) || c == '\n')
			return false;
	}
	return true;
}

/* Plain text that means the same in brackets and out of them. */
static bool is_plain(struct lf_str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (strchr(",[]{}", s.p[i]))
			return false;
	return s.n && lf_yaml_style(s, false) == LF_YAML_PLAIN;
}

static void print_quoted(struct lf_buf *out, const char *value, char quote)
{
	lf_buf_putc(out, quote);
	for (const char *p = value; *p; p++) {
		if (*p == quote || (*p == '\\' && quote == '"'))
			lf_buf_putc(out, quote == '"' ? '\\' : '\'');
		lf_buf_putc(out, *p);
	}
	lf_buf_putc(out, quote);
}

bool lf_yaml_edit_set(struct lf_yaml_edit *e, struct lf_yaml *node, const char *value,
		      enum lf_yaml_edit_style style, struct lf_err *err)
{
	char quote = written_style(e, node);
	lf_auto_buf text = {0};

	if (lf_str_is(node->text, value) && node->kind == LF_YAML_SCALAR)
		return true;
	if (!quote)
		return lf_fail_at(err, node,
				  "cannot be edited: the value must be a text on one line");
	if (!is_printable(lf_str(value)))
		return lf_fail_at(err, node, "cannot be set to a text with control characters");
	if (style == LF_YAML_EDIT_QUOTED ||
	    (style == LF_YAML_EDIT_AS_WAS && quote == 'p' && !is_plain(lf_str(value))))
		quote = '"';
	if (quote == 'p')
		lf_buf_puts(&text, value);
	else
		print_quoted(&text, value, quote);
	lf_yaml_edit_splice(e, node->from, node->to, lf_arena_str(e->arena, lf_buf_view(&text)));
	node->text = lf_str(lf_arena_strdup(e->arena, value));
	if (!node->tag)
		node->quoted = quote != 'p';
	return true;
}

/* ---- all together ---- */

static int by_place(const void *a, const void *b)
{
	const struct lf_yaml_splice *x = a, *y = b;

	return x->from < y->from ? -1 : x->from > y->from;
}

static bool is_same(const struct lf_yaml *a, const struct lf_yaml *b)
{
	if (!a || !b)
		return a == b;
	if (a->kind != b->kind || a->quoted != b->quoted || a->n != b->n ||
	    !lf_str_eq(a->text, b->text) || strcmp(a->tag ? a->tag : "", b->tag ? b->tag : "") != 0)
		return false;
	for (size_t i = 0; i < a->n; i++) {
		if (a->kind == LF_YAML_MAP && !is_same(a->key[i], b->key[i]))
			return false;
		if (!is_same(a->item[i], b->item[i]))
			return false;
	}
	return true;
}

static bool splice_all(const struct lf_yaml_edit *e, const struct lf_yaml_splice *v,
		       struct lf_buf *out, struct lf_err *err)
{
	size_t done = 0;

	for (size_t i = 0; i < e->splices.n; i++) {
		if (v[i].from < done || v[i].to > e->text.n)
			return lf_fail_new(err, LF_E_CONFIG,
					   "%s: cannot be edited: two changes touch the same text",
					   e->file);
		lf_buf_str(out, lf_str_sub(e->text, done, v[i].from));
		lf_buf_puts(out, v[i].text);
		done = v[i].to;
	}
	lf_buf_str(out, lf_str_sub(e->text, done, e->text.n));
	return true;
}

bool lf_yaml_edit_finish(const struct lf_yaml_edit *e, struct lf_buf *ret, struct lf_err *err)
{
	struct lf_yaml_splice *sorted = lf_new_n(e->arena, struct lf_yaml_splice, e->splices.n);
	struct lf_yaml *again = NULL;
	lf_auto_buf text = {0};

	for (size_t i = 0; i < e->splices.n; i++)
		sorted[i] = e->splices.v[i];
	if (e->splices.n)
		qsort(sorted, e->splices.n, sizeof(*sorted), by_place);
	if (!splice_all(e, sorted, &text, err))
		return false;
	if (!lf_yaml_parse(lf_buf_view(&text), e->file, e->arena, &again, err))
		return lf_fail(err, "cannot be edited: the result is not YAML");
	if (!is_same(e->root, again))
		return lf_fail_new(err, LF_E_CONFIG,
				   "%s: cannot be edited: the layout of the file does not allow it",
				   e->file);
	lf_buf_str(ret, lf_buf_view(&text));
	return true;
}
