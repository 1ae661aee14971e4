/*
 * A tree into a directory, for the sandbox: directories first, then files and symbolic links
 * directory by directory (in parallel), then hard links, last the modes and times of directories.
 * Each directory is opened with openat2 below the root, refusing links, so that no path can escape.
 * Owners and device nodes are left out: the sandbox cannot have them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tree/tree.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/vec.h"
#include "base/banned.h"

/* Fewer nodes than this are not worth a second thread. */
#define PARALLEL_FROM 512
#define DIRS_PER_JOB  16

struct node_list {
	struct lf_node **v;
	size_t n, cap;
};

struct out_dir {
	int root;
	struct node_list dirs, hardlinks;
};

static int open_dir(int root, const struct lf_node *dir, struct lf_err *err)
{
	lf_auto_buf path = {0};

	lf_node_path(dir, &path);
	return lf_open_beneath(root, path.n ? path.p : ".", O_RDONLY | O_DIRECTORY, 0, err);
}

static void set_times(int fd, const char *name, int64_t mtime)
{
	struct timespec t[2] = {{.tv_sec = mtime}, {.tv_sec = mtime}};

	/* Times are a courtesy (valid .pyc files): failing to set them harms nobody. */
	if (name)
		(void)utimensat(fd, name, t, AT_SYMLINK_NOFOLLOW);
	else
		(void)futimens(fd, t);
}

/* user.* always works where xattrs do; security.capability needs rights we may not have. */
static bool set_xattrs(int fd, const struct lf_node *n, struct lf_err *err)
{
	for (const struct lf_xattr *x = n->xattr; x; x = x->next) {
		if (!lf_str_starts(x->key, "user.") && !lf_str_is(x->key, "security.capability"))
			continue;
		if (fsetxattr(fd, x->key.p, x->value.p, x->value.n, 0) == 0 || errno == EPERM ||
		    errno == ENOTSUP)
			continue;
		return lf_fail_errno(err, "setting %s of %s", x->key.p, n->name);
	}
	return true;
}

static bool copy_content(const struct lf_node *n, int fd, struct lf_err *err)
{
	struct lf_writer *w = lf_writer_fd(fd, false);
	bool ok = lf_blob_copy(n->blob, n->offset, n->size, w, err);

	return lf_writer_close(w, ok ? err : NULL) && ok;
}

static bool write_file(int dirfd, const char *name, const struct lf_node *n, struct lf_err *err)
{
	lf_auto_fd fd =
		openat(dirfd, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0)
		return lf_fail_errno(err, "create %s", name);
	if (n->size && !copy_content(n, fd, err))
		return lf_fail(err, "writing %s", name);
	if (!set_xattrs(fd, n, err))
		return false;
	if (fchmod(fd, n->mode & 0777) < 0)
		return lf_fail_errno(err, "chmod %s", name);
	set_times(fd, NULL, n->mtime);
	return true;
}

static bool write_entry(int dirfd, const struct lf_node *n, struct lf_err *err)
{
	if (n->type == LF_NODE_FILE)
		return write_file(dirfd, n->name, n, err);
	if (n->type != LF_NODE_SYMLINK)
		return true;
	if (symlinkat(n->link, dirfd, n->name) < 0)
		return lf_fail_errno(err, "symlink %s", n->name);
	set_times(dirfd, n->name, n->mtime);
	return true;
}

/* ---- the passes ---- */

static bool make_dir(void *data, struct lf_node *n, const char *path, struct lf_err *err)
{
	struct out_dir *o = data;

	if (n->type == LF_NODE_HARDLINK)
		lf_vec_push(&o->hardlinks, n);
	if (n->type != LF_NODE_DIR)
		return true;
	/* Parents were made by this very walk, so the plain call cannot meet a link. */
	if (mkdirat(o->root, path, 0700) < 0)
		return lf_fail_errno(err, "mkdir %s", path);
	lf_vec_push(&o->dirs, n);
	return true;
}

struct fill_job {
	const struct out_dir *o;
	size_t from, to;
};

static bool fill_dir(int root, const struct lf_node *dir, struct lf_err *err)
{
	lf_auto_fd fd = open_dir(root, dir, err);

	if (fd < 0)
		return false;
	for (const struct lf_node *c = dir->child; c; c = c->next)
		if (!write_entry(fd, c, err))
			return lf_fail(err, "in /%s", dir->name);
	return true;
}

static bool fill_dirs(void *p, unsigned worker, struct lf_err *err)
{
	const struct fill_job *job = p;

	(void)worker;
	for (size_t i = job->from; i < job->to; i++)
		if (!fill_dir(job->o->root, job->o->dirs.v[i], err))
			return false;
	return true;
}

static bool fill(const struct out_dir *o, unsigned jobs, size_t nodes, struct lf_err *err)
{
	LF_VEC(struct fill_job) v = {0};

	for (size_t i = 0; i < o->dirs.n; i += DIRS_PER_JOB) {
		size_t to = i + DIRS_PER_JOB < o->dirs.n ? i + DIRS_PER_JOB : o->dirs.n;

		lf_vec_push(&v, (struct fill_job){o, i, to});
	}
	bool ok = lf_parallel(nodes < PARALLEL_FROM ? 1 : jobs, v.v, v.n, sizeof(*v.v), fill_dirs,
			      err);

	lf_vec_fini(&v);
	return ok;
}

static bool link_one(int root, const struct lf_node *n, struct lf_err *err)
{
	const struct lf_node *c = lf_node_content(n);
	lf_auto_fd to = open_dir(root, n->parent, err);
	lf_auto_fd from = -1;

	if (to < 0)
		return false;
	if (c->gone || n->copy)
		return c->type != LF_NODE_FILE || write_file(to, n->name, c, err);
	from = open_dir(root, c->parent, err);
	if (from < 0)
		return false;
	if (linkat(from, c->name, to, n->name, 0) < 0)
		return lf_fail_errno(err, "link %s", n->name);
	return true;
}

static bool finish_dirs(const struct out_dir *o, struct lf_err *err)
{
	/* Deepest first, so that no directory loses the right to be entered before its content is
	 * done. */
	for (size_t i = o->dirs.n; i > 0; i--) {
		const struct lf_node *n = o->dirs.v[i - 1];
		lf_auto_fd fd = open_dir(o->root, n, err);

		if (fd < 0 || !set_xattrs(fd, n, err))
			return false;
		if (n->parent && fchmod(fd, n->mode & 0777) < 0)
			return lf_fail_errno(err, "chmod %s", n->name);
		if (n->parent)
			set_times(fd, NULL, n->mtime);
	}
	return true;
}

bool lf_tree_to_dir(struct lf_tree *t, const char *dir, unsigned jobs, struct lf_err *err)
{
	struct out_dir o = {.root = -1};
	lf_auto_fd root = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok;

	if (root < 0)
		return lf_fail_errno(err, "open %s", dir);
	o.root = root;
	lf_vec_push(&o.dirs, lf_tree_root(t));
	ok = lf_tree_walk(t, make_dir, &o, err) && fill(&o, jobs, lf_tree_count(t), err);
	for (size_t i = 0; ok && i < o.hardlinks.n; i++)
		ok = link_one(root, o.hardlinks.v[i], err);
	ok = ok && finish_dirs(&o, err);
	lf_vec_fini(&o.dirs);
	lf_vec_fini(&o.hardlinks);
	return ok || lf_fail(err, "filling %s", dir);
}
