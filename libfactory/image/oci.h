/*
 * The JSON values of an OCI image, as functions of what goes into them, printed byte for byte as
 * upstream prints them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "apk/arch.h"
#include "base/buf.h"
#include "config/config.h"
#include "image/moment.h"
#include "trust/digest.h"

#define LF_OCI_INDEX    "application/vnd.oci.image.index.v1+json"
#define LF_OCI_MANIFEST "application/vnd.oci.image.manifest.v1+json"
#define LF_OCI_CONFIG   "application/vnd.oci.image.config.v1+json"
#define LF_OCI_LAYER    "application/vnd.oci.image.layer.v1.tar+gzip"

#define LF_OCI_EROFS "application/vnd.erofs"

/* Are the layers of this configuration EROFS images? Otherwise they are tars. */
bool lf_oci_is_erofs(const struct lf_image_config *c);
/* The media type of its layers. */
const char *lf_oci_layer_type(const struct lf_image_config *c);

struct lf_layer {
	uint8_t diff_id[LF_SHA256_LEN]; /* of the plain tar */
	uint8_t digest[LF_SHA256_LEN];  /* of the blob */
	uint64_t size;                  /* of the blob */
};

/* A finished image: its JSON and layers. */
struct lf_oci_image {
	const char *arch, *oci; /* x86_64, amd64 */
	struct lf_moment created;
	struct lf_str config, manifest;
	uint8_t config_digest[LF_SHA256_LEN], manifest_digest[LF_SHA256_LEN];
	struct lf_layer *layer;
	size_t n_layers;
};

/* "sha256:" + hex, NUL-terminated. */
#define LF_OCI_DIGEST_MAX (7 + 2 * LF_SHA256_LEN + 1)
void lf_oci_digest(const uint8_t digest[LF_SHA256_LEN], char out[LF_OCI_DIGEST_MAX]);

/* The annotations of an image or index: the configured ones, created, and source and revision of
 * the vcs url. Sorted. */
void lf_oci_annotations(const struct lf_image_config *c, struct lf_moment created,
			struct lf_arena *arena, struct lf_pairs *ret);

/* The image configuration. Its size depends on the number of layers, not on their digests. False
 * when a command does not split into words. */
bool lf_oci_print_config(struct lf_buf *out, const struct lf_image_config *c, const char *oci_arch,
			 struct lf_moment created, const struct lf_layer *layer, size_t n_layers,
			 struct lf_err *err) LF_MUST_CHECK;
/* The manifest of an image whose config and layers are set. */
void lf_oci_print_manifest(struct lf_buf *out, const struct lf_image_config *c,
			   const struct lf_oci_image *image);
/* The index over finished images, in their order. */
void lf_oci_print_index(struct lf_buf *out, const struct lf_image_config *c,
			struct lf_moment created, const struct lf_oci_image *image, size_t n);
