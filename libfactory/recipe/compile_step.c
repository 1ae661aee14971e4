/*
 * Stage C of a step: its definition is loaded, its fields are expanded, its children follow with
 * what they inherit. In place.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "codec/go_text.h"
#include "recipe/compile.h"

#include "base/banned.h"

/* Definitions that use each other: deep or many only when something is wrong. */
#define MAX_USES  50
#define MAX_STEPS 100000

static bool fail_loop(const struct use *inside, const char *name, struct lf_err *err)
{
	lf_auto_buf chain = {0};

	lf_buf_puts(&chain, name);
	for (; inside; inside = inside->outer) {
		lf_buf_printf(&chain, " <- %s", inside->name);
		if (!strcmp(inside->name, name))
			break;
	}
	return lf_fail_new(err, LF_E_CONFIG, "pipeline \"%s\" uses itself: %s", name,
			   lf_buf_c(&chain));
}

static bool check_loop(const struct use *inside, const char *name, struct lf_err *err)
{
	unsigned depth = 0;

	for (const struct use *u = inside; u; u = u->outer) {
		if (!strcmp(u->name, name))
			return fail_loop(inside, name, err);
		if (++depth == MAX_USES)
			return lf_fail_new(err, LF_E_LIMIT,
					   "pipeline \"%s\": more than %d definitions deep", name,
					   MAX_USES);
	}
	return true;
}

static bool expand_field(struct compiler *c, const struct lf_vars *scope, const char *what,
			 const char **text, struct lf_err *err)
{
	const char *value = lf_vars_expand(scope, *text, c->arena, err);

	if (!value)
		return lf_fail(err, "mutating %s", what);
	*text = value;
	return true;
}

/* compat: upstream takes comments out of scripts. Here a script is run as it is written, but one of
 * nothing else than comments is none. */
static bool says_nothing(const char *script)
{
	struct lf_str rest = lf_str(script), line;

	if (lf_starts(script, "#!"))
		return false;
	while (lf_str_line(&rest, &line)) {
		line = lf_str_trim(line);
		if (line.n && line.p[0] != '#')
			return false;
	}
	return true;
}

static bool expand_step(struct compiler *c, const struct lf_vars *scope, struct lf_step *s,
			struct lf_err *err)
{
	for (size_t i = 0; i < s->needs.n; i++) {
		if (!expand_field(c, scope, "needs", &s->needs.v[i], err))
			return false;
	}
	if (!expand_field(c, scope, "workdir", &s->working_directory, err) ||
	    !expand_field(c, scope, "runs", &s->runs, err))
		return false;
	if (says_nothing(s->runs))
		s->runs = "";
	const char *cond = lf_vars_expand_quoted(scope, s->if_cond, c->arena, err);
	if (!cond)
		return lf_fail(err, "mutating if");
	s->if_cond = cond;
	return true;
}

/* compat: a step with children of its own keeps them, and its definition is not loaded; so compiled
 * output can be compiled again. */
static bool load_definition(struct compiler *c, struct lf_step *s, const struct use *inside,
			    bool *ret_loaded, struct lf_err *err)
{
	struct lf_yaml *node = NULL;

	*ret_loaded = *s->uses && !s->n_children;
	if (!*ret_loaded)
		return true;
	return check_loop(inside, s->uses, err) && lf_uses_find(c, s->uses, &node, err) &&
	       (!node || lf_step_decode_onto(node, c->arena, s, err));
}

static bool compile_step(struct compiler *c, const struct lf_vars *outer, struct lf_step *s,
			 const struct use *inside, struct lf_err *err)
{
	lf_auto_vars scope = {.parent = outer};
	const struct use here = {.name = s->uses, .outer = inside};
	bool loaded;

	if (++c->n_steps > MAX_STEPS)
		return lf_fail_new(err, LF_E_LIMIT, "more than %d steps", MAX_STEPS);
	if (!load_definition(c, s, inside, &loaded, err) ||
	    !lf_inputs_resolve(c, outer, s, loaded, &scope, err) || !expand_step(c, &scope, s, err))
		return false;
	for (size_t i = 0; i < s->n_children; i++) {
		if (!*s->child[i].working_directory)
			s->child[i].working_directory = s->working_directory;
	}
	c->depth++;
	bool ok =
		lf_steps_compile(c, &scope, s->child, s->n_children, loaded ? &here : inside, err);
	c->depth--;
	return ok;
}

bool lf_step_fail(const struct lf_step *step, struct lf_err *err)
{
	return strstr(lf_err_text(err), "Pipeline[") ? false : lf_fail_in(err, step->node);
}

bool lf_steps_compile(struct compiler *c, const struct lf_vars *scope, struct lf_step *step,
		      size_t n, const struct use *inside, struct lf_err *err)
{
	for (size_t i = 0; i < n; i++) {
		if (!compile_step(c, scope, &step[i], inside, err)) {
			lf_step_fail(&step[i], err);
			return lf_fail(err, "compiling Pipeline[%zu]", i);
		}
	}
	return true;
}

bool lf_step_needs(const struct lf_step *s, struct lf_strv *ret, struct lf_err *err)
{
	bool wanted;

	if (!lf_cond_eval(s->if_cond, &wanted, err)) {
		lf_auto_buf quoted = {0};

		lf_quote(&quoted, lf_str(s->if_cond));
		return lf_fail(err, "evaluating conditional %s", lf_buf_c(&quoted));
	}
	if (!wanted)
		return true;
	lf_strv_addv(ret, &s->needs);
	for (size_t i = 0; i < s->n_children; i++) {
		if (!lf_step_needs(&s->child[i], ret, err))
			return false;
	}
	return true;
}
