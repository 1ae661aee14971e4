/*
 * A git repository as a recipe wants it: a commit, picks and patches on top. What git and patch say
 * is logged.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>

#include <factory/ctx.h>

#include "base/str.h"

/* Texts are NULL or "" for "not given". */
struct lf_checkout {
	const char *repository;   /* URL or path */
	const char *destination;  /* a folder, made when it is missing; must not be a repository */
	const char *commit;       /* all hex digits of it; "": the remote HEAD */
	const char *cherry_picks; /* lines "[BRANCH/]COMMIT: comment" */
	bool submodules;
	const char *patches;   /* names between blanks */
	const char *patch_dir; /* where they are, absolute */
};

bool lf_checkout(const struct lf_ctx *ctx, const struct lf_checkout *c,
		 struct lf_err *err) LF_MUST_CHECK;

/* Applies a patch with git am; when that fails with git apply or patch, committed under the name of
 * the file. In checkout_patch.c. */
bool lf_checkout_patch(const struct lf_ctx *ctx, const char *repository, const char *patch,
		       struct lf_err *err) LF_MUST_CHECK;

/* Runs a program in a folder, its output logged line by line; input may be NULL. argv is
 * NULL-terminated. */
bool lf_run_logged(const struct lf_ctx *ctx, const char *dir, const char *const *argv,
		   const struct lf_str *input, struct lf_err *err) LF_MUST_CHECK;
#define lf_run(ctx, dir, err, ...) \
	lf_run_logged((ctx), (dir), (const char *const[]){__VA_ARGS__, NULL}, NULL, (err))
