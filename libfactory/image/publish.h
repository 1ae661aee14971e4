/*
 * Finished images on their way to registries.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <factory/registry.h>

#include "image/build.h"
#include "net/registry.h"

/* What is pushed: images and index of one run, in the work directory's layout. */
struct lf_publish {
	struct lf_image_build build;
	const struct lf_publish_options *o;
	struct lf_http *http;
	char index_digest[LF_OCI_DIGEST_MAX];
};

/* All blobs, images and (by digest) the index, into one repository. */
bool lf_publish_images(struct lf_publish *p, struct lf_registry *r,
		       struct lf_err *err) LF_MUST_CHECK;

/* attach.c: the SBOMs of all of that, as referrers. */
bool lf_publish_sboms(struct lf_publish *p, struct lf_registry *r,
		      struct lf_err *err) LF_MUST_CHECK;

/* daemon.c: one image into the docker daemon, under all tags. *ret_reference is the caller's to
 * free. */
bool lf_publish_local(struct lf_publish *p, char **ret_reference, struct lf_err *err) LF_MUST_CHECK;
