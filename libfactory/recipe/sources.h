/*
 * The steps of a recipe that bring sources, as they stand in its YAML: what commands look at that
 * change or fetch them without building.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "recipe/recipe.h"
#include "recipe/vars.h"

struct lf_step_nodes {
	struct lf_yaml **v; /* in the arena */
	size_t n;
};

/* The steps below a tree's `pipeline:` that say `uses: NAME`, at any depth, in the order of the
 * file. */
struct lf_step_nodes lf_steps_using(const struct lf_yaml *root, const char *uses,
				    struct lf_arena *arena);
/* The value under key. NULL: "FILE:LINE:COL: key 'KEY' not found in mapping". */
struct lf_yaml *lf_yaml_need(const struct lf_yaml *map, const char *key,
			     struct lf_err *err) LF_MUST_CHECK;

/* All variables of a loaded recipe that do not belong to one package, for this machine's
 * architecture. Values live in the recipe's arena. */
bool lf_sources_vars(const struct lf_recipe *r, struct lf_vars *ret,
		     struct lf_err *err) LF_MUST_CHECK;

/* ---- bump.c ---- */

struct lf_bump_digests {
	char sha256[65], sha512[129]; /* hexadecimal */
};

/* Digests of what is at the URL. */
typedef bool lf_bump_fetch_fn(void *data, const char *url, struct lf_bump_digests *ret,
			      struct lf_err *err);

struct lf_bump {
	const char *version;         /* the new one; blanks around it do not count */
	const char *expected_commit; /* "" or NULL: leave them */
	lf_bump_fetch_fn *fetch;
	void *data;
};

/* The text of a recipe with another version: the epoch is 0, or one more when the version is the
 * same; what `fetch` steps expect is what is now at their URLs; `git-checkout` steps whose tag
 * follows the version, or the only one, expect the commit. Nothing else changes. path is for
 * messages. */
bool lf_recipe_bump(const struct lf_ctx *ctx, struct lf_str text, const char *path,
		    const struct lf_bump *b, struct lf_buf *ret, struct lf_err *err) LF_MUST_CHECK;
