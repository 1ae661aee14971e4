/*
 * The cache on disk. Bytes go into an unnamed file (O_TMPFILE), which a kill leaves no trace of,
 * and get their name by linking when they are complete; file systems that cannot do that get a
 * temporary name and a rename.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "net/cache.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fs.h"
#include "base/mem.h"
#include "net/cache_impl.h"

#include "base/banned.h"

#define OURS  LF_CACHE_OURS
#define FRESH 3600 /* seconds in which a use is not marked again */

struct lf_cache *lf_cache_open(const char *root, struct lf_err *err)
{
	lf_auto_free char *ours = lf_path_join(root, OURS);

	if (!lf_mkdirs(ours, 0755, err)) {
		lf_fail(err, "cache");
		return NULL;
	}
	struct lf_cache *c = lf_calloc(1, sizeof(*c));
	c->root = lf_strdup(root);
	return c;
}

void lf_cache_close(struct lf_cache *c)
{
	if (!c)
		return;
	lf_free(c->root);
	lf_free(c);
}

const char *lf_cache_root(const struct lf_cache *c)
{
	return c->root;
}

static bool is_key(const char *key)
{
	if (strlen(key) < 3 || key[0] == '.')
		return false;
	for (; *key; key++) {
		const char k = *key;

		if (!((k >= '0' && k <= '9') || (k >= 'a' && k <= 'z') || (k >= 'A' && k <= 'Z') ||
		      strchr(".-_", k)))
			return false;
	}
	return true;
}

static void print_path(const char *kind, const char *key, struct lf_buf *out)
{
	lf_buf_printf(out, OURS "/%s/%.2s/%s", kind, key, key);
}

/* False for a key that is none. */
static bool print_full_path(const struct lf_cache *c, const char *kind, const char *key,
			    struct lf_buf *out)
{
	if (!is_key(key))
		return false;
	lf_buf_printf(out, "%s/", c->root);
	print_path(kind, key, out);
	return true;
}

/* The time of an entry is that of its last use: what trimming goes by. */
static void mark_used(int fd)
{
	struct timespec now;
	struct stat st;

	if (fstat(fd, &st) == 0 && clock_gettime(CLOCK_REALTIME_COARSE, &now) == 0 &&
	    (st.st_mtime > now.tv_sec || st.st_mtime < now.tv_sec - FRESH))
		(void)futimens(fd, NULL);
}

int lf_cache_get(const struct lf_cache *c, const char *kind, const char *key)
{
	lf_auto_buf path = {0};

	if (!print_full_path(c, kind, key, &path))
		return -1;
	const int fd = open(path.p, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	if (fd >= 0)
		mark_used(fd);
	return fd;
}

void lf_cache_drop(const struct lf_cache *c, const char *kind, const char *key)
{
	lf_auto_buf path = {0};

	if (print_full_path(c, kind, key, &path))
		(void)unlink(path.p);
}

static bool begin_named(const struct lf_cache *c, struct lf_cache_file *f, struct lf_err *err)
{
	lf_auto_free char *name = lf_path_join(c->root, OURS "/.tmp-XXXXXX");

	f->fd = mkostemp(name, O_CLOEXEC);
	if (f->fd < 0)
		return lf_fail_errno(err, "cache: create %s", name);
	(void)fchmod(f->fd, 0644);
	f->temp = lf_take(name);
	return true;
}

bool lf_cache_begin(const struct lf_cache *c, struct lf_cache_file *f, struct lf_err *err)
{
	lf_auto_free char *ours = lf_path_join(c->root, OURS);

	*f = LF_CACHE_FILE;
	f->fd = open(ours, O_TMPFILE | O_RDWR | O_CLOEXEC, 0644);
	return f->fd >= 0 || begin_named(c, f, err);
}

/* Folders may vanish between making and linking when someone empties the cache: then once more. */
static bool link_at(const struct lf_cache_file *f, const char *to, struct lf_err *err)
{
	char from[32];
	int rc;

	snprintf(from, sizeof(from), "/proc/self/fd/%d", f->fd);
	for (unsigned i = 0; i < 3; i++) {
		const struct lf_str dir = lf_path_dir(lf_str(to));
		lf_auto_buf parent = {0};

		lf_buf_str(&parent, dir);
		if (!lf_mkdirs(parent.p, 0755, err))
			return false;
		rc = f->temp ? link(f->temp, to)
			     : linkat(AT_FDCWD, from, AT_FDCWD, to, AT_SYMLINK_FOLLOW);
		if (rc == 0 || errno == EEXIST)
			return true;
		if (errno != ENOENT)
			break;
	}
	return lf_fail_errno(err, "link %s", to);
}

/* Without /proc or hard links the bytes are copied under a temporary name. */
static bool copy_to(const struct lf_cache_file *f, const char *to, struct lf_err *err)
{
	lf_auto_out out = {0};
	lf_auto_free char *piece = lf_alloc(65536);
	off_t at = 0;
	ssize_t got;

	if (!lf_out_open(&out, to, 0644, err))
		return false;
	while ((got = pread(f->fd, piece, 65536, at)) > 0) {
		if (!lf_write_all(out.fd, piece, (size_t)got, err))
			return false;
		at += got;
	}
	if (got < 0)
		return lf_fail_errno(err, "read");
	return lf_out_commit(&out, err);
}

bool lf_cache_put_at(struct lf_cache *c, struct lf_cache_file *f, const char *path,
		     struct lf_err *err)
{
	lf_auto_free char *to = lf_path_join(c->root, path);
	lf_auto_err first = {0};

	if (!link_at(f, to, &first) && !copy_to(f, to, err))
		return lf_fail(err, "cache");
	struct stat st;

	if (fstat(f->fd, &st) == 0)
		atomic_fetch_add(&c->added, (uint64_t)st.st_blocks * 512);
	if (f->temp)
		(void)unlink(f->temp);
	lf_free(f->temp);
	f->temp = NULL;
	return true;
}

bool lf_cache_put(struct lf_cache *c, struct lf_cache_file *f, const char *kind, const char *key,
		  struct lf_err *err)
{
	lf_auto_buf path = {0};

	if (!is_key(key))
		return lf_fail_new(err, LF_E_BUG, "cache: bad key \"%s\"", key);
	print_path(kind, key, &path);
	return lf_cache_put_at(c, f, path.p, err);
}

void lf_cache_file_fini(struct lf_cache_file *f)
{
	lf_close_p(&f->fd);
	if (f->temp)
		(void)unlink(f->temp);
	lf_free(f->temp);
	f->temp = NULL;
}
