/*
 * Where a finished image goes: a layout directory or an image tar, one file each, behind one
 * interface. Layers are streamed into the store; what names them (their digest) is known only
 * afterwards. Calls for one image: begin, for each layer layer_begin and layer_end, end. After all
 * images: finish.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "base/stream.h"
#include "image/oci.h"

struct lf_store;

struct lf_store_ops {
	bool (*begin)(struct lf_store *s, size_t config_size, struct lf_err *err);
	/* Where the compressed bytes of the next layer are to be written; the caller closes it
	 * before layer_end, or begins the same layer anew. */
	struct lf_writer *(*layer_begin)(struct lf_store *s, struct lf_err *err);
	bool (*layer_end)(struct lf_store *s, const struct lf_layer *layer, struct lf_err *err);
	bool (*end)(struct lf_store *s, const struct lf_oci_image *image, struct lf_err *err);
	/* Makes the result visible. */
	bool (*finish)(struct lf_store *s, const struct lf_oci_image *image, size_t n,
		       struct lf_str index, struct lf_err *err);
	void (*free)(struct lf_store *s);
};

/* First member of every store. */
struct lf_store {
	const struct lf_store_ops *ops;
};

/* Into an existing directory (OCI layout). NULL on failure. */
struct lf_store *lf_store_layout(const char *dir, struct lf_err *err) LF_MUST_CHECK;
/* Into one tar that docker and skopeo load. NULL on failure. */
struct lf_store *lf_store_tarball(const char *path, const char *tag,
				  struct lf_err *err) LF_MUST_CHECK;
void lf_store_free(struct lf_store *s); /* NULL is fine; without finish nothing is left */
