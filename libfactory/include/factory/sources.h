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
