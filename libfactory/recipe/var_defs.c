/*
 * The variables of a recipe: package.*, `vars:` and `var-transforms:`. While loading, vars count as
 * they are written; at compile they are expanded in each other first.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "recipe/load.h"
#include "recipe/regex.h"

#include "base/banned.h"

static void set_var(const struct lf_recipe *r, struct lf_vars *v, const char *name,
		    const char *value)
{
	lf_vars_set(v, lf_arena_printf(r->arena, "vars.%s", name), value);
}

static const char *transform(const struct lf_recipe *r, const struct lf_vars *v,
			     const struct lf_var_transform *t, struct lf_err *err)
{
	const char *from = lf_vars_expand(v, t->from, r->arena, err), *to;

	if (!from)
		return NULL;
	to = lf_regex_replace(t->match, from, t->replace, r->arena, err);
	if (!to)
		lf_fail(err, "match value: %s string does not compile into a regex", t->match);
	return to;
}

bool lf_vars_add_transforms(const struct lf_recipe *r, struct lf_vars *v, struct lf_err *err)
{
	for (size_t i = 0; i < r->var_transforms.n; i++) {
		const struct lf_var_transform *t = &r->var_transforms.v[i];
		const char *to = transform(r, v, t, err);

		if (!to)
			return lf_fail_in(err, t->node);
		set_var(r, v, t->to, to);
	}
	return true;
}

bool lf_vars_for_load(const struct lf_recipe *r, bool transforms, struct lf_vars *ret,
		      struct lf_err *err)
{
	const struct lf_recipe_package *p = &r->package;
	const char *epoch = lf_arena_printf(r->arena, "%llu", (unsigned long long)p->epoch);

	lf_vars_set(ret, "package.name", p->unit.name);
	lf_vars_set(ret, "package.version", p->version);
	lf_vars_set(ret, "package.epoch", epoch);
	lf_vars_set(ret, "package.full-version", lf_recipe_full_version(r));
	lf_vars_set(ret, "package.description", p->unit.description);
	for (size_t i = 0; i < r->vars.n; i++)
		set_var(r, ret, r->vars.v[i].key, r->vars.v[i].value);
	return !transforms || lf_vars_add_transforms(r, ret, err);
}

static bool fail_var(const struct lf_recipe *r, const struct lf_vars_item *item, struct lf_err *err)
{
	while (!item->failed)
		item++;
	return lf_fail_in(err, lf_yaml_get(lf_yaml_get(r->root, "vars"), item->key));
}

bool lf_vars_add_expanded(const struct lf_recipe *r, struct lf_vars *v, struct lf_err *err)
{
	struct lf_vars_item *item = lf_new_n(r->arena, struct lf_vars_item, r->vars.n);

	for (size_t i = 0; i < r->vars.n; i++) {
		item[i].key = r->vars.v[i].key;
		item[i].value = r->vars.v[i].value;
	}
	if (!lf_vars_expand_each(item, r->vars.n, "vars.", NULL, r->arena, err))
		return fail_var(r, item, err);
	for (size_t i = 0; i < r->vars.n; i++)
		set_var(r, v, item[i].key, item[i].value);
	return true;
}
