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
	LF_FIELD_STR(struct lf_var_transform, "from", from),
	LF_FIELD_STR(struct lf_var_transform, "match", match),
	LF_FIELD_STR(struct lf_var_transform, "replace", replace),
	LF_FIELD_STR(struct lf_var_transform, "to", to),
	{0},
};
static const struct lf_shape transform_type = {"config.VarTransforms",
					       sizeof(struct lf_var_transform), transform_fields};

/* options.NAME.environment.contents.packages: four blocks deep, one struct. */
static const struct lf_field list_fields[] = {
	LF_FIELD_STRV(struct lf_build_option, "add", packages_add),
	LF_FIELD_STRV(struct lf_build_option, "remove", packages_remove),
	{0},
};
static const struct lf_shape list_type = {"config.ListOption", sizeof(struct lf_build_option),
					  list_fields};
static const struct lf_field contents_fields[] = {
	LF_FIELD_NESTED("packages", &list_type),
	{0},
};
static const struct lf_shape contents_type = {"config.ContentsOption",
					      sizeof(struct lf_build_option), contents_fields};
static const struct lf_field environment_fields[] = {
	LF_FIELD_NESTED("contents", &contents_type),
	{0},
};
static const struct lf_shape environment_type = {
	"config.EnvironmentOption", sizeof(struct lf_build_option), environment_fields};
static const struct lf_field option_fields[] = {
	LF_FIELD_PAIRS(struct lf_build_option, "vars", vars),
	LF_FIELD_NESTED("environment", &environment_type),
	{0},
};
const struct lf_shape lf_shape_build_option = {"config.BuildOption", sizeof(struct lf_build_option),
					       option_fields};

/* In byte order of the names, as Go prints them. */
static int compare_options(const void *a, const void *b)
{
	const struct lf_build_option *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static void decode_options(struct lf_decoder *d, const struct lf_yaml *node, void *value)
{
	struct lf_recipe_build_options *options = value;

	if (node->kind != LF_YAML_MAP) {
		lf_decode_mismatch(d, node, "map[string]config.BuildOption");
		return;
	}
	options->v = lf_new_n(d->arena, struct lf_build_option, node->n);
	options->n = node->n;
	for (size_t i = 0; i < node->n; i++) {
		struct lf_build_option *o = &options->v[i];

		lf_shape_init(&lf_shape_build_option, o);
		o->name = node->key[i]->text.p;
		lf_decode_struct(d, &lf_shape_build_option, node->item[i], o);
	}
	lf_vec_sort(options, compare_options);
}

static const struct lf_field recipe_fields[] = {
	LF_FIELD_STRUCT(struct lf_recipe, "package", package, &lf_shape_package),
	LF_FIELD_STRUCT(struct lf_recipe, "environment", environment, &lf_image_config_shape),
	LF_FIELD_NESTED("capabilities", &capabilities_type),
	LF_FIELD_ARRAY(struct lf_recipe, "pipeline", pipeline.v, pipeline.n, &lf_shape_step),
	LF_FIELD_ARRAY(struct lf_recipe, "subpackages", subpackage, n_subpackages,
		       &lf_shape_subpackage),
	LF_FIELD_ARRAY(struct lf_recipe, "data", data, n_data, &data_type),
	LF_FIELD(struct lf_recipe, "update", STRUCT, update, &lf_shape_update,
		 LF_FIELD_SET(struct lf_recipe, update.set)),
	LF_FIELD_PAIRS(struct lf_recipe, "vars", vars),
	LF_FIELD_ARRAY(struct lf_recipe, "var-transforms", var_transforms.v, var_transforms.n,
		       &transform_type),
	LF_FIELD_CALL(struct lf_recipe, "options", options, decode_options),
	LF_FIELD(struct lf_recipe, "test", STRUCT, test, &lf_shape_test,
		 LF_FIELD_SET(struct lf_recipe, test.set)),
	{0},
};
const struct lf_shape lf_shape_recipe = {"config.Configuration", sizeof(struct lf_recipe),
					 recipe_fields};
