/*
 * The OCI layout as a store: blobs/sha256/HEX, index.json (which is the image index itself, as
 * upstream writes it), oci-layout. Each file appears by rename, the index last; blobs of other
 * images stay.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image/store.h"

#include "base/fs.h"
#include "base/mem.h"
#include "base/banned.h"

struct layout {
	struct lf_store store;
	char *dir, *blobs, *incoming;
	struct lf_out layer; /* the one being written */
};

static char *blob_path(const struct layout *l, const uint8_t digest[LF_SHA256_LEN])
{
	char hex[2 * LF_SHA256_LEN + 1];

	lf_hex(digest, LF_SHA256_LEN, hex);
	return lf_path_join(l->blobs, hex);
}

static bool put_blob(const struct layout *l, struct lf_str bytes,
		     const uint8_t digest[LF_SHA256_LEN], struct lf_err *err)
{
	lf_auto_free char *path = blob_path(l, digest);

	return lf_write_file(path, bytes.p, bytes.n, 0644, err);
}

static bool put_file(const struct layout *l, const char *name, struct lf_str bytes,
		     struct lf_err *err)
{
	lf_auto_free char *path = lf_path_join(l->dir, name);

	return lf_write_file(path, bytes.p, bytes.n, 0755, err);
}

static bool layout_begin(struct lf_store *s, size_t config_size, struct lf_err *err)
{
	(void)s;
	(void)config_size;
	(void)err;
	return true;
}

static struct lf_writer *layout_layer_begin(struct lf_store *s, struct lf_err *err)
{
	struct layout *l = (struct layout *)s;

	lf_out_fini(&l->layer);
	if (!lf_out_open(&l->layer, l->incoming, 0644, err))
		return NULL;
	return lf_writer_fd(l->layer.fd, false);
}

static bool layout_layer_end(struct lf_store *s, const struct lf_layer *layer, struct lf_err *err)
{
	struct layout *l = (struct layout *)s;

	lf_free(l->layer.path);
	l->layer.path = blob_path(l, layer->digest);
	return lf_out_commit(&l->layer, err);
}

static bool layout_end(struct lf_store *s, const struct lf_oci_image *image, struct lf_err *err)
{
	const struct layout *l = (const struct layout *)s;

	return put_blob(l, image->config, image->config_digest, err) &&
	       put_blob(l, image->manifest, image->manifest_digest, err);
}

static bool layout_finish(struct lf_store *s, const struct lf_oci_image *image, size_t n,
			  struct lf_str index, struct lf_err *err)
{
	const struct layout *l = (const struct layout *)s;

	(void)image;
	(void)n;
	return put_file(l, "oci-layout", LF_STR("{\n    \"imageLayoutVersion\": \"1.0.0\"\n}"),
			err) &&
	       put_file(l, "index.json", index, err);
}

static void layout_free(struct lf_store *s)
{
	struct layout *l = (struct layout *)s;

	lf_out_fini(&l->layer);
	lf_free(l->dir);
	lf_free(l->blobs);
	lf_free(l->incoming);
	lf_free(l);
}

struct lf_store *lf_store_layout(const char *dir, struct lf_err *err)
{
	static const struct lf_store_ops ops = {
		.begin = layout_begin,
		.layer_begin = layout_layer_begin,
		.layer_end = layout_layer_end,
		.end = layout_end,
		.finish = layout_finish,
		.free = layout_free,
	};
	struct layout *l = lf_calloc(1, sizeof(*l));

	l->store.ops = &ops;
	l->layer.fd = -1;
	l->dir = lf_strdup(dir);
	l->blobs = lf_path_join(dir, "blobs/sha256");
	l->incoming = lf_path_join(l->blobs, "incoming");
	if (lf_mkdirs(l->blobs, 0755, err))
		return &l->store;
	layout_free(&l->store);
	return NULL;
}

void lf_store_free(struct lf_store *s)
{
	if (s)
		s->ops->free(s);
}
