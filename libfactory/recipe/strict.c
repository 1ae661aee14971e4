/*
 * Stage B: dependencies, package lists and priorities are expanded strictly while loading, so that
 * a wrong name shows early. Only the variables of stage A are known here.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "recipe/load.h"

#include "base/banned.h"

struct strict {
	struct lf_recipe *recipe;
	const struct lf_vars *vars;
	struct lf_err *err;
};

/* what: `to runtime dependency`, `to "SUB" provides`. */
static bool expand_text(const struct strict *s, const char *what, const char **text)
{
	const char *value = lf_vars_expand(s->vars, *text, s->recipe->arena, s->err);

	if (!value)
		return lf_fail(s->err, "failed to apply replacement %s \"%s\"", what, *text);
	*text = value;
	return true;
}

static bool expand_list(const struct strict *s, const char *what, struct lf_strv *list)
{
	for (size_t i = 0; i < list->n; i++) {
		if (!expand_text(s, what, &list->v[i]))
			return false;
	}
	return true;
}

static struct lf_strv *get_provides(struct lf_unit *u)
{
	return &u->dependencies.provides;
}

static struct lf_strv *get_runtime(struct lf_unit *u)
{
	return &u->dependencies.runtime;
}

static struct lf_strv *get_replaces(struct lf_unit *u)
{
	return &u->dependencies.replaces;
}

/* One list of the package and of each subpackage. */
static bool expand_units(const struct strict *s, const char *what,
			 struct lf_strv *(*get)(struct lf_unit *u))
{
	struct lf_recipe *r = s->recipe;

	if (!expand_list(s, lf_arena_printf(r->arena, "to %s", what), get(&r->package.unit)))
		return false;
	for (size_t i = 0; i < r->n_subpackages; i++) {
		struct lf_unit *u = &r->subpackage[i].unit;
		const char *label = lf_arena_printf(r->arena, "to \"%s\" %s", u->name, what);

		if (!expand_list(s, label, get(u)))
			return false;
	}
	return true;
}

static bool expand_packages(const struct strict *s)
{
	struct lf_recipe *r = s->recipe;

	if (!expand_list(s, "to package", &r->environment.contents.packages) ||
	    !expand_list(s, "to test package", &r->test.environment.contents.packages))
		return false;
	for (size_t i = 0; i < r->n_subpackages; i++) {
		struct lf_subpackage *sub = &r->subpackage[i];
		const char *label =
			lf_arena_printf(r->arena, "to subpackage \"%s\" test", sub->unit.name);

		if (!expand_list(s, label, &sub->test.environment.contents.packages))
			return false;
	}
	return true;
}

static bool expand_priorities(const struct strict *s, struct lf_unit *u)
{
	return expand_text(s, "to provider priority", &u->dependencies.provider_priority) &&
	       expand_text(s, "to replaces priority", &u->dependencies.replaces_priority);
}

bool lf_recipe_expand_dependencies(struct lf_recipe *r, const struct lf_vars *all,
				   const struct lf_vars *without_transforms, struct lf_err *err)
{
	const struct strict s = {.recipe = r, .vars = all, .err = err};
	const struct strict plain = {.recipe = r, .vars = without_transforms, .err = err};

	if (!expand_units(&s, "provides", get_provides) ||
	    !expand_units(&s, "runtime dependency", get_runtime) ||
	    !expand_units(&plain, "replaces", get_replaces) || !expand_packages(&s) ||
	    !expand_priorities(&plain, &r->package.unit))
		return false;
	for (size_t i = 0; i < r->n_subpackages; i++) {
		if (!expand_priorities(&plain, &r->subpackage[i].unit))
			return false;
	}
	return true;
}
