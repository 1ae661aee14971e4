/*
 * The graph as text: see dot.h. Nodes and edges come out in the order in which they were made.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image/dot.h"

#include <string.h>

#include "base/mem.h"
#include "base/banned.h"

struct lf_dot_node *lf_dot_node(struct lf_dot *d, const char *name)
{
	struct lf_dot_node *n = lf_map_get(&d->nodes, lf_str(name));

	if (n)
		return n;
	n = lf_new(&d->arena, struct lf_dot_node);
	n->name = lf_arena_strdup(&d->arena, name);
	lf_map_set(&d->nodes, lf_str(n->name), n);
	lf_vec_push(&d->items, (struct lf_dot_item){.node = n});
	return n;
}

void lf_dot_edge(struct lf_dot *d, const struct lf_dot_node *from, const struct lf_dot_node *to,
		 const char *tooltip)
{
	const struct lf_dot_item edge = {
		.from = from,
		.to = to,
		.tooltip = tooltip ? lf_arena_strdup(&d->arena, tooltip) : NULL,
	};

	lf_vec_push(&d->items, edge);
}

void lf_dot_fini(struct lf_dot *d)
{
	lf_vec_fini(&d->items);
	lf_map_fini(&d->nodes);
	lf_arena_fini(&d->arena);
}

/* ---- printing ---- */

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_plain(char c)
{
	return is_letter(c) || (c >= '0' && c <= '9') || c == ',';
}

static bool is_keyword(const char *s)
{
	static const char *const words[] = {"graph", "digraph", "subgraph",
					    "node",  "edge",    "strict"};

	for (size_t i = 0; i < LF_ARRAY_LEN(words); i++)
		if (strcmp(s, words[i]) == 0)
			return true;
	return false;
}

/* compat: a colon inside stands unquoted, though it then means a port. */
static bool needs_quotes(const char *s)
{
	const size_t n = strlen(s);

	if (!is_letter(*s) || is_keyword(s) || !is_plain(s[n - 1]))
		return true;
	for (size_t i = 0; i < n; i++)
		if (!is_plain(s[i]) && s[i] != ':')
			return true;
	return false;
}

static void put_escaped(struct lf_buf *out, const char *s)
{
	for (; *s; s++) {
		if (*s == '"')
			lf_buf_puts(out, "\\\"");
		else if (*s == '\n')
			lf_buf_puts(out, "\\n");
		else if (*s == '\r')
			lf_buf_puts(out, "\\r");
		else if (*s == '\\' && (s[1] == '"' || s[1] == '\0'))
			lf_buf_puts(out, "\\\\"); /* it would undo the quote */
		else
			lf_buf_putc(out, *s);
	}
}

static void put_id(struct lf_buf *out, const char *s)
{
	if (!needs_quotes(s)) {
		lf_buf_puts(out, s);
		return;
	}
	lf_buf_putc(out, '"');
	put_escaped(out, s);
	lf_buf_putc(out, '"');
}

static void put_attribute(struct lf_buf *out, const char *key, const char *value, bool *first)
{
	if (!value)
		return;
	lf_buf_printf(out, "%s%s=", *first ? " [" : ", ", key);
	put_id(out, value);
	*first = false;
}

static void print_node(struct lf_buf *out, const struct lf_dot_node *n)
{
	bool first = true;

	put_id(out, n->name);
	put_attribute(out, "URL", n->url, &first);
	put_attribute(out, "label", n->label, &first);
	put_attribute(out, "shape", n->shape, &first);
	put_attribute(out, "target", n->target, &first);
	put_attribute(out, "tooltip", n->tooltip, &first);
	lf_buf_puts(out, first ? ";\n" : "];\n");
}

static void print_edge(struct lf_buf *out, const struct lf_dot_item *e)
{
	put_id(out, e->from->name);
	lf_buf_puts(out, " -> ");
	put_id(out, e->to->name);
	if (e->tooltip) {
		lf_buf_puts(out, " [ tooltip=");
		put_id(out, e->tooltip);
		lf_buf_puts(out, " ]");
	}
	lf_buf_putc(out, '\n');
}

void lf_dot_print(struct lf_buf *out, const struct lf_dot *d)
{
	lf_buf_puts(out, "digraph images {\ngraph [\n  rankdir=LR;\n];\n");
	for (size_t i = 0; i < d->items.n; i++) {
		if (d->items.v[i].node)
			print_node(out, d->items.v[i].node);
		else
			print_edge(out, &d->items.v[i]);
	}
	lf_buf_puts(out, "}\n");
}
