/*
 * EROFS, the read-only file system that Linux mounts: the records of an uncompressed image with
 * blocks of 4 KiB, and a reader for what other tools wrote. docs/formats/erofs.md has the fields.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"

#define LF_EROFS_BLOCK    4096
#define LF_EROFS_SLOT     32 /* inodes begin at multiples; their number is the nid */
#define LF_EROFS_INODE    64 /* as written here, without what follows it */
#define LF_EROFS_NAME_MAX 255

struct lf_erofs_super {
	uint64_t root; /* nid */
	uint64_t inodes;
	uint64_t time;   /* of the build, seconds */
	uint64_t blocks; /* of the whole image */
	uint64_t meta;   /* block where nids count from */
};

/* How content is stored: in blocks, or its last, unfilled block right behind the inode. */
enum lf_erofs_layout { LF_EROFS_PLAIN = 0, LF_EROFS_INLINE = 2 };

struct lf_erofs_inode {
	uint32_t mode; /* with the bits of its type */
	uint32_t ino, uid, gid, links;
	int64_t mtime;
	uint64_t size;
	uint32_t at;     /* first block of the content, or an encoded device number */
	unsigned layout; /* enum lf_erofs_layout; when read, perhaps one that is not supported */
	/* read: */
	uint64_t nid;
	uint64_t xattr_at, body_at; /* bytes from the image's start */
	uint32_t xattr_size;
};

struct lf_erofs_dirent {
	struct lf_str name;
	uint64_t nid;
	uint32_t mode; /* only the bits of its type count */
};

uint32_t lf_erofs_dev(uint32_t major, uint32_t minor);
uint32_t lf_erofs_dev_major(uint32_t dev);
uint32_t lf_erofs_dev_minor(uint32_t dev);

/* ---- writing: all append to out ---- */

/* The first block. */
void lf_erofs_put_super(struct lf_buf *out, const struct lf_erofs_super *s);
/* One extended attribute; the first call on an empty buffer makes the head. False for a name that
 * the format has no prefix for, and for what is too long. */
bool lf_erofs_put_xattr(struct lf_buf *out, struct lf_str key, struct lf_str value,
			struct lf_err *err) LF_MUST_CHECK;
/* The inode and its attributes as lf_erofs_put_xattr made them. */
void lf_erofs_put_inode(struct lf_buf *out, const struct lf_erofs_inode *i, struct lf_str xattrs);
/* The whole content of a directory, entries in byte order with "." and "..". The last block ends
 * with its last name. */
void lf_erofs_put_dir(struct lf_buf *out, const struct lf_erofs_dirent *entry, size_t n);

/* ---- reading ---- */

/* Where an image is: a file, or memory. */
struct lf_erofs_source {
	const uint8_t *mem; /* or NULL: then fd, which is not owned */
	int fd;
	uint64_t size;
	const char *path; /* for messages */
};

struct lf_erofs {
	struct lf_erofs_source src;
	struct lf_erofs_super super;
	unsigned block_bits;
	uint64_t xattrs; /* byte where shared attributes begin */
};

/* Checks the superblock. Features that change directories or inodes are refused. */
bool lf_erofs_open(struct lf_erofs *ret, const struct lf_erofs_source *src,
		   struct lf_err *err) LF_MUST_CHECK;
bool lf_erofs_get_inode(const struct lf_erofs *e, uint64_t nid, struct lf_erofs_inode *ret,
			struct lf_err *err) LF_MUST_CHECK;
/* The whole content, at most max bytes. */
bool lf_erofs_read(const struct lf_erofs *e, const struct lf_erofs_inode *i, size_t max,
		   struct lf_buf *ret, struct lf_err *err) LF_MUST_CHECK;
/* A range of the image itself that holds the content from offset on; *ret_n bytes of it lie
 * together, 0 at the end. */
bool lf_erofs_map(const struct lf_erofs *e, const struct lf_erofs_inode *i, uint64_t offset,
		  uint64_t *ret_at, uint64_t *ret_n, struct lf_err *err) LF_MUST_CHECK;

/* The entries of a directory in their order, with "." and "..". Names are checked: none is empty,
 * holds "/" or NUL, or stands twice. Views live as long as the buffer, which holds the content. */
typedef bool lf_erofs_dir_fn(void *data, const struct lf_erofs_dirent *entry, struct lf_err *err);
bool lf_erofs_each_entry(const struct lf_erofs *e, const struct lf_erofs_inode *dir,
			 lf_erofs_dir_fn *fn, void *data, struct lf_err *err) LF_MUST_CHECK;

/* Keys with their prefix ("user.x"); views are valid during the call. */
typedef bool lf_erofs_xattr_fn(void *data, struct lf_str key, struct lf_str value,
			       struct lf_err *err);
bool lf_erofs_each_xattr(const struct lf_erofs *e, const struct lf_erofs_inode *i,
			 lf_erofs_xattr_fn *fn, void *data, struct lf_err *err) LF_MUST_CHECK;
