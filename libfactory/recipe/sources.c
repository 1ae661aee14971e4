/*
 * Finding the steps that bring sources in a YAML tree, and the variables for their inputs.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "recipe/sources.h"

#include "apk/arch.h"
#include "recipe/compile.h"

#include "base/banned.h"

struct found {
	const char *uses;
	LF_VEC(struct lf_yaml *) nodes;
};

static void found_fini(struct found *f)
{
	lf_vec_fini(&f->nodes);
}

/* compat: upstream takes any mapping with such a value, whatever the key. */
static void look(struct found *f, struct lf_yaml *n)
{
	if (n->kind == LF_YAML_MAP) {
		const struct lf_yaml *uses = lf_yaml_get(n, "uses");

		if (uses && uses->kind == LF_YAML_SCALAR && lf_str_is(uses->text, f->uses))
			lf_vec_push(&f->nodes, n);
	}
	for (size_t i = 0; i < n->n; i++)
		look(f, n->item[i]);
}

struct lf_step_nodes lf_steps_using(const struct lf_yaml *root, const char *uses,
				    struct lf_arena *arena)
{
	LF_CLEANUP(found_fini) struct found f = {.uses = uses};
	struct lf_yaml *pipeline = lf_yaml_get(root, "pipeline");
	struct lf_step_nodes ret;

	if (pipeline)
		look(&f, pipeline);
	ret = (struct lf_step_nodes){lf_new_n(arena, struct lf_yaml *, f.nodes.n), f.nodes.n};
	for (size_t i = 0; i < ret.n; i++)
		ret.v[i] = f.nodes.v[i];
	return ret;
}

struct lf_yaml *lf_yaml_need(const struct lf_yaml *map, const char *key, struct lf_err *err)
{
	struct lf_yaml *n = map->kind == LF_YAML_MAP ? lf_yaml_get(map, key) : NULL;

	if (!n)
		lf_fail_at(err, map, "key '%s' not found in mapping", key);
	return n;
}

bool lf_sources_vars(const struct lf_recipe *r, struct lf_vars *ret, struct lf_err *err)
{
	const struct lf_recipe_options o = {.arch = lf_arch_host()->apk, .libc_flavor = ""};

	return lf_scope_recipe(r, &o, ret, err);
}
