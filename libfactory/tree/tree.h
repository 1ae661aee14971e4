/*
 * The file tree value: an image before it is bytes. A node is a path component with its metadata
 * and a reference to where its content lies (a range of a blob), so an image of half a gigabyte is
 * a few megabytes of records. Nothing is unpacked to be packed again: the same tree is emitted as a
 * tar layer, as a directory for a sandbox, later as cpio or erofs.
 *
 * Paths are relative to the root, without leading "/" ("" is the root); a leading "/" is accepted
 * and ignored. ".." never leaves the root. Not thread-safe while it is built; may be read by
 * several threads afterwards.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/stream.h"
#include "codec/tar.h"

/* Where bytes are. Shared by many nodes; lives as long as its owner (a package, the arena). pread
 * on it is thread-safe. */
struct lf_blob {
	const uint8_t *mem; /* in memory, or NULL */
	int fd;   /* an open file (mem == NULL), or -1: path below root is opened at each read */
	int root; /* a directory, for fd == -1; links on the way are refused */
	uint64_t size;
	const char *path;   /* for messages */
	uint8_t digest[32]; /* SHA-256 of the whole blob when has_digest: names the content for
			       caches */
	bool has_digest;
};

/* Copies a range to w in pieces; the file is opened at most once. */
bool lf_blob_copy(const struct lf_blob *b, uint64_t offset, uint64_t n, struct lf_writer *w,
		  struct lf_err *err) LF_MUST_CHECK;
bool lf_blob_read(const struct lf_blob *b, uint64_t offset, void *p, size_t n,
		  struct lf_err *err) LF_MUST_CHECK;

enum lf_node_type {
	LF_NODE_DIR,
	LF_NODE_FILE,
	LF_NODE_SYMLINK,
	LF_NODE_HARDLINK,
	LF_NODE_CHAR,
	LF_NODE_BLOCK,
	LF_NODE_FIFO
};

struct lf_xattr {
	struct lf_xattr *next; /* sorted by key */
	struct lf_str key, value;
};

#define LF_OWNER_NONE UINT32_MAX

struct lf_node {
	const char *name; /* last component */
	struct lf_node *parent, *child,
		*next; /* child, next: by name order once lf_node_sort ran (walk does it) */
	uint8_t type;  /* enum lf_node_type */
	bool unsorted; /* private */
	bool gone;     /* private: taken out of the tree (a hard link may still stand for it) */
	bool copy; /* hard link that is emitted as a file of its own: made by a path mutation, not
		      by a package */
	bool has_sha1; /* sha1 is the package's checksum record */
	uint16_t mode; /* 12 permission bits */
	uint32_t uid, gid;
	uint32_t devmajor, devminor;
	uint32_t owner;   /* index of the package it came from, or LF_OWNER_NONE: made by apko */
	int64_t mtime;    /* seconds */
	const char *link; /* symlink target; for a hard link the path text of its target as the
			     package gave it */
	struct lf_node *target;     /* hard link: the node with the content */
	const struct lf_blob *blob; /* file: content at [offset, offset + size) */
	uint64_t offset, size;
	struct lf_xattr *xattr;
	uint8_t sha1[20];
};

struct lf_tree;

struct lf_tree *lf_tree_new(void);
void lf_tree_free(struct lf_tree *t); /* NULL is fine */
struct lf_arena *lf_tree_arena(struct lf_tree *t);
struct lf_node *lf_tree_root(struct lf_tree *t);
size_t lf_tree_count(const struct lf_tree *t);
/* The descriptor is closed with the tree: for the blobs of its files. */
void lf_tree_own_fd(struct lf_tree *t, int fd);

/* The node at path, or NULL. Links on the way are followed inside the root (at most 40); the last
 * component is followed when `follow`. */
struct lf_node *lf_tree_find(const struct lf_tree *t, const char *path, bool follow);
/* A direct child, or NULL. No following. */
struct lf_node *lf_tree_child(const struct lf_tree *t, const struct lf_node *dir,
			      struct lf_str name);

/* A new node below dir (a directory) of that name, which must be free. Everything but name, parent
 * and type is zero and owner NONE. */
struct lf_node *lf_tree_add(struct lf_tree *t, struct lf_node *dir, struct lf_str name,
			    enum lf_node_type type);
/* Takes a node (and all below it) out. */
void lf_tree_remove(struct lf_tree *t, struct lf_node *node);

/* mkdir -p: missing directories get this mode, owner 0:0, mtime 0. Links to directories are
 * followed. NULL with the error "error creating directory P: path is not a directory" when
 * something else is in the way. */
struct lf_node *lf_tree_mkdirs(struct lf_tree *t, const char *path, uint32_t mode,
			       struct lf_err *err) LF_MUST_CHECK;
/* Makes or replaces the content of a regular file (parents must exist, links followed). The bytes
 * are copied. A new file gets mode; an existing one keeps mode, owner and time. NULL on failure. */
struct lf_node *lf_tree_write(struct lf_tree *t, const char *path, const void *p, size_t n,
			      uint32_t mode, struct lf_err *err) LF_MUST_CHECK;
/* Reads a whole file (links followed), at most max bytes. */
bool lf_tree_read(const struct lf_tree *t, const struct lf_node *file, size_t max,
		  struct lf_buf *ret, struct lf_err *err) LF_MUST_CHECK;
void lf_tree_set_xattr(struct lf_tree *t, struct lf_node *n, struct lf_str key,
		       struct lf_str value); /* copied */

/* The path of a node, without leading "/"; appended to out. */
void lf_node_path(const struct lf_node *n, struct lf_buf *out);
/* What a hard link stands for, otherwise n itself. */
const struct lf_node *lf_node_content(const struct lf_node *n);
/* Type and permissions as stat(2) tells them, for formats that hold them so; a link has 0777. */
uint32_t lf_node_st_mode(const struct lf_node *n);

/* Puts the children of a directory in byte order of their names (walking does it by itself). */
void lf_node_sort(struct lf_node *dir);

/* Walks in tar order: depth first, children in byte order of their names, a directory before its
 * content; the root is not reported. path is valid during the call. */
typedef bool lf_tree_walk_fn(void *data, struct lf_node *n, const char *path, struct lf_err *err);
bool lf_tree_walk(struct lf_tree *t, lf_tree_walk_fn *fn, void *data,
		  struct lf_err *err) LF_MUST_CHECK;

/* ---- emitting ---- */

/* Names for numeric owners, from the tree's own /etc/passwd and /etc/group (later lines win). */
struct lf_names;
struct lf_names *lf_names_load(const struct lf_tree *t);
const char *lf_names_user(const struct lf_names *n, uint32_t uid); /* "" when unknown */
const char *lf_names_group(const struct lf_names *n, uint32_t gid);
void lf_names_free(struct lf_names *n);

/* Where a tar goes while it is made: entries, and content as the place where it lies, so that a
 * sink which knows it need not read it. Both are valid during the call. */
struct lf_tar_sink {
	bool (*entry)(struct lf_tar_sink *s, const struct lf_tar_entry *e, struct lf_err *err);
	/* All of the last entry's, unless that has none. */
	bool (*content)(struct lf_tar_sink *s, const struct lf_blob *b, uint64_t offset, uint64_t n,
			struct lf_err *err);
	bool (*end)(struct lf_tar_sink *s, struct lf_err *err);
};

/* Everything to a writer (not owned). */
struct lf_tar_to_writer {
	struct lf_tar_sink sink;
	struct lf_writer *w;
};
void lf_tar_to_writer_init(struct lf_tar_to_writer *t, struct lf_writer *w);

/* One node; names may be NULL. tree_tar.c */
bool lf_tree_tar_node(struct lf_tar_sink *s, const struct lf_node *n, const char *path,
		      const struct lf_names *names, struct lf_err *err) LF_MUST_CHECK;
/* The whole tree as a tar stream with end blocks. */
bool lf_tree_tar_to(struct lf_tree *t, struct lf_tar_sink *s, struct lf_err *err) LF_MUST_CHECK;
bool lf_tree_tar(struct lf_tree *t, struct lf_writer *w, struct lf_err *err) LF_MUST_CHECK;

/* The whole tree as a cpio archive with its end; owners and times are not in it. tree_cpio.c */
bool lf_tree_cpio(struct lf_tree *t, struct lf_writer *w, struct lf_err *err) LF_MUST_CHECK;

/* The whole tree as an EROFS image that tells `time` (seconds; none before 1970) as when it was
 * made. Every name is a file of its own. tree_erofs.c */
bool lf_tree_erofs(struct lf_tree *t, int64_t time, struct lf_writer *w,
		   struct lf_err *err) LF_MUST_CHECK;

struct lf_erofs_source;
/* Reads names and metadata of an EROFS image into t; `over`: what is there are the layers below it.
 * tree_read_erofs.c */
bool lf_tree_add_erofs(struct lf_tree *t, const struct lf_erofs_source *src, bool over,
		       struct lf_err *err) LF_MUST_CHECK;

/* Into an existing empty directory: directories, files, links, xattrs, permission bits; owners and
 * device nodes are left out (the sandbox cannot have them). Paths cannot escape. Times are kept.
 * tree_dir.c */
bool lf_tree_to_dir(struct lf_tree *t, const char *dir, unsigned jobs,
		    struct lf_err *err) LF_MUST_CHECK;
/* A tree of references from a directory on disk: every file's content stays there. Reads modes,
 * owners, mtimes, xattrs, links (a second name of an inode is an independent file unless
 * `hardlinks`). tree_read.c */
bool lf_tree_from_dir(struct lf_tree *t, const char *dir, bool hardlinks,
		      struct lf_err *err) LF_MUST_CHECK;
