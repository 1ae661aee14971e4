/*
 * Writing gzip: input is cut into blocks of 1 MiB, workers deflate them, and the owner writes them
 * in order, either each as a member or all joined in one. Plain bytes in, compressed bytes out to a
 * writer; memory is a few blocks per worker.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "base/mem.h"
#include "base/pool.h"
#include "codec/gzip.h"
#include "codec/gzip_block.h"

#include "base/banned.h"

#define BLOCK ((size_t)1 << 20)

struct block {
	struct gzip_out *owner;
	struct block *next; /* free list */
	size_t n;
	bool last;
	uint32_t crc;
	struct lf_buf out;
	uint8_t in[BLOCK];
};

struct gzip_out {
	struct lf_writer w;
	struct lf_writer *dst;
	struct lf_pool *pool;
	struct lf_deflater **scratch; /* one a worker, made at its first job */
	unsigned n_workers;
	int level;
	uint32_t mtime, crc;
	uint64_t length;
	bool single, begun;
	struct block *current, *idle;
	struct lf_err err; /* the first failure */
};

/* Runs in a worker: touches the block and the worker's own scratch memory only. */
static bool deflate_block(void *job, unsigned worker, struct lf_err *err)
{
	struct block *b = job;
	struct gzip_out *g = b->owner;

	(void)err;
	if (!g->scratch[worker])
		g->scratch[worker] = lf_deflater_new(g->level);
	b->crc = lf_gzip_crc(b->in, b->n);
	lf_buf_clear(&b->out);
	if (!g->single)
		lf_gzip_header(&b->out, g->mtime);
	if (!g->single || b->last)
		lf_deflate_whole(g->scratch[worker], b->in, b->n, &b->out);
	else
		lf_deflate_open(g->scratch[worker], b->in, b->n, &b->out);
	if (!g->single)
		lf_gzip_trailer(&b->out, b->crc, b->n);
	return true;
}

static bool failed(const struct gzip_out *g)
{
	return g->err.class != LF_E_NONE;
}

static void emit(struct gzip_out *g, const struct lf_buf *bytes)
{
	if (!failed(g) && !lf_write(g->dst, bytes->p, bytes->n, &g->err) && !failed(g))
		lf_fail_new(&g->err, LF_E_IO, "writing gzip");
}

static void emit_block(struct gzip_out *g, struct block *b)
{
	if (g->single && !g->begun) {
		lf_auto_buf header = {0};

		lf_gzip_header(&header, g->mtime);
		emit(g, &header);
	}
	g->begun = true;
	emit(g, &b->out);
	g->crc = (uint32_t)crc32_combine(g->crc, b->crc, (z_off_t)b->n);
	g->length += b->n;
	b->next = g->idle;
	g->idle = b;
}

static void take_block(struct gzip_out *g)
{
	bool ok;
	struct block *b = lf_pool_take(g->pool, &ok, &g->err);

	if (b)
		emit_block(g, b);
}

static struct block *new_block(struct gzip_out *g)
{
	struct block *b = g->idle;

	if (b) {
		g->idle = b->next;
	} else {
		b = lf_alloc(sizeof(*b));
		b->owner = g;
		b->out = (struct lf_buf){0};
	}
	b->n = 0;
	b->last = false;
	return b;
}

static void submit(struct gzip_out *g, struct block *b)
{
	while (lf_pool_full(g->pool))
		take_block(g);
	lf_pool_submit(g->pool, b);
}

static bool pass_failure(struct gzip_out *g, struct lf_err *err)
{
	if (!failed(g))
		return true;
	return lf_fail_new(err, g->err.class, "%s", lf_err_text(&g->err));
}

/* A full block waits for the byte behind it: only then it is known not to be the last. */
static bool write_gzip(struct lf_writer *w, const void *p, size_t n, struct lf_err *err)
{
	struct gzip_out *g = (struct gzip_out *)w;
	const uint8_t *from = p;

	while (n && !failed(g)) {
		if (g->current->n == BLOCK) {
			submit(g, g->current);
			g->current = new_block(g);
		}
		const size_t room = BLOCK - g->current->n, k = n < room ? n : room;
		memcpy(g->current->in + g->current->n, from, k);
		g->current->n += k;
		from += k;
		n -= k;
	}
	return pass_failure(g, err);
}

static void free_block(struct block *b)
{
	lf_buf_fini(&b->out);
	lf_free(b);
}

static void free_gzip(struct gzip_out *g)
{
	while (g->idle) {
		struct block *b = g->idle;

		g->idle = b->next;
		free_block(b);
	}
	for (unsigned i = 0; i < g->n_workers; i++)
		lf_deflater_free(g->scratch[i]);
	lf_free(g->scratch);
	lf_err_fini(&g->err);
	lf_free(g);
}

static bool close_gzip(struct lf_writer *w, struct lf_err *err)
{
	struct gzip_out *g = (struct gzip_out *)w;

	g->current->last = true;
	submit(g, g->current);
	while (!lf_pool_empty(g->pool))
		take_block(g);
	lf_pool_free(g->pool);
	if (g->single) {
		lf_auto_buf trailer = {0};

		lf_gzip_trailer(&trailer, g->crc, g->length);
		emit(g, &trailer);
	}
	const bool ok = pass_failure(g, err);
	free_gzip(g);
	return ok;
}

struct lf_writer *lf_gzip_writer(struct lf_writer *dst, unsigned n_workers, int level,
				 uint32_t mtime, bool single)
{
	struct gzip_out *g = lf_calloc(1, sizeof(*g));

	g->w = (struct lf_writer){write_gzip, close_gzip};
	g->dst = dst;
	g->n_workers = n_workers ? n_workers : 1;
	g->scratch = lf_calloc(g->n_workers, sizeof(*g->scratch));
	g->pool = lf_pool_new(n_workers, 0, deflate_block);
	g->level = level;
	g->mtime = mtime;
	g->single = single;
	g->current = new_block(g);
	return &g->w;
}
