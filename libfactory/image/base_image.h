/*
 * A base image: layers of another build, under the one that is made now. On disk it is an OCI
 * layout, and beside it a database of its packages for each architecture (DIR/ARCH/APKINDEX, a
 * plain text), since what is in layers is never looked at.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "apk/installed.h"
#include "apk/solve.h"
#include "config/config.h"
#include "image/oci.h"

struct lf_base_image {
	struct lf_arena arena;
	struct lf_installed db;
	struct lf_solve_repo repo; /* its packages, to be found when solving */
	int blobs;                 /* DIR/blobs/sha256 */
	struct lf_str config, manifest;
	struct lf_layer *layer;
	size_t n_layers;
};

/* arch as apk says it, oci_arch without a variant; search: further directories for its paths. NULL
 * on failure. */
struct lf_base_image *lf_base_image_open(const struct lf_contents *c, const struct lf_strv *search,
					 const char *arch, const char *oci_arch,
					 struct lf_err *err) LF_MUST_CHECK;
void lf_base_image_free(struct lf_base_image *b); /* NULL is fine */

bool lf_base_image_has(const struct lf_base_image *b, const char *package);
/* "name=version" of each package, for the world; texts in its arena. */
void lf_base_image_world(struct lf_base_image *b, struct lf_strv *ret);
/* Its packages as records of the new image's database. */
bool lf_base_image_records(const struct lf_base_image *b, struct lf_buf *out,
			   struct lf_err *err) LF_MUST_CHECK;
/* The bytes of a layer as they are, verified. */
bool lf_base_image_copy(const struct lf_base_image *b, size_t layer, struct lf_writer *w,
			struct lf_err *err) LF_MUST_CHECK;

/* ---- base_json.c: image JSON over a base's ---- */

/* What reading learns from an image configuration. */
bool lf_base_config_arch(struct lf_str config, struct lf_arena *arena, const char **ret,
			 struct lf_err *err) LF_MUST_CHECK;
bool lf_base_layers(struct lf_str manifest, struct lf_str config, struct lf_arena *arena,
		    struct lf_layer **ret, size_t *ret_n, struct lf_err *err) LF_MUST_CHECK;
/* Digest and size of a descriptor with this media type in an index or manifest; more below. */
struct lf_base_blob {
	uint8_t digest[LF_SHA256_LEN];
	uint64_t size;
	bool is_index;
};
/* The manifests of an index. */
bool lf_base_manifests(struct lf_str index, struct lf_arena *arena, struct lf_base_blob **ret,
		       size_t *ret_n, struct lf_err *err) LF_MUST_CHECK;
/* The configuration that a manifest names. */
bool lf_base_config_blob(struct lf_str manifest, struct lf_base_blob *ret,
			 struct lf_err *err) LF_MUST_CHECK;

/* The base's configuration with what `own` has over it: layers and history are appended, other
 * fields replaced. */
bool lf_base_merge_config(struct lf_str base, struct lf_str own, struct lf_buf *out,
			  struct lf_err *err) LF_MUST_CHECK;
/* The same for manifests; annotations are merged. */
bool lf_base_merge_manifest(struct lf_str base, struct lf_str own, struct lf_buf *out,
			    struct lf_err *err) LF_MUST_CHECK;
