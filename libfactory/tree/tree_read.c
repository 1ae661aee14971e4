/*
 * A tree of references from a directory on disk: what a build left in its destination directory.
 * Contents stay in the files; only metadata is read. A file that its owner cannot read gets the
 * permission on disk for a moment's sake, while the tree keeps the true mode.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tree/tree.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/banned.h"

#define MAX_XATTR (64 * 1024)

struct reading {
	struct lf_tree *t;
	int root;
	bool hardlinks;
	struct lf_map inodes; /* "dev:ino" → first node */
};

static bool read_xattr(struct lf_tree *t, int fd, const char *key, struct lf_node *n,
		       struct lf_err *err)
{
	lf_auto_buf value = {0};

	lf_buf_reserve(&value, MAX_XATTR);
	ssize_t size = fgetxattr(fd, key, value.p, MAX_XATTR);

	if (size < 0)
		return lf_fail_errno(err, "reading xattr %s", key);
	lf_tree_set_xattr(t, n, lf_str(key), (struct lf_str){value.p, (size_t)size});
	return true;
}

static bool read_xattrs(struct lf_tree *t, int fd, struct lf_node *n, struct lf_err *err)
{
	lf_auto_free char *names = NULL;
	ssize_t size = flistxattr(fd, NULL, 0);

	if (size == 0 || (size < 0 && errno == ENOTSUP))
		return true;
	if (size < 0 || size > MAX_XATTR)
		return lf_fail_errno(err, "listing xattrs");
	names = lf_calloc(1, (size_t)size + 1);
	size = flistxattr(fd, names, (size_t)size);
	if (size < 0)
		return lf_fail_errno(err, "listing xattrs");
	for (const char *p = names; p < names + size; p += strlen(p) + 1)
		if (!read_xattr(t, fd, p, n, err))
			return false;
	return true;
}

/* Opens a regular file or directory, giving its owner the right to it first where it is missing. */
static int open_entry(int dirfd, const char *name, const struct stat *st, struct lf_err *err)
{
	bool dir = S_ISDIR(st->st_mode);
	mode_t need = dir ? 0700 : 0400;
	int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;

	if (geteuid() != 0 && (st->st_mode & need) != need)
		if (fchmodat(dirfd, name, (st->st_mode | need) & 07777, 0) < 0)
			return (void)lf_fail_errno(err, "chmod %s", name), -1;
	int fd = openat(dirfd, name, dir ? flags | O_DIRECTORY : flags);

	if (fd < 0)
		(void)lf_fail_errno(err, "open %s", name);
	return fd;
}

static enum lf_node_type node_type(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFDIR:
		return LF_NODE_DIR;
	case S_IFLNK:
		return LF_NODE_SYMLINK;
	case S_IFCHR:
		return LF_NODE_CHAR;
	case S_IFBLK:
		return LF_NODE_BLOCK;
	case S_IFREG:
		return LF_NODE_FILE;
	default:
		return LF_NODE_FIFO;
	}
}

static const struct lf_blob *file_blob(struct reading *r, const char *rel, uint64_t size)
{
	struct lf_arena *arena = lf_tree_arena(r->t);
	struct lf_blob *b = lf_new(arena, struct lf_blob);

	b->fd = -1;
	b->root = r->root;
	b->size = size;
	b->path = lf_arena_strdup(arena, rel);
	return b;
}

static bool read_link(struct reading *r, int dirfd, const char *name, struct lf_node *n,
		      struct lf_err *err)
{
	char target[4096];
	ssize_t len = readlinkat(dirfd, name, target, sizeof(target));

	if (len < 0)
		return lf_fail_errno(err, "readlink %s", name);
	n->link = lf_arena_dup(lf_tree_arena(r->t), target, (size_t)len);
	return true;
}

/* The node that this inode already has, or NULL; remembers n as the first. */
static struct lf_node *first_name(struct reading *r, const struct stat *st, struct lf_node *n)
{
	if (!r->hardlinks || st->st_nlink < 2)
		return NULL;
	const char *key = lf_arena_printf(lf_tree_arena(r->t), "%ju:%ju", (uintmax_t)st->st_dev,
					  (uintmax_t)st->st_ino);
	void **at = lf_map_at(&r->inodes, lf_str(key));

	if (*at)
		return *at;
	*at = n;
	return NULL;
}

static bool read_file(struct reading *r, int dirfd, const char *name, const char *rel,
		      const struct stat *st, struct lf_node *n, struct lf_err *err)
{
	struct lf_node *first = first_name(r, st, n);

	if (first) {
		lf_auto_buf path = {0};

		lf_node_path(first, &path);
		n->type = LF_NODE_HARDLINK;
		n->target = first;
		n->link = lf_arena_strdup(lf_tree_arena(r->t), path.p);
		return true;
	}
	lf_auto_fd fd = open_entry(dirfd, name, st, err);

	if (fd < 0)
		return false;
	n->size = (uint64_t)st->st_size;
	n->blob = file_blob(r, rel, n->size);
	return read_xattrs(r->t, fd, n, err);
}

static bool read_node(void *data, int dirfd, const char *name, const char *rel,
		      const struct stat *st, struct lf_err *err)
{
	struct reading *r = data;
	lf_auto_free char *parent = lf_strdup(rel);
	char *slash = strrchr(parent, '/');

	if (slash)
		*slash = '\0';
	struct lf_node *dir = lf_tree_find(r->t, slash ? parent : "", false);
	struct lf_node *n = lf_tree_add(r->t, dir, lf_str(name), node_type(st->st_mode));

	n->mode = st->st_mode & 07777;
	n->uid = st->st_uid;
	n->gid = st->st_gid;
	n->mtime = st->st_mtim.tv_sec;
	if (S_ISLNK(st->st_mode))
		return read_link(r, dirfd, name, n, err);
	if (S_ISREG(st->st_mode))
		return read_file(r, dirfd, name, rel, st, n, err);
	if (S_ISDIR(st->st_mode)) {
		lf_auto_fd fd = open_entry(dirfd, name, st, err);

		return fd >= 0 && read_xattrs(r->t, fd, n, err);
	}
	n->devmajor = major(st->st_rdev);
	n->devminor = minor(st->st_rdev);
	return true;
}

bool lf_tree_from_dir(struct lf_tree *t, const char *dir, bool hardlinks, struct lf_err *err)
{
	struct reading r = {.t = t, .hardlinks = hardlinks};

	r.root = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (r.root < 0)
		return lf_fail_errno(err, "open %s", dir);
	lf_tree_own_fd(t, r.root);
	bool ok = lf_walk(dir, read_node, &r, err);

	lf_map_fini(&r.inodes);
	return ok;
}
