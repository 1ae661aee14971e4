/*
 * `subpackages:` and `test:` of a recipe.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "recipe/recipe.h"
#include "recipe/shapes.h"

#include "base/banned.h"

static const struct lf_field test_fields[] = {
	LF_FIELD(struct lf_recipe_test, "environment", STRUCT, environment, &lf_image_config_shape,
		 .always_json = true),
	LF_FIELD(struct lf_recipe_test, "pipeline", ARRAY, pipeline.v, &lf_shape_step,
		 .count = offsetof(struct lf_recipe_test, pipeline.n), .always = true,
		 .always_json = true),
	{0},
};
const struct lf_shape lf_shape_test = {"config.Test", sizeof(struct lf_recipe_test), test_fields};

static const struct lf_field subpackage_fields[] = {
	LF_FIELD_STR(struct lf_subpackage, "if", if_cond),
	LF_FIELD_STR(struct lf_subpackage, "range", range),
	LF_FIELD(struct lf_subpackage, "name", STR, unit.name, .always = true, .always_json = true),
	LF_FIELD_ARRAY(struct lf_subpackage, "pipeline", pipeline.v, pipeline.n, &lf_shape_step),
	LF_FIELD(struct lf_subpackage, "dependencies", STRUCT, unit.dependencies,
		 &lf_shape_dependencies, .always_json = true),
	LF_FIELD(struct lf_subpackage, "options", STRUCT, unit.options, &lf_shape_package_options,
		 LF_FIELD_SET(struct lf_subpackage, unit.options.set)),
	LF_FIELD(struct lf_subpackage, "scriptlets", STRUCT, unit.scriptlets, &lf_shape_scriptlets,
		 LF_FIELD_SET(struct lf_subpackage, unit.scriptlets.set)),
	LF_FIELD_STR(struct lf_subpackage, "description", unit.description),
	LF_FIELD_PAIRS(struct lf_subpackage, "annotations", unit.annotations),
	LF_FIELD(struct lf_subpackage, "url", STR, unit.url, .go = "URL"),
	LF_FIELD_STR(struct lf_subpackage, "commit", unit.commit),
	LF_FIELD(struct lf_subpackage, "checks", STRUCT, unit, &lf_shape_checks,
		 .always_json = true),
	LF_FIELD(struct lf_subpackage, "test", STRUCT, test, &lf_shape_test,
		 LF_FIELD_SET(struct lf_subpackage, test.set)),
	LF_FIELD_ARRAY(struct lf_subpackage, "setcap", unit.setcap.v, unit.setcap.n,
		       &lf_shape_setcap, .go = "SetCap"),
	{0},
};
const struct lf_shape lf_shape_subpackage = {"config.Subpackage", sizeof(struct lf_subpackage),
					     subpackage_fields,
					     1 + offsetof(struct lf_subpackage, unit.node)};
