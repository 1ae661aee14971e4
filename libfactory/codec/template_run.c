/*
 * Running a template: walks its nodes, keeps the variables, writes the text. What has been written
 * when something fails stays written, as in Go.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "codec/go_text.h"
#include "codec/template_impl.h"

#include "base/banned.h"

bool lf_run_fail(struct lf_run *r, const char *fmt, ...)
{
	struct lf_str before = lf_str_sub(lf_str(r->t->text), 0, r->at ? r->at->pos : 0);
	ptrdiff_t newline = lf_str_rfind(before, '\n');
	unsigned line = 1;
	lf_auto_buf shown = {0}, name = {0};
	va_list ap;

	va_start(ap, fmt);
	lf_vfail_new(r->err, LF_E_USAGE, fmt, ap);
	va_end(ap);
	for (size_t i = 0; i < before.n; i++)
		line += before.p[i] == '\n';
	if (r->at)
		lf_node_print(&shown, r->at);
	lf_quote(&name, lf_str(r->name));
	return lf_fail(r->err, "template: %s:%u:%zu: executing %s at <%s>", r->t->name, line,
		       before.n - (size_t)(newline + 1), lf_buf_c(&name), lf_buf_c(&shown));
}

static enum lf_template_flow walk(struct lf_run *r, const struct lf_value *dot,
				  const struct lf_node *n);

static enum lf_template_flow walk_list(struct lf_run *r, const struct lf_value *dot,
				       const struct lf_node *list)
{
	enum lf_template_flow flow = LF_FLOW_ON;

	for (size_t i = 0; flow == LF_FLOW_ON && list && i < list->n_children; i++)
		flow = walk(r, dot, list->child[i]);
	return flow;
}

/* ---- printing ---- */

static void print(struct lf_run *r, const struct lf_value *v)
{
	bool nil;
	struct lf_value shown = lf_value_follow(v, &nil);

	if (shown.kind == LF_VALUE_NONE)
		lf_buf_puts(r->out, "<no value>");
	else
		lf_value_show(r->out, &shown);
}

static enum lf_template_flow walk_action(struct lf_run *r, const struct lf_value *dot,
					 const struct lf_node *n)
{
	struct lf_value v;

	if (!lf_run_pipe(r, dot, n->pipe, &v))
		return LF_FLOW_FAILED;
	if (!n->pipe->n_decls)
		print(r, &v);
	return LF_FLOW_ON;
}

/* ---- if and with ---- */

static enum lf_template_flow walk_if(struct lf_run *r, const struct lf_value *dot,
				     const struct lf_node *n)
{
	size_t n_vars = r->vars.n;
	enum lf_template_flow flow;
	struct lf_value v;

	if (!lf_run_pipe(r, dot, n->pipe, &v))
		return LF_FLOW_FAILED;
	if (!lf_value_truth(&v))
		flow = walk_list(r, dot, n->otherwise);
	else
		flow = walk_list(r, n->kind == LF_NODE_WITH ? &v : dot, n->list);
	r->vars.n = n_vars;
	return flow;
}

/* ---- range ---- */

static void set_variable(struct lf_run *r, struct lf_str name, const struct lf_value *v)
{
	for (size_t i = r->vars.n; i-- > 0;) {
		if (lf_str_eq(r->vars.v[i].name, name)) {
			r->vars.v[i].value = *v;
			return;
		}
	}
}

/* One round: sets the variables (two: index and item; one: the item), walks the list. */
static enum lf_template_flow walk_item(struct lf_run *r, const struct lf_node *n,
				       const struct lf_value *index, const struct lf_value *item)
{
	const struct lf_node *pipe = n->pipe;
	size_t n_vars = r->vars.n;

	if (++*r->rounds > LF_TEMPLATE_ROUNDS || r->out->overflow) {
		lf_run_fail(r, "too much output, or too many rounds");
		return LF_FLOW_FAILED;
	}
	if (pipe->n_decls > 1) {
		set_variable(r, pipe->decl[0]->name[0], index);
		set_variable(r, pipe->decl[1]->name[0], item);
	} else if (pipe->n_decls) {
		set_variable(r, pipe->decl[0]->name[0], item);
	}
	enum lf_template_flow flow = walk_list(r, item, n->list);
	r->vars.n = n_vars;
	return flow == LF_FLOW_CONTINUE ? LF_FLOW_ON : flow;
}

static enum lf_template_flow walk_list_items(struct lf_run *r, const struct lf_node *n,
					     const struct lf_value *v)
{
	enum lf_template_flow flow = LF_FLOW_ON;

	for (size_t i = 0; flow == LF_FLOW_ON && i < v->n; i++) {
		struct lf_value index = lf_value_int((int64_t)i);
		flow = walk_item(r, n, &index, &v->item[i]);
	}
	return flow;
}

static enum lf_template_flow walk_map_items(struct lf_run *r, const struct lf_node *n,
					    const struct lf_value *v)
{
	enum lf_template_flow flow = LF_FLOW_ON;

	for (size_t i = 0; flow == LF_FLOW_ON && i < v->n; i++) {
		struct lf_value key = lf_value_str(v->field[i].name);
		flow = walk_item(r, n, &key, &v->field[i].value);
	}
	return flow;
}

static enum lf_template_flow walk_numbers(struct lf_run *r, const struct lf_node *n,
					  const struct lf_value *v)
{
	const struct lf_value none = {0};
	enum lf_template_flow flow = LF_FLOW_ON;
	uint64_t end = v->kind == LF_VALUE_UINT ? v->u : (uint64_t)(v->i < 0 ? 0 : v->i);

	for (uint64_t i = 0; flow == LF_FLOW_ON && i < end; i++) {
		struct lf_value item = *v;
		item.u = i;
		flow = walk_item(r, n, &none, &item);
	}
	return flow;
}

static enum lf_template_flow fail_range(struct lf_run *r, const struct lf_value *v, const char *fmt)
{
	lf_auto_buf shown = {0};

	lf_value_show(&shown, v);
	lf_run_fail(r, "%s %s%s", fmt, lf_buf_c(&shown),
		    lf_starts(fmt, "can't") ? " to iterate over more than one variable" : "");
	return LF_FLOW_FAILED;
}

static enum lf_template_flow walk_items(struct lf_run *r, const struct lf_value *dot,
					const struct lf_node *n, const struct lf_value *v)
{
	bool number = v->kind == LF_VALUE_INT || v->kind == LF_VALUE_UINT;

	if (number && n->pipe->n_decls > 1)
		return fail_range(r, v, "can't use");
	if (number && (v->kind == LF_VALUE_UINT ? v->u > 0 : v->i > 0))
		return walk_numbers(r, n, v);
	if (v->kind == LF_VALUE_LIST && v->n)
		return walk_list_items(r, n, v);
	if (v->kind == LF_VALUE_MAP && v->n)
		return walk_map_items(r, n, v);
	if (!number && v->kind != LF_VALUE_LIST && v->kind != LF_VALUE_MAP &&
	    v->kind != LF_VALUE_NONE)
		return fail_range(r, v, "range can't iterate over");
	return walk_list(r, dot, n->otherwise);
}

static enum lf_template_flow walk_range(struct lf_run *r, const struct lf_value *dot,
					const struct lf_node *n)
{
	size_t n_vars = r->vars.n;
	struct lf_value v;
	bool nil;

	if (!lf_run_pipe(r, dot, n->pipe, &v))
		return LF_FLOW_FAILED;
	v = lf_value_follow(&v, &nil);
	enum lf_template_flow flow = walk_items(r, dot, n, &v);
	r->vars.n = n_vars;
	return flow == LF_FLOW_BREAK ? LF_FLOW_ON : flow;
}

/* ---- templates in templates ---- */

static const struct lf_node *find_template(const struct lf_template *t, struct lf_str name)
{
	for (const struct lf_definition *d = t->first; d; d = d->next) {
		if (lf_str_eq(d->name, name))
			return d->list;
	}
	return NULL;
}

static enum lf_template_flow walk_template(struct lf_run *r, const struct lf_value *dot,
					   const struct lf_node *n)
{
	const struct lf_node *list = find_template(r->t, n->value);
	struct lf_value v = {0};

	r->at = n;
	if (!list) {
		lf_auto_buf shown = {0};
		lf_quote(&shown, n->value);
		lf_run_fail(r, "template %s not defined", lf_buf_c(&shown));
		return LF_FLOW_FAILED;
	}
	if (r->depth >= LF_TEMPLATE_DEPTH) {
		lf_run_fail(r, "exceeded maximum template depth (%d)", LF_TEMPLATE_DEPTH);
		return LF_FLOW_FAILED;
	}
	if (n->pipe && !lf_run_pipe(r, dot, n->pipe, &v))
		return LF_FLOW_FAILED;
	struct lf_run inner = {.t = r->t,
			       .name = n->value.p,
			       .out = r->out,
			       .arena = r->arena,
			       .depth = r->depth + 1,
			       .rounds = r->rounds,
			       .err = r->err};
	lf_vec_push(&inner.vars, (struct lf_template_var){LF_STR("$"), v});
	enum lf_template_flow flow = walk_list(&inner, &v, list);
	lf_vec_fini(&inner.vars);
	return flow;
}

static enum lf_template_flow walk(struct lf_run *r, const struct lf_value *dot,
				  const struct lf_node *n)
{
	switch (n->kind) {
	case LF_NODE_TEXT:
		lf_buf_str(r->out, n->text);
		return LF_FLOW_ON;
	case LF_NODE_ACTION:
		return walk_action(r, dot, n);
	case LF_NODE_IF:
	case LF_NODE_WITH:
		return walk_if(r, dot, n);
	case LF_NODE_RANGE:
		return walk_range(r, dot, n);
	case LF_NODE_TEMPLATE:
		return walk_template(r, dot, n);
	case LF_NODE_BREAK:
		return LF_FLOW_BREAK;
	case LF_NODE_CONTINUE:
		return LF_FLOW_CONTINUE;
	case LF_NODE_LIST:
	case LF_NODE_PIPE:
	case LF_NODE_COMMAND:
	case LF_NODE_FIELD:
	case LF_NODE_CHAIN:
	case LF_NODE_FUNCTION:
	case LF_NODE_VARIABLE:
	case LF_NODE_DOT:
	case LF_NODE_NIL:
	case LF_NODE_BOOL:
	case LF_NODE_NUMBER:
	case LF_NODE_STRING:
		break;
	}
	lf_run_fail(r, "unknown node");
	return LF_FLOW_FAILED;
}

bool lf_template_run(const struct lf_template *t, const struct lf_value *data, struct lf_buf *out,
		     struct lf_arena *arena, struct lf_err *err)
{
	unsigned rounds = 0;
	struct lf_run r = {
		.t = t, .name = t->name, .out = out, .arena = arena, .rounds = &rounds, .err = err};

	lf_vec_push(&r.vars, (struct lf_template_var){LF_STR("$"), *data});
	bool ok = walk_list(&r, data, find_template(t, lf_str(t->name))) != LF_FLOW_FAILED;
	lf_vec_fini(&r.vars);
	if (ok && out->overflow)
		return lf_fail_new(err, LF_E_LIMIT, "template: %s: too much output", t->name);
	return ok;
}
