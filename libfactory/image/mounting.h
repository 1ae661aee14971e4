/*
 * Mounting by the kernel, which needs its privileges, or by programs that do it for users (FUSE).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>

#include <factory/ctx.h>
#include <factory/list.h>

/* Whether mounting can work at all: the kernel wants root, users want programs. */
bool lf_mount_check(bool fuse, struct lf_err *err) LF_MUST_CHECK;
/* An EROFS image read-only at dir, by way of a loop device that goes with the mount. */
bool lf_mount_erofs(const struct lf_ctx *ctx, bool fuse, const char *image, const char *dir,
		    struct lf_err *err) LF_MUST_CHECK;
/* lower: the lowest first. upper and work NULL: read-only. fuse: the kernel is asked first, it can
 * do it over users' mounts, too. */
bool lf_mount_overlay(const struct lf_ctx *ctx, bool fuse, const struct lf_strv *lower,
		      const char *upper, const char *work, const char *dir,
		      struct lf_err *err) LF_MUST_CHECK;
/* Is dir the root of a mount? */
bool lf_is_mounted(const char *dir);
/* Whoever mounted it. Links are not followed. */
bool lf_unmount(const struct lf_ctx *ctx, const char *dir, struct lf_err *err) LF_MUST_CHECK;
