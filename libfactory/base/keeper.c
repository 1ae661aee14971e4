/*
 * Keepers: see keeper.h. In: names of directories; out: nothing that stays behind. Others may write
 * to $TMPDIR too, so a lock file counts only when it is a plain file of this user with one name,
 * and a tree is removed only from beside it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "base/keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/keeper_watch.h"
#include "base/mem.h"
#include "base/banned.h"

#define MAGIC     "factory keeper 1"
#define PREFIX    ".factory-"
#define SUFFIX    ".lock"
#define LOCK_MAX  (4u << 20)
#define TREE      'T'
#define EMPTY     'E'
#define NOISE_HEX 16

struct lf_keeper {
	char *dir;  /* $TMPDIR, absolute */
	char *path; /* of the lock file */
	int lock;
	struct lf_watch watch;
};

/* ---- what others left ---- */

static bool is_lock_name(struct lf_str name)
{
	return lf_str_skip(&name, PREFIX) && lf_str_ends(name, SUFFIX);
}

/* An entry is trusted no further than this: a plain name beside the lock file. */
static bool is_beside(const char *tree, const char *lock_path)
{
	struct lf_str dir = lf_path_dir(lf_str(lock_path)), base = lf_path_base(lf_str(tree));

	return base.n && base.p[0] != '.' && lf_str_eq(lf_path_dir(lf_str(tree)), dir);
}

static bool remove_listed(const char *entry, const char *lock_path)
{
	const char *path = entry + 1;

	if (entry[0] == TREE)
		return !is_beside(path, lock_path) || lf_remove_all(path, NULL);
	if (entry[0] == EMPTY)
		return rmdir(path) == 0 || errno == ENOENT || errno == ENOTDIR;
	return true;
}

/* Everything in the list; an entry without its end was cut off while it was written, before what
 * it names was made. */
static bool remove_all_listed(struct lf_str list, const char *lock_path)
{
	bool ok = true;

	if (list.n <= strlen(MAGIC) || strcmp(list.p, MAGIC) != 0)
		return true; /* its owner did not get far */
	for (size_t i = strlen(MAGIC) + 1; i < list.n;) {
		const char *entry = list.p + i;
		const char *end = memchr(entry, '\0', list.n - i);

		if (!end)
			break;
		ok = remove_listed(entry, lock_path) && ok;
		i = (size_t)(end - list.p) + 1;
	}
	return ok;
}

bool lf_keeper_sweep(const char *lock_path)
{
	lf_auto_fd fd = open(lock_path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	lf_auto_buf list = {0};
	struct stat st;

	if (fd < 0)
		return true;
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_uid != geteuid() ||
	    st.st_nlink != 1 || st.st_size > LOCK_MAX)
		return true; /* not one of ours */
	if (flock(fd, LOCK_EX | LOCK_NB) != 0)
		return false; /* its owner is alive, or another one sweeps it */
	lf_buf_reserve(&list, (size_t)st.st_size);
	if (!lf_pread_all(fd, list.p, (size_t)st.st_size, 0, NULL))
		return false;
	list.n = (size_t)st.st_size;
	list.p[list.n] = '\0';
	if (!remove_all_listed(lf_buf_view(&list), lock_path))
		return false;
	return unlink(lock_path) == 0 || errno == ENOENT;
}

static void sweep_dir(const char *dir)
{
	lf_auto_fd fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	LF_CLEANUP(lf_dir_names_fini) struct lf_strv names = {0};

	if (fd < 0 || !lf_dir_names(fd, &names, NULL))
		return;
	for (size_t i = 0; i < names.n; i++) {
		if (!is_lock_name(lf_str(names.v[i])))
			continue;
		lf_auto_free char *path = lf_path_join(dir, names.v[i]);
		(void)lf_keeper_sweep(path); /* the next one tries again */
	}
}

/* ---- an own one ---- */

static char *noisy_path(const char *dir, const char *prefix, const char *suffix)
{
	unsigned char noise[NOISE_HEX / 2];
	char hex[NOISE_HEX + 1];
	lf_auto_free char *base = lf_path_join(dir, prefix);
	struct lf_buf path = {0};

	if (getentropy(noise, sizeof(noise)) != 0)
		abort(); /* cannot happen for so few bytes */
	lf_hex(noise, sizeof(noise), hex);
	lf_buf_printf(&path, "%s%s%s", base, hex, suffix);
	return lf_buf_detach(&path);
}

/* Somebody who sweeps may have found the file before it was locked, and removed it. */
static bool lock_new_file(struct lf_keeper *k, struct lf_err *err)
{
	struct stat st;

	for (int i = 0; i < 100; i++) {
		lf_auto_free char *path = noisy_path(k->dir, PREFIX, SUFFIX);
		lf_auto_fd fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600);

		if (fd < 0)
			return lf_fail_errno(err, "open %s", path);
		if (flock(fd, LOCK_EX | LOCK_NB) != 0 || fstat(fd, &st) != 0 || st.st_nlink != 1)
			continue;
		k->path = lf_take(path);
		k->lock = fd;
		fd = -1;
		return lf_write_all(k->lock, MAGIC, sizeof(MAGIC), err) ||
		       lf_fail(err, "write %s", k->path);
	}
	return lf_fail_new(err, LF_E_IO, "no temporary name in %s", k->dir);
}

static char *temp_root(struct lf_err *err)
{
	const char *dir = getenv("TMPDIR");

	return lf_path_abs(dir && dir[0] ? dir : "/tmp", err);
}

struct lf_keeper *lf_keeper_new(struct lf_err *err)
{
	struct lf_keeper *k = lf_calloc(1, sizeof(*k));

	k->lock = -1;
	k->dir = temp_root(err);
	if (k->dir)
		sweep_dir(k->dir);
	if (!k->dir || !lock_new_file(k, err)) {
		lf_keeper_free(k);
		return NULL;
	}
	lf_watch_start(&k->watch, k->path);
	return k;
}

void lf_keeper_free(struct lf_keeper *k)
{
	if (!k)
		return;
	if (k->path)
		(void)unlink(k->path); /* before the lock is free */
	lf_watch_stop(&k->watch);
	lf_close_p(&k->lock);
	lf_free(k->path);
	lf_free(k->dir);
	lf_free(k);
}

void lf_keeper_free_p(struct lf_keeper **k)
{
	lf_keeper_free(*k);
}

/* In one write, so that entries of several threads do not mix. */
static bool list_path(struct lf_keeper *k, char kind, const char *path, struct lf_err *err)
{
	lf_auto_buf entry = {0};

	lf_buf_printf(&entry, "%c%s", kind, path);
	return lf_write_all(k->lock, entry.p, entry.n + 1, err) ||
	       lf_fail(err, "write %s", k->path);
}

bool lf_keeper_note(struct lf_keeper *k, const char *path, struct lf_err *err)
{
	return list_path(k, EMPTY, path, err);
}

char *lf_keeper_temp_dir(struct lf_keeper *k, const char *prefix, struct lf_err *err)
{
	lf_auto_free char *path = noisy_path(k->dir, prefix, "");

	if (!list_path(k, TREE, path, err))
		return NULL;
	if (mkdir(path, 0700) == 0)
		return lf_take(path);
	lf_fail_errno(err, "mkdir %s", path);
	return NULL;
}
