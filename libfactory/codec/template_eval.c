/*
 * Expressions of templates: pipelines, commands, operands, and the way from a value to its fields.
 * r->at follows what is evaluated, since errors name it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "codec/go_text.h"
#include "codec/template_impl.h"

#include "base/banned.h"

/* ---- values ---- */

struct lf_value lf_value_str(const char *s)
{
	return (struct lf_value){.kind = LF_VALUE_STR, .type = "string", .s = lf_str(s)};
}

struct lf_value lf_value_int(int64_t i)
{
	return (struct lf_value){.kind = LF_VALUE_INT, .type = "int", .i = i};
}

struct lf_value lf_value_bool(bool b)
{
	return (struct lf_value){.kind = LF_VALUE_BOOL, .type = "bool", .b = b};
}

struct lf_value lf_value_follow(const struct lf_value *v, bool *ret_nil)
{
	while (v->kind == LF_VALUE_POINTER && v->target)
		v = v->target;
	*ret_nil = v->kind == LF_VALUE_POINTER;
	return *v;
}

bool lf_value_truth(const struct lf_value *v)
{
	switch (v->kind) {
	case LF_VALUE_NONE:
		return false;
	case LF_VALUE_BOOL:
		return v->b;
	case LF_VALUE_INT:
		return v->i != 0;
	case LF_VALUE_UINT:
		return v->u != 0;
	case LF_VALUE_FLOAT:
		return v->f < 0 || v->f > 0;
	case LF_VALUE_STR:
		return v->s.n > 0;
	case LF_VALUE_LIST:
	case LF_VALUE_MAP:
		return v->n > 0;
	case LF_VALUE_POINTER:
		return v->target != NULL;
	case LF_VALUE_STRUCT:
		return true;
	}
	return false;
}

/* ---- fields ---- */

static const struct lf_value *find_field(const struct lf_value *v, struct lf_str name)
{
	for (size_t i = 0; i < v->n; i++) {
		if (lf_str_is(name, v->field[i].name))
			return &v->field[i].value;
	}
	return NULL;
}

static const struct lf_value_method *find_method(const struct lf_value *v, struct lf_str name)
{
	for (size_t i = 0; v->methods && i < v->methods->n; i++) {
		if (lf_str_is(name, v->methods->v[i].name))
			return &v->methods->v[i];
	}
	return NULL;
}

/* A nil pointer has no fields to look at: its shape is that of its methods' owner, if any. */
static bool run_field(struct lf_run *r, const struct lf_value *receiver, struct lf_str name,
		      const struct lf_node *node, const struct lf_call_args *args,
		      struct lf_value *ret)
{
	bool nil, has_args = args && (args->n_nodes || args->final);

	*ret = (struct lf_value){0};
	if (receiver->kind == LF_VALUE_NONE)
		return true;
	struct lf_value v = lf_value_follow(receiver, &nil);
	const struct lf_value_method *method = nil ? NULL : find_method(&v, name);
	if (method)
		return lf_run_method(r, &v, method, node, args, ret);
	const struct lf_value *field = NULL;
	if (v.kind == LF_VALUE_STRUCT || v.kind == LF_VALUE_MAP)
		field = find_field(&v, name);
	if ((field || v.kind == LF_VALUE_MAP) && has_args)
		return lf_run_fail(r,
				   v.kind == LF_VALUE_MAP ? LF_STR_FMT
					   " is not a method but has arguments"
							  : LF_STR_FMT
					   " has arguments but cannot be invoked as function",
				   LF_STR_ARG(name));
	if (field)
		*ret = *field;
	if (field || v.kind == LF_VALUE_MAP)
		return true;
	if (nil && v.zero && find_field(v.zero, name))
		return lf_run_fail(r, "nil pointer evaluating %s." LF_STR_FMT, receiver->type,
				   LF_STR_ARG(name));
	return lf_run_fail(r, "can't evaluate field " LF_STR_FMT " in type %s", LF_STR_ARG(name),
			   receiver->type);
}

/* All names but the last are plain fields; the last may be a method, which takes the arguments. */
static bool run_fields(struct lf_run *r, const struct lf_value *receiver, const struct lf_node *n,
		       size_t from, const struct lf_call_args *args, struct lf_value *ret)
{
	struct lf_value v = *receiver;

	for (size_t i = from; i < n->n_names; i++) {
		struct lf_value next;
		bool last = i + 1 == n->n_names;
		if (!run_field(r, &v, n->name[i], n, last ? args : NULL, &next))
			return false;
		v = next;
	}
	*ret = v;
	return true;
}

/* ---- operands ---- */

static bool check_no_args(struct lf_run *r, const struct lf_node *n,
			  const struct lf_call_args *args)
{
	lf_auto_buf shown = {0};

	if (!args || (!args->n_nodes && !args->final))
		return true;
	lf_node_print(&shown, n);
	return lf_run_fail(r, "can't give argument to non-function %s", lf_buf_c(&shown));
}

static bool run_variable(struct lf_run *r, const struct lf_node *n, const struct lf_call_args *args,
			 struct lf_value *ret)
{
	for (size_t i = r->vars.n; i-- > 0;) {
		if (!lf_str_eq(r->vars.v[i].name, n->name[0]))
			continue;
		if (n->n_names == 1 && !check_no_args(r, n, args))
			return false;
		const struct lf_value v = r->vars.v[i].value;
		return run_fields(r, &v, n, 1, args, ret);
	}
	return lf_run_fail(r, "undefined variable: " LF_STR_FMT, LF_STR_ARG(n->name[0]));
}

static bool is_hex(struct lf_str s)
{
	return s.n > 2 && s.p[0] == '0' && (s.p[1] == 'x' || s.p[1] == 'X') &&
	       lf_str_find(s, 'p') < 0 && lf_str_find(s, 'P') < 0;
}

/* A number that nobody asked a type of: what it looks like. */
static bool run_number(struct lf_run *r, const struct lf_node *n, struct lf_value *ret)
{
	bool looks_float = false;

	for (size_t i = 0; n->text.p[0] != '\'' && !is_hex(n->text) && i < n->text.n; i++)
		looks_float |= strchr(".eEpP", n->text.p[i]) != NULL;
	if (looks_float)
		*ret = (struct lf_value){.kind = LF_VALUE_FLOAT, .type = "float64", .f = n->f};
	else if (n->is_int)
		*ret = lf_value_int(n->i);
	else
		return lf_run_fail(r, LF_STR_FMT " overflows int", LF_STR_ARG(n->text));
	return true;
}

static bool run_chain(struct lf_run *r, const struct lf_value *dot, const struct lf_node *n,
		      const struct lf_call_args *args, struct lf_value *ret)
{
	struct lf_value v;

	return lf_run_arg(r, dot, n->pipe, LF_ARG_VALUE, &v) && run_fields(r, &v, n, 0, args, ret);
}

/* An operand with what is given to it; command is what an error of a function is about. */
static bool run_operand(struct lf_run *r, const struct lf_node *n, const struct lf_node *command,
			const struct lf_call_args *args, struct lf_value *ret)
{
	switch (n->kind) {
	case LF_NODE_FIELD:
		r->at = n;
		return run_fields(r, args->dot, n, 0, args, ret);
	case LF_NODE_CHAIN:
		r->at = n;
		return run_chain(r, args->dot, n, args, ret);
	case LF_NODE_FUNCTION:
		r->at = n;
		return lf_run_function(r, lf_function_find(n->text), command, args, ret);
	case LF_NODE_PIPE:
		return check_no_args(r, n, args) && lf_run_pipe(r, args->dot, n, ret);
	case LF_NODE_VARIABLE:
		r->at = n;
		return run_variable(r, n, args, ret);
	case LF_NODE_DOT:
		*ret = *args->dot;
		break;
	case LF_NODE_BOOL:
		*ret = lf_value_bool(n->i);
		break;
	case LF_NODE_STRING:
		*ret = (struct lf_value){.kind = LF_VALUE_STR, .type = "string", .s = n->value};
		break;
	case LF_NODE_NUMBER:
		r->at = n;
		return check_no_args(r, n, args) && run_number(r, n, ret);
	case LF_NODE_NIL:
		r->at = n;
		return check_no_args(r, n, args) && lf_run_fail(r, "nil is not a command");
	case LF_NODE_LIST:
	case LF_NODE_TEXT:
	case LF_NODE_ACTION:
	case LF_NODE_IF:
	case LF_NODE_RANGE:
	case LF_NODE_WITH:
	case LF_NODE_TEMPLATE:
	case LF_NODE_BREAK:
	case LF_NODE_CONTINUE:
	case LF_NODE_COMMAND:
		*ret = (struct lf_value){0};
		break;
	}
	r->at = n;
	return check_no_args(r, n, args);
}

/* ---- arguments ---- */

static bool fail_string(struct lf_run *r, const struct lf_node *n)
{
	lf_auto_buf shown = {0};

	lf_node_print(&shown, n);
	return lf_run_fail(r, "expected string; found %s", lf_buf_c(&shown));
}

bool lf_run_check_arg(struct lf_run *r, const struct lf_value *value, enum lf_arg_kind kind,
		      struct lf_value *ret)
{
	const struct lf_value *v = value;

	if (kind == LF_ARG_STR && v->kind == LF_VALUE_POINTER && v->target)
		v = v->target;
	if (kind == LF_ARG_STR && v->kind == LF_VALUE_NONE)
		return lf_run_fail(r, "invalid value; expected string");
	/* A type of its own is no string in Go, whatever it is made of. */
	if (kind == LF_ARG_STR && (v->kind != LF_VALUE_STR || strcmp(v->type, "string")))
		return lf_run_fail(r, "wrong type for value; expected string; got %s", value->type);
	*ret = *v;
	return true;
}

bool lf_run_arg(struct lf_run *r, const struct lf_value *dot, const struct lf_node *n,
		enum lf_arg_kind kind, struct lf_value *ret)
{
	const struct lf_call_args none = {.dot = dot};
	struct lf_value v;

	r->at = n;
	if (n->kind == LF_NODE_NIL) {
		*ret = (struct lf_value){0};
		return kind != LF_ARG_STR || lf_run_fail(r, "cannot assign nil to string");
	}
	if (kind == LF_ARG_STR && (n->kind == LF_NODE_BOOL || n->kind == LF_NODE_NUMBER))
		return fail_string(r, n);
	return run_operand(r, n, n, &none, &v) && lf_run_check_arg(r, &v, kind, ret);
}

/* ---- pipelines ---- */

static bool run_command(struct lf_run *r, const struct lf_value *dot, const struct lf_node *command,
			const struct lf_value *final, struct lf_value *ret)
{
	const struct lf_call_args args = {
		.dot = dot,
		.node = command->child + 1,
		.n_nodes = command->n_children - 1,
		.final = final,
	};

	return run_operand(r, command->child[0], command, &args, ret);
}

static bool set_variables(struct lf_run *r, const struct lf_node *pipe, const struct lf_value *v)
{
	for (size_t i = 0; i < pipe->n_decls; i++) {
		struct lf_str name = pipe->decl[i]->name[0];
		size_t at = r->vars.n;

		while (pipe->assign && at > 0 && !lf_str_eq(r->vars.v[at - 1].name, name))
			at--;
		if (pipe->assign && !at)
			return lf_run_fail(r, "undefined variable: " LF_STR_FMT, LF_STR_ARG(name));
		if (pipe->assign)
			r->vars.v[at - 1].value = *v;
		else
			lf_vec_push(&r->vars, (struct lf_template_var){name, *v});
	}
	return true;
}

bool lf_run_pipe(struct lf_run *r, const struct lf_value *dot, const struct lf_node *pipe,
		 struct lf_value *ret)
{
	struct lf_value v = {0};

	r->at = pipe;
	for (size_t i = 0; i < pipe->n_children; i++) {
		struct lf_value next;
		if (!run_command(r, dot, pipe->child[i], i ? &v : NULL, &next))
			return false;
		v = next;
	}
	*ret = v;
	return set_variables(r, pipe, &v);
}
