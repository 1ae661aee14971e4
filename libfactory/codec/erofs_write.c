/*
 * Records of EROFS images as bytes: superblock, inodes with their extended attributes, directories.
 * Where each of them goes is the caller's plan. Inodes are always of the long form, which alone has
 * a time. docs/formats/erofs.md has the fields.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "codec/erofs.h"

#include <sys/stat.h>

#include "codec/erofs_impl.h"
#include "base/banned.h"

const struct lf_erofs_prefix lf_erofs_prefixes[LF_EROFS_N_PREFIXES] = {
	[1] = {"user.", false},
	[2] = {"system.posix_acl_access", true},
	[3] = {"system.posix_acl_default", true},
	[4] = {"trusted.", false},
	[6] = {"security.", false},
};

static void put_le(struct lf_buf *out, uint64_t v, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		lf_buf_putc(out, (char)(v >> (8 * i)));
}

/* ---- device numbers, as the kernel writes them ---- */

uint32_t lf_erofs_dev(uint32_t major, uint32_t minor)
{
	return (minor & 0xff) | major << 8 | (minor & ~0xffu) << 12;
}

uint32_t lf_erofs_dev_major(uint32_t dev)
{
	return dev >> 8 & 0xfff;
}

uint32_t lf_erofs_dev_minor(uint32_t dev)
{
	return (dev & 0xff) | (dev >> 12 & 0xfff00);
}

/* ---- superblock ---- */

void lf_erofs_put_super(struct lf_buf *out, const struct lf_erofs_super *s)
{
	const size_t start = out->n;

	lf_buf_fill(out, '\0', LF_EROFS_SUPER_AT);
	put_le(out, LF_EROFS_MAGIC, 4);
	put_le(out, 0, 4); /* checksum: a feature that is not used */
	put_le(out, 0, 4); /* compatible features */
	put_le(out, 12, 1);
	put_le(out, 0, 1); /* further superblock slots */
	put_le(out, s->root, 2);
	put_le(out, s->inodes, 8);
	put_le(out, s->time, 8);
	put_le(out, 0, 4); /* nanoseconds */
	put_le(out, s->blocks, 4);
	put_le(out, s->meta, 4);
	lf_buf_fill(out, '\0', start + LF_EROFS_BLOCK - out->n);
}

/* ---- extended attributes ---- */

static bool find_prefix(struct lf_str key, unsigned *ret_number, struct lf_str *ret_rest)
{
	for (unsigned i = 0; i < LF_EROFS_N_PREFIXES; i++) {
		struct lf_str rest = key;
		const struct lf_erofs_prefix *p = &lf_erofs_prefixes[i];

		if (!p->text || !lf_str_skip(&rest, p->text) || p->whole != (rest.n == 0))
			continue;
		*ret_number = i;
		*ret_rest = rest;
		return true;
	}
	return false;
}

bool lf_erofs_put_xattr(struct lf_buf *out, struct lf_str key, struct lf_str value,
			struct lf_err *err)
{
	unsigned prefix;
	struct lf_str rest;

	if (!find_prefix(key, &prefix, &rest))
		return lf_fail_new(
			err, LF_E_FORMAT,
			"erofs cannot hold an extended attribute of this name: " LF_STR_FMT,
			LF_STR_ARG(key));
	if (rest.n > UINT8_MAX || value.n > UINT16_MAX ||
	    out->n + rest.n + value.n > LF_EROFS_XATTR_SLOT * UINT16_MAX - 64)
		return lf_fail_new(err, LF_E_LIMIT,
				   "extended attribute " LF_STR_FMT " is too long for erofs",
				   LF_STR_ARG(key));
	if (out->n == 0)
		lf_buf_fill(out, '\0', LF_EROFS_XATTR_HEAD);
	put_le(out, rest.n, 1);
	put_le(out, prefix, 1);
	put_le(out, value.n, 2);
	lf_buf_str(out, rest);
	lf_buf_str(out, value);
	lf_buf_fill(out, '\0', -out->n % LF_EROFS_XATTR_SLOT);
	return true;
}

/* ---- inodes ---- */

void lf_erofs_put_inode(struct lf_buf *out, const struct lf_erofs_inode *i, struct lf_str xattrs)
{
	/* The head counts as one. */
	const size_t slots =
		xattrs.n ? (xattrs.n - LF_EROFS_XATTR_HEAD) / LF_EROFS_XATTR_SLOT + 1 : 0;

	put_le(out, 1 | i->layout << 1, 2);
	put_le(out, slots, 2);
	put_le(out, i->mode, 2);
	put_le(out, 0, 2);
	put_le(out, i->size, 8);
	put_le(out, i->at, 4);
	put_le(out, i->ino, 4);
	put_le(out, i->uid, 4);
	put_le(out, i->gid, 4);
	put_le(out, (uint64_t)i->mtime, 8);
	put_le(out, 0, 4); /* nanoseconds */
	put_le(out, i->links, 4);
	put_le(out, 0, 8);
	put_le(out, 0, 8);
	lf_buf_str(out, xattrs);
}

/* ---- directories ---- */

static unsigned type_number(uint32_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFREG:
		return 1;
	case S_IFDIR:
		return 2;
	case S_IFCHR:
		return 3;
	case S_IFBLK:
		return 4;
	case S_IFIFO:
		return 5;
	case S_IFSOCK:
		return 6;
	case S_IFLNK:
		return 7;
	default:
		return 0;
	}
}

/* As many entries as a block takes, with their names behind them. */
static size_t fitting(const struct lf_erofs_dirent *entry, size_t n)
{
	size_t used = 0, k = 0;

	while (k < n && used + LF_EROFS_DIRENT + entry[k].name.n <= LF_EROFS_BLOCK)
		used += LF_EROFS_DIRENT + entry[k++].name.n;
	return k;
}

static void put_dir_block(struct lf_buf *out, const struct lf_erofs_dirent *entry, size_t n)
{
	size_t name_at = n * LF_EROFS_DIRENT;

	for (size_t i = 0; i < n; i++) {
		put_le(out, entry[i].nid, 8);
		put_le(out, name_at, 2);
		put_le(out, type_number(entry[i].mode), 1);
		put_le(out, 0, 1);
		name_at += entry[i].name.n;
	}
	for (size_t i = 0; i < n; i++)
		lf_buf_str(out, entry[i].name);
}

void lf_erofs_put_dir(struct lf_buf *out, const struct lf_erofs_dirent *entry, size_t n)
{
	const size_t start = out->n;

	while (n) {
		size_t k = fitting(entry, n);

		lf_buf_fill(out, '\0', (start - out->n) % LF_EROFS_BLOCK);
		put_dir_block(out, entry, k);
		entry += k;
		n -= k;
	}
}
