/*
 * What a package and a subpackage have in common: dependencies, scriptlets, options, checks,
 * capabilities of files.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "recipe/recipe.h"
#include "recipe/shapes.h"

#include "base/banned.h"

static const struct lf_field dependencies_fields[] = {
	LF_FIELD_STRV(struct lf_dependencies, "runtime", runtime),
	LF_FIELD_STRV(struct lf_dependencies, "provides", provides),
	LF_FIELD_STRV(struct lf_dependencies, "replaces", replaces),
	LF_FIELD_STR(struct lf_dependencies, "provider-priority", provider_priority),
	LF_FIELD_STR(struct lf_dependencies, "replaces-priority", replaces_priority),
	{0},
};
const struct lf_shape lf_shape_dependencies = {"config.Dependencies",
					       sizeof(struct lf_dependencies), dependencies_fields};

static const struct lf_field trigger_fields[] = {
	LF_FIELD_STR(struct lf_scriptlets, "script", trigger_script),
	LF_FIELD_STRV(struct lf_scriptlets, "paths", trigger_paths),
	{0},
};
static const struct lf_shape trigger_type = {"config.Trigger", sizeof(struct lf_scriptlets),
					     trigger_fields};

static const struct lf_field scriptlets_fields[] = {
	LF_FIELD_NESTED("trigger", &trigger_type, .always_json = true),
	LF_FIELD_STR(struct lf_scriptlets, "pre-install", pre_install),
	LF_FIELD_STR(struct lf_scriptlets, "post-install", post_install),
	LF_FIELD_STR(struct lf_scriptlets, "pre-deinstall", pre_deinstall),
	LF_FIELD_STR(struct lf_scriptlets, "post-deinstall", post_deinstall),
	LF_FIELD_STR(struct lf_scriptlets, "pre-upgrade", pre_upgrade),
	LF_FIELD_STR(struct lf_scriptlets, "post-upgrade", post_upgrade),
	{0},
};
const struct lf_shape lf_shape_scriptlets = {"config.Scriptlets", sizeof(struct lf_scriptlets),
					     scriptlets_fields};

static const struct lf_field options_fields[] = {
	LF_FIELD_BOOL(struct lf_package_options, "no-provides", no_provides),
	LF_FIELD_BOOL(struct lf_package_options, "no-depends", no_depends),
	LF_FIELD_BOOL(struct lf_package_options, "no-commands", no_commands),
	LF_FIELD_BOOL(struct lf_package_options, "no-versioned-shlib-deps",
		      no_versioned_shlib_deps),
	{0},
};
const struct lf_shape lf_shape_package_options = {
	"config.PackageOption", sizeof(struct lf_package_options), options_fields};

static const struct lf_field checks_fields[] = {
	LF_FIELD_STRV(struct lf_unit, "disabled", checks_disabled),
	{0},
};
const struct lf_shape lf_shape_checks = {"config.Checks", sizeof(struct lf_unit), checks_fields};

static const struct lf_field setcap_fields[] = {
	LF_FIELD_STR(struct lf_setcap, "path", path),
	LF_FIELD_PAIRS(struct lf_setcap, "add", add),
	LF_FIELD_STR(struct lf_setcap, "reason", reason),
	{0},
};
const struct lf_shape lf_shape_setcap = {"config.Capability", sizeof(struct lf_setcap),
					 setcap_fields};
