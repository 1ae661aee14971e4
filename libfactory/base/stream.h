/*
 * Byte streams. A reader and a writer are three calls behind a struct; a filter (gzip, digest, tee)
 * is one over another. An error is latched: after it reads and writes do nothing and close reports
 * the first one, so that most callers check once.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include <factory/err.h>

#include "base/buf.h"

struct lf_reader {
	/* Up to n bytes; 0 at the end, -1 on failure. */
	ssize_t (*read)(struct lf_reader *r, void *p, size_t n, struct lf_err *err);
	/* Frees the stream. May be NULL. */
	void (*close)(struct lf_reader *r);
	/* Passes over up to n bytes without reading them; returns how many. May be NULL. */
	uint64_t (*skip)(struct lf_reader *r, uint64_t n);
};

struct lf_writer {
	bool (*write)(struct lf_writer *w, const void *p, size_t n, struct lf_err *err);
	/* Flushes and frees; false when this or any earlier write failed. */
	bool (*close)(struct lf_writer *w, struct lf_err *err);
};

ssize_t lf_read(struct lf_reader *r, void *p, size_t n, struct lf_err *err) LF_MUST_CHECK;
/* Exactly n bytes; a short stream is LF_E_FORMAT "unexpected end of file". */
bool lf_read_full(struct lf_reader *r, void *p, size_t n, struct lf_err *err) LF_MUST_CHECK;
/* Everything up to the end, at most max bytes: LF_E_LIMIT "size limit exceeded: limit is N bytes"
 * beyond. */
bool lf_read_all(struct lf_reader *r, size_t max, struct lf_buf *ret,
		 struct lf_err *err) LF_MUST_CHECK;
bool lf_skip(struct lf_reader *r, uint64_t n, struct lf_err *err) LF_MUST_CHECK;
void lf_reader_close(struct lf_reader *r); /* NULL is fine */
void lf_reader_close_p(struct lf_reader **r);
#define lf_auto_reader __attribute__((cleanup(lf_reader_close_p))) struct lf_reader

bool lf_write(struct lf_writer *w, const void *p, size_t n, struct lf_err *err) LF_MUST_CHECK;
bool lf_writer_close(struct lf_writer *w, struct lf_err *err) LF_MUST_CHECK;
bool lf_copy(struct lf_reader *r, struct lf_writer *w, uint64_t *ret_n,
	     struct lf_err *err) LF_MUST_CHECK;

/* From n bytes of memory that outlive the stream. */
struct lf_reader *lf_reader_mem(const void *p, size_t n);
/* From a descriptor, from its current offset; closed with the stream when own is set. */
struct lf_reader *lf_reader_fd(int fd, bool own);
/* From a range of a file by pread: several readers may share one descriptor. */
struct lf_reader *lf_reader_range(int fd, uint64_t offset, uint64_t size);
/* At most limit bytes of r pass; the next one is LF_E_LIMIT. r stays the caller's. */
struct lf_reader *lf_reader_limit(struct lf_reader *r, uint64_t limit);

/* To a descriptor, gathered to 256 KiB; closed with the stream when own is set. */
struct lf_writer *lf_writer_fd(int fd, bool own);
/* To a buffer of the caller. */
struct lf_writer *lf_writer_buf(struct lf_buf *b);
