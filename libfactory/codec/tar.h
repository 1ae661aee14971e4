/*
 * tar (POSIX ustar and pax), as Go's archive/tar writes it, byte for byte, and a reader for what
 * other tools write. docs/formats/tar.md has the fields. upstream: Go archive/tar.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/stream.h"

#define LF_TAR_BLOCK 512

/* A pax record beyond those that the fields below hold, e.g. "SCHILY.xattr.user.x" or
 * "APK-TOOLS.checksum.SHA1". */
struct lf_tar_pax {
	struct lf_str key, value; /* value may hold NUL bytes */
};

struct lf_tar_entry {
	const char *name;     /* as stored, long names assembled */
	const char *linkname; /* "" when none */
	const char *uname, *gname;
	char type; /* '0' regular ('\0' and '7' are read as '0'), '1' hard link, '2' symlink, '3'
		      '4' devices, '5' directory, '6' fifo */
	uint32_t mode; /* 12 permission bits */
	uint32_t uid, gid;
	uint32_t devmajor, devminor;
	int64_t mtime;   /* seconds, rounded to the nearest */
	uint64_t size;   /* of the content; 0 for links, directories, devices */
	uint64_t offset; /* read: where the content begins in the stream */
	const struct lf_tar_pax
		*pax; /* read: unknown records; write: records to add (sorted by the writer) */
	size_t n_pax;
};

struct lf_tar_in;

/* Reads from src (not owned). Header text lives in the arena. max_header: limit of one pax or GNU
 * long-name block (1 MiB when 0). */
struct lf_tar_in *lf_tar_in_new(struct lf_reader *src, struct lf_arena *arena);
/* The next entry; what was left of the former content is skipped. *ret_more false at the end: two
 * zero blocks, or the plain end of src (apk sections have no end blocks). */
bool lf_tar_next(struct lf_tar_in *t, struct lf_tar_entry *ret, bool *ret_more,
		 struct lf_err *err) LF_MUST_CHECK;
/* Content of the current entry; 0 at its end. */
ssize_t lf_tar_read(struct lf_tar_in *t, void *p, size_t n, struct lf_err *err) LF_MUST_CHECK;
/* Whole content, at most max bytes. */
bool lf_tar_read_all(struct lf_tar_in *t, size_t max, struct lf_buf *ret,
		     struct lf_err *err) LF_MUST_CHECK;
/* Zero bytes found at the end of the archive, after the last entry. */
uint64_t lf_tar_trailing(const struct lf_tar_in *t);
void lf_tar_in_free(struct lf_tar_in *t);

/* The header blocks of an entry: pax header when needed, then the ustar block; appended to out.
 * Names are written as given. Go's rules of when pax is needed. The content and its padding are the
 * caller's: see lf_tar_pad. */
void lf_tar_header(struct lf_buf *out, const struct lf_tar_entry *e);
/* Zero bytes that follow `size` bytes of content. */
size_t lf_tar_pad(uint64_t size);
/* Two zero blocks. */
void lf_tar_end(struct lf_buf *out);

/* Small archives in memory: header, content, padding. */
void lf_tar_file(struct lf_buf *out, const struct lf_tar_entry *e, const void *p);
