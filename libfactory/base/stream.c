/*
 * Byte streams over memory, descriptors and ranges of files, and the calls that every stream
 * shares.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "base/stream.h"

#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/banned.h"

#define GATHER ((size_t)256 << 10)

ssize_t lf_read(struct lf_reader *r, void *p, size_t n, struct lf_err *err)
{
	return r->read(r, p, n, err);
}

bool lf_read_full(struct lf_reader *r, void *p, size_t n, struct lf_err *err)
{
	char *to = p;

	while (n > 0) {
		ssize_t got = r->read(r, to, n, err);

		if (got < 0)
			return false;
		if (got == 0)
			return lf_fail_new(err, LF_E_FORMAT, "unexpected end of file");
		to += got;
		n -= (size_t)got;
	}
	return true;
}

bool lf_read_all(struct lf_reader *r, size_t max, struct lf_buf *ret, struct lf_err *err)
{
	struct lf_buf text = LF_BUF(ret->max);
	size_t step = 4096;

	for (;;) {
		ssize_t got;

		lf_buf_reserve(&text, step);
		got = r->read(r, text.p + text.n, step, err);
		if (got == 0)
			break;
		if (got > 0 && (size_t)got > max - text.n) {
			lf_fail_new(err, LF_E_LIMIT, "size limit exceeded: limit is %zu bytes",
				    max);
			got = -1;
		}
		if (got < 0) {
			lf_buf_fini(&text);
			return false;
		}
		text.n += (size_t)got;
		text.p[text.n] = '\0';
		step = text.n < 65536 ? 65536 : GATHER;
	}
	lf_buf_fini(ret);
	*ret = text;
	return true;
}

bool lf_skip(struct lf_reader *r, uint64_t n, struct lf_err *err)
{
	char scratch[16384];

	while (n > 0) {
		size_t step = n < sizeof(scratch) ? (size_t)n : sizeof(scratch);

		if (!lf_read_full(r, scratch, step, err))
			return false;
		n -= step;
	}
	return true;
}

void lf_reader_close(struct lf_reader *r)
{
	if (r && r->close)
		r->close(r);
}

void lf_reader_close_p(struct lf_reader **r)
{
	lf_reader_close(*r);
	*r = NULL;
}

bool lf_write(struct lf_writer *w, const void *p, size_t n, struct lf_err *err)
{
	return w->write(w, p, n, err);
}

bool lf_writer_close(struct lf_writer *w, struct lf_err *err)
{
	return w->close(w, err);
}

bool lf_copy(struct lf_reader *r, struct lf_writer *w, uint64_t *ret_n, struct lf_err *err)
{
	lf_auto_free char *scratch = lf_alloc(GATHER);
	uint64_t total = 0;
	ssize_t got;

	while ((got = r->read(r, scratch, GATHER, err)) > 0) {
		if (!w->write(w, scratch, (size_t)got, err))
			return false;
		total += (uint64_t)got;
	}
	if (got == 0 && ret_n)
		*ret_n = total;
	return got == 0;
}

struct mem_reader {
	struct lf_reader reader;
	struct lf_str rest;
};

static ssize_t read_mem(struct lf_reader *r, void *p, size_t n, struct lf_err *err)
{
	struct mem_reader *m = (struct mem_reader *)r;

	(void)err;
	if (n > m->rest.n)
		n = m->rest.n;
	if (n)
		memcpy(p, m->rest.p, n);
	m->rest = lf_str_sub(m->rest, n, m->rest.n);
	return (ssize_t)n;
}

static void free_reader(struct lf_reader *r)
{
	lf_free(r);
}

struct lf_reader *lf_reader_mem(const void *p, size_t n)
{
	struct mem_reader *m = lf_calloc(1, sizeof(*m));

	*m = (struct mem_reader){{read_mem, free_reader}, {p, n}};
	return &m->reader;
}

struct fd_reader {
	struct lf_reader reader;
	int fd;
	bool own;
	uint64_t offset, left; /* of a range */
};

static ssize_t read_fd(struct lf_reader *r, void *p, size_t n, struct lf_err *err)
{
	struct fd_reader *f = (struct fd_reader *)r;
	const ssize_t got = lf_read_some(f->fd, p, n);

	if (got < 0)
		lf_fail_errno(err, "read");
	return got;
}

static void close_fd_reader(struct lf_reader *r)
{
	struct fd_reader *f = (struct fd_reader *)r;

	if (f->own)
		lf_close_p(&f->fd);
	lf_free(f);
}

struct lf_reader *lf_reader_fd(int fd, bool own)
{
	struct fd_reader *f = lf_calloc(1, sizeof(*f));

	*f = (struct fd_reader){.reader = {read_fd, close_fd_reader}, .fd = fd, .own = own};
	return &f->reader;
}

static ssize_t read_range(struct lf_reader *r, void *p, size_t n, struct lf_err *err)
{
	struct fd_reader *f = (struct fd_reader *)r;
	ssize_t got;

	if (n > f->left)
		n = (size_t)f->left;
	if (n == 0)
		return 0;
	got = lf_pread_some(f->fd, p, n, f->offset);
	if (got < 0) {
		lf_fail_errno(err, "read");
	} else if (got == 0) {
		/* Whoever gave the range knew the file's size: it was cut meanwhile. */
		lf_fail_new(err, LF_E_FORMAT, "unexpected end of file");
		return -1;
	} else {
		f->offset += (uint64_t)got;
		f->left -= (uint64_t)got;
	}
	return got;
}

static uint64_t skip_range(struct lf_reader *r, uint64_t n)
{
	struct fd_reader *f = (struct fd_reader *)r;

	n = n < f->left ? n : f->left;
	f->offset += n;
	f->left -= n;
	return n;
}

struct lf_reader *lf_reader_range(int fd, uint64_t offset, uint64_t size)
{
	struct fd_reader *f = lf_calloc(1, sizeof(*f));

	*f = (struct fd_reader){.reader = {read_range, free_reader, skip_range},
				.fd = fd,
				.offset = offset,
				.left = size};
	return &f->reader;
}

struct limit_reader {
	struct lf_reader reader, *inner;
	uint64_t limit, left;
};

static ssize_t read_limited(struct lf_reader *r, void *p, size_t n, struct lf_err *err)
{
	struct limit_reader *l = (struct limit_reader *)r;
	char probe;
	ssize_t got;

	if (n == 0)
		return 0;
	if (l->left > 0) {
		got = l->inner->read(l->inner, p, n < l->left ? n : (size_t)l->left, err);
		l->left -= got > 0 ? (uint64_t)got : 0;
		return got;
	}
	got = l->inner->read(l->inner, &probe, 1, err);
	if (got <= 0)
		return got;
	lf_fail_new(err, LF_E_LIMIT, "size limit exceeded: limit is %llu bytes",
		    (unsigned long long)l->limit);
	return -1;
}

struct lf_reader *lf_reader_limit(struct lf_reader *r, uint64_t limit)
{
	struct limit_reader *l = lf_calloc(1, sizeof(*l));

	*l = (struct limit_reader){{read_limited, free_reader}, r, limit, limit};
	return &l->reader;
}
