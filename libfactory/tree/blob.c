/*
 * Blobs: where the bytes of a tree's files are. Ranges of memory, of an open file, or of a file
 * that is opened when its turn comes (so that a tree of a large directory holds no descriptors).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tree/tree.h"

#include <fcntl.h>
#include <string.h>

#include "base/fs.h"
#include "base/banned.h"

#define PIECE (256 * 1024)

static bool in_range(const struct lf_blob *b, uint64_t offset, uint64_t n, struct lf_err *err)
{
	if (offset <= b->size && n <= b->size - offset)
		return true;
	return lf_fail_new(err, LF_E_FORMAT, "%s: unexpected end of file", b->path);
}

/* A descriptor to read from; *ret_own is what has to be closed afterwards, or -1. */
static int blob_fd(const struct lf_blob *b, int *ret_own, struct lf_err *err)
{
	*ret_own = -1;
	if (b->fd >= 0)
		return b->fd;
	return *ret_own = lf_open_beneath(b->root, b->path, O_RDONLY, 0, err);
}

bool lf_blob_read(const struct lf_blob *b, uint64_t offset, void *p, size_t n, struct lf_err *err)
{
	lf_auto_fd own = -1;

	if (!in_range(b, offset, n, err))
		return false;
	if (b->mem) {
		memcpy(p, b->mem + offset, n);
		return true;
	}
	int fd = blob_fd(b, &own, err);

	if (fd < 0)
		return false;
	return lf_pread_all(fd, p, n, offset, err) || lf_fail(err, "reading %s", b->path);
}

bool lf_blob_copy(const struct lf_blob *b, uint64_t offset, uint64_t n, struct lf_writer *w,
		  struct lf_err *err)
{
	lf_auto_fd own = -1;
	lf_auto_free void *piece = NULL;

	if (!in_range(b, offset, n, err))
		return false;
	if (b->mem || n == 0)
		return n == 0 || lf_write(w, b->mem + offset, n, err);
	int fd = blob_fd(b, &own, err);

	if (fd < 0)
		return false;
	piece = lf_alloc(n < PIECE ? n : PIECE);
	while (n) {
		size_t m = n < PIECE ? n : PIECE;

		if (!lf_pread_all(fd, piece, m, offset, err))
			return lf_fail(err, "reading %s", b->path);
		if (!lf_write(w, piece, m, err))
			return false;
		offset += m;
		n -= m;
	}
	return true;
}
