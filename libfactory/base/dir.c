/*
 * Directories: making, listing in byte order, walking and removing. No call follows a symbolic link
 * below the path it is given, and depth is limited. Declared in fs.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/banned.h"

/* Each level holds a descriptor; nobody nests deeper for good reasons. */
#define DEPTH_MAX 512
#define DIR_FLAGS (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

static bool make_one(const char *path, mode_t mode, struct lf_err *err)
{
	struct stat st;

	if (mkdir(path, mode) == 0)
		return true;
	if (errno != EEXIST)
		return lf_fail_errno(err, "mkdir %s", path);
	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return true;
	errno = ENOTDIR;
	return lf_fail_errno(err, "mkdir %s", path);
}

bool lf_mkdirs(const char *path, mode_t mode, struct lf_err *err)
{
	lf_auto_free char *part = lf_strdup(path);

	if (lf_is_dir(path))
		return true;
	for (char *p = part; *p; p++) {
		bool ok;

		if (*p != '/' || p == part || p[-1] == '/')
			continue;
		*p = '\0';
		ok = lf_is_dir(part) || make_one(part, mode, err);
		*p = '/';
		if (!ok)
			return false;
	}
	return make_one(path, mode, err);
}

static bool is_dot(const char *name)
{
	return name[0] == '.' && (name[1] == '\0' || (name[1] == '.' && name[2] == '\0'));
}

static void close_dir(DIR **dir)
{
	if (*dir)
		(void)closedir(*dir);
}

bool lf_dir_names(int dirfd, struct lf_strv *ret, struct lf_err *err)
{
	/* A descriptor of its own: reading must not move the caller's position. */
	int fd = openat(dirfd, ".", DIR_FLAGS);
	LF_CLEANUP(close_dir) DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct lf_strv names = {0};
	struct dirent *entry;

	if (!dir) {
		lf_fail_errno(err, "opening directory");
		lf_close_p(&fd);
		return false;
	}
	while (errno = 0, (entry = readdir(dir)))
		if (!is_dot(entry->d_name))
			lf_strv_add(&names, lf_strdup(entry->d_name));
	if (errno != 0) {
		lf_fail_errno(err, "readdirent");
		lf_dir_names_fini(&names);
		return false;
	}
	lf_strv_sort(&names);
	*ret = names;
	return true;
}

void lf_dir_names_fini(struct lf_strv *v)
{
	for (size_t i = 0; i < v->n; i++)
		lf_free((void *)(uintptr_t)v->v[i]);
	lf_strv_fini(v);
}

struct walk {
	lf_walk_fn *fn;
	void *data;
	struct lf_buf rel;
	unsigned depth;
};

static bool walk_dir(struct walk *w, int dirfd, struct lf_err *err);

static bool walk_below(struct walk *w, int dirfd, const char *name, struct lf_err *err)
{
	lf_auto_fd fd = openat(dirfd, name, DIR_FLAGS);
	bool ok;

	if (fd < 0)
		return lf_fail_errno(err, "open %s", lf_buf_c(&w->rel));
	if (w->depth >= DEPTH_MAX)
		return lf_fail_new(err, LF_E_LIMIT, "walk: directories nest deeper than %d",
				   DEPTH_MAX);
	w->depth++;
	ok = walk_dir(w, fd, err);
	w->depth--;
	return ok;
}

static bool walk_entry(struct walk *w, int dirfd, const char *name, struct lf_err *err)
{
	struct stat st;

	if (fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return lf_fail_errno(err, "lstat %s", lf_buf_c(&w->rel));
	if (!w->fn(w->data, dirfd, name, lf_buf_c(&w->rel), &st, err))
		return false;
	return !S_ISDIR(st.st_mode) || walk_below(w, dirfd, name, err);
}

static bool walk_dir(struct walk *w, int dirfd, struct lf_err *err)
{
	LF_CLEANUP(lf_dir_names_fini) struct lf_strv names = {0};
	size_t base = w->rel.n;
	bool ok;

	if (!lf_dir_names(dirfd, &names, err))
		return lf_fail(err, "open %s", lf_buf_c(&w->rel));
	ok = true;
	for (size_t i = 0; ok && i < names.n; i++) {
		if (base > 0)
			lf_buf_putc(&w->rel, '/');
		lf_buf_puts(&w->rel, names.v[i]);
		ok = walk_entry(w, dirfd, names.v[i], err);
		w->rel.n = base;
		w->rel.p[base] = '\0';
	}
	return ok;
}

bool lf_walk(const char *path, lf_walk_fn *fn, void *data, struct lf_err *err)
{
	lf_auto_fd fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct walk w = {.fn = fn, .data = data};
	bool ok;

	if (fd < 0)
		return lf_fail_errno(err, "open %s", path);
	ok = walk_dir(&w, fd, err);
	lf_buf_fini(&w.rel);
	return ok;
}

static bool remove_entry(int dirfd, const char *name, unsigned depth, struct lf_err *err);

static bool remove_content(int dirfd, const char *name, unsigned depth, struct lf_err *err)
{
	LF_CLEANUP(lf_dir_names_fini) struct lf_strv names = {0};
	lf_auto_fd fd = openat(dirfd, name, DIR_FLAGS);

	if (fd < 0 && errno == EACCES && fchmodat(dirfd, name, 0700, 0) == 0)
		fd = openat(dirfd, name, DIR_FLAGS);
	if (fd < 0)
		return errno == ENOENT || lf_fail_errno(err, "open %s", name);
	if (!lf_dir_names(fd, &names, err))
		return lf_fail(err, "open %s", name);
	for (size_t i = 0; i < names.n; i++)
		if (!remove_entry(fd, names.v[i], depth, err))
			return false;
	return true;
}

/* Unlinks name; a directory that may not be written to is opened up once. */
static bool unlink_any(int dirfd, const char *name, int flags)
{
	if (unlinkat(dirfd, name, flags) == 0 || errno == ENOENT)
		return true;
	if ((errno != EACCES && errno != EPERM) || dirfd == AT_FDCWD || fchmod(dirfd, 0700) != 0)
		return false;
	return unlinkat(dirfd, name, flags) == 0 || errno == ENOENT;
}

static bool remove_entry(int dirfd, const char *name, unsigned depth, struct lf_err *err)
{
	struct stat st;

	if (unlink_any(dirfd, name, 0))
		return true;
	if (fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISDIR(st.st_mode)) {
		errno = errno == ENOENT ? ENOENT : EACCES;
		return lf_fail_errno(err, "unlinkat %s", name);
	}
	if (depth >= DEPTH_MAX)
		return lf_fail_new(err, LF_E_LIMIT, "unlinkat %s: directories nest deeper than %d",
				   name, DEPTH_MAX);
	if (!remove_content(dirfd, name, depth + 1, err))
		return false;
	return unlink_any(dirfd, name, AT_REMOVEDIR) || lf_fail_errno(err, "unlinkat %s", name);
}

bool lf_remove_all(const char *path, struct lf_err *err)
{
	return remove_entry(AT_FDCWD, path, 0, err);
}
