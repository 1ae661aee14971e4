/*
 * A layer's blob out of the cache: the members of its pieces one after another, each held against
 * the layer's record. Nothing of the packages is read, and nothing is digested.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image/guard.h"
#include "image/piece.h"
#include "base/banned.h"

#define GATHER ((size_t)256 << 10) /* written at once; small enough for the CPU's cache */

struct copying {
	const struct lf_layer_job *job;
	const struct lf_layer_record *record;
	struct lf_writer *dst;
	struct lf_guard guard;
	struct lf_buf gathered;
};

static bool flush(struct copying *c, struct lf_err *err)
{
	const size_t n = c->gathered.n;

	c->gathered.n = 0;
	return lf_guard_step(&c->guard, n, err) && lf_write(c->dst, c->gathered.p, n, err);
}

static bool copy(struct copying *c, bool *ret_done, struct lf_err *err)
{
	const struct lf_piece_list *list = c->job->list;

	*ret_done = false;
	for (size_t i = 0; i < list->piece.n; i++) {
		uint32_t crc;

		if (!lf_piece_add(c->job->cache, &list->piece.v[i], &c->gathered, &crc) ||
		    crc != c->record->crc.v[i])
			return true;
		if (c->gathered.n >= GATHER && !flush(c, err))
			return false;
	}
	if (c->gathered.n && !flush(c, err))
		return false;
	*ret_done = c->guard.done == c->record->layer.size;
	return true;
}

bool lf_layer_copy(const struct lf_layer_job *job, const struct lf_layer_record *r,
		   struct lf_writer *dst, bool *ret_done, struct lf_err *err)
{
	struct copying c = {.job = job, .record = r, .dst = dst};
	struct lf_image *img = job->img;

	lf_guard_init(&c.guard, &img->ctx, lf_arena_printf(&img->arena, "layer %s", img->arch),
		      r->layer.size, dst);
	bool ok = copy(&c, ret_done, err);

	lf_guard_end(&c.guard);
	lf_buf_fini(&c.gathered);
	return ok;
}
