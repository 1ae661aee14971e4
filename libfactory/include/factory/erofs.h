/*
 * Images whose layers are EROFS: what is in them, and mounting them. A source is "erofs:FILE",
 * "oci:DIR[:TAG]" (also "oci-dir:"), or a path: a file is an image of one layer, a directory an OCI
 * layout.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>

#include <factory/ctx.h>

/* `apko erofs ls`: a line an entry, layers laid over each other; *ret is the caller's to free.
 * arch: of a layout's images, "host" is this machine's. */
LF_API bool lf_erofs_list(const struct lf_ctx *ctx, const char *source, const char *arch,
			  char **ret, struct lf_err *err) LF_MUST_CHECK;

struct lf_erofs_mount_options {
	const char *dest; /* made when it is not there */
	const char *arch; /* as above */
	const char *mode; /* "kernel", "fuse", or "auto": the kernel for root */
	bool writable;    /* changes go to a directory beside the layers */
};

/* `apko erofs mount`: a single file at the destination, an image's layers over each other at merged
 * below it. Nothing stays mounted on failure. */
LF_API bool lf_erofs_mount(const struct lf_ctx *ctx, const char *source,
			   const struct lf_erofs_mount_options *o,
			   struct lf_err *err) LF_MUST_CHECK;
/* `apko erofs umount`: undoes it; changes stay in upper. */
LF_API bool lf_erofs_umount(const struct lf_ctx *ctx, const char *dest,
			    struct lf_err *err) LF_MUST_CHECK;
