/*
 * Nodes of a template as text: what an error shows between "<" and ">".
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "codec/go_text.h"
#include "codec/template_impl.h"

#include "base/banned.h"

static void print_names(struct lf_buf *out, const struct lf_node *n, const char *before_first)
{
	for (size_t i = 0; i < n->n_names; i++) {
		lf_buf_puts(out, i ? "." : before_first);
		lf_buf_str(out, n->name[i]);
	}
}

static void print_pipe(struct lf_buf *out, const struct lf_node *n)
{
	for (size_t i = 0; i < n->n_decls; i++) {
		lf_buf_puts(out, i ? ", " : "");
		lf_node_print(out, n->decl[i]);
	}
	if (n->n_decls)
		lf_buf_puts(out, n->assign ? " = " : " := ");
	for (size_t i = 0; i < n->n_children; i++) {
		lf_buf_puts(out, i ? " | " : "");
		lf_node_print(out, n->child[i]);
	}
}

static void print_operand(struct lf_buf *out, const struct lf_node *n)
{
	bool parens = n->kind == LF_NODE_PIPE;

	lf_buf_puts(out, parens ? "(" : "");
	lf_node_print(out, n);
	lf_buf_puts(out, parens ? ")" : "");
}

static void print_command(struct lf_buf *out, const struct lf_node *n)
{
	for (size_t i = 0; i < n->n_children; i++) {
		lf_buf_puts(out, i ? " " : "");
		print_operand(out, n->child[i]);
	}
}

static void print_template(struct lf_buf *out, const struct lf_node *n)
{
	lf_buf_puts(out, "{{template ");
	lf_quote(out, n->value);
	if (n->pipe) {
		lf_buf_putc(out, ' ');
		lf_node_print(out, n->pipe);
	}
	lf_buf_puts(out, "}}");
}

void lf_node_print(struct lf_buf *out, const struct lf_node *n)
{
	switch (n->kind) {
	case LF_NODE_PIPE:
		print_pipe(out, n);
		break;
	case LF_NODE_COMMAND:
		print_command(out, n);
		break;
	case LF_NODE_FIELD:
		print_names(out, n, ".");
		break;
	case LF_NODE_CHAIN:
		print_operand(out, n->pipe);
		print_names(out, n, ".");
		break;
	case LF_NODE_VARIABLE:
		print_names(out, n, "");
		break;
	case LF_NODE_TEMPLATE:
		print_template(out, n);
		break;
	case LF_NODE_DOT:
		lf_buf_putc(out, '.');
		break;
	case LF_NODE_NIL:
		lf_buf_puts(out, "nil");
		break;
	case LF_NODE_TEXT:
	case LF_NODE_FUNCTION:
	case LF_NODE_BOOL:
	case LF_NODE_NUMBER:
	case LF_NODE_STRING:
		lf_buf_str(out, n->text);
		break;
	case LF_NODE_LIST:
	case LF_NODE_ACTION:
	case LF_NODE_IF:
	case LF_NODE_RANGE:
	case LF_NODE_WITH:
	case LF_NODE_BREAK:
	case LF_NODE_CONTINUE:
		break; /* no error is about these */
	}
}
