/*
 * From a finished tree to layers in a store.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "image/image.h"
#include "image/oci.h"
#include "image/store.h"

/* Which layer a package's files go to; the last layer has everything else. */
struct lf_layering {
	size_t n_layers;   /* groups + 1; 1 without layering */
	uint32_t *group;   /* of each package, in install order; in the image's arena */
	uint32_t **member; /* of each group: package numbers sorted by name; ends with UINT32_MAX */
};

/* Does the configuration ask for several layers? */
bool lf_layering_wanted(const struct lf_image_config *c);
/* Is what it asks for known? True without layering. */
bool lf_layering_check(const struct lf_image_config *c, struct lf_err *err) LF_MUST_CHECK;
/* Groups by the configuration's layering; a single layer when there is none. */
void lf_layering_make(struct lf_image *img, struct lf_layering *ret);

/* The plain tar of layer number i, in walk order. */
bool lf_layering_tar(struct lf_image *img, const struct lf_layering *l, size_t i,
		     struct lf_tar_sink *sink, struct lf_err *err) LF_MUST_CHECK;

/* Writes layer number i to the store. */
bool lf_layer_write(struct lf_image *img, const struct lf_layering *l, size_t i,
		    struct lf_store *store, struct lf_layer *ret, struct lf_err *err) LF_MUST_CHECK;
/* Writes all layers of the image to the store, then its config and manifest. Result in the image's
 * arena. */
bool lf_image_store(struct lf_image *img, struct lf_store *store, struct lf_oci_image *ret,
		    struct lf_err *err) LF_MUST_CHECK;
