/*
 * The workspace is filled from the source directory before the first step: regular files only, with
 * their permission bits, less what .melangeignore names. Later the steps own it, so whatever the
 * host does in it afterwards never follows a link.
 *
 * compat: links and empty directories of the source directory are not copied.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "build/workspace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/stream.h"
#include "build/ignore.h"

#include "base/banned.h"

#define IGNORE_FILE "/.melangeignore"
#define IGNORE_MAX  (1u << 20)

struct population {
	const struct lf_ctx *ctx;
	const char *workspace;
	const char *inside; /* of the source directory: the workspace itself, or NULL */
	struct lf_ignore ignore;
	char *dir; /* made last */
};

/* Below the workspace when that lies in the source directory: it must not be copied into itself. */
static bool is_inside(const struct population *p, const char *rel)
{
	size_t n = p->inside ? strlen(p->inside) : 0;

	return n && !strncmp(rel, p->inside, n) && (!rel[n] || rel[n] == '/');
}

static bool copy_bytes(int in, int out, struct lf_err *err)
{
	for (;;) {
		ssize_t n = copy_file_range(in, NULL, out, NULL, 1 << 30, 0);
		if (n == 0)
			return true;
		if (n < 0 && (errno == EXDEV || errno == EINVAL || errno == EOPNOTSUPP))
			break;
		if (n < 0 && errno != EINTR)
			return lf_fail_errno(err, "write");
	}
	lf_auto_reader *r = lf_reader_fd(in, false);
	struct lf_writer *w = lf_writer_fd(out, false);
	bool ok = lf_copy(r, w, NULL, err);
	return lf_writer_close(w, ok ? err : NULL) && ok;
}

static bool make_parent(struct population *p, const char *target, struct lf_err *err)
{
	struct lf_str dir = lf_path_dir(lf_str(target));

	if (p->dir && lf_str_is(dir, p->dir))
		return true;
	lf_free(p->dir);
	p->dir = lf_calloc(dir.n + 1, 1);
	memcpy(p->dir, dir.p, dir.n);
	return lf_mkdirs(p->dir, 0755, err);
}

static bool copy_file(void *data, int dirfd, const char *name, const char *rel,
		      const struct stat *st, struct lf_err *err)
{
	struct population *p = data;

	if (!S_ISREG(st->st_mode) || is_inside(p, rel) || lf_ignore_match(&p->ignore, rel))
		return lf_check_cancel(p->ctx, err);
	lf_auto_free char *target = lf_path_join(p->workspace, rel);
	lf_auto_fd in = openat(dirfd, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (in < 0)
		return lf_fail_errno(err, "open %s", rel);
	if (!make_parent(p, target, err))
		return false;
	lf_auto_fd out = open(target, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (out < 0)
		return lf_fail_errno(err, "open %s", target);
	if (!copy_bytes(in, out, err))
		return lf_fail(err, "copying %s", rel);
	if (fchmod(out, st->st_mode & 07777))
		return lf_fail_errno(err, "chmod %s", target);
	return lf_check_cancel(p->ctx, err);
}

static bool load_ignore(struct population *p, const char *source_dir, struct lf_arena *arena,
			struct lf_err *err)
{
	lf_auto_free char *path = lf_path_join(source_dir, IGNORE_FILE);
	lf_auto_buf text = {0};

	if (!lf_exists(path))
		return true;
	lf_info(p->ctx, "loading ignore rules from %s", path);
	if (!lf_read_file(path, IGNORE_MAX, &text, err))
		return false;
	lf_ignore_parse(&p->ignore, lf_buf_view(&text), arena);
	return true;
}

/* The workspace relative to the source directory, if it lies in it. Both resolved; the caller
 * frees. */
static char *find_inside(const char *workspace, const char *source_dir)
{
	char *ws = realpath(workspace, NULL), *src = realpath(source_dir, NULL), *ret = NULL;
	size_t n = src ? strlen(src) : 0;

	if (ws && src && !strncmp(ws, src, n) && ws[n] == '/')
		ret = lf_strdup(ws + n + 1);
	free(ws);
	free(src);
	return ret;
}

bool lf_workspace_populate(const struct lf_ctx *ctx, const char *workspace, const char *source_dir,
			   bool ignore, struct lf_err *err)
{
	lf_auto_arena arena = {0};
	lf_auto_free char *inside = NULL;

	lf_info(ctx, "populating workspace %s from %s", workspace, source_dir);
	if (!lf_is_dir(source_dir))
		return true;
	inside = find_inside(workspace, source_dir);
	struct population p = {.ctx = ctx, .workspace = workspace, .inside = inside};
	bool ok = (!ignore || load_ignore(&p, source_dir, &arena, err)) &&
		  lf_walk(source_dir, copy_file, &p, err);
	lf_ignore_fini(&p.ignore);
	lf_free(p.dir);
	return ok;
}

/* Makes the directory name in dir unless it is one; returns it open. */
static int make_dir(int dir, const char *name, struct lf_err *err)
{
	if (mkdirat(dir, name, 0755) && errno != EEXIST) {
		lf_fail_errno(err, "mkdir %s", name);
		return -1;
	}
	return lf_open_beneath(dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0, err);
}

bool lf_workspace_make_output(const char *workspace, const char *name, struct lf_err *err)
{
	lf_auto_fd top = open(workspace, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (top < 0)
		return lf_fail_errno(err, "open %s", workspace);
	lf_auto_fd all = make_dir(top, "melange-out", err);
	if (all < 0)
		return lf_fail(err, "creating melange-out directory");
	lf_auto_fd one = make_dir(all, name, err);
	return one >= 0 || lf_fail(err, "creating melange-out/%s", name);
}
