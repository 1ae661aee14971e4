/*
 * One image as the tar that docker loads: its configuration, its layers, and manifest.json, which
 * names them. Layers come out of the layout in the work directory.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image/publish.h"

#include <string.h>

#include "base/fs.h"
#include "base/map.h"
#include "codec/json.h"
#include "codec/tar.h"
#include "base/banned.h"

struct archive {
	const struct lf_image_build *b;
	struct lf_writer *w;
	struct lf_arena arena;
	struct lf_map seen; /* names that are in */
};

static bool put_header(struct archive *a, const char *name, uint64_t size, struct lf_err *err)
{
	const struct lf_tar_entry e = {.name = name,
				       .linkname = "",
				       .uname = "",
				       .gname = "",
				       .type = '0',
				       .mode = 0644,
				       .size = size};
	lf_auto_buf header = {0};

	lf_tar_header(&header, &e);
	return lf_write(a->w, header.p, header.n, err);
}

static bool put_padding(struct archive *a, uint64_t size, struct lf_err *err)
{
	static const char zeros[LF_TAR_BLOCK];

	return lf_write(a->w, zeros, lf_tar_pad(size), err);
}

static bool put_text(struct archive *a, const char *name, struct lf_str text, struct lf_err *err)
{
	return put_header(a, name, text.n, err) && lf_write(a->w, text.p, text.n, err) &&
	       put_padding(a, text.n, err);
}

static const char *layer_name(struct archive *a, const struct lf_layer *layer)
{
	char hex[2 * LF_SHA256_LEN + 1];

	lf_hex(layer->digest, LF_SHA256_LEN, hex);
	return lf_arena_printf(&a->arena, "%s.tar.gz", hex);
}

static bool put_layer(struct archive *a, const struct lf_layer *layer, struct lf_err *err)
{
	const char *name = layer_name(a, layer);
	uint64_t n;

	if (lf_map_has(&a->seen, lf_str(name)))
		return true;
	lf_map_set(&a->seen, lf_str(name), a);
	const char *path = lf_publish_blob_path(a->b, layer->digest, &a->arena);
	lf_auto_fd fd = lf_open_read(path, err);

	if (fd < 0)
		return false;
	lf_auto_reader *r = lf_reader_fd(fd, false);

	if (!put_header(a, name, layer->size, err) || !lf_copy(r, a->w, &n, err))
		return false;
	if (n != layer->size)
		return lf_fail_new(err, LF_E_BUG, "%s has another size", path);
	return put_padding(a, n, err);
}

static void print_manifest(struct archive *a, const struct lf_oci_image *image, const char *config,
			   const char *tag, struct lf_buf *out)
{
	lf_auto_json *all = json_array();
	json_t *item = json_object(), *tags = json_array(), *layers = json_array();

	json_array_append_new(tags, json_string(tag));
	for (size_t i = 0; i < image->n_layers; i++)
		json_array_append_new(layers, json_string(layer_name(a, &image->layer[i])));
	lf_json_set_str(item, "Config", config);
	lf_json_set(item, "RepoTags", tags);
	lf_json_set(item, "Layers", layers);
	json_array_append_new(all, item);
	lf_json_print(out, all, 0);
}

static bool put_all(struct archive *a, const struct lf_oci_image *image, const char *tag,
		    struct lf_err *err)
{
	char config[LF_OCI_DIGEST_MAX];
	lf_auto_buf manifest = {0}, end = {0};

	lf_oci_digest(image->config_digest, config);
	if (!put_text(a, config, image->config, err))
		return false;
	for (size_t i = 0; i < image->n_layers; i++)
		if (!put_layer(a, &image->layer[i], err))
			return false;
	print_manifest(a, image, config, tag, &manifest);
	lf_tar_end(&end);
	return put_text(a, "manifest.json", lf_buf_view(&manifest), err) &&
	       lf_write(a->w, end.p, end.n, err);
}

bool lf_publish_archive(const struct lf_image_build *b, const struct lf_oci_image *image,
			const char *tag, struct lf_writer *w, struct lf_err *err)
{
	struct archive a = {.b = b, .w = w};
	bool ok = put_all(&a, image, tag, err);

	lf_map_fini(&a.seen);
	lf_arena_fini(&a.arena);
	return ok;
}
