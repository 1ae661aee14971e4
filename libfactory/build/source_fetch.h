/*
 * The sources of a recipe in a folder, without a sandbox: its `git-checkout`, `fetch` and `patch`
 * steps done here.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>

#include <factory/ctx.h>

#include "recipe/recipe.h"

struct lf_source_fetch {
	const struct lf_ctx *ctx;
	const struct lf_recipe *recipe; /* loaded, not compiled */
	const char *files; /* a folder whose files belong to the recipe (patches); NULL: none, and
			      `patch` steps are left out with a warning */
	const char *dest;  /* absolute; made when it is missing */
};

/* Steps of the main pipeline, in order; not those within others. What a step names cannot lie
 * outside of dest. */
bool lf_source_fetch(const struct lf_source_fetch *f, struct lf_err *err) LF_MUST_CHECK;
