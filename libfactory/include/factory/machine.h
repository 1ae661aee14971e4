/*
 * What a machine keeps for repositories: the cache of what was fetched, the keys it trusts.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>

#include <factory/ctx.h>

/* `apko clean`: removes the cache with all that is in it; dir "" or NULL is the system's default.
 * dry_run only tells its size. */
LF_API bool lf_clean_cache(const struct lf_ctx *ctx, const char *dir, bool dry_run,
			   struct lf_err *err) LF_MUST_CHECK;

/* `apko install-keys`: writes the keys that the repositories in DIR/repositories announce to
 * DIR/keys; dir is "/etc/apk". */
LF_API bool lf_install_keys(const struct lf_ctx *ctx, const char *dir,
			    struct lf_err *err) LF_MUST_CHECK;
