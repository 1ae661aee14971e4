/*
 * The steps of loading a recipe, in their order; load.c calls them. Each file works on the value in
 * place.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "recipe/recipe.h"
#include "recipe/vars.h"

/* decode.c: the YAML tree as a value, strictly. What upstream reads and loses is lost here too. */
bool lf_recipe_decode(const struct lf_yaml *root, struct lf_arena *arena, struct lf_recipe *ret,
		      struct lf_err *err) LF_MUST_CHECK;
bool lf_subpackage_decode(const struct lf_yaml *node, struct lf_arena *arena,
			  struct lf_subpackage *ret, struct lf_err *err) LF_MUST_CHECK;
/* A definition loaded by `uses`, laid onto the step that uses it: keys that are there win, maps are
 * merged, unknown keys pass. */
bool lf_step_decode_onto(const struct lf_yaml *node, struct lf_arena *arena, struct lf_step *step,
			 struct lf_err *err) LF_MUST_CHECK;
/* A map from string to string, added to ret. */
bool lf_pairs_decode(const struct lf_yaml *node, struct lf_arena *arena, struct lf_pairs *ret,
		     struct lf_err *err) LF_MUST_CHECK;

/* var_defs.c: package.* and vars.* as they stand, and the results of the transforms: what is known
 * while loading. */
bool lf_vars_for_load(const struct lf_recipe *r, bool transforms, struct lf_vars *ret,
		      struct lf_err *err) LF_MUST_CHECK;
/* vars.* expanded in each other, for stage C. */
bool lf_vars_add_expanded(const struct lf_recipe *r, struct lf_vars *v,
			  struct lf_err *err) LF_MUST_CHECK;
/* Runs var-transforms in order; each sees the results of those before. */
bool lf_vars_add_transforms(const struct lf_recipe *r, struct lf_vars *v,
			    struct lf_err *err) LF_MUST_CHECK;

/* range.c, replace.c: stage A. Ranges are unfolded on the way. */
bool lf_recipe_unfold(struct lf_recipe *r, const struct lf_vars *v,
		      struct lf_err *err) LF_MUST_CHECK;
void lf_recipe_replace(struct lf_recipe *r, const struct lf_vars *v);
void lf_subpackage_replace(struct lf_subpackage *s, const struct lf_vars *v,
			   struct lf_arena *arena);

/* strict.c: stage B. */
bool lf_recipe_expand_dependencies(struct lf_recipe *r, const struct lf_vars *all,
				   const struct lf_vars *without_transforms,
				   struct lf_err *err) LF_MUST_CHECK;

/* defaults.c: the build user, environment variables, resources, and what inline children take from
 * their parents. */
bool lf_recipe_set_defaults(struct lf_recipe *r, const struct lf_recipe_options *o,
			    struct lf_err *err) LF_MUST_CHECK;

/* env_file.c: dotenv text; pairs are added in order, a later line wins. */
bool lf_env_file_parse(struct lf_str text, struct lf_arena *arena, struct lf_pairs *ret,
		       struct lf_err *err) LF_MUST_CHECK;

/* validate.c: the first broken rule, "FILE:LINE:COL: TEXT". */
bool lf_recipe_validate(const struct lf_ctx *ctx, const struct lf_recipe *r,
			struct lf_err *err) LF_MUST_CHECK;
