/*
 * The top level of a recipe.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "recipe/recipe.h"
#include "recipe/shapes.h"

#include "base/banned.h"

static const struct lf_field capabilities_fields[] = {
	LF_FIELD_STRV(struct lf_recipe, "add", capabilities_add),
	LF_FIELD_STRV(struct lf_recipe, "drop", capabilities_drop),
	{0},
};
static const struct lf_shape capabilities_type = {"config.Capabilities", sizeof(struct lf_recipe),
						  capabilities_fields};

static const struct lf_field data_fields[] = {
	LF_FIELD_STR(struct lf_recipe_data, "name", name),
	LF_FIELD_PAIRS(struct lf_recipe_data, "items", items),
	{0},
};
static const struct lf_shape data_type = {"config.RangeData", sizeof(struct lf_recipe_data),
					  data_fields};

static const struct lf_field transform_fields[] = {
	LF_FIELD(struct lf_var_transform, "from", STR, from, .always = true, .always_json = true),
	LF_FIELD(struct lf_var_transform, "match", STR, match, .always = true, .always_json = true),
	LF_FIELD(struct lf_var_transform, "replace", STR, replace, .always = true,
		 .always_json = true),
	LF_FIELD(struct lf_var_transform, "to", STR, to, .always = true, .always_json = true),
	{0},
};
static const struct lf_shape transform_type = {"config.VarTransforms",
					       sizeof(struct lf_var_transform), transform_fields,
					       1 + offsetof(struct lf_var_transform, node)};

/* options.NAME.environment.contents.packages: four blocks deep, one struct. compat: in JSON they
 * have the names of Go's fields, and nothing is left out. */
static const struct lf_field list_fields[] = {
	LF_FIELD(struct lf_build_option, "add", STRV, packages_add, .json_key = "Add",
		 .always_json = true),
	LF_FIELD(struct lf_build_option, "remove", STRV, packages_remove, .json_key = "Remove",
		 .always_json = true),
	{0},
};
static const struct lf_shape list_type = {"config.ListOption", sizeof(struct lf_build_option),
					  list_fields};
static const struct lf_field contents_fields[] = {
	LF_FIELD_NESTED("packages", &list_type, .json_key = "Packages", .always_json = true),
	{0},
};
static const struct lf_shape contents_type = {"config.ContentsOption",
					      sizeof(struct lf_build_option), contents_fields};
static const struct lf_field environment_fields[] = {
	LF_FIELD_NESTED("contents", &contents_type, .json_key = "Contents", .always_json = true),
	{0},
};
static const struct lf_shape environment_type = {
	"config.EnvironmentOption", sizeof(struct lf_build_option), environment_fields};
static const struct lf_field option_fields[] = {
	LF_FIELD(struct lf_build_option, "vars", PAIRS, vars, .json_key = "Vars",
		 .always_json = true),
	LF_FIELD_NESTED("environment", &environment_type, .json_key = "Environment",
			.always_json = true),
	{0},
};
static const struct lf_shape option_type = {"config.BuildOption", sizeof(struct lf_build_option),
					    option_fields};

static const struct lf_field recipe_fields[] = {
	LF_FIELD(struct lf_recipe, "package", STRUCT, package, &lf_shape_package,
		 .always_json = true),
	LF_FIELD(struct lf_recipe, "environment", STRUCT, environment, &lf_image_config_shape,
		 .always_json = true),
	LF_FIELD_NESTED("capabilities", &capabilities_type, .always_json = true),
	LF_FIELD_ARRAY(struct lf_recipe, "pipeline", pipeline.v, pipeline.n, &lf_shape_step),
	LF_FIELD_ARRAY(struct lf_recipe, "subpackages", subpackage, n_subpackages,
		       &lf_shape_subpackage),
	LF_FIELD_ARRAY(struct lf_recipe, "data", data, n_data, &data_type),
	LF_FIELD(struct lf_recipe, "update", STRUCT, update, &lf_shape_update, .always_json = true),
	LF_FIELD_PAIRS(struct lf_recipe, "vars", vars),
	LF_FIELD_ARRAY(struct lf_recipe, "var-transforms", var_transforms.v, var_transforms.n,
		       &transform_type),
	LF_FIELD_MAP(struct lf_recipe, "options", options.v, options.n, &option_type),
	LF_FIELD(struct lf_recipe, "test", STRUCT, test, &lf_shape_test,
		 LF_FIELD_SET(struct lf_recipe, test.set)),
	{0},
};
const struct lf_shape lf_shape_recipe = {"config.Configuration", sizeof(struct lf_recipe),
					 recipe_fields};
