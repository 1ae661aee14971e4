/*
 * Resolving a path below a root by hand, for kernels without openat2: every component is opened
 * without following links, ".." goes back to a descriptor that was passed on the way, and links are
 * read and put in front of the rest. So no rename that happens meanwhile can lead outside.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "base/resolve.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/banned.h"

#define LINKS_MAX 40

struct way {
	LF_VEC(int) dir; /* from the root (not ours to close) to where we are */
	struct lf_arena text;
	struct lf_str rest; /* still to go */
	bool links;
	unsigned followed;
};

static int here(const struct way *w)
{
	return w->dir.v[w->dir.n - 1];
}

static void go_back(struct way *w, size_t depth)
{
	while (w->dir.n > depth)
		(void)close(lf_vec_pop(&w->dir));
}

static bool step_up(struct way *w)
{
	if (w->dir.n > 1) {
		go_back(w, w->dir.n - 1);
		return true;
	}
	errno = EXDEV;
	return w->links; /* with links the root is its own parent, as in a chroot */
}

/* The target of the link takes the place of its name. */
static bool follow(struct way *w, const char *name)
{
	char target[PATH_MAX];
	ssize_t n;

	errno = ELOOP;
	if (!w->links || ++w->followed > LINKS_MAX)
		return false;
	n = readlinkat(here(w), name, target, sizeof(target));
	if (n <= 0 || n == sizeof(target))
		return false;
	if (target[0] == '/')
		go_back(w, 1);
	w->rest = lf_str(lf_arena_printf(&w->text, "%.*s%s" LF_STR_FMT, (int)n, target,
					 w->rest.p ? "/" : "", LF_STR_ARG(w->rest)));
	return true;
}

static bool is_link(int fd, const char *name)
{
	struct stat st;

	return fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(st.st_mode);
}

static bool step_down(struct way *w, const char *name)
{
	int fd = openat(here(w), name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0 && (errno == ENOTDIR || errno == ELOOP) && is_link(here(w), name))
		return follow(w, name);
	if (fd < 0)
		return false;
	lf_vec_push(&w->dir, fd);
	return true;
}

static bool only_slashes(struct lf_str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != '/')
			return false;
	return true;
}

/* Opens the last component. -2: it was a link, and the way goes on. */
static int open_last(struct way *w, const char *name, int flags, mode_t mode)
{
	/* A slash behind the name asks for what the link leads to. */
	bool keep = (flags & O_NOFOLLOW) && !w->rest.p;

	if (is_link(here(w), name) && !keep)
		return follow(w, name) ? -2 : -1;
	return openat(here(w), name, flags | O_NOFOLLOW | O_CLOEXEC, mode);
}

static int walk(struct way *w, int flags, mode_t mode)
{
	while (!only_slashes(w->rest)) {
		struct lf_str part = lf_str_cut(&w->rest, '/');
		const char *name = lf_arena_str(&w->text, part);
		int fd;

		if (part.n == 0 || lf_str_is(part, "."))
			continue;
		if (lf_str_is(part, "..")) {
			if (!step_up(w))
				return -1;
		} else if (!only_slashes(w->rest)) {
			if (!step_down(w, name))
				return -1;
		} else {
			fd = open_last(w, name, w->rest.p ? flags | O_DIRECTORY : flags, mode);
			if (fd != -2)
				return fd;
		}
	}
	return openat(here(w), ".", flags | O_CLOEXEC, mode);
}

int lf_resolve_open(int root, const char *path, int flags, mode_t mode, bool links)
{
	struct way w = {.links = links, .rest = lf_str(path)};
	int fd, saved;

	lf_vec_push(&w.dir, root);
	fd = walk(&w, flags, mode);
	saved = errno;
	go_back(&w, 1);
	lf_vec_fini(&w.dir);
	lf_arena_fini(&w.text);
	errno = saved;
	return fd;
}
