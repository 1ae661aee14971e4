/*
 * The limit of the cache. A file tells about how much there is: runs add to it what they put in, so
 * that a walk over all entries is needed only when that exceeds the limit, or once a day, since
 * killed processes do not count themselves. Then the entries that were not used for longest go.
 * Removing is safe at any time: who has an entry open keeps it, everybody else makes it again.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/fs.h"
#include "base/vec.h"
#include "net/cache_impl.h"

#include "base/banned.h"

#define SIZE_FILE LF_CACHE_OURS "/.size"
#define DAY       86400

struct entry {
	const char *path; /* below ours */
	struct timespec used;
	uint64_t size;
};

struct listing {
	LF_VEC(struct entry) entry;
	struct lf_arena arena;
	uint64_t total;
};

static bool add_entry(void *data, int dirfd, const char *name, const char *rel,
		      const struct stat *st, struct lf_err *err)
{
	struct listing *l = data;
	const uint64_t size = (uint64_t)st->st_blocks * 512;

	(void)dirfd;
	(void)err;
	/* Names with a dot are the size and what is on its way in. */
	if (!S_ISREG(st->st_mode) || (name[0] == '.' && st->st_mtime > time(NULL) - DAY) ||
	    strcmp(rel, ".size") == 0)
		return true;
	lf_vec_push(&l->entry, (struct entry){lf_arena_strdup(&l->arena, rel), st->st_mtim, size});
	l->total += size;
	return true;
}

static int by_use(const void *pa, const void *pb)
{
	const struct entry *a = pa, *b = pb;

	if (a->used.tv_sec != b->used.tv_sec)
		return a->used.tv_sec < b->used.tv_sec ? -1 : 1;
	if (a->used.tv_nsec != b->used.tv_nsec)
		return a->used.tv_nsec < b->used.tv_nsec ? -1 : 1;
	return strcmp(a->path, b->path);
}

/* Somewhat below the limit, so that the next run does not come here again. */
static void remove_oldest(struct listing *l, const char *ours, uint64_t limit)
{
	const uint64_t goal = limit - limit / 10;

	if (l->total <= limit)
		return;
	lf_vec_sort(&l->entry, by_use);
	for (size_t i = 0; i < l->entry.n && l->total > goal; i++) {
		lf_auto_free char *path = lf_path_join(ours, l->entry.v[i].path);

		if (unlink(path) == 0 || errno == ENOENT)
			l->total -= l->entry.v[i].size;
	}
}

static bool trim(const struct lf_cache *c, uint64_t limit, uint64_t *ret_total, struct lf_err *err)
{
	lf_auto_free char *ours = lf_path_join(c->root, LF_CACHE_OURS);
	struct listing l = {0};
	bool ok = lf_walk(ours, add_entry, &l, err);

	if (ok)
		remove_oldest(&l, ours, limit);
	*ret_total = l.total;
	lf_vec_fini(&l.entry);
	lf_arena_fini(&l.arena);
	return ok;
}

/* What is there by the file; false when it does not say, or not since today. */
static bool read_size(int fd, uint64_t *ret)
{
	char text[32] = "";
	struct stat st;

	if (fstat(fd, &st) != 0 || st.st_mtime < time(NULL) - DAY ||
	    pread(fd, text, sizeof(text) - 1, 0) <= 0)
		return false;
	char *end;

	*ret = strtoull(text, &end, 10);
	return end != text && *end == '\n';
}

static bool write_size(int fd, uint64_t size, bool counted, struct lf_err *err)
{
	char text[32];
	struct stat st;
	const int n = snprintf(text, sizeof(text), "%" PRIu64 "\n", size);

	if (fstat(fd, &st) != 0 || ftruncate(fd, 0) != 0)
		return lf_fail_errno(err, "cache: size");
	if (!lf_pwrite_all(fd, text, (size_t)n, 0, err))
		return false;
	/* Its time is that of the last walk. */
	if (!counted)
		(void)futimens(fd, (struct timespec[]){st.st_atim, st.st_mtim});
	return true;
}

bool lf_cache_trim(struct lf_cache *c, uint64_t limit, struct lf_err *err)
{
	const uint64_t added = atomic_exchange(&c->added, 0);
	lf_auto_free char *path = lf_path_join(c->root, SIZE_FILE);
	lf_auto_fd fd = -1;
	uint64_t size;

	if (added == 0 || limit == 0)
		return true;
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (fd < 0 || flock(fd, LOCK_EX) != 0)
		return lf_fail_errno(err, "cache: open %s", path);
	if (read_size(fd, &size) && added < limit && size <= limit - added)
		return write_size(fd, size + added, false, err);
	return trim(c, limit, &size, err) && write_size(fd, size, true, err);
}
