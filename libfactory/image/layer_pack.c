/*
 * A layer's blob from its pieces: the tar is cut, workers fetch each piece's member from the cache
 * or deflate it, and the owner writes the members in order. It digests the plain bytes of the
 * piece that it reads side by side with the member that it wrote last.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "base/mem.h"
#include "base/pool.h"
#include "codec/gzip.h"
#include "codec/gzip_block.h"
#include "image/guard.h"
#include "image/piece.h"
#include "trust/digest_pair.h"
#include "base/banned.h"

#define MAX_WORKERS 8u /* reading and digesting, which are one thread's, keep no more busy */
#define WINDOW      ((uint64_t)128 << 10) /* read and digested while it is in the CPU's cache */

struct packing;

/* One piece on its way. */
struct job {
	struct packing *owner;
	struct job *next; /* free list */
	const struct lf_piece *piece;
	struct lf_buf plain;
	struct lf_packed packed;
};

struct packing {
	struct lf_cut cut;
	const struct lf_layer_job *what;
	struct lf_layer_record *record;
	struct lf_pool *pool;
	struct lf_deflater **scratch; /* one a worker, made at its first piece */
	unsigned n_workers;
	struct job *current, *idle;
	size_t n_begun;
	struct lf_guard guard;
	struct lf_writer *dst;
	struct lf_digest_pair *digests; /* of the plain tar, and of the blob */
	size_t n_digested;              /* of the current piece */
	struct job *written;            /* its member is in dst, but not yet digested as a whole */
	struct lf_str undigested;       /* what is left of it */
};

/* ---- in a worker: touches the job and the worker's own scratch memory only ---- */

static void deflate(struct job *j, unsigned worker)
{
	struct lf_deflater **d = &j->owner->scratch[worker];
	struct lf_buf *out = &j->packed.file;

	if (!*d)
		*d = lf_deflater_new(LF_LAYER_LEVEL);
	lf_packed_begin(&j->packed);
	lf_gzip_header(out, LF_GZIP_ZERO_TIME);
	lf_deflate_whole(*d, j->plain.p, j->plain.n, out);
	lf_gzip_trailer(out, lf_gzip_crc(j->plain.p, j->plain.n), j->plain.n);
	lf_packed_end(&j->packed);
}

static bool make_member(void *data, unsigned worker, struct lf_err *err)
{
	struct job *j = data;
	struct lf_cache *cache = j->owner->what->cache;

	(void)err;
	if (lf_piece_read(cache, j->piece, &j->packed))
		return true;
	deflate(j, worker);
	lf_piece_keep(cache, j->piece, &j->packed);
	return true;
}

/* ---- the owner: results in order ---- */

static void retire(struct packing *p, struct job *j)
{
	j->next = p->idle;
	p->idle = j;
}

/* Plain bytes, with about as many of the member that was written last. */
static void digest(struct packing *p, struct lf_str plain, size_t n_member)
{
	const size_t n = n_member < p->undigested.n ? n_member : p->undigested.n;

	lf_digest_pair_add(p->digests, plain, lf_str_sub(p->undigested, 0, n));
	p->undigested = lf_str_sub(p->undigested, n, p->undigested.n);
	if (p->undigested.n || !p->written)
		return;
	retire(p, p->written);
	p->written = NULL;
}

static bool take(struct packing *p, struct lf_err *err)
{
	bool ok;

	digest(p, LF_STR(""), SIZE_MAX);
	p->written = lf_pool_take(p->pool, &ok, err);
	p->undigested = lf_packed_member(&p->written->packed);
	p->record->layer.size += p->undigested.n;
	lf_vec_push(&p->record->crc, p->written->packed.crc);
	return ok && lf_write(p->dst, p->undigested.p, p->undigested.n, err);
}

/* ---- the owner: pieces in order ---- */

static struct job *next_job(struct packing *p)
{
	struct job *j = p->idle;

	if (j)
		p->idle = j->next;
	else
		j = lf_calloc(1, sizeof(*j));
	lf_buf_clear(&j->plain);
	j->owner = p;
	j->piece = &p->what->list->piece.v[p->n_begun++];
	return j;
}

static bool begin_part(struct packing *p, struct lf_err *err)
{
	if (p->current)
		return true;
	if (p->n_begun == p->what->list->piece.n)
		return lf_fail_new(err, LF_E_BUG, "a layer's tar is not the one that was listed");
	p->current = next_job(p);
	p->n_digested = 0;
	return true;
}

/* Digests what came to the current piece, if that is so much. */
static bool pass(struct packing *p, size_t least, struct lf_err *err)
{
	const struct lf_str all = lf_buf_view(&p->current->plain);
	const struct lf_str part = lf_str_sub(all, p->n_digested, all.n);

	if (part.n < least)
		return true;
	p->n_digested = all.n;
	digest(p, part, part.n);
	return lf_guard_step(&p->guard, part.n, err);
}

static bool pack_entry(struct lf_cut *c, const struct lf_tar_entry *e, struct lf_err *err)
{
	struct packing *p = (struct packing *)c;

	if (!begin_part(p, err))
		return false;
	lf_tar_header(&p->current->plain, e);
	return true;
}

static bool pack_content(struct lf_cut *c, const struct lf_blob *b, uint64_t offset, uint64_t n,
			 size_t pad, struct lf_err *err)
{
	struct packing *p = (struct packing *)c;

	if (!begin_part(p, err))
		return false;
	struct lf_buf *plain = &p->current->plain;

	lf_buf_reserve(plain, n + pad);
	while (n) {
		const size_t part = n < WINDOW ? n : WINDOW;

		if (!lf_blob_read(b, offset, plain->p + plain->n, part, err))
			return false;
		plain->n += part;
		offset += part;
		n -= part;
		if (n == 0)
			lf_buf_fill(plain, 0, pad);
		if (!pass(p, WINDOW, err))
			return false;
	}
	return true;
}

static bool pack_trailer(struct lf_cut *c, struct lf_err *err)
{
	struct packing *p = (struct packing *)c;

	if (!begin_part(p, err))
		return false;
	lf_tar_end(&p->current->plain);
	return true;
}

static bool pack_end(struct lf_cut *c, struct lf_err *err)
{
	struct packing *p = (struct packing *)c;

	if (!pass(p, 0, err))
		return false;
	while (lf_pool_full(p->pool))
		if (!take(p, err))
			return false;
	lf_pool_submit(p->pool, p->current);
	p->current = NULL;
	return true;
}

/* ---- the whole ---- */

static void init(struct packing *p, const struct lf_layer_job *what, struct lf_writer *dst)
{
	static const struct lf_cut_ops ops = {pack_entry, pack_content, pack_trailer, pack_end};
	const unsigned jobs = lf_jobs(&what->img->ctx);
	const char *name = lf_arena_printf(&what->img->arena, "layer %s", what->img->arch);

	p->what = what;
	p->n_workers = jobs < MAX_WORKERS ? jobs : MAX_WORKERS;
	p->scratch = lf_calloc(p->n_workers, sizeof(struct lf_deflater *));
	p->pool = lf_pool_new(p->n_workers, p->n_workers > 1 ? p->n_workers + 2 : 1, make_member);
	lf_cut_init(&p->cut, &ops);
	p->dst = dst;
	p->digests = lf_digest_pair_new();
	lf_guard_init(&p->guard, &what->img->ctx, name, what->list->size, NULL);
}

static void free_job(struct job *j)
{
	lf_buf_fini(&j->plain);
	lf_buf_fini(&j->packed.file);
	lf_free(j);
}

static void fini(struct packing *p)
{
	bool ok;

	while (!lf_pool_empty(p->pool))
		retire(p, lf_pool_take(p->pool, &ok, NULL));
	lf_pool_free(p->pool);
	if (p->current)
		free_job(p->current);
	if (p->written)
		free_job(p->written);
	while (p->idle) {
		struct job *j = p->idle;

		p->idle = j->next;
		free_job(j);
	}
	for (unsigned i = 0; i < p->n_workers; i++)
		lf_deflater_free(p->scratch[i]);
	lf_free(p->scratch);
	lf_digest_pair_free(p->digests);
}

static bool run(struct packing *p, struct lf_err *err)
{
	const struct lf_layer_job *w = p->what;
	bool ok = lf_layering_tar(w->img, w->layering, w->number, &p->cut.sink, err);

	while (ok && !lf_pool_empty(p->pool))
		ok = take(p, err);
	lf_guard_end(&p->guard);
	if (!ok)
		return false;
	digest(p, LF_STR(""), SIZE_MAX);
	lf_digest_pair_final(p->digests, p->record->layer.diff_id, p->record->layer.digest);
	return true;
}

bool lf_layer_pack(const struct lf_layer_job *job, struct lf_writer *dst,
		   struct lf_layer_record *ret, struct lf_err *err)
{
	struct packing p = {.record = ret};

	init(&p, job, dst);
	bool ok = run(&p, err);

	fini(&p);
	return ok;
}
