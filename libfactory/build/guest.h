/* The guest: the assembled environment as a directory that a sandbox uses as its root.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>

#include <factory/ctx.h>

#include "config/config.h"
#include "tree/tree.h"

/* Unpacks a tree into dir, which is new and empty. */
bool lf_guest_fill(const struct lf_ctx *ctx, struct lf_tree *tree, const char *dir,
		   struct lf_err *err) LF_MUST_CHECK;

/* Which user runs the steps. */
struct lf_run_as {
	bool set;
	uint32_t uid, gid;
};
bool lf_run_as_find(const struct lf_image_config *c, struct lf_run_as *ret,
		    struct lf_err *err) LF_MUST_CHECK;

/* Names of owners from the guest's own etc/passwd and etc/group as the steps left them. The tree is
 * a holder for both files; free both. */
struct lf_names *lf_guest_names(const char *guest);
