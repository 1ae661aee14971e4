/*
 * From tokens to nodes: text and actions, blocks with their ends, definitions. What stands inside
 * an action is in template_operand.c. The first error ends the work.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "codec/go_text.h"
#include "codec/template_impl.h"

#include "base/banned.h"

/* ---- tokens ---- */

const struct lf_token *lf_parser_peek(struct lf_template_parser *p)
{
	return &p->token[p->at];
}

const struct lf_token *lf_parser_next(struct lf_template_parser *p)
{
	const struct lf_token *t = &p->token[p->at];

	if (t->kind > LF_TOKEN_EOF)
		p->at++;
	return t;
}

const struct lf_token *lf_parser_peek_word(struct lf_template_parser *p)
{
	while (p->token[p->at].kind == LF_TOKEN_SPACE)
		p->at++;
	return &p->token[p->at];
}

const struct lf_token *lf_parser_next_word(struct lf_template_parser *p)
{
	lf_parser_peek_word(p);
	return lf_parser_next(p);
}

/* ---- errors ---- */

void *lf_parser_fail(struct lf_template_parser *p, const char *fmt, ...)
{
	size_t last = p->at ? p->at - 1 : 0;
	va_list ap;

	if (p->token[p->at].kind <= LF_TOKEN_EOF)
		last = p->at;
	va_start(ap, fmt);
	lf_vfail_new(p->err, LF_E_USAGE, fmt, ap);
	va_end(ap);
	lf_fail(p->err, "template: %s:%u", p->name, p->token[last].line);
	return NULL;
}

/* A token as messages show it. */
static void show_token(struct lf_buf *out, const struct lf_token *t)
{
	if (t->kind <= LF_TOKEN_EOF) {
		lf_buf_str(out, t->text);
	} else if (t->kind > LF_TOKEN_KEYWORD) {
		lf_buf_printf(out, "<" LF_STR_FMT ">", LF_STR_ARG(t->text));
	} else if (t->text.n > 10) {
		lf_quote(out, lf_str_sub(t->text, 0, 10));
		lf_buf_puts(out, "...");
	} else {
		lf_quote(out, t->text);
	}
}

static void *fail_lexer(struct lf_template_parser *p, const struct lf_token *t)
{
	bool unclosed = lf_str_ends(t->text, " action");

	if (!p->action_line || p->action_line == t->line)
		return lf_parser_fail(p, LF_STR_FMT, LF_STR_ARG(t->text));
	return lf_parser_fail(p, LF_STR_FMT "%s started at %s:%u", LF_STR_ARG(t->text),
			      unclosed ? "" : " in action", p->name, p->action_line);
}

void *lf_parser_unexpected(struct lf_template_parser *p, const struct lf_token *t,
			   const char *where)
{
	lf_auto_buf shown = {0};

	if (t->kind == LF_TOKEN_ERROR)
		return fail_lexer(p, t);
	show_token(&shown, t);
	return lf_parser_fail(p, "unexpected %s in %s", lf_buf_c(&shown), where);
}

/* ---- nodes ---- */

struct lf_node *lf_parser_node(struct lf_template_parser *p, enum lf_node_kind kind, size_t pos)
{
	struct lf_node *n = lf_new(p->arena, struct lf_node);

	n->kind = kind;
	n->pos = pos;
	return n;
}

bool lf_parser_unquote(struct lf_template_parser *p, struct lf_str literal, struct lf_str *ret)
{
	lf_auto_buf text = {0};

	if (!lf_unquote(&text, literal)) {
		lf_parser_fail(p, "invalid syntax");
		return false;
	}
	*ret = (struct lf_str){lf_arena_str(p->arena, lf_buf_view(&text)), text.n};
	return true;
}

/* ---- blocks ---- */

/* What ended a list: END, ELSE, or EOF where that is fine. */
static struct lf_node *parse_list(struct lf_template_parser *p, bool top,
				  enum lf_token_kind *ret_end);

static void define(struct lf_template_parser *p, struct lf_str name, struct lf_node *list)
{
	struct lf_definition *d = lf_new(p->arena, struct lf_definition);

	*d = (struct lf_definition){.name = name, .list = list, .next = p->ret->first};
	p->ret->first = d;
}

static bool is_empty(const struct lf_node *list)
{
	for (size_t i = 0; i < list->n_children; i++) {
		const struct lf_node *n = list->child[i];
		if (n->kind != LF_NODE_TEXT || lf_str_trim(n->text).n)
			return false;
	}
	return true;
}

/* A template by this name; an empty one gives way to one that is not. */
static bool add_definition(struct lf_template_parser *p, struct lf_str name, struct lf_node *list)
{
	lf_auto_buf shown = {0};

	for (struct lf_definition *d = p->ret->first; d; d = d->next) {
		if (!lf_str_eq(d->name, name))
			continue;
		if (is_empty(d->list)) {
			d->list = list;
			return true;
		}
		if (is_empty(list))
			return true;
		lf_quote(&shown, name);
		lf_parser_fail(p, "template: multiple definition of template %s", lf_buf_c(&shown));
		return false;
	}
	define(p, name, list);
	return true;
}

/* The body of a template of its own, which sees no variables but "$". */
static bool parse_definition(struct lf_template_parser *p, struct lf_str name, const char *where)
{
	const size_t n_vars = p->vars.n, range_depth = p->range_depth;
	enum lf_token_kind end = LF_TOKEN_EOF;
	LF_VEC(struct lf_str) vars = {p->vars.v, p->vars.n, p->vars.cap};

	p->vars.v = NULL;
	p->vars.n = p->vars.cap = 0;
	lf_vec_push(&p->vars, LF_STR("$"));
	p->range_depth = 0;
	struct lf_node *list = parse_list(p, false, &end);
	lf_vec_fini(&p->vars);
	p->vars.v = vars.v;
	p->vars.n = n_vars;
	p->vars.cap = vars.cap;
	p->range_depth = (unsigned)range_depth;
	if (!list)
		return false;
	if (end == LF_TOKEN_ELSE) {
		lf_parser_fail(p, "unexpected {{else}} in %s", where);
		return false;
	}
	return add_definition(p, name, list);
}

static bool parse_name(struct lf_template_parser *p, const char *where, struct lf_str *ret)
{
	const struct lf_token *t = lf_parser_next_word(p);

	if (t->kind != LF_TOKEN_STRING)
		return lf_parser_unexpected(p, t, where) != NULL;
	return lf_parser_unquote(p, t->text, ret);
}

static bool parse_define(struct lf_template_parser *p)
{
	static const char where[] = "define clause";
	struct lf_str name;

	if (!parse_name(p, where, &name))
		return false;
	const struct lf_token *t = lf_parser_next_word(p);
	if (t->kind != LF_TOKEN_RIGHT)
		return lf_parser_unexpected(p, t, where) != NULL;
	return parse_definition(p, name, where);
}

/* {{template "x" pipe}}, and {{block "x" pipe}}, which defines it too. */
static struct lf_node *parse_call(struct lf_template_parser *p, bool block)
{
	const char *where = block ? "block clause" : "template clause";
	struct lf_node *n = lf_parser_node(p, LF_NODE_TEMPLATE, lf_parser_peek_word(p)->pos);

	if (!parse_name(p, where, &n->value))
		return NULL;
	if (!block && lf_parser_peek_word(p)->kind == LF_TOKEN_RIGHT) {
		lf_parser_next(p);
		return n;
	}
	n->pipe = lf_parser_pipe(p, where, LF_TOKEN_RIGHT);
	if (!n->pipe || (block && !parse_definition(p, n->value, where)))
		return NULL;
	return n;
}

static struct lf_node *parse_block(struct lf_template_parser *p, enum lf_node_kind kind);

/* {{else if …}} is an {{if …}} of its own inside {{else}}, with one {{end}} for both. */
static bool parse_else(struct lf_template_parser *p, struct lf_node *n)
{
	const struct lf_token *t = lf_parser_peek(p);
	enum lf_token_kind end, again = n->kind == LF_NODE_IF ? LF_TOKEN_IF : LF_TOKEN_WITH;

	if (n->kind != LF_NODE_RANGE && t->kind == again) {
		lf_parser_next(p);
		struct lf_node *inner = parse_block(p, n->kind);
		if (!inner)
			return false;
		n->otherwise = lf_parser_node(p, LF_NODE_LIST, t->pos);
		n->otherwise->child = lf_new(p->arena, struct lf_node *);
		n->otherwise->child[n->otherwise->n_children++] = inner;
		return true;
	}
	n->otherwise = parse_list(p, false, &end);
	if (n->otherwise && end != LF_TOKEN_END)
		lf_parser_fail(p, "expected end; found {{else}}");
	return n->otherwise && end == LF_TOKEN_END;
}

static struct lf_node *parse_block(struct lf_template_parser *p, enum lf_node_kind kind)
{
	const char *where = kind == LF_NODE_IF ? "if" : kind == LF_NODE_RANGE ? "range" : "with";
	struct lf_node *n = lf_parser_node(p, kind, lf_parser_peek_word(p)->pos);
	enum lf_token_kind end = LF_TOKEN_END;
	size_t n_vars = p->vars.n;

	if (++p->depth > LF_TEMPLATE_DEPTH)
		return lf_parser_fail(p, "max expression depth exceeded");
	n->pipe = lf_parser_pipe(p, where, LF_TOKEN_RIGHT);
	p->range_depth += kind == LF_NODE_RANGE;
	if (n->pipe)
		n->list = parse_list(p, false, &end);
	p->range_depth -= kind == LF_NODE_RANGE;
	if (!n->list || (end == LF_TOKEN_ELSE && !parse_else(p, n)))
		return NULL;
	p->vars.n = n_vars;
	p->depth--;
	return n;
}

static struct lf_node *parse_jump(struct lf_template_parser *p, const struct lf_token *word)
{
	bool is_break = word->kind == LF_TOKEN_BREAK;
	const char *name = is_break ? "{{break}}" : "{{continue}}";
	const struct lf_token *t = lf_parser_next_word(p);

	if (t->kind != LF_TOKEN_RIGHT)
		return lf_parser_unexpected(p, t, name);
	if (!p->range_depth)
		return lf_parser_fail(p, "%s outside {{range}}", name);
	return lf_parser_node(p, is_break ? LF_NODE_BREAK : LF_NODE_CONTINUE, word->pos);
}

/* The rest of {{end}} and {{else}}. */
static bool parse_end(struct lf_template_parser *p, enum lf_token_kind kind)
{
	const struct lf_token *t = lf_parser_peek_word(p);

	if (kind == LF_TOKEN_ELSE && (t->kind == LF_TOKEN_IF || t->kind == LF_TOKEN_WITH))
		return true;
	lf_parser_next(p);
	return t->kind == LF_TOKEN_RIGHT ||
	       lf_parser_unexpected(p, t, kind == LF_TOKEN_ELSE ? "else" : "end") != NULL;
}

static struct lf_node *parse_action(struct lf_template_parser *p)
{
	const struct lf_token *t = lf_parser_peek_word(p);
	size_t pos = t->pos;

	if (t->kind > LF_TOKEN_NIL && t->kind != LF_TOKEN_DEFINE)
		lf_parser_next(p);
	if (t->kind == LF_TOKEN_BLOCK || t->kind == LF_TOKEN_TEMPLATE)
		return parse_call(p, t->kind == LF_TOKEN_BLOCK);
	if (t->kind == LF_TOKEN_BREAK || t->kind == LF_TOKEN_CONTINUE)
		return parse_jump(p, t);
	if (t->kind == LF_TOKEN_IF)
		return parse_block(p, LF_NODE_IF);
	if (t->kind == LF_TOKEN_RANGE)
		return parse_block(p, LF_NODE_RANGE);
	if (t->kind == LF_TOKEN_WITH)
		return parse_block(p, LF_NODE_WITH);
	struct lf_node *n = lf_parser_node(p, LF_NODE_ACTION, pos);
	n->pipe = lf_parser_pipe(p, "command", LF_TOKEN_RIGHT);
	return n->pipe ? n : NULL;
}

/* ---- lists ---- */

struct nodes {
	struct lf_node **v;
	size_t n, cap;
};

static void fini_nodes(struct nodes *n)
{
	lf_vec_fini(n);
}

static bool parse_text(struct lf_template_parser *p, struct nodes *ret)
{
	const struct lf_token *t = lf_parser_next(p);

	if (t->kind != LF_TOKEN_TEXT)
		return lf_parser_unexpected(p, t, "input") != NULL;
	struct lf_node *n = lf_parser_node(p, LF_NODE_TEXT, t->pos);
	n->text = t->text;
	lf_vec_push(ret, n);
	return true;
}

/* One action, or the end of the list. */
static bool parse_braces(struct lf_template_parser *p, bool top, struct nodes *ret,
			 enum lf_token_kind *ret_end)
{
	p->action_line = lf_parser_next(p)->line;
	enum lf_token_kind kind = lf_parser_peek_word(p)->kind;

	if (kind == LF_TOKEN_END || kind == LF_TOKEN_ELSE) {
		lf_parser_next(p);
		if (!parse_end(p, kind))
			return false;
		if (top)
			return lf_parser_fail(p, "unexpected {{%s}}",
					      kind == LF_TOKEN_END ? "end" : "else") != NULL;
		*ret_end = kind;
		return true;
	}
	if (top && kind == LF_TOKEN_DEFINE) {
		lf_parser_next(p);
		return parse_define(p);
	}
	struct lf_node *n = parse_action(p);
	if (!n)
		return false;
	p->action_line = 0;
	lf_vec_push(ret, n);
	return true;
}

static struct lf_node *parse_list(struct lf_template_parser *p, bool top,
				  enum lf_token_kind *ret_end)
{
	LF_CLEANUP(fini_nodes) struct nodes nodes = {0};
	struct lf_node *list = lf_parser_node(p, LF_NODE_LIST, lf_parser_peek(p)->pos);
	enum lf_token_kind end = LF_TOKEN_EOF;

	p->action_line = 0;
	while (end == LF_TOKEN_EOF && lf_parser_peek(p)->kind != LF_TOKEN_EOF) {
		bool braces = lf_parser_peek(p)->kind == LF_TOKEN_LEFT;
		if (!(braces ? parse_braces(p, top, &nodes, &end) : parse_text(p, &nodes)))
			return NULL;
	}
	if (!top && end == LF_TOKEN_EOF)
		return lf_parser_fail(p, "unexpected EOF");
	list->child = lf_new_n(p->arena, struct lf_node *, nodes.n);
	list->n_children = nodes.n;
	if (nodes.n)
		memcpy(list->child, nodes.v, nodes.n * sizeof(*nodes.v));
	*ret_end = end;
	return list;
}

const struct lf_template *lf_template_parse(const char *name, const char *text,
					    struct lf_arena *arena, struct lf_err *err)
{
	lf_auto_tokens tokens = {0};
	struct lf_template *t = lf_new(arena, struct lf_template);
	struct lf_template_parser p = {.name = name, .arena = arena, .ret = t, .err = err};
	enum lf_token_kind end;

	*t = (struct lf_template){.name = name, .text = text};
	lf_template_lex(text, arena, &tokens);
	p.token = tokens.v;
	lf_vec_push(&p.vars, LF_STR("$"));
	struct lf_node *list = parse_list(&p, true, &end);
	bool ok = list && add_definition(&p, lf_str(name), list);
	lf_vec_fini(&p.vars);
	return ok ? t : NULL;
}
