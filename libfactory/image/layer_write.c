/*
 * One layer into a store. As a tar it is listed, looked up among those that former builds made, and
 * otherwise packed from its pieces; an EROFS image is digested and written.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "image/guard.h"
#include "image/piece.h"
#include "trust/digest.h"
#include "base/banned.h"

/* As a former build found it, if there was one. */
static bool copy_into(const struct lf_layer_job *job, struct lf_store *store, struct lf_layer *ret,
		      bool *ret_done, struct lf_err *err)
{
	struct lf_layer_record r = {0};
	struct lf_writer *dst;
	bool ok = false;

	*ret_done = false;
	if (!lf_layer_record_read(job->cache, job->list, &r))
		return true;
	dst = store->ops->layer_begin(store, err);
	if (dst) {
		ok = lf_layer_copy(job, &r, dst, ret_done, err);
		ok = lf_writer_close(dst, ok ? err : NULL) && ok;
	}
	*ret = r.layer;
	lf_layer_record_fini(&r);
	return ok;
}

static bool pack_into(const struct lf_layer_job *job, struct lf_store *store, struct lf_layer *ret,
		      struct lf_err *err)
{
	struct lf_writer *dst = store->ops->layer_begin(store, err);
	struct lf_layer_record r = {0};

	if (!dst)
		return false;
	bool ok = lf_layer_pack(job, dst, &r, err);

	ok = lf_writer_close(dst, ok ? err : NULL) && ok;
	if (ok)
		lf_layer_record_keep(job->cache, job->list, &r);
	*ret = r.layer;
	lf_layer_record_fini(&r);
	return ok;
}

static bool write_listed(const struct lf_layer_job *job, struct lf_store *store,
			 struct lf_layer *ret, struct lf_err *err)
{
	bool done;

	return copy_into(job, store, ret, &done, err) &&
	       (done || pack_into(job, store, ret, err)) && store->ops->layer_end(store, ret, err);
}

static bool write_tar(struct lf_image *img, const struct lf_layering *l, size_t i,
		      struct lf_store *store, struct lf_layer *ret, struct lf_err *err)
{
	struct lf_piece_list list;
	const struct lf_layer_job job = {.img = img,
					 .layering = l,
					 .number = i,
					 .list = &list,
					 .cache = lf_fetcher_cache(img->run->fetcher)};
	bool ok = lf_piece_list_make(img, l, i, &list, err) && write_listed(&job, store, ret, err);

	lf_piece_list_fini(&list);
	return ok;
}

static bool add_size(void *data, struct lf_node *n, const char *path, struct lf_err *err)
{
	(void)path;
	(void)err;
	*(uint64_t *)data += 512 + (n->type == LF_NODE_FILE ? n->size : 0);
	return true;
}

/* What the image will hold, about. */
static uint64_t guess_size(struct lf_image *img)
{
	uint64_t size = 0;

	return lf_tree_walk(img->tree, add_size, &size, NULL) ? size : 0;
}

/* erofs → digest (diff_id and blob) → store */
static bool erofs_to(struct lf_image *img, struct lf_writer *dst, struct lf_layer *ret,
		     struct lf_err *err)
{
	struct lf_digest_writer digest;
	struct lf_guard guard;

	lf_digest_writer_init(&digest, LF_SHA256, dst);
	lf_guard_init(&guard, &img->ctx, lf_arena_printf(&img->arena, "layer %s", img->arch),
		      guess_size(img), &digest.w);
	bool ok = lf_tree_erofs(img->tree, img->run->build_date.seconds, &guard.w, err);

	lf_guard_end(&guard);
	lf_digest_final(digest.digest, ret->digest);
	memcpy(ret->diff_id, ret->digest, sizeof(ret->diff_id));
	ret->size = digest.n;
	lf_digest_writer_fini(&digest);
	return ok;
}

static bool write_erofs(struct lf_image *img, struct lf_store *store, struct lf_layer *ret,
			struct lf_err *err)
{
	struct lf_writer *dst = store->ops->layer_begin(store, err);

	if (!dst)
		return false;
	bool ok = erofs_to(img, dst, ret, err);

	return lf_writer_close(dst, ok ? err : NULL) && ok &&
	       store->ops->layer_end(store, ret, err);
}

bool lf_layer_write(struct lf_image *img, const struct lf_layering *l, size_t i,
		    struct lf_store *store, struct lf_layer *ret, struct lf_err *err)
{
	if (lf_oci_is_erofs(&img->config))
		return write_erofs(img, store, ret, err);
	return write_tar(img, l, i, store, ret, err);
}
