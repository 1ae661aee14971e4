/*
 * The cut: large contents alone, in slices; what lies between them in runs, which end where the
 * path of an entry says so. A sink for a tar on one side, pieces on the other.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image/cut.h"

#include "base/banned.h"

#define LARGE   ((uint64_t)64 << 10)  /* content from here on stands alone */
#define RUN_MIN ((uint64_t)128 << 10) /* a run is not cut before */
#define RUN_MAX ((uint64_t)512 << 10) /* and at the first entry behind this */
#define EDGE    16u                   /* one path in so many is an edge */

/* By its path alone: an entry more or less moves only the edges next to it. FNV-1a. */
static bool is_edge(const char *path)
{
	uint32_t h = 2166136261u;

	for (; *path; path++)
		h = (h ^ (uint8_t)*path) * 16777619u;
	return (h ^ h >> 15) % EDGE == 0;
}

static bool end_piece(struct lf_cut *c, struct lf_err *err)
{
	if (c->n == 0)
		return true;
	c->n = 0;
	return c->ops->end(c, err);
}

static bool cut_entry(struct lf_tar_sink *s, const struct lf_tar_entry *e, struct lf_err *err)
{
	struct lf_cut *c = (struct lf_cut *)s;
	bool full = c->n >= RUN_MAX || (c->n >= RUN_MIN && is_edge(e->name));

	if (full && !end_piece(c, err))
		return false;
	c->n += LF_TAR_BLOCK;
	return c->ops->entry(c, e, err);
}

static bool cut_slices(struct lf_cut *c, const struct lf_blob *b, uint64_t offset, uint64_t n,
		       struct lf_err *err)
{
	const size_t pad = lf_tar_pad(n);

	while (n) {
		const uint64_t slice = n < LF_CUT_SLICE ? n : LF_CUT_SLICE;

		c->n = slice;
		if (!c->ops->content(c, b, offset, slice, slice == n ? pad : 0, err) ||
		    !end_piece(c, err))
			return false;
		offset += slice;
		n -= slice;
	}
	return true;
}

static bool cut_content(struct lf_tar_sink *s, const struct lf_blob *b, uint64_t offset, uint64_t n,
			struct lf_err *err)
{
	struct lf_cut *c = (struct lf_cut *)s;
	const size_t pad = lf_tar_pad(n);

	if (n >= LARGE)
		return end_piece(c, err) && cut_slices(c, b, offset, n, err);
	c->n += n + pad;
	return c->ops->content(c, b, offset, n, pad, err);
}

static bool cut_end(struct lf_tar_sink *s, struct lf_err *err)
{
	struct lf_cut *c = (struct lf_cut *)s;

	c->n += 2 * LF_TAR_BLOCK;
	return c->ops->trailer(c, err) && end_piece(c, err);
}

void lf_cut_init(struct lf_cut *c, const struct lf_cut_ops *ops)
{
	*c = (struct lf_cut){.sink = {cut_entry, cut_content, cut_end}, .ops = ops};
}
