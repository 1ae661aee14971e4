/*
 * Compiling a recipe for an architecture: build options, then every pipeline unfolded and expanded,
 * what they need added to the environments. A loaded recipe comes in and is changed in place.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "recipe/compile.h"

#include "base/banned.h"

/* compat: each match is replaced by the last package of the list. */
static void remove_package(struct lf_strv *list, const char *name)
{
	for (size_t i = 0; i < list->n;) {
		if (strcmp(list->v[i], name) != 0)
			i++;
		else
			list->v[i] = list->v[--list->n];
	}
}

static void apply_option(struct lf_recipe *r, const struct lf_build_option *o)
{
	struct lf_strv *packages = &r->environment.contents.packages;

	for (size_t i = 0; i < o->vars.n; i++)
		lf_pairs_set(&r->vars, r->arena, o->vars.v[i].key, o->vars.v[i].value);
	lf_strv_addv(packages, &o->packages_add);
	for (size_t i = 0; i < o->packages_remove.n; i++)
		remove_package(packages, o->packages_remove.v[i]);
}

/* Unknown names only define a variable. */
static void apply_options(struct lf_recipe *r, const struct lf_strv *names)
{
	for (size_t i = 0; i < names->n; i++) {
		for (size_t j = 0; j < r->options.n; j++) {
			if (!strcmp(r->options.v[j].name, names->v[i]))
				apply_option(r, &r->options.v[j]);
		}
	}
}

/* Compiles the steps; what they need goes to packages, and from the top steps that gave it. */
static bool compile_pipeline(struct compiler *c, const struct lf_vars *scope,
			     struct lf_steps *steps, struct lf_strv *packages, struct lf_err *err)
{
	bool wanted = false;

	if (!lf_steps_compile(c, scope, steps->v, steps->n, NULL, err))
		return false;
	for (size_t i = 0; i < steps->n; i++) {
		struct lf_step *s = &steps->v[i];

		if (!lf_step_needs(s, packages, err)) {
			lf_step_fail(s, err);
			return lf_fail(err, "gathering deps for Pipeline[%zu]", i);
		}
		if (lf_cond_eval(s->if_cond, &wanted, NULL) && wanted)
			lf_strv_fini(&s->needs);
	}
	return true;
}

static bool compile_test(struct compiler *c, const struct lf_vars *scope, const char *name,
			 struct lf_recipe_test *test, struct lf_err *err)
{
	struct lf_strv *packages = &test->environment.contents.packages;

	if (!test->set)
		return true;
	lf_strv_add(packages, name);
	if (!compile_pipeline(c, scope, &test->pipeline, packages, err))
		return false;
	lf_strv_sort(packages);
	lf_strv_uniq(packages);
	return true;
}

/* compat: the condition is expanded only to find wrong names; it stays as it was. */
static bool check_condition(struct compiler *c, const struct lf_vars *scope,
			    const struct lf_subpackage *s, struct lf_err *err)
{
	return lf_vars_expand_quoted(scope, s->if_cond, c->arena, err) ||
	       lf_fail(err, "mutating subpackage \"%s\", if", s->unit.name);
}

static bool compile_subpackage(struct compiler *c, const struct lf_vars *scope,
			       struct lf_subpackage *s, struct lf_strv *packages,
			       struct lf_err *err)
{
	lf_auto_vars own = {.parent = scope};

	lf_scope_unit(c->recipe, &s->unit, true, &own);
	if (!check_condition(c, &own, s, err))
		return false;
	if (!compile_pipeline(c, &own, &s->pipeline, packages, err))
		return lf_fail(err, "compiling subpackage \"%s\"", s->unit.name);
	if (!compile_test(c, &own, s->unit.name, &s->test, err))
		return lf_fail(err, "compiling subpackage \"%s\" tests", s->unit.name);
	return true;
}

static bool compile_all(struct compiler *c, const struct lf_vars *scope, struct lf_err *err)
{
	struct lf_recipe *r = c->recipe;
	const char *name = r->package.unit.name, *tested = c->options->test_package;
	lf_auto_vars own = {.parent = scope};
	lf_auto_strv unused = {0};
	/* Tests never see what the build needed, but its pipelines must be right. */
	struct lf_strv *packages =
		c->options->tests_only ? &unused : &r->environment.contents.packages;

	lf_scope_unit(r, &r->package.unit, false, &own);
	if (!compile_pipeline(c, &own, &r->pipeline, packages, err))
		return lf_fail(err, "compiling %s\"%s\" pipelines",
			       c->options->tests_only ? "package " : "", name);
	for (size_t i = 0; i < r->n_subpackages; i++) {
		if (!compile_subpackage(c, scope, &r->subpackage[i], packages, err))
			return false;
	}
	if (!compile_test(c, &own, tested && *tested ? tested : name, &r->test, err))
		return lf_fail(err, "compiling \"%s\" test pipelines", name);
	return true;
}

bool lf_recipe_compile(const struct lf_ctx *ctx, struct lf_recipe *r,
		       const struct lf_recipe_options *o, const struct lf_builtins *builtins,
		       struct lf_err *err)
{
	struct lf_definitions own = {.arena = r->arena};
	struct compiler c = {.ctx = ctx,
			     .recipe = r,
			     .options = o,
			     .builtins = builtins,
			     .arena = r->arena,
			     .definitions = o->definitions ? o->definitions : &own};
	lf_auto_vars scope = {0};

	apply_options(r, &o->build_options);
	bool ok = lf_scope_recipe(r, o, &scope, err) && compile_all(&c, &scope, err);
	lf_map_fini(&own.map);
	return ok;
}
