/*
 * What the licence files of a source tree say, against what a recipe says.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>

#include <factory/ctx.h>

#include "recipe/recipe.h"
#include "sbom/license_detect.h"

/* A licence in a file. */
struct lf_license_hit {
	const char *path; /* below the top of the tree */
	const char *name; /* "NOASSERTION": the file holds none that is known */
	const char *type; /* as in sbom/license_detect.h */
	double confidence;
	const struct lf_license_print *nearest; /* what an unknown one is most like, or NULL */
	double nearness;
};

/* A file and the recipe do not agree. */
struct lf_license_diff {
	const char *path, *should, *type; /* what was found */
	const char *is, *override;        /* what the recipe says about the file; "": nothing */
};

/* Texts and arrays in the arena. */
struct lf_license_report {
	struct lf_license_hit *hit; /* likely files first */
	size_t n_hits;
	struct lf_license_diff *diff;
	size_t n_diffs;
};

/* Files named like licences in the top of a folder and one level below (deep: everywhere), and
 * those that the recipe names. What a sandbox left is read without following links out of it. r may
 * be NULL. */
bool lf_licenses_find(const struct lf_ctx *ctx, const char *dir, const struct lf_recipe *r,
		      bool deep, struct lf_arena *arena, struct lf_license_report *ret,
		      struct lf_err *err) LF_MUST_CHECK;

/* Does a licence of a recipe agree with one that was found? Texts of GNU licences do not tell
 * "only" from "or later". */
bool lf_license_agrees(const char *found, const char *said);

/* lf_licenses_find, then the comparison, all of it logged as upstream does. Only what cannot be
 * read is an error. */
bool lf_licenses_check(const struct lf_ctx *ctx, const char *dir, const struct lf_recipe *r,
		       bool deep, struct lf_arena *arena, struct lf_license_report *ret,
		       struct lf_err *err) LF_MUST_CHECK;
