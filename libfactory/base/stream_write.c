/*
 * Writers to a descriptor and to a buffer. The first error is kept: later writes do nothing and
 * closing reports it again, so that a caller may check once. Declared in stream.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/stream.h"
#include "base/banned.h"

#define GATHER ((size_t)256 << 10)

struct fd_writer {
	struct lf_writer writer;
	int fd;
	bool own, failed;
	struct lf_err first; /* what failed, for close */
	size_t n;
	char gathered[];
};

/* Repeats the latched error to this caller. */
static bool again(const struct fd_writer *f, struct lf_err *err)
{
	return lf_fail_new(err, f->first.class, "%s", lf_err_text(&f->first));
}

static bool put(struct fd_writer *f, const void *p, size_t n, struct lf_err *err)
{
	if (lf_write_all(f->fd, p, n, &f->first))
		return true;
	f->failed = true;
	(void)lf_fail(&f->first, "write");
	return again(f, err);
}

static bool flush(struct fd_writer *f, struct lf_err *err)
{
	size_t n = f->n;

	f->n = 0;
	return n == 0 || put(f, f->gathered, n, err);
}

static bool write_fd(struct lf_writer *w, const void *p, size_t n, struct lf_err *err)
{
	struct fd_writer *f = (struct fd_writer *)w;

	if (f->failed)
		return again(f, err);
	if (n > GATHER - f->n && !flush(f, err))
		return false;
	if (n >= GATHER)
		return put(f, p, n, err);
	if (n)
		memcpy(f->gathered + f->n, p, n);
	f->n += n;
	return true;
}

static bool close_fd_writer(struct lf_writer *w, struct lf_err *err)
{
	struct fd_writer *f = (struct fd_writer *)w;
	bool ok = f->failed ? again(f, err) : flush(f, err);

	if (f->own)
		lf_close_p(&f->fd);
	lf_err_fini(&f->first);
	lf_free(f);
	return ok;
}

struct lf_writer *lf_writer_fd(int fd, bool own)
{
	struct fd_writer *f = lf_alloc(sizeof(*f) + GATHER);

	*f = (struct fd_writer){.writer = {write_fd, close_fd_writer}, .fd = fd, .own = own};
	return &f->writer;
}

struct buf_writer {
	struct lf_writer writer;
	struct lf_buf *buf;
};

static bool check_buf(const struct buf_writer *b, struct lf_err *err)
{
	if (!b->buf->overflow)
		return true;
	return lf_fail_new(err, LF_E_LIMIT, "size limit exceeded: limit is %zu bytes", b->buf->max);
}

static bool write_buf(struct lf_writer *w, const void *p, size_t n, struct lf_err *err)
{
	struct buf_writer *b = (struct buf_writer *)w;

	lf_buf_add(b->buf, p, n);
	return check_buf(b, err);
}

static bool close_buf_writer(struct lf_writer *w, struct lf_err *err)
{
	struct buf_writer *b = (struct buf_writer *)w;
	bool ok = check_buf(b, err);

	lf_free(b);
	return ok;
}

struct lf_writer *lf_writer_buf(struct lf_buf *buf)
{
	struct buf_writer *b = lf_calloc(1, sizeof(*b));

	*b = (struct buf_writer){{write_buf, close_buf_writer}, buf};
	return &b->writer;
}
