/*
 * `package:` of a recipe.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "recipe/recipe.h"
#include "recipe/shapes.h"

#include "base/banned.h"

static const struct lf_field copyright_fields[] = {
	LF_FIELD_STRV(struct lf_copyright, "paths", paths),
	LF_FIELD_STR(struct lf_copyright, "attestation", attestation),
	LF_FIELD(struct lf_copyright, "license", STR, license, .always = true, .always_json = true),
	LF_FIELD_STR(struct lf_copyright, "license-path", license_path),
	LF_FIELD_STR(struct lf_copyright, "detection-override", detection_override),
	{0},
};
static const struct lf_shape copyright_type = {"config.Copyright", sizeof(struct lf_copyright),
					       copyright_fields};

static const struct lf_field cpe_fields[] = {
	LF_FIELD_STR(struct lf_cpe, "part", part),
	LF_FIELD_STR(struct lf_cpe, "vendor", vendor),
	LF_FIELD_STR(struct lf_cpe, "product", product),
	LF_FIELD_STR(struct lf_cpe, "edition", edition),
	LF_FIELD_STR(struct lf_cpe, "language", language),
	LF_FIELD(struct lf_cpe, "sw_edition", STR, sw_edition, .go = "SWEdition"),
	LF_FIELD(struct lf_cpe, "target_sw", STR, target_sw, .go = "TargetSW"),
	LF_FIELD(struct lf_cpe, "target_hw", STR, target_hw, .go = "TargetHW"),
	LF_FIELD_STR(struct lf_cpe, "other", other),
	{0},
};
static const struct lf_shape cpe_type = {"config.CPE", sizeof(struct lf_cpe), cpe_fields};

static const struct lf_field resources_fields[] = {
	LF_FIELD(struct lf_resources, "cpu", STR, cpu, .go = "CPU"),
	LF_FIELD(struct lf_resources, "cpumodel", STR, cpumodel, .go = "CPUModel"),
	LF_FIELD_STR(struct lf_resources, "memory", memory),
	LF_FIELD_STR(struct lf_resources, "disk", disk),
	{0},
};
static const struct lf_shape resources_type = {"config.Resources", sizeof(struct lf_resources),
					       resources_fields};

static const struct lf_field package_fields[] = {
	LF_FIELD(struct lf_recipe_package, "name", STR, unit.name, .always = true,
		 .always_json = true),
	LF_FIELD(struct lf_recipe_package, "version", STR, version, .always = true,
		 .always_json = true),
	LF_FIELD(struct lf_recipe_package, "epoch", U64, epoch, .always = true,
		 .always_json = true),
	LF_FIELD_STR(struct lf_recipe_package, "description", unit.description),
	LF_FIELD_PAIRS(struct lf_recipe_package, "annotations", unit.annotations),
	LF_FIELD(struct lf_recipe_package, "url", STR, unit.url, .go = "URL"),
	LF_FIELD_STR(struct lf_recipe_package, "commit", unit.commit),
	LF_FIELD_STRV(struct lf_recipe_package, "target-architecture", target_architecture),
	LF_FIELD_ARRAY(struct lf_recipe_package, "copyright", copyright.v, copyright.n,
		       &copyright_type),
	LF_FIELD(struct lf_recipe_package, "dependencies", STRUCT, unit.dependencies,
		 &lf_shape_dependencies, .always_json = true),
	LF_FIELD(struct lf_recipe_package, "options", STRUCT, unit.options,
		 &lf_shape_package_options,
		 LF_FIELD_SET(struct lf_recipe_package, unit.options.set)),
	LF_FIELD(struct lf_recipe_package, "scriptlets", STRUCT, unit.scriptlets,
		 &lf_shape_scriptlets, LF_FIELD_SET(struct lf_recipe_package, unit.scriptlets.set)),
	LF_FIELD(struct lf_recipe_package, "checks", STRUCT, unit, &lf_shape_checks,
		 .always_json = true),
	LF_FIELD(struct lf_recipe_package, "cpe", STRUCT, cpe, &cpe_type, .always_json = true,
		 .go = "CPE"),
	LF_FIELD_ARRAY(struct lf_recipe_package, "setcap", unit.setcap.v, unit.setcap.n,
		       &lf_shape_setcap, .go = "SetCap"),
	LF_FIELD(struct lf_recipe_package, "timeout", DURATION, timeout_ns, NULL),
	LF_FIELD(struct lf_recipe_package, "resources", STRUCT, resources, &resources_type,
		 .pointer = true, .always = true, .always_json = true),
	LF_FIELD(struct lf_recipe_package, "test-resources", STRUCT, test_resources,
		 &resources_type, LF_FIELD_SET(struct lf_recipe_package, has_test_resources)),
	{0},
};
const struct lf_shape lf_shape_package = {"config.Package", sizeof(struct lf_recipe_package),
					  package_fields,
					  1 + offsetof(struct lf_recipe_package, unit.node)};
