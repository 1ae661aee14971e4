/*
 * Files and paths. Where a root is given, a path can never leave it: openat2 with RESOLVE_IN_ROOT,
 * or with RESOLVE_NO_SYMLINKS | RESOLVE_BENEATH where links are not wanted. Every descriptor is
 * close-on-exec. Outputs appear by rename, complete, or not at all.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

#include <factory/err.h>

#include "base/buf.h"
#include "base/vec.h"

void lf_close_p(int *fd); /* closes *fd when >= 0 and sets it to -1 */
#define lf_auto_fd __attribute__((cleanup(lf_close_p), unused)) int

/* Opens for reading. -1 on failure. The message is Go's: "open PATH: no such file or directory". */
int lf_open_read(const char *path, struct lf_err *err) LF_MUST_CHECK;
/* The whole file, at most max bytes (LF_E_LIMIT beyond). */
bool lf_read_file(const char *path, size_t max, struct lf_buf *ret,
		  struct lf_err *err) LF_MUST_CHECK;
/* Writes the whole file by temporary name and rename, with this mode less the umask. */
bool lf_write_file(const char *path, const void *p, size_t n, mode_t mode,
		   struct lf_err *err) LF_MUST_CHECK;

/* read(2) and pread(2), repeated when a signal interrupts them. */
ssize_t lf_read_some(int fd, void *p, size_t n);
ssize_t lf_pread_some(int fd, void *p, size_t n, uint64_t offset);
/* All n bytes or an error; interrupted calls are repeated. A short read is LF_E_FORMAT "unexpected
 * end of file". */
bool lf_write_all(int fd, const void *p, size_t n, struct lf_err *err) LF_MUST_CHECK;
bool lf_pread_all(int fd, void *p, size_t n, uint64_t offset, struct lf_err *err) LF_MUST_CHECK;
bool lf_pwrite_all(int fd, const void *p, size_t n, uint64_t offset,
		   struct lf_err *err) LF_MUST_CHECK;

/* mkdir -p. */
bool lf_mkdirs(const char *path, mode_t mode, struct lf_err *err) LF_MUST_CHECK;
/* Removes a file or a whole tree, never following links; modes that forbid it are changed. Missing
 * is fine. */
bool lf_remove_all(const char *path, struct lf_err *err);
/* A new directory $TMPDIR/PREFIXxxxxxx (default /tmp), mode 0700; the path is the caller's to free.
 * NULL on failure. */
char *lf_temp_dir(const char *prefix, struct lf_err *err) LF_MUST_CHECK;
/* An unnamed temporary file in $TMPDIR, read and write. -1 on failure. */
int lf_temp_file(struct lf_err *err) LF_MUST_CHECK;
bool lf_exists(const char *path); /* follows links */
bool lf_is_dir(const char *path);

/* a + "/" + b with exactly one slash between; b alone when a is "" . Caller frees. */
char *lf_path_join(const char *a, const char *b);
/* Lexical cleaning as Go's path.Clean: no "//", ".", "..", no final slash. Caller frees. */
char *lf_path_clean(const char *path);
/* Absolute and clean, relative to the current directory. Caller frees. */
char *lf_path_abs(const char *path, struct lf_err *err) LF_MUST_CHECK;

/* openat2 below root: links are followed but can never lead out of root. how_flags as open(2). -1
 * on failure. */
int lf_open_in_root(int root, const char *path, int flags, mode_t mode,
		    struct lf_err *err) LF_MUST_CHECK;
/* The same, refusing every symbolic link on the way and at the end. */
int lf_open_beneath(int root, const char *path, int flags, mode_t mode,
		    struct lf_err *err) LF_MUST_CHECK;

/* Names in a directory, without "." and "..", sorted bytewise; owned by *ret (heap strings: free
 * with lf_dir_names_fini). */
bool lf_dir_names(int dirfd, struct lf_strv *ret, struct lf_err *err) LF_MUST_CHECK;
void lf_dir_names_fini(struct lf_strv *v);

/*
 * An output file that appears whole or not at all. It is written without a name, where the file
 * system can do that (O_TMPFILE), so that a kill leaves no trace; otherwise under a temporary name
 * in the same directory. Commit syncs nothing but links or renames; fini without commit removes it.
 */
struct lf_out {
	int fd; /* write here */
	char *path;
	char *temp;  /* its name so far; NULL: none */
	bool appear; /* false: a device or a pipe, which is written to directly */
};

bool lf_out_open(struct lf_out *o, const char *path, mode_t mode, struct lf_err *err) LF_MUST_CHECK;
/* The same for a file that takes another's place: with its mode and, where that is allowed, its
 * owner. */
bool lf_out_replace(struct lf_out *o, const char *path, struct lf_err *err) LF_MUST_CHECK;
bool lf_out_commit(struct lf_out *o, struct lf_err *err) LF_MUST_CHECK;
void lf_out_fini(struct lf_out *o); /* harmless after commit and on a zeroed struct */
#define lf_auto_out __attribute__((cleanup(lf_out_fini))) struct lf_out

/* Walks the tree below path depth first, names sorted bytewise, each directory before its content;
 * the top itself is not reported. rel is relative to path. Links are reported, not followed. The
 * callback returns false (with err set) to stop. */
typedef bool lf_walk_fn(void *data, int dirfd, const char *name, const char *rel,
			const struct stat *st, struct lf_err *err);
bool lf_walk(const char *path, lf_walk_fn *fn, void *data, struct lf_err *err) LF_MUST_CHECK;
