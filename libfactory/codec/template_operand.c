/*
 * What stands inside an action: pipelines of commands, commands of operands, operands with their
 * fields, numbers.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <stdlib.h>

#include "codec/go_text.h"
#include "codec/template_impl.h"
#include "codec/utf8.h"

#include "base/banned.h"

struct nodes {
	struct lf_node **v;
	size_t n, cap;
};

static void fini_nodes(struct nodes *n)
{
	lf_vec_fini(n);
}

static struct lf_node **keep(struct lf_template_parser *p, const struct nodes *n)
{
	struct lf_node **v = lf_new_n(p->arena, struct lf_node *, n->n);

	if (n->n)
		memcpy(v, n->v, n->n * sizeof(*v));
	return v;
}

/* ---- numbers ---- */

/* Digits without the "_" that may stand between two of them and behind a prefix. */
static bool plain_digits(struct lf_str text, char out[64], unsigned *ret_base)
{
	unsigned base = 10;
	size_t n = 0;
	bool prefixed = text.n > 1 && text.p[0] == '0';

	if (prefixed) {
		char c = text.p[1];
		base = c == 'x' || c == 'X' ? 16 : c == 'b' || c == 'B' ? 2 : 8;
		text = lf_str_sub(text, base == 8 && c != 'o' && c != 'O' ? 1 : 2, text.n);
	}
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '_' && i + 1 < text.n && text.p[i + 1] != '_' && (i || prefixed))
			continue;
		if (n == 63)
			return false;
		out[n++] = text.p[i];
	}
	out[n] = '\0';
	*ret_base = base;
	return n > 0 && out[0] != '-' && out[0] != '+' && out[0] != ' ';
}

static void read_integer(struct lf_node *n)
{
	struct lf_str text = n->text;
	bool minus = lf_str_skip(&text, "-");
	char digits[64], *end;
	unsigned base;

	if (!minus)
		lf_str_skip(&text, "+");
	if (!plain_digits(text, digits, &base))
		return;
	errno = 0;
	unsigned long long u = strtoull(digits, &end, (int)base);
	if (errno || *end)
		return;
	n->is_uint = n->text.p[0] != '-' && n->text.p[0] != '+';
	n->u = u;
	n->is_int = u <= (uint64_t)INT64_MAX + minus;
	n->i = minus ? (int64_t)-u : (int64_t)u;
}

static void read_float(struct lf_node *n)
{
	char digits[128], *end;

	if (n->text.n >= sizeof(digits) || lf_str_find(n->text, '_') >= 0)
		return;
	memcpy(digits, n->text.p, n->text.n);
	digits[n->text.n] = '\0';
	errno = 0;
	n->f = strtod(digits, &end);
	n->is_float = *end == '\0' && !(errno == ERANGE && n->f > 1);
}

static bool looks_float(struct lf_str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (strchr(".eEpP", s.p[i]))
			return true;
	}
	return false;
}

/* 1e3 is an integer too. */
static bool read_number(struct lf_template_parser *p, struct lf_node *n)
{
	lf_auto_buf shown = {0};

	read_integer(n);
	if (n->is_int || n->is_uint) {
		n->is_float = true;
		n->f = n->is_int ? (double)n->i : (double)n->u;
		return true;
	}
	read_float(n);
	if (n->is_float && n->f == (double)(int64_t)n->f && n->f < 9e18 && n->f > -9e18) {
		n->is_int = true;
		n->i = (int64_t)n->f;
	}
	lf_quote(&shown, n->text);
	if (!n->is_float)
		lf_parser_fail(p, "illegal number syntax: %s", lf_buf_c(&shown));
	else if (!n->is_int && !looks_float(n->text))
		lf_parser_fail(p, "integer overflow: %s", lf_buf_c(&shown));
	else
		return true;
	return false;
}

static bool read_rune(struct lf_template_parser *p, struct lf_node *n)
{
	lf_auto_buf text = {0};
	uint32_t c = 0;

	if (lf_unquote(&text, n->text) && text.n) {
		struct lf_str s = lf_buf_view(&text);
		if (lf_utf8_next(&s, &c) && !s.n) {
			n->is_int = n->is_uint = n->is_float = true;
			n->i = (int64_t)c;
			n->u = c;
			n->f = (double)c;
			return true;
		}
	}
	lf_parser_fail(p, "malformed character constant: " LF_STR_FMT, LF_STR_ARG(n->text));
	return false;
}

/* ---- terms ---- */

static void set_names(struct lf_template_parser *p, struct lf_node *n, struct lf_str first)
{
	n->name = lf_new_n(p->arena, struct lf_str, 1);
	n->name[n->n_names++] = first;
}

static bool is_declared(const struct lf_template_parser *p, struct lf_str name)
{
	for (size_t i = 0; i < p->vars.n; i++) {
		if (lf_str_eq(p->vars.v[i], name))
			return true;
	}
	return false;
}

static struct lf_node *parse_variable(struct lf_template_parser *p, const struct lf_token *t)
{
	struct lf_node *n = lf_parser_node(p, LF_NODE_VARIABLE, t->pos);

	if (!is_declared(p, t->text))
		return lf_parser_fail(p, "undefined variable \"" LF_STR_FMT "\"",
				      LF_STR_ARG(t->text));
	set_names(p, n, t->text);
	return n;
}

static struct lf_node *parse_function(struct lf_template_parser *p, const struct lf_token *t)
{
	struct lf_node *n = lf_parser_node(p, LF_NODE_FUNCTION, t->pos);

	if (!lf_function_find(t->text))
		return lf_parser_fail(p, "function \"" LF_STR_FMT "\" not defined",
				      LF_STR_ARG(t->text));
	n->text = t->text;
	return n;
}

static struct lf_node *parse_parens(struct lf_template_parser *p)
{
	if (++p->depth > LF_TEMPLATE_DEPTH)
		return lf_parser_fail(p, "max expression depth exceeded");
	struct lf_node *n = lf_parser_pipe(p, "parenthesized pipeline", LF_TOKEN_CLOSE);
	p->depth--;
	return n;
}

static struct lf_node *parse_literal(struct lf_template_parser *p, const struct lf_token *t,
				     enum lf_node_kind kind)
{
	struct lf_node *n = lf_parser_node(p, kind, t->pos);
	bool ok = true;

	n->text = t->text;
	if (t->kind == LF_TOKEN_BOOL)
		n->i = lf_str_is(t->text, "true");
	else if (t->kind == LF_TOKEN_RUNE)
		ok = read_rune(p, n);
	else if (t->kind == LF_TOKEN_NUMBER)
		ok = read_number(p, n);
	else if (t->kind == LF_TOKEN_STRING)
		ok = lf_parser_unquote(p, t->text, &n->value);
	return ok ? n : NULL;
}

static bool begins_term(enum lf_token_kind kind)
{
	return kind == LF_TOKEN_BOOL || kind == LF_TOKEN_RUNE || kind == LF_TOKEN_STRING ||
	       kind == LF_TOKEN_NUMBER || kind == LF_TOKEN_FIELD || kind == LF_TOKEN_NAME ||
	       kind == LF_TOKEN_VARIABLE || kind == LF_TOKEN_OPEN || kind == LF_TOKEN_DOT ||
	       kind == LF_TOKEN_NIL;
}

static struct lf_node *parse_term(struct lf_template_parser *p)
{
	const struct lf_token *t = lf_parser_next(p);

	if (t->kind == LF_TOKEN_NAME)
		return parse_function(p, t);
	if (t->kind == LF_TOKEN_VARIABLE)
		return parse_variable(p, t);
	if (t->kind == LF_TOKEN_OPEN)
		return parse_parens(p);
	if (t->kind == LF_TOKEN_DOT)
		return lf_parser_node(p, LF_NODE_DOT, t->pos);
	if (t->kind == LF_TOKEN_NIL)
		return lf_parser_node(p, LF_NODE_NIL, t->pos);
	if (t->kind == LF_TOKEN_FIELD) {
		struct lf_node *n = lf_parser_node(p, LF_NODE_FIELD, t->pos);
		set_names(p, n, lf_str_sub(t->text, 1, t->text.n));
		return n;
	}
	if (t->kind == LF_TOKEN_STRING)
		return parse_literal(p, t, LF_NODE_STRING);
	return parse_literal(p, t, t->kind == LF_TOKEN_BOOL ? LF_NODE_BOOL : LF_NODE_NUMBER);
}

/* ---- operands ---- */

static size_t count_fields(const struct lf_template_parser *p)
{
	size_t n = 0;

	while (p->token[p->at + n].kind == LF_TOKEN_FIELD)
		n++;
	return n;
}

/* The fields behind a term: of fields and variables they become part. compat: such a node stands
 * where the second of its names does. */
static struct lf_node *parse_fields(struct lf_template_parser *p, struct lf_node *term, size_t n)
{
	bool joins = term->kind == LF_NODE_FIELD || term->kind == LF_NODE_VARIABLE;
	struct lf_node *chain = term;
	lf_auto_buf shown = {0};

	if (!joins && term->kind != LF_NODE_PIPE && term->kind != LF_NODE_FUNCTION) {
		lf_node_print(&shown, term);
		lf_auto_buf quoted = {0};
		lf_quote(&quoted, lf_buf_view(&shown));
		return lf_parser_fail(p, "unexpected . after term %s", lf_buf_c(&quoted));
	}
	if (!joins) {
		chain = lf_parser_node(p, LF_NODE_CHAIN, 0);
		chain->pipe = term;
	}
	chain->pos = lf_parser_peek(p)->pos;
	struct lf_str *names = lf_new_n(p->arena, struct lf_str, chain->n_names + n);
	for (size_t i = 0; i < chain->n_names; i++)
		names[i] = chain->name[i];
	chain->name = names;
	for (size_t i = 0; i < n; i++) {
		struct lf_str text = lf_parser_next(p)->text;
		chain->name[chain->n_names++] = lf_str_sub(text, 1, text.n);
	}
	return chain;
}

static struct lf_node *parse_operand(struct lf_template_parser *p)
{
	struct lf_node *term = parse_term(p);
	size_t n = term ? count_fields(p) : 0;

	return n ? parse_fields(p, term, n) : term;
}

/* ---- commands and pipelines ---- */

/* Stops behind a "|", or at the end of the pipeline. */
static struct lf_node *parse_command(struct lf_template_parser *p)
{
	LF_CLEANUP(fini_nodes) struct nodes args = {0};
	struct lf_node *command = lf_parser_node(p, LF_NODE_COMMAND, lf_parser_peek_word(p)->pos);
	const struct lf_token *t;

	do {
		if (begins_term(lf_parser_peek_word(p)->kind)) {
			struct lf_node *operand = parse_operand(p);
			if (!operand)
				return NULL;
			lf_vec_push(&args, operand);
		}
		t = lf_parser_peek(p);
		if (t->kind != LF_TOKEN_RIGHT && t->kind != LF_TOKEN_CLOSE)
			lf_parser_next(p);
	} while (t->kind == LF_TOKEN_SPACE);
	if (t->kind != LF_TOKEN_RIGHT && t->kind != LF_TOKEN_CLOSE && t->kind != LF_TOKEN_PIPE)
		return lf_parser_unexpected(p, t, "operand");
	command->child = keep(p, &args);
	command->n_children = args.n;
	return command;
}

static void declare(struct lf_template_parser *p, struct nodes *decls, const struct lf_token *v)
{
	struct lf_node *n = lf_parser_node(p, LF_NODE_VARIABLE, v->pos);

	set_names(p, n, v->text);
	lf_vec_push(decls, n);
	lf_vec_push(&p->vars, v->text);
}

/* "$x :=", "$x =", and in a range "$i, $x :=". Whatever else begins with a variable is left as it
 * is. */
static bool parse_decls(struct lf_template_parser *p, const char *where, struct lf_node *pipe,
			struct nodes *decls)
{
	while (lf_parser_peek_word(p)->kind == LF_TOKEN_VARIABLE) {
		size_t before = p->at;
		const struct lf_token *v = lf_parser_next(p), *t = lf_parser_peek_word(p);
		bool comma = t->kind == LF_TOKEN_CHAR && lf_str_is(t->text, ",");

		if (t->kind == LF_TOKEN_ASSIGN || t->kind == LF_TOKEN_DECLARE) {
			pipe->assign = t->kind == LF_TOKEN_ASSIGN;
			lf_parser_next(p);
			declare(p, decls, v);
			return true;
		}
		if (!comma) {
			p->at = before;
			return true;
		}
		lf_parser_next(p);
		declare(p, decls, v);
		if (strcmp(where, "range") || decls->n > 1)
			return lf_parser_fail(p, "too many declarations in %s", where) != NULL;
		t = lf_parser_peek_word(p);
		if (t->kind != LF_TOKEN_VARIABLE && t->kind != LF_TOKEN_RIGHT &&
		    t->kind != LF_TOKEN_CLOSE)
			return lf_parser_fail(p, "range can only initialize variables") != NULL;
	}
	return true;
}

/* Only the first command may be a plain value. */
static bool check_pipe(struct lf_template_parser *p, const struct lf_node *pipe, const char *where)
{
	if (!pipe->n_children)
		return lf_parser_fail(p, "missing value for %s", where) != NULL;
	for (size_t i = 1; i < pipe->n_children; i++) {
		enum lf_node_kind kind = pipe->child[i]->child[0]->kind;
		if (kind == LF_NODE_BOOL || kind == LF_NODE_DOT || kind == LF_NODE_NIL ||
		    kind == LF_NODE_NUMBER || kind == LF_NODE_STRING)
			return lf_parser_fail(p, "non executable command in pipeline stage %zu",
					      i + 1) != NULL;
	}
	return true;
}

struct lf_node *lf_parser_pipe(struct lf_template_parser *p, const char *where,
			       enum lf_token_kind end)
{
	LF_CLEANUP(fini_nodes) struct nodes commands = {0}, decls = {0};
	struct lf_node *pipe = lf_parser_node(p, LF_NODE_PIPE, lf_parser_peek_word(p)->pos);

	if (!parse_decls(p, where, pipe, &decls))
		return NULL;
	for (;;) {
		const struct lf_token *t = lf_parser_peek_word(p);
		if (t->kind == end)
			break;
		if (!begins_term(t->kind)) {
			lf_parser_next(p);
			return lf_parser_unexpected(p, t, where);
		}
		struct lf_node *command = parse_command(p);
		if (!command)
			return NULL;
		lf_vec_push(&commands, command);
	}
	lf_parser_next(p);
	pipe->child = keep(p, &commands);
	pipe->n_children = commands.n;
	pipe->decl = keep(p, &decls);
	pipe->n_decls = decls.n;
	return check_pipe(p, pipe, where) ? pipe : NULL;
}
