/*
 * The guarding writer: see guard.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image/guard.h"

#include "base/banned.h"

#define STEP (8u << 20)

bool lf_guard_step(struct lf_guard *g, uint64_t n, struct lf_err *err)
{
	uint64_t before = g->done / STEP;

	g->done += n;
	if (g->done / STEP == before)
		return true;
	if (!lf_check_cancel(g->ctx, err))
		return false;
	if (g->done < g->total)
		lf_progress(g->ctx, g->what, g->done, g->total);
	return true;
}

static bool guard_write(struct lf_writer *w, const void *p, size_t n, struct lf_err *err)
{
	struct lf_guard *g = (struct lf_guard *)w;

	return lf_guard_step(g, n, err) && lf_write(g->dst, p, n, err);
}

void lf_guard_init(struct lf_guard *g, const struct lf_ctx *ctx, const char *what, uint64_t total,
		   struct lf_writer *dst)
{
	*g = (struct lf_guard){
		.w = {.write = guard_write}, .dst = dst, .ctx = ctx, .what = what, .total = total};
}

void lf_guard_end(struct lf_guard *g)
{
	if (g->done >= STEP)
		lf_progress(g->ctx, g->what, g->done, g->done);
}
