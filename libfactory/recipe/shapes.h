/*
 * The shapes of a recipe: what keys there are, of what kind, and in which order they are printed.
 * One shape_*.c for each part.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "config/config.h"
#include "config/decode.h"

extern const struct lf_shape lf_shape_recipe, lf_shape_package, lf_shape_subpackage, lf_shape_test,
	lf_shape_step, lf_shape_update;
/* Parts of packages and subpackages. */
extern const struct lf_shape lf_shape_dependencies, lf_shape_scriptlets, lf_shape_package_options,
	lf_shape_checks, lf_shape_setcap;
