/*
 * Steps: `pipeline:` of a recipe, and the definitions that `uses` loads, which are decoded onto the
 * step that uses them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "recipe/recipe.h"
#include "recipe/shapes.h"

#include "base/banned.h"

static const struct lf_field needs_fields[] = {
	LF_FIELD(struct lf_step, "packages", STRV, needs, .json_key = "Packages"),
	{0},
};
/* Keys that stand in a block of their own are members of the step: the block has its address. */
static const struct lf_shape needs_type = {"config.Needs", sizeof(struct lf_step), needs_fields};

static const struct lf_field assertions_fields[] = {
	LF_FIELD(struct lf_step, "required-steps", INT, required_steps, NULL),
	{0},
};
static const struct lf_shape assertions_type = {"config.PipelineAssertions", sizeof(struct lf_step),
						assertions_fields};

static const struct lf_field input_fields[] = {
	LF_FIELD_STR(struct lf_input, "description", description),
	LF_FIELD_STR(struct lf_input, "default", default_value),
	LF_FIELD_BOOL(struct lf_input, "required", required),
	{0},
};
static const struct lf_shape input_type = {"config.Input", sizeof(struct lf_input), input_fields};

static const struct lf_field step_fields[] = {
	LF_FIELD_STR(struct lf_step, "if", if_cond),
	LF_FIELD_STR(struct lf_step, "name", name),
	LF_FIELD_STR(struct lf_step, "uses", uses),
	LF_FIELD_PAIRS(struct lf_step, "with", with),
	LF_FIELD_STR(struct lf_step, "runs", runs),
	LF_FIELD_ARRAY(struct lf_step, "pipeline", child, n_children, &lf_shape_step),
	LF_FIELD_MAP(struct lf_step, "inputs", inputs.v, inputs.n, &input_type),
	LF_FIELD_NESTED("needs", &needs_type, .pointer = true),
	LF_FIELD_STR(struct lf_step, "label", label),
	LF_FIELD_NESTED("assertions", &assertions_type,
			LF_FIELD_SET(struct lf_step, has_assertions)),
	LF_FIELD(struct lf_step, "working-directory", STR, working_directory, .go = "WorkDir"),
	LF_FIELD_PAIRS(struct lf_step, "environment", environment),
	{0},
};
const struct lf_shape lf_shape_step = {"config.Pipeline", sizeof(struct lf_step), step_fields,
				       1 + offsetof(struct lf_step, node)};
