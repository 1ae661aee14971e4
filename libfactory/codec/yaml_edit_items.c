/*
 * Edits of sequences in block style, by whole lines: an item begins in the line of its dash and
 * ends with the line of its last value.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "codec/yaml_edit.h"

#include "base/banned.h"

/* The last byte behind what stands in the text for n. */
static size_t end_of(const struct lf_yaml *n)
{
	size_t end = n->to;

	for (size_t i = 0; i < n->n; i++) {
		size_t item = end_of(n->item[i]);
		size_t key = n->kind == LF_YAML_MAP ? n->key[i]->to : 0;

		end = item > end ? item : end;
		end = key > end ? key : end;
	}
	return end;
}

static struct lf_str text_of(const struct lf_yaml_edit *e)
{
	return lf_str_sub(e->text, e->mark, e->text.n);
}

static size_t line_start(struct lf_str text, size_t at)
{
	while (at > 0 && text.p[at - 1] != '\n')
		at--;
	return at;
}

static size_t line_end_at(struct lf_str text, size_t at)
{
	while (at < text.n && text.p[at] != '\n')
		at++;
	return at < text.n ? at + 1 : at;
}

/* Behind the newline of the line in which the value ends; a block's own blank lines at its end do
 * not count. */
static size_t line_end(struct lf_str text, size_t at)
{
	while (at > 0 && strchr(" \t\r\n", text.p[at - 1]))
		at--;
	return line_end_at(text, at);
}

/* The line with the dash of an item: blanks up to the column of the sequence, then the dash. */
static bool find_dash(const struct lf_yaml *seq, struct lf_str text, size_t at, size_t *ret)
{
	for (;;) {
		size_t start = line_start(text, at), i = start;

		while (i < text.n && text.p[i] == ' ')
			i++;
		if (i - start == seq->column - 1 && i < text.n && text.p[i] == '-') {
			*ret = start;
			return true;
		}
		if (start <= seq->from || !start)
			return false;
		at = start - 1;
	}
}

static bool is_blank_line(struct lf_str text, size_t at)
{
	while (at < text.n && strchr(" \t\r", text.p[at]))
		at++;
	return at < text.n && text.p[at] == '\n';
}

/* Whether a blank line follows some item but the last. */
static bool is_spaced(const struct lf_yaml *seq, struct lf_str text)
{
	for (size_t i = 0; i + 1 < seq->n; i++)
		if (is_blank_line(text, line_end(text, end_of(seq->item[i]))))
			return true;
	return false;
}

static void print_item(struct lf_buf *out, const char *item, size_t indent)
{
	struct lf_str rest = lf_str(item), line;
	bool first = true;

	while (lf_str_line(&rest, &line)) {
		if (line.n) {
			lf_buf_fill(out, ' ', indent);
			lf_buf_puts(out, first ? "- " : "  ");
			lf_buf_str(out, line);
		}
		lf_buf_putc(out, '\n');
		first = false;
	}
}

static bool parse_item(struct lf_yaml_edit *e, const char *item, struct lf_yaml **ret,
		       struct lf_err *err)
{
	return lf_yaml_parse(lf_str(item), e->file, e->arena, ret, err) && *ret;
}

static bool change_tree(struct lf_yaml_edit *e, struct lf_yaml *seq, size_t at, size_t n_old,
			const char *const *new, size_t n_new, struct lf_err *err)
{
	size_t n = seq->n - n_old + n_new, k = 0;
	struct lf_yaml **item = lf_new_n(e->arena, struct lf_yaml *, n);

	for (size_t i = 0; i < at; i++)
		item[k++] = seq->item[i];
	for (size_t i = 0; i < n_new; i++)
		if (!parse_item(e, new[i], &item[k++], err))
			return false;
	for (size_t i = at + n_old; i < seq->n; i++)
		item[k++] = seq->item[i];
	seq->item = item;
	seq->n = n;
	return true;
}

/* Where the old items stand; for none, where new ones go: behind the item before them. */
static bool find_lines(const struct lf_yaml *seq, struct lf_str text, size_t at, size_t n_old,
		       size_t *ret_from, size_t *ret_to)
{
	if (n_old) {
		*ret_to = line_end(text, end_of(seq->item[at + n_old - 1]));
		return find_dash(seq, text, seq->item[at]->from, ret_from);
	}
	if (at)
		*ret_from = line_end(text, end_of(seq->item[at - 1]));
	else if (!find_dash(seq, text, seq->item[0]->from, ret_from))
		return false;
	*ret_to = *ret_from;
	return true;
}

bool lf_yaml_edit_items(struct lf_yaml_edit *e, struct lf_yaml *seq, size_t at, size_t n_old,
			const char *const *new, size_t n_new, struct lf_err *err)
{
	struct lf_str text = text_of(e);
	bool spaced = seq->kind == LF_YAML_SEQ && is_spaced(seq, text);
	size_t from = 0, to = 0;
	lf_auto_buf lines = {0};

	if (seq->kind != LF_YAML_SEQ || !seq->n || seq->from >= text.n ||
	    text.p[seq->from] != '-' || at + n_old > seq->n || seq->n - n_old + n_new == 0 ||
	    !find_lines(seq, text, at, n_old, &from, &to) || from > to)
		return lf_fail_at(err, seq,
				  "cannot be edited: the list must have its items on lines of "
				  "their own, and must not become empty");
	if (from && text.p[from - 1] != '\n')
		lf_buf_putc(&lines, '\n');
	for (size_t i = 0; i < n_new; i++) {
		if (spaced && (i || (!n_old && at)))
			lf_buf_putc(&lines, '\n');
		print_item(&lines, new[i], seq->column - 1);
	}
	if (spaced && !n_old && !at)
		lf_buf_putc(&lines, '\n');
	if (!n_new && is_blank_line(text, to)) /* the gap goes with the items */
		to = line_end_at(text, to);
	lf_yaml_edit_splice(e, from, to, lf_arena_str(e->arena, lf_buf_view(&lines)));
	return change_tree(e, seq, at, n_old, new, n_new, err);
}
