/*
 * One image into a store: its layers, those of a base image first; then config and manifest, which
 * name the results.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image/layer.h"

#include <string.h>

#include "trust/digest.h"
#include "base/banned.h"

static bool write_layer(struct lf_image *img, const struct lf_layering *l, size_t i,
			struct lf_store *store, struct lf_layer *ret, struct lf_err *err)
{
	char digest[LF_OCI_DIGEST_MAX], diff_id[LF_OCI_DIGEST_MAX];

	if (!lf_layer_write(img, l, i, store, ret, err))
		return false;
	lf_oci_digest(ret->digest, digest);
	lf_oci_digest(ret->diff_id, diff_id);
	lf_info(&img->ctx, "layer digest: %s", digest);
	lf_info(&img->ctx, "layer diffID: %s", diff_id);
	return true;
}

static bool copy_layer(struct lf_image *img, size_t i, struct lf_store *store, struct lf_layer *ret,
		       struct lf_err *err)
{
	struct lf_writer *dst = store->ops->layer_begin(store, err);

	if (!dst)
		return false;
	bool ok = lf_base_image_copy(img->base, i, dst, err);

	*ret = img->base->layer[i];
	return lf_writer_close(dst, ok ? err : NULL) && ok &&
	       store->ops->layer_end(store, ret, err);
}

static struct lf_str keep(struct lf_image *img, const struct lf_buf *b)
{
	return (struct lf_str){lf_arena_dup(&img->arena, b->p, b->n), b->n};
}

/* Layers of a base image, which come first. */
static size_t n_below(const struct lf_image *img)
{
	return img->base ? img->base->n_layers : 0;
}

/* Lengths do not depend on the digests, so this can be asked for before the layers are written. */
static bool print_config(struct lf_image *img, const struct lf_oci_image *image, struct lf_buf *out,
			 struct lf_err *err)
{
	lf_auto_buf own = {0};
	const size_t below = n_below(img);

	if (!lf_oci_print_config(&own, &img->config, img->oci, img->created, image->layer + below,
				 image->n_layers - below, err))
		return lf_fail(err, "failed to build OCI image for \"%s\"", img->oci);
	if (img->base)
		return lf_base_merge_config(img->base->config, lf_buf_view(&own), out, err);
	lf_buf_str(out, lf_buf_view(&own));
	return true;
}

static bool print_manifest(struct lf_image *img, const struct lf_oci_image *image,
			   struct lf_buf *out, struct lf_err *err)
{
	struct lf_oci_image own_part = *image;
	lf_auto_buf own = {0};

	own_part.layer += n_below(img);
	own_part.n_layers -= n_below(img);
	lf_oci_print_manifest(&own, &img->config, &own_part);
	if (img->base)
		return lf_base_merge_manifest(img->base->manifest, lf_buf_view(&own), out, err);
	lf_buf_str(out, lf_buf_view(&own));
	return true;
}

static bool finish_image(struct lf_image *img, struct lf_oci_image *image, struct lf_err *err)
{
	lf_auto_buf config = {0}, manifest = {0};

	if (!print_config(img, image, &config, err))
		return false;
	image->config = keep(img, &config);
	lf_hash_mem(LF_SHA256, config.p, config.n, image->config_digest);
	if (!print_manifest(img, image, &manifest, err))
		return false;
	image->manifest = keep(img, &manifest);
	lf_hash_mem(LF_SHA256, manifest.p, manifest.n, image->manifest_digest);
	return true;
}

static bool write_layers(struct lf_image *img, const struct lf_layering *l, struct lf_store *store,
			 struct lf_oci_image *image, struct lf_err *err)
{
	const size_t below = n_below(img);

	for (size_t i = 0; i < image->n_layers; i++) {
		struct lf_layer *layer = &image->layer[i];

		if (i < below ? !copy_layer(img, i, store, layer, err)
			      : !write_layer(img, l, i - below, store, layer, err))
			return lf_fail(err, "building \"%s\" layer", img->oci);
	}
	return true;
}

bool lf_image_store(struct lf_image *img, struct lf_store *store, struct lf_oci_image *ret,
		    struct lf_err *err)
{
	struct lf_oci_image image = {.arch = img->arch, .oci = img->oci, .created = img->created};
	struct lf_layering layering;
	lf_auto_buf config = {0};

	lf_layering_make(img, &layering);
	image.n_layers = n_below(img) + layering.n_layers;
	image.layer = lf_new_n(&img->arena, struct lf_layer, image.n_layers);
	if (!print_config(img, &image, &config, err) || !store->ops->begin(store, config.n, err))
		return false;
	if (!write_layers(img, &layering, store, &image, err) || !finish_image(img, &image, err) ||
	    !store->ops->end(store, &image, err))
		return false;
	*ret = image;
	return true;
}
