/*
 * Finished images on their way to registries.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <factory/registry.h>

#include "image/build.h"
#include "net/reference.h"
#include "net/registry.h"

struct lf_publish_target {
	const char *text; /* the tag as given */
	struct lf_reference ref;
	bool done;
};

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

/* Where the layout has a blob; in the arena. */
const char *lf_publish_blob_path(const struct lf_image_build *b,
				 const uint8_t digest[LF_SHA256_LEN], struct lf_arena *arena);

/* daemon.c: one image into the docker daemon, under all tags. *ret_reference is the caller's to
 * free. */
bool lf_publish_local(struct lf_publish *p, const struct lf_publish_target *t, size_t n,
		      char **ret_reference, struct lf_err *err) LF_MUST_CHECK;
/* docker_archive.c: the image as docker loads it, under one tag. */
bool lf_publish_archive(const struct lf_image_build *b, const struct lf_oci_image *image,
			const char *tag, struct lf_writer *w, struct lf_err *err) LF_MUST_CHECK;
