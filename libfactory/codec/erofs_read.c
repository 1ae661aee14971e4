/*
 * Reads EROFS images that anybody may have written: superblock, inodes of both forms, directories,
 * contents that are not compressed. Each number is checked against the size of the image before it
 * is used, so that nothing outside it is read, and no length of the image is believed without its
 * bytes. docs/formats/erofs.md has the fields.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "codec/erofs.h"

#include <string.h>
#include <sys/stat.h>

#include "base/fs.h"
#include "base/mem.h"
#include "codec/erofs_impl.h"
#include "base/banned.h"

/* Features that say how contents are stored, which matters to nobody but their reader. */
#define FEATURES_KNOWN 0x7fu
#define MAX_DIR        (64u << 20)

static uint64_t get_le(const uint8_t *p, unsigned bytes)
{
	uint64_t v = 0;

	while (bytes--)
		v = v << 8 | p[bytes];
	return v;
}

static bool corrupt(const struct lf_erofs *e, struct lf_err *err, const char *what)
{
	return lf_fail_new(err, LF_E_FORMAT, "%s: erofs image is corrupt: %s", e->src.path, what);
}

static bool read_at(const struct lf_erofs *e, uint64_t at, void *p, size_t n, struct lf_err *err)
{
	const struct lf_erofs_source *s = &e->src;

	if (at > s->size || n > s->size - at)
		return corrupt(e, err, "something lies behind its end");
	if (s->mem) {
		memcpy(p, s->mem + at, n);
		return true;
	}
	return lf_pread_all(s->fd, p, n, at, err) || lf_fail(err, "reading %s", s->path);
}

/* ---- superblock ---- */

bool lf_erofs_open(struct lf_erofs *ret, const struct lf_erofs_source *src, struct lf_err *err)
{
	uint8_t b[LF_EROFS_SUPER_SIZE];
	struct lf_erofs e = {.src = *src};

	if (src->size < LF_EROFS_SUPER_AT + sizeof(b))
		return lf_fail_new(err, LF_E_FORMAT, "%s: not an erofs image", src->path);
	if (!read_at(&e, LF_EROFS_SUPER_AT, b, sizeof(b), err))
		return false;
	if (get_le(b, 4) != LF_EROFS_MAGIC)
		return lf_fail_new(err, LF_E_FORMAT, "%s: not an erofs image", src->path);
	if (get_le(b + 80, 4) & ~(uint64_t)FEATURES_KNOWN)
		return lf_fail_new(err, LF_E_FORMAT,
				   "%s: the erofs image has features that are not supported: %#jx",
				   src->path, (uintmax_t)get_le(b + 80, 4));
	e.block_bits = b[12];
	if (e.block_bits < 9 || e.block_bits > 16 || b[90] != 0)
		return corrupt(&e, err, "the size of its blocks");
	e.super = (struct lf_erofs_super){
		.root = get_le(b + 14, 2),
		.inodes = get_le(b + 16, 8),
		.time = get_le(b + 24, 8),
		.blocks = get_le(b + 36, 4),
		.meta = get_le(b + 40, 4),
	};
	e.xattrs = get_le(b + 44, 4) << e.block_bits;
	*ret = e;
	return true;
}

/* ---- inodes ---- */

static void get_short(const struct lf_erofs *e, const uint8_t *b, struct lf_erofs_inode *i)
{
	i->links = (uint32_t)get_le(b + 6, 2);
	i->size = get_le(b + 8, 4);
	i->uid = (uint32_t)get_le(b + 24, 2);
	i->gid = (uint32_t)get_le(b + 26, 2);
	i->mtime = (int64_t)(e->super.time + get_le(b + 12, 4)); /* 0 before Linux 6.15 */
}

static void get_long(const uint8_t *b, struct lf_erofs_inode *i)
{
	i->size = get_le(b + 8, 8);
	i->uid = (uint32_t)get_le(b + 24, 4);
	i->gid = (uint32_t)get_le(b + 28, 4);
	i->mtime = (int64_t)get_le(b + 32, 8);
	i->links = (uint32_t)get_le(b + 44, 4);
}

bool lf_erofs_get_inode(const struct lf_erofs *e, uint64_t nid, struct lf_erofs_inode *ret,
			struct lf_err *err)
{
	const uint64_t meta = e->super.meta << e->block_bits;
	uint8_t b[LF_EROFS_INODE];
	struct lf_erofs_inode i = {.nid = nid};

	if (nid > e->src.size / LF_EROFS_SLOT)
		return corrupt(e, err, "an inode lies behind its end");
	const uint64_t at = meta + nid * LF_EROFS_SLOT;

	if (!read_at(e, at, b, 32, err))
		return false;
	const unsigned format = (unsigned)get_le(b, 2);
	const bool is_long = format & 1;
	const uint32_t xattrs = (uint32_t)get_le(b + 2, 2);

	if (is_long && !read_at(e, at + 32, b + 32, 32, err))
		return false;
	i.layout = format >> 1 & 7;
	i.mode = (uint32_t)get_le(b + 4, 2);
	i.at = (uint32_t)get_le(b + 16, 4);
	i.ino = (uint32_t)get_le(b + 20, 4);
	if (is_long)
		get_long(b, &i);
	else
		get_short(e, b, &i);
	i.xattr_at = at + (is_long ? 64 : 32);
	i.xattr_size = xattrs ? LF_EROFS_XATTR_HEAD + (xattrs - 1) * LF_EROFS_XATTR_SLOT : 0;
	i.body_at = i.xattr_at + i.xattr_size;
	*ret = i;
	return true;
}

/* ---- contents ---- */

bool lf_erofs_map(const struct lf_erofs *e, const struct lf_erofs_inode *i, uint64_t offset,
		  uint64_t *ret_at, uint64_t *ret_n, struct lf_err *err)
{
	const uint64_t block = UINT64_C(1) << e->block_bits;
	uint64_t full = i->size, at = ((uint64_t)i->at << e->block_bits) + offset;

	if (i->layout != LF_EROFS_PLAIN && i->layout != LF_EROFS_INLINE)
		return lf_fail_new(err, LF_E_FORMAT,
				   "%s: compressed and chunked contents are not supported",
				   e->src.path);
	if (i->layout == LF_EROFS_INLINE)
		full -= full % block;
	if (offset >= i->size) {
		*ret_at = 0;
		*ret_n = 0;
		return true;
	}
	const uint64_t n = (offset < full ? full : i->size) - offset;

	if (offset >= full)
		at = i->body_at + (offset - full);
	if (at > e->src.size || n > e->src.size - at)
		return corrupt(e, err, "content lies behind its end");
	*ret_at = at;
	*ret_n = n;
	return true;
}

bool lf_erofs_read(const struct lf_erofs *e, const struct lf_erofs_inode *i, size_t max,
		   struct lf_buf *ret, struct lf_err *err)
{
	if (i->size > max)
		return lf_fail_new(err, LF_E_LIMIT, "%s: %ju bytes are more than the limit of %zu",
				   e->src.path, (uintmax_t)i->size, max);
	for (uint64_t offset = 0, at, n; offset < i->size; offset += n) {
		if (!lf_erofs_map(e, i, offset, &at, &n, err))
			return false;
		lf_buf_reserve(ret, n);
		if (!read_at(e, at, ret->p + ret->n, n, err))
			return false;
		ret->n += n;
	}
	return true;
}

/* ---- directories ---- */

static uint32_t type_bits(unsigned number)
{
	static const uint32_t bits[] = {0,       S_IFREG, S_IFDIR,  S_IFCHR,
					S_IFBLK, S_IFIFO, S_IFSOCK, S_IFLNK};

	return number < LF_ARRAY_LEN(bits) ? bits[number] : 0;
}

/* A block's names; what stands behind the last one is zeros. */
static bool name_of(const uint8_t *block, size_t size, size_t k, size_t n, struct lf_str *ret)
{
	const uint8_t *entry = block + k * LF_EROFS_DIRENT;
	const size_t from = get_le(entry + 8, 2);
	size_t to = k + 1 < n ? get_le(entry + LF_EROFS_DIRENT + 8, 2) : size;

	if (from < n * LF_EROFS_DIRENT || to > size || from >= to)
		return false;
	const struct lf_str name = {(const char *)block + from, to - from};

	if (k + 1 == n)
		to = from + strnlen(name.p, name.n);
	*ret = (struct lf_str){name.p, to - from};
	return ret->n > 0 && ret->n <= LF_EROFS_NAME_MAX && lf_str_find(*ret, '/') < 0 &&
	       lf_str_find(*ret, '\0') < 0;
}

static bool each_in_block(const struct lf_erofs *e, const uint8_t *block, size_t size,
			  struct lf_str *last, lf_erofs_dir_fn *fn, void *data, struct lf_err *err)
{
	const size_t names = size >= LF_EROFS_DIRENT ? get_le(block + 8, 2) : 0;
	const size_t n = names / LF_EROFS_DIRENT;

	if (n == 0 || names % LF_EROFS_DIRENT || names >= size)
		return corrupt(e, err, "a block of a directory");
	for (size_t k = 0; k < n; k++) {
		const uint8_t *entry = block + k * LF_EROFS_DIRENT;
		struct lf_erofs_dirent d = {.nid = get_le(entry, 8), .mode = type_bits(entry[10])};

		if (!name_of(block, size, k, n, &d.name))
			return corrupt(e, err, "a name in a directory");
		if (last->p && lf_str_cmp(*last, d.name) >= 0)
			return corrupt(e, err, "the order of names in a directory");
		*last = d.name;
		if (!fn(data, &d, err))
			return false;
	}
	return true;
}

bool lf_erofs_each_entry(const struct lf_erofs *e, const struct lf_erofs_inode *dir,
			 lf_erofs_dir_fn *fn, void *data, struct lf_err *err)
{
	const size_t block = (size_t)1 << e->block_bits;
	lf_auto_buf content = {0};
	struct lf_str last = {0};

	if (!S_ISDIR(dir->mode))
		return corrupt(e, err, "a directory is none");
	if (!lf_erofs_read(e, dir, MAX_DIR, &content, err))
		return false;
	for (size_t at = 0, n; at < content.n; at += n) {
		n = content.n - at < block ? content.n - at : block;
		if (!each_in_block(e, (const uint8_t *)content.p + at, n, &last, fn, data, err))
			return false;
	}
	return true;
}
