/*
 * YAML nodes of a recipe as values, by the shapes. Upstream reads some keys and then forgets them;
 * here they are dropped at once, so that nothing later can see them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "recipe/load.h"
#include "recipe/shapes.h"

#include "base/banned.h"

/* compat: lost by upstream while loading. */
static void settle_image(struct lf_image_config *c)
{
	lf_strv_fini(&c->contents.runtime_repositories);
	lf_vec_fini(&c->contents.runtime_keyring);
	lf_vec_fini(&c->certificates.additional);
	lf_strv_fini(&c->certificates.providers);
	c->certificates.set = false;
	c->layering.set = false;
	c->layering.strategy = "";
	c->layering.budget = 0;
	c->format = "";
	lf_image_config_settle(c);
}

static void settle_subpackage(struct lf_subpackage *s)
{
	settle_image(&s->test.environment);
}

bool lf_subpackage_decode(const struct lf_yaml *node, struct lf_arena *arena,
			  struct lf_subpackage *ret, struct lf_err *err)
{
	if (!lf_decode(&lf_shape_subpackage, node, arena, LF_DECODE_STRICT, ret, err))
		return false;
	settle_subpackage(ret);
	return true;
}

bool lf_recipe_decode(const struct lf_yaml *root, struct lf_arena *arena, struct lf_recipe *ret,
		      struct lf_err *err)
{
	if (!lf_decode(&lf_shape_recipe, root, arena, LF_DECODE_STRICT, ret, err))
		return false;
	ret->arena = arena;
	settle_image(&ret->environment);
	settle_image(&ret->test.environment);
	for (size_t i = 0; i < ret->n_subpackages; i++)
		settle_subpackage(&ret->subpackage[i]);
	return true;
}

static bool has_key(const struct lf_yaml *node, const char *key)
{
	const struct lf_yaml *value = lf_yaml_get(node, key);

	return value && !lf_yaml_is_null(value);
}

static void replace_text(const struct lf_yaml *node, const char *key, const char **text,
			 const char *with)
{
	if (has_key(node, key))
		*text = with;
}

/* compat: the definition wins over the step, `if` included; only name and with are the step's. */
static void lay_onto(const struct lf_yaml *node, struct lf_arena *arena, struct lf_step *step,
		     struct lf_step *definition)
{
	const struct lf_yaml *needs = lf_yaml_get(node, "needs");

	replace_text(node, "if", &step->if_cond, definition->if_cond);
	replace_text(node, "runs", &step->runs, definition->runs);
	replace_text(node, "label", &step->label, definition->label);
	replace_text(node, "working-directory", &step->working_directory,
		     definition->working_directory);
	if (has_key(node, "assertions")) {
		step->has_assertions = true;
		step->required_steps = definition->required_steps;
	}
	if (needs && has_key(needs, "packages")) {
		lf_strv_fini(&step->needs);
		step->needs = lf_take(definition->needs);
	}
	for (size_t i = 0; i < definition->environment.n; i++)
		lf_pairs_set(&step->environment, arena, definition->environment.v[i].key,
			     definition->environment.v[i].value);
	if (has_key(node, "pipeline")) {
		step->child = lf_take(definition->child);
		step->n_children = lf_take(definition->n_children);
	}
	if (has_key(node, "inputs"))
		step->inputs = definition->inputs;
}

bool lf_step_decode_onto(const struct lf_yaml *node, struct lf_arena *arena, struct lf_step *step,
			 struct lf_err *err)
{
	struct lf_step definition;

	if (lf_yaml_is_null(node))
		return true;
	if (!lf_decode(&lf_shape_step, node, arena, LF_DECODE_LENIENT, &definition, err))
		return false;
	lay_onto(node, arena, step, &definition);
	lf_shape_fini(&lf_shape_step, &definition);
	return true;
}

bool lf_pairs_decode(const struct lf_yaml *node, struct lf_arena *arena, struct lf_pairs *ret,
		     struct lf_err *err)
{
	struct lf_decoder d = {.arena = arena};

	if (node->kind != LF_YAML_MAP && !lf_yaml_is_null(node))
		lf_decode_mismatch(&d, node, "map[string]string");
	for (size_t i = 0; node->kind == LF_YAML_MAP && i < node->n; i++)
		lf_pairs_set(ret, arena, node->key[i]->text.p, lf_decode_str(&d, node->item[i]));
	return lf_decode_finish(&d, err);
}
