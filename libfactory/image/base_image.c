/*
 * Reading base images: see base_image.h. All blobs are compared with their digests.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image/base_image.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/vec.h"
#include "trust/digest.h"
#include "base/banned.h"

#define MAX_JSON (16U << 20)
#define MAX_DB   (256U << 20)

/* ---- blobs ---- */

static bool fail_blob(struct lf_err *err, const uint8_t digest[LF_SHA256_LEN])
{
	char text[LF_OCI_DIGEST_MAX];

	lf_oci_digest(digest, text);
	return lf_fail(err, "base image: blob %s", text);
}

static int open_blob(const struct lf_base_image *b, const uint8_t digest[LF_SHA256_LEN],
		     struct lf_err *err)
{
	char hex[2 * LF_SHA256_LEN + 1];

	lf_hex(digest, LF_SHA256_LEN, hex);
	return lf_open_beneath(b->blobs, hex, O_RDONLY | O_CLOEXEC, 0, err);
}

/* To w (NULL: nowhere), refusing what is not size bytes of this digest. */
static bool copy_blob(const struct lf_base_image *b, const uint8_t digest[LF_SHA256_LEN],
		      uint64_t size, struct lf_writer *w, struct lf_err *err)
{
	lf_auto_fd fd = open_blob(b, digest, err);
	uint8_t got[LF_SHA256_LEN];

	if (fd < 0)
		return false;
	lf_auto_reader *file = lf_reader_fd(fd, false);
	lf_auto_reader *r = lf_reader_limit(file, size);
	struct lf_digest_writer d;

	lf_digest_writer_init(&d, LF_SHA256, w);
	bool ok = lf_copy(r, &d.w, NULL, err);

	lf_digest_final(d.digest, got);
	if (ok && (d.n != size || memcmp(got, digest, sizeof(got)) != 0))
		ok = lf_fail_new(err, LF_E_SIGNATURE, "its content does not have this digest");
	lf_digest_writer_fini(&d);
	return ok;
}

static bool read_blob(struct lf_base_image *b, const struct lf_base_blob *blob, struct lf_str *ret,
		      struct lf_err *err)
{
	lf_auto_buf text = {0};
	struct lf_writer *w = lf_writer_buf(&text);
	bool ok = blob->size <= MAX_JSON ||
		  lf_fail_new(err, LF_E_LIMIT, "%ju bytes are too many", (uintmax_t)blob->size);

	ok = ok && copy_blob(b, blob->digest, blob->size, w, err);
	if (!lf_writer_close(w, ok ? err : NULL) || !ok)
		return fail_blob(err, blob->digest);
	*ret = (struct lf_str){lf_arena_dup(&b->arena, lf_buf_c(&text), text.n), text.n};
	return true;
}

bool lf_base_image_copy(const struct lf_base_image *b, size_t layer, struct lf_writer *w,
			struct lf_err *err)
{
	const struct lf_layer *l = &b->layer[layer];

	return copy_blob(b, l->digest, l->size, w, err) || fail_blob(err, l->digest);
}

/* ---- the layout ---- */

/* index.json lists manifests, or leads to the index that does. */
static bool read_index(struct lf_base_image *b, const char *dir, struct lf_base_blob **ret,
		       size_t *ret_n, struct lf_err *err)
{
	lf_auto_free char *path = lf_path_join(dir, "index.json");
	lf_auto_buf text = {0};
	struct lf_str nested;

	if (!lf_read_file(path, MAX_JSON, &text, err) ||
	    !lf_base_manifests(lf_buf_view(&text), &b->arena, ret, ret_n, err))
		return false;
	for (size_t i = 0; i < *ret_n; i++)
		if ((*ret)[i].is_index)
			return read_blob(b, &(*ret)[i], &nested, err) &&
			       lf_base_manifests(nested, &b->arena, ret, ret_n, err);
	return true;
}

static bool read_image(struct lf_base_image *b, const struct lf_base_blob *manifest,
		       struct lf_err *err)
{
	struct lf_base_blob config;

	return read_blob(b, manifest, &b->manifest, err) &&
	       lf_base_config_blob(b->manifest, &config, err) &&
	       read_blob(b, &config, &b->config, err);
}

static bool find_image(struct lf_base_image *b, const char *dir, const char *oci_arch,
		       struct lf_err *err)
{
	struct lf_base_blob *blob;
	size_t n;

	if (!read_index(b, dir, &blob, &n, err))
		return false;
	for (size_t i = 0; i < n; i++) {
		const char *arch;

		if (!read_image(b, &blob[i], err) ||
		    !lf_base_config_arch(b->config, &b->arena, &arch, err))
			return false;
		if (strcmp(arch, oci_arch) == 0)
			return lf_base_layers(b->manifest, b->config, &b->arena, &b->layer,
					      &b->n_layers, err);
	}
	return lf_fail_new(err, LF_E_NOT_FOUND, "image for arch %s not found in base image %s",
			   oci_arch, dir);
}

static bool open_blobs(struct lf_base_image *b, const char *dir, struct lf_err *err)
{
	lf_auto_free char *path = lf_path_join(dir, "blobs/sha256");

	b->blobs = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return b->blobs >= 0 || lf_fail_errno(err, "open %s", path);
}

/* ---- its packages ---- */

static bool read_packages(struct lf_base_image *b, const char *dir, const char *arch,
			  struct lf_err *err)
{
	lf_auto_free char *of_arch = lf_path_join(dir, arch);
	lf_auto_free char *path = lf_path_join(of_arch, "APKINDEX");
	lf_auto_buf text = {0};

	if (!lf_read_file(path, MAX_DB, &text, err))
		return false;
	if (!lf_installed_parse(lf_buf_view(&text), &b->arena, &b->db, err))
		return lf_fail(err, "%s", path);
	b->repo = (struct lf_solve_repo){
		.tag = "", .url = lf_arena_strdup(&b->arena, of_arch), .index = &b->db.index};
	return true;
}

bool lf_base_image_has(const struct lf_base_image *b, const char *package)
{
	for (size_t i = 0; i < b->db.index.n; i++)
		if (strcmp(b->db.index.pkg[i].name, package) == 0)
			return true;
	return false;
}

void lf_base_image_world(struct lf_base_image *b, struct lf_strv *ret)
{
	for (size_t i = 0; i < b->db.index.n; i++)
		lf_strv_add(ret, lf_arena_printf(&b->arena, "%s=%s", b->db.index.pkg[i].name,
						 b->db.index.pkg[i].version));
}

bool lf_base_image_records(const struct lf_base_image *b, struct lf_buf *out, struct lf_err *err)
{
	for (size_t i = 0; i < b->db.index.n; i++)
		if (!lf_installed_print(out, &b->db.index.pkg[i], b->db.paths[i].v,
					b->db.paths[i].n, err))
			return lf_fail(err, "base image");
	return true;
}

/* ---- all ---- */

static const char *find_path(struct lf_base_image *b, const char *path,
			     const struct lf_strv *search)
{
	if (lf_exists(path))
		return path;
	for (size_t i = 0; i < search->n && *path != '/'; i++) {
		lf_auto_free char *below = lf_path_join(search->v[i], path);

		if (lf_exists(below))
			return lf_arena_strdup(&b->arena, below);
	}
	return NULL;
}

static bool read_all(struct lf_base_image *b, const struct lf_contents *c,
		     const struct lf_strv *search, const char *arch, const char *oci_arch,
		     struct lf_err *err)
{
	const char *image = find_path(b, c->base_image, search);
	const char *packages = find_path(b, c->base_apkindex, search);

	if (!image || !packages)
		return lf_fail_new(err, LF_E_NOT_FOUND, "baseImage %spath %s: file does not exist",
				   image ? "apk " : "", image ? c->base_apkindex : c->base_image);
	return open_blobs(b, image, err) && find_image(b, image, oci_arch, err) &&
	       read_packages(b, packages, arch, err);
}

struct lf_base_image *lf_base_image_open(const struct lf_contents *c, const struct lf_strv *search,
					 const char *arch, const char *oci_arch, struct lf_err *err)
{
	struct lf_base_image *b = lf_calloc(1, sizeof(*b));

	b->blobs = -1;
	if (read_all(b, c, search, arch, oci_arch, err))
		return b;
	lf_base_image_free(b);
	return NULL;
}

void lf_base_image_free(struct lf_base_image *b)
{
	if (!b)
		return;
	lf_close_p(&b->blobs);
	lf_installed_fini(&b->db);
	lf_arena_fini(&b->arena);
	lf_free(b);
}
