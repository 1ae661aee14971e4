/*
 * A whole run: from the options of a command to finished images in a store, with their SBOMs beside
 * them. What becomes of them (a file, a directory, a registry) is the command's business.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "base/keeper.h"
#include "image/setup.h"
#include "image/store.h"

struct lf_image_build {
	const struct lf_image_options *o; /* set these two, zero the others */
	const char *tag;                  /* what SBOMs call the image */

	struct lf_image_setup setup;
	struct lf_keeper *keeper;
	char *work; /* a temporary directory, gone at the end; SBOMs are in its image/ */
	struct lf_store *store;
	struct lf_strv sboms; /* paths: one an image, in their order, then the index's; or none */
	struct lf_oci_image *image; /* finished ones */
	size_t n;
	struct lf_moment created; /* of the index */
	struct lf_str index;      /* its JSON */
};

/* Opens the store once it is clear that there is something to put in. */
typedef struct lf_store *lf_image_store_fn(const struct lf_image_build *b, const void *data,
					   struct lf_err *err);

bool lf_image_build_run(struct lf_image_build *b, const struct lf_ctx *ctx,
			lf_image_store_fn *open_store, const void *data,
			struct lf_err *err) LF_MUST_CHECK;
/* To their place; "" is the current directory. */
bool lf_image_build_move_sboms(struct lf_image_build *b, const char *dir,
			       struct lf_err *err) LF_MUST_CHECK;
void lf_image_build_fini(struct lf_image_build *b);
