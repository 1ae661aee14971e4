/*
 * Recipes and their sources, without building: another version, a cache of what is fetched, what
 * the sources say about their licence, and sources to work on. Texts may be NULL or "" for "not
 * given". Nothing is owned.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>

#include <factory/ctx.h>

/* `melange bump`: the recipe gets another version; its epoch, the checksums of what it fetches and,
 * when one is given, the commit it checks out follow. Only their lines change. The file is replaced
 * in one step, with its mode, after all of that is known; otherwise it stays as it is. */
LF_API bool lf_bump(const struct lf_ctx *ctx, const char *config, const char *version,
		    const char *expected_commit, struct lf_err *err) LF_MUST_CHECK;

/* `melange update-cache`: what the `fetch` steps of the main pipeline bring goes into an existing
 * directory as sha256:HEX and sha512:HEX, for the checksums that are expected. Files that are there
 * and right are not fetched again; nothing with another checksum is stored. */
LF_API bool lf_update_cache(const struct lf_ctx *ctx, const char *config, const char *cache_dir,
			    struct lf_err *err) LF_MUST_CHECK;

struct lf_license_check_options {
	const char *path;      /* a recipe (.yaml), a package (.apk), or a folder with sources */
	const char *workdir;   /* for the sources of the former two; "": a temporary one */
	const char *scan_type; /* "shallow" or "deep" */
	bool fix;              /* write what was found into the recipe */
	const char *format;    /* "simple": one entry; otherwise one for each file */
};

/* `melange license-check`: what licence files say against what the recipe says. Differences are
 * logged and no failure. */
LF_API bool lf_license_check(const struct lf_ctx *ctx, const struct lf_license_check_options *o,
			     struct lf_err *err) LF_MUST_CHECK;

struct lf_source_options {
	const char *config;
	const char *output;     /* the repository is OUTPUT/NAME */
	const char *source_dir; /* where patches are; "": the package's folder beside the recipe */
};

/* `melange source get`: the first `git-checkout` step of the main pipeline as a repository to work
 * in, with its picks and patches as commits. The folder must not hold a repository yet. */
LF_API bool lf_source_get(const struct lf_ctx *ctx, const struct lf_source_options *o,
			  struct lf_err *err) LF_MUST_CHECK;
/* `melange source pop`: the commits on top of the expected one become patches beside the recipe,
 * and one `git-am` step that names them takes the place of its `patch` steps. The rest of the file
 * stays as it is. */
LF_API bool lf_source_pop(const struct lf_ctx *ctx, const struct lf_source_options *o,
			  struct lf_err *err) LF_MUST_CHECK;
