/*
 * The image tar as a store: what docker and skopeo load. Written once: where a member's size and
 * name depend on bytes that are still to come, its place is kept free (a config's length is known
 * before its digests are) and filled in afterwards. Images come in index order.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image/store.h"

#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/vec.h"
#include "codec/json.h"
#include "codec/tar.h"
#include "net/reference.h"
#include "base/banned.h"

struct tarball {
	struct lf_store store;
	struct lf_out out;
	int fd; /* out.fd, or a temporary file when that cannot seek */
	bool own_fd;
	struct lf_arena arena;
	struct lf_reference tag;
	uint64_t at;        /* end of what is written or kept free */
	uint64_t config_at; /* of the image being written */
	size_t config_size;
	struct lf_map layers; /* digests that are in already */
};

static uint64_t padded(uint64_t size)
{
	return size + lf_tar_pad(size);
}

static bool put_header(struct tarball *t, uint64_t at, const char *name, uint64_t size,
		       struct lf_err *err)
{
	lf_auto_buf header = {0};
	const struct lf_tar_entry e = {
		.name = name,
		.linkname = "",
		.uname = "",
		.gname = "",
		.type = '0',
		.mode = 0644,
		.size = size,
	};

	lf_tar_header(&header, &e);
	return lf_pwrite_all(t->fd, header.p, header.n, at, err);
}

static bool put_member(struct tarball *t, uint64_t at, const char *name, struct lf_str bytes,
		       struct lf_err *err)
{
	return put_header(t, at, name, bytes.n, err) &&
	       lf_pwrite_all(t->fd, bytes.p, bytes.n, at + LF_TAR_BLOCK, err);
}

static bool append_member(struct tarball *t, const char *name, struct lf_str bytes,
			  struct lf_err *err)
{
	if (!put_member(t, t->at, name, bytes, err))
		return false;
	t->at += LF_TAR_BLOCK + padded(bytes.n);
	return true;
}

static bool tarball_begin(struct lf_store *s, size_t config_size, struct lf_err *err)
{
	struct tarball *t = (struct tarball *)s;

	(void)err;
	t->config_at = t->at;
	t->config_size = config_size;
	t->at += LF_TAR_BLOCK + padded(config_size);
	return true;
}

static struct lf_writer *tarball_layer_begin(struct lf_store *s, struct lf_err *err)
{
	struct tarball *t = (struct tarball *)s;

	if (lseek(t->fd, (off_t)(t->at + LF_TAR_BLOCK), SEEK_SET) < 0) {
		(void)lf_fail_errno(err, "seeking in %s", t->out.path);
		return NULL;
	}
	return lf_writer_fd(t->fd, false);
}

static bool tarball_layer_end(struct lf_store *s, const struct lf_layer *layer, struct lf_err *err)
{
	struct tarball *t = (struct tarball *)s;
	char hex[2 * LF_SHA256_LEN + 1];

	lf_hex(layer->digest, LF_SHA256_LEN, hex);
	const char *name = lf_arena_printf(&t->arena, "%s.tar.gz", hex);

	/* The next member simply overwrites a layer that another image had. */
	if (lf_map_has(&t->layers, lf_str(name)))
		return true;
	lf_map_set(&t->layers, lf_str(name), t);
	if (!put_header(t, t->at, name, layer->size, err))
		return false;
	t->at += LF_TAR_BLOCK + padded(layer->size);
	return true;
}

static bool tarball_end(struct lf_store *s, const struct lf_oci_image *image, struct lf_err *err)
{
	struct tarball *t = (struct tarball *)s;
	char name[LF_OCI_DIGEST_MAX];

	if (image->config.n != t->config_size)
		return lf_fail_new(err, LF_E_BUG, "image config has %zu bytes, not %zu",
				   image->config.n, t->config_size);
	lf_oci_digest(image->config_digest, name);
	return put_member(t, t->config_at, name, image->config, err);
}

/* ---- the members that list the images ---- */

struct tagged {
	const char *tag;
	const struct lf_oci_image *image;
};

struct tagged_list {
	struct tagged *v;
	size_t n, cap;
};

static int by_tag(const void *a, const void *b)
{
	return strcmp(((const struct tagged *)a)->tag, ((const struct tagged *)b)->tag);
}

/* compat: the tag has no variant, so that two of arm collide: the last one has it. */
static void collect(struct tarball *t, const struct lf_oci_image *image, size_t n,
		    struct tagged_list *ret)
{
	for (size_t i = 0; i < n; i++) {
		const struct lf_arch *a = lf_arch_find(image[i].oci);
		const char *tag = lf_arena_printf(&t->arena, "%s/%s:%s-%s", t->tag.registry,
						  t->tag.repository, t->tag.tag,
						  a ? a->oci_arch : image[i].oci);
		size_t k = 0;

		while (k < ret->n && strcmp(ret->v[k].tag, tag) != 0)
			k++;
		if (k < ret->n)
			ret->v[k].image = &image[i];
		else
			lf_vec_push(ret, (struct tagged){tag, &image[i]});
	}
	lf_vec_sort(ret, by_tag);
}

static json_t *layer_names(const struct lf_oci_image *image)
{
	json_t *list = json_array();
	char hex[2 * LF_SHA256_LEN + 1];
	lf_auto_buf name = {0};

	for (size_t i = 0; i < image->n_layers; i++) {
		lf_hex(image->layer[i].digest, LF_SHA256_LEN, hex);
		lf_buf_clear(&name);
		lf_buf_printf(&name, "%s.tar.gz", hex);
		json_array_append_new(list, json_string(name.p));
	}
	return list;
}

static bool put_manifest_json(struct tarball *t, const struct lf_oci_image *image, size_t n,
			      struct lf_err *err)
{
	struct tagged_list list = {0};
	lf_auto_json *all = json_array();
	lf_auto_buf text = {0};
	char digest[LF_OCI_DIGEST_MAX];

	collect(t, image, n, &list);
	for (size_t i = 0; i < list.n; i++) {
		json_t *item = json_object(), *tags = json_array();

		lf_oci_digest(list.v[i].image->config_digest, digest);
		json_array_append_new(tags, json_string(list.v[i].tag));
		lf_json_set_str(item, "Config", digest);
		lf_json_set(item, "RepoTags", tags);
		lf_json_set(item, "Layers", layer_names(list.v[i].image));
		json_array_append_new(all, item);
	}
	lf_vec_fini(&list);
	lf_json_print(&text, all, 0);
	return append_member(t, "manifest.json", lf_buf_view(&text), err);
}

/* Results that cannot be renamed into place (a pipe) are copied there at the end. */
static bool hand_over(struct tarball *t, struct lf_err *err)
{
	if (!t->own_fd)
		return true;
	lf_auto_reader *r = lf_reader_range(t->fd, 0, t->at);
	struct lf_writer *w = lf_writer_fd(t->out.fd, false);
	bool ok = lf_copy(r, w, NULL, err);

	return lf_writer_close(w, ok ? err : NULL) && ok;
}

static bool tarball_finish(struct lf_store *s, const struct lf_oci_image *image, size_t n,
			   struct lf_str index, struct lf_err *err)
{
	struct tarball *t = (struct tarball *)s;
	char name[LF_OCI_DIGEST_MAX];

	if (n == 0)
		return lf_fail_new(
			err, LF_E_CONFIG,
			"failed to write index to tgz: unable to calculate manifest: set of "
			"images is empty");
	if (!put_manifest_json(t, image, n, err))
		return false;
	for (size_t i = 0; i < n; i++) {
		lf_oci_digest(image[i].manifest_digest, name);
		if (!append_member(t, name, image[i].manifest, err))
			return false;
	}
	if (!append_member(t, "index.json", index, err))
		return false;
	/* What lies behind (a layer that was there already) is cut off; padding reads as zeros. */
	t->at += 2 * LF_TAR_BLOCK;
	if (ftruncate(t->fd, (off_t)(t->at - 2 * LF_TAR_BLOCK)) < 0 ||
	    ftruncate(t->fd, (off_t)t->at) < 0)
		return lf_fail_errno(err, "truncating %s", t->out.path);
	return hand_over(t, err) && lf_out_commit(&t->out, err);
}

static void tarball_free(struct lf_store *s)
{
	struct tarball *t = (struct tarball *)s;

	if (t->own_fd)
		lf_close_p(&t->fd);
	lf_out_fini(&t->out);
	lf_map_fini(&t->layers);
	lf_arena_fini(&t->arena);
	lf_free(t);
}

static bool open_output(struct tarball *t, const char *path, struct lf_err *err)
{
	if (!lf_out_open(&t->out, path, 0644, err))
		return lf_fail(err, "failed to open outfile %s", path);
	t->fd = t->out.fd;
	if (t->out.appear)
		return true;
	t->fd = lf_temp_file(err);
	t->own_fd = t->fd >= 0;
	return t->own_fd;
}

struct lf_store *lf_store_tarball(const char *path, const char *tag, struct lf_err *err)
{
	static const struct lf_store_ops ops = {
		.begin = tarball_begin,
		.layer_begin = tarball_layer_begin,
		.layer_end = tarball_layer_end,
		.end = tarball_end,
		.finish = tarball_finish,
		.free = tarball_free,
	};
	struct tarball *t = lf_calloc(1, sizeof(*t));

	t->store.ops = &ops;
	t->fd = t->out.fd = -1;
	if (!lf_reference_parse(tag, &t->arena, &t->tag, err))
		(void)lf_fail(err, "failed to parse tag %s", tag);
	else if (open_output(t, path, err))
		return &t->store;
	tarball_free(&t->store);
	return NULL;
}
