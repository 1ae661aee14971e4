/*
 * Calling: the functions that templates have, and methods of values. A call first checks how many
 * arguments there are, then evaluates them, then runs; `and` and `or` evaluate as they go.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "codec/template_impl.h"

#include "base/banned.h"

struct call {
	struct lf_run *r;
	const struct lf_value *arg;
	size_t n;
	const struct lf_node *first; /* what was written for the first argument; NULL: it came
					through a pipe */
	struct lf_value *ret;
	struct lf_err *err; /* without "error calling NAME" */
};

struct lf_function {
	const char *name;
	size_t n_fixed;       /* arguments it must have */
	bool variadic;        /* and any number more */
	enum lf_arg_kind arg; /* of all */
	enum lf_arg_kind first;
	bool (*call)(struct call *c);
};

/* ---- index, slice, len ---- */

static bool to_index(struct call *c, const struct lf_value *v, size_t max, size_t *ret)
{
	int64_t i = v->kind == LF_VALUE_UINT ? (int64_t)v->u : v->i;

	if (v->kind == LF_VALUE_NONE)
		return lf_fail_new(c->err, LF_E_USAGE, "cannot index slice/array with nil");
	if (v->kind != LF_VALUE_INT && v->kind != LF_VALUE_UINT)
		return lf_fail_new(c->err, LF_E_USAGE, "cannot index slice/array with type %s",
				   v->type);
	if (i < 0 || (uint64_t)i > max)
		return lf_fail_new(c->err, LF_E_USAGE, "index out of range: %lld", (long long)i);
	*ret = (size_t)i;
	return true;
}

static bool index_map(struct call *c, struct lf_value *item, const struct lf_value *key)
{
	if (key->kind == LF_VALUE_NONE)
		return lf_fail_new(c->err, LF_E_USAGE, "value is nil; should be of type string");
	if (key->kind != LF_VALUE_STR)
		return lf_fail_new(c->err, LF_E_USAGE, "value has type %s; should be string",
				   key->type);
	for (size_t i = 0; i < item->n; i++) {
		if (lf_str_is(key->s, item->field[i].name)) {
			*item = item->field[i].value;
			return true;
		}
	}
	*item = item->zero ? *item->zero : lf_value_str("");
	return true;
}

/* compat: the index behind the last item passes the check and panics only then. */
static bool index_one(struct call *c, struct lf_value *item, const struct lf_value *key)
{
	size_t n = item->kind == LF_VALUE_STR ? item->s.n : item->n, i = 0;

	if (item->kind == LF_VALUE_MAP)
		return index_map(c, item, key);
	if (item->kind != LF_VALUE_STR && item->kind != LF_VALUE_LIST)
		return lf_fail_new(c->err, LF_E_USAGE, "can't index item of type %s", item->type);
	if (!to_index(c, key, n, &i))
		return false;
	if (i == n)
		return lf_fail_new(c->err, LF_E_USAGE, "reflect: %s index out of range",
				   item->kind == LF_VALUE_STR ? "string" : "slice");
	if (item->kind == LF_VALUE_LIST)
		*item = item->item[i];
	else
		*item = (struct lf_value){
			.kind = LF_VALUE_UINT, .type = "uint8", .u = (unsigned char)item->s.p[i]};
	return true;
}

static bool call_index(struct call *c)
{
	struct lf_value item = c->arg[0];
	bool nil;

	if (item.kind == LF_VALUE_NONE)
		return lf_fail_new(c->err, LF_E_USAGE, "index of untyped nil");
	for (size_t i = 1; i < c->n; i++) {
		item = lf_value_follow(&item, &nil);
		if (nil)
			return lf_fail_new(c->err, LF_E_USAGE, "index of nil pointer");
		if (!index_one(c, &item, &c->arg[i]))
			return false;
	}
	*c->ret = item;
	return true;
}

static bool check_slice(struct call *c, const struct lf_value *item, bool nil)
{
	if (item->kind == LF_VALUE_NONE)
		return lf_fail_new(c->err, LF_E_USAGE, "slice of untyped nil");
	if (nil)
		return lf_fail_new(c->err, LF_E_USAGE, "slice of nil pointer");
	if (c->n > 4)
		return lf_fail_new(c->err, LF_E_USAGE, "too many slice indexes: %zu", c->n - 1);
	if (item->kind == LF_VALUE_STR && c->n == 4)
		return lf_fail_new(c->err, LF_E_USAGE, "cannot 3-index slice a string");
	if (item->kind != LF_VALUE_STR && item->kind != LF_VALUE_LIST)
		return lf_fail_new(c->err, LF_E_USAGE, "can't slice item of type %s", item->type);
	return true;
}

static bool call_slice(struct call *c)
{
	bool nil;
	struct lf_value item = lf_value_follow(&c->arg[0], &nil);
	size_t n = item.kind == LF_VALUE_STR ? item.s.n : item.n;
	size_t at[3] = {0, n, n};

	if (!check_slice(c, &item, nil))
		return false;
	for (size_t i = 1; i < c->n; i++) {
		if (!to_index(c, &c->arg[i], n, &at[i - 1]))
			return false;
	}
	for (size_t i = 0; i < 2; i++) {
		if (at[i] > at[i + 1])
			return lf_fail_new(c->err, LF_E_USAGE, "invalid slice index: %zu > %zu",
					   at[i], at[i + 1]);
	}
	if (item.kind == LF_VALUE_STR) {
		item.s = lf_str_sub(item.s, at[0], at[1]);
	} else {
		item.item += at[0];
		item.n = at[1] - at[0];
	}
	*c->ret = item;
	return true;
}

static bool call_len(struct call *c)
{
	bool nil;
	struct lf_value v = lf_value_follow(&c->arg[0], &nil);

	if (nil)
		return lf_fail_new(c->err, LF_E_USAGE, "len of nil pointer");
	if (v.kind == LF_VALUE_NONE) /* compat: Go's reflection panics */
		return lf_fail_new(c->err, LF_E_USAGE,
				   "reflect: call of reflect.Value.Type on zero Value");
	if (v.kind != LF_VALUE_STR && v.kind != LF_VALUE_LIST && v.kind != LF_VALUE_MAP)
		return lf_fail_new(c->err, LF_E_USAGE, "len of type %s", v.type);
	*c->ret = lf_value_int((int64_t)(v.kind == LF_VALUE_STR ? v.s.n : v.n));
	return true;
}

/* ---- comparing ---- */

static bool call_not(struct call *c)
{
	*c->ret = lf_value_bool(!lf_value_truth(&c->arg[0]));
	return true;
}

static bool call_eq(struct call *c)
{
	bool equal = false;

	if (c->n < 2)
		return lf_fail_new(c->err, LF_E_USAGE, "missing argument for comparison");
	for (size_t i = 1; !equal && i < c->n; i++) {
		if (!lf_value_equal(&c->arg[0], &c->arg[i], &equal, c->err))
			return false;
	}
	*c->ret = lf_value_bool(equal);
	return true;
}

static bool call_ne(struct call *c)
{
	bool equal;

	if (!lf_value_equal(&c->arg[0], &c->arg[1], &equal, c->err))
		return false;
	*c->ret = lf_value_bool(!equal);
	return true;
}

static bool compare(struct call *c, bool or_equal, bool negate)
{
	bool result;

	if (!lf_value_less(&c->arg[0], &c->arg[1], &result, c->err))
		return false;
	if (!result && or_equal && !lf_value_equal(&c->arg[0], &c->arg[1], &result, c->err))
		return false;
	*c->ret = lf_value_bool(result != negate);
	return true;
}

static bool call_lt(struct call *c)
{
	return compare(c, false, false);
}

static bool call_le(struct call *c)
{
	return compare(c, true, false);
}

static bool call_gt(struct call *c)
{
	return compare(c, true, true);
}

static bool call_ge(struct call *c)
{
	return compare(c, false, true);
}

/* ---- text ---- */

static bool give_text(struct call *c, const struct lf_buf *text)
{
	if (text->overflow || c->r->arena->total > LF_TEMPLATE_MEMORY)
		return lf_fail_new(c->err, LF_E_LIMIT, "too much text");
	*c->ret = lf_value_str("");
	c->ret->s = (struct lf_str){lf_arena_str(c->r->arena, lf_buf_view(text)), text->n};
	return true;
}

static bool call_print(struct call *c)
{
	lf_auto_buf text = LF_BUF(LF_TEMPLATE_TEXT);

	lf_values_show(&text, c->arg, c->n);
	return give_text(c, &text);
}

static bool call_println(struct call *c)
{
	lf_auto_buf text = LF_BUF(LF_TEMPLATE_TEXT);

	for (size_t i = 0; i < c->n; i++) {
		lf_buf_puts(&text, i ? " " : "");
		lf_value_show(&text, &c->arg[i]);
	}
	lf_buf_putc(&text, '\n');
	return give_text(c, &text);
}

static bool call_printf(struct call *c)
{
	lf_auto_buf text = LF_BUF(LF_TEMPLATE_TEXT);

	lf_value_format(&text, c->arg[0].s, c->arg + 1, c->n - 1);
	return give_text(c, &text);
}

static bool escape(struct call *c, void (*put)(struct lf_buf *, struct lf_str))
{
	struct lf_value *followed = lf_new_n(c->r->arena, struct lf_value, c->n);
	lf_auto_buf text = LF_BUF(LF_TEMPLATE_TEXT), escaped = LF_BUF(LF_TEMPLATE_TEXT);
	bool nil;

	for (size_t i = 0; i < c->n; i++)
		followed[i] = lf_value_follow(&c->arg[i], &nil);
	lf_values_show(&text, followed, c->n);
	put(&escaped, lf_buf_view(&text));
	return give_text(c, &escaped);
}

static bool call_html(struct call *c)
{
	return escape(c, lf_escape_html);
}

static bool call_js(struct call *c)
{
	return escape(c, lf_escape_js);
}

static bool call_urlquery(struct call *c)
{
	return escape(c, lf_escape_query);
}

/* There are no values here that could be called. */
static bool call_call(struct call *c)
{
	lf_auto_buf shown = {0};

	if (c->arg[0].kind == LF_VALUE_NONE)
		return lf_fail_new(c->err, LF_E_USAGE, "call of nil");
	if (c->first)
		lf_node_print(&shown, c->first);
	else
		lf_value_show(&shown, &c->arg[0]);
	return lf_fail_new(c->err, LF_E_USAGE, "non-function %s of type %s", lf_buf_c(&shown),
			   c->arg[0].type);
}

/* ---- the table ---- */

#define VALUES(name, n, more) #name, n, more, LF_ARG_VALUE, LF_ARG_VALUE, call_##name
#define ANY(name)             #name, 0, true, LF_ARG_ANY, LF_ARG_ANY, call_##name

static const struct lf_function functions[] = {
	{"and", 1, true, LF_ARG_VALUE, LF_ARG_VALUE, NULL},
	{VALUES(call, 1, true)},
	{VALUES(eq, 1, true)},
	{VALUES(ge, 2, false)},
	{VALUES(gt, 2, false)},
	{ANY(html)},
	{VALUES(index, 1, true)},
	{ANY(js)},
	{VALUES(le, 2, false)},
	{VALUES(len, 1, false)},
	{VALUES(lt, 2, false)},
	{VALUES(ne, 2, false)},
	{VALUES(not, 1, false)},
	{"or", 1, true, LF_ARG_VALUE, LF_ARG_VALUE, NULL},
	{ANY(print)},
	{"printf", 1, true, LF_ARG_ANY, LF_ARG_STR, call_printf},
	{ANY(println)},
	{VALUES(slice, 1, true)},
	{ANY(urlquery)},
};

const struct lf_function *lf_function_find(struct lf_str name)
{
	for (size_t i = 0; i < LF_ARRAY_LEN(functions); i++) {
		if (lf_str_is(name, functions[i].name))
			return &functions[i];
	}
	return NULL;
}

/* ---- calling ---- */

static bool check_count(struct lf_run *r, const char *name, size_t n_fixed, bool variadic,
			const struct lf_call_args *args)
{
	size_t n = args->n_nodes + (args->final != NULL);

	if (variadic && n < n_fixed)
		return lf_run_fail(r, "wrong number of args for %s: want at least %zu got %zu",
				   name, n_fixed, args->n_nodes);
	if (!variadic && n != n_fixed)
		return lf_run_fail(r, "wrong number of args for %s: want %zu got %zu", name,
				   n_fixed, n);
	return true;
}

/* The first value that decides, or the last one. */
static bool run_logic(struct lf_run *r, bool is_or, const struct lf_call_args *args,
		      struct lf_value *ret)
{
	for (size_t i = 0; i < args->n_nodes; i++) {
		if (!lf_run_arg(r, args->dot, args->node[i], LF_ARG_VALUE, ret))
			return false;
		if (lf_value_truth(ret) == is_or)
			return true;
	}
	if (args->final)
		*ret = *args->final;
	return true;
}

static bool run_args(struct lf_run *r, const struct lf_function *f, const struct lf_call_args *args,
		     struct lf_value *ret)
{
	for (size_t i = 0; i < args->n_nodes; i++) {
		enum lf_arg_kind kind = i ? f->arg : f->first;
		if (!lf_run_arg(r, args->dot, args->node[i], kind, &ret[i]))
			return false;
	}
	return !args->final || lf_run_check_arg(r, args->final, args->n_nodes ? f->arg : f->first,
						&ret[args->n_nodes]);
}

bool lf_run_function(struct lf_run *r, const struct lf_function *f, const struct lf_node *command,
		     const struct lf_call_args *args, struct lf_value *ret)
{
	size_t n = args->n_nodes + (args->final != NULL);
	struct lf_value *value = lf_new_n(r->arena, struct lf_value, n);
	struct call c = {.r = r,
			 .arg = value,
			 .n = n,
			 .first = args->n_nodes ? args->node[0] : NULL,
			 .ret = ret,
			 .err = r->err};

	if (!check_count(r, f->name, f->n_fixed, f->variadic, args))
		return false;
	if (!f->call)
		return run_logic(r, f->name[0] == 'o', args, ret);
	if (!run_args(r, f, args, value))
		return false;
	if (f->call(&c))
		return true;
	r->at = command;
	lf_auto_free char *why = lf_strdup(lf_err_text(r->err));
	return lf_run_fail(r, "error calling %s: %s", f->name, why);
}

bool lf_run_method(struct lf_run *r, const struct lf_value *object, const struct lf_value_method *m,
		   const struct lf_node *node, const struct lf_call_args *args,
		   struct lf_value *ret)
{
	static const struct lf_call_args none = {0};
	struct lf_value value[4];

	args = args ? args : &none;
	if (!check_count(r, m->name, m->n_args, false, args))
		return false;
	if (m->n_args > LF_ARRAY_LEN(value))
		return lf_run_fail(r, "%s takes too many arguments", m->name);
	for (size_t i = 0; i < args->n_nodes; i++) {
		if (!lf_run_arg(r, args->dot, args->node[i], LF_ARG_STR, &value[i]))
			return false;
	}
	if (args->final && !lf_run_check_arg(r, args->final, LF_ARG_STR, &value[args->n_nodes]))
		return false;
	if (m->call(object->self, value, r->arena, ret, r->err))
		return true;
	r->at = node;
	lf_auto_free char *why = lf_strdup(lf_err_text(r->err));
	return lf_run_fail(r, "error calling %s: %s", m->name, why);
}
