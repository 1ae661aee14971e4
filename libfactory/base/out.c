/*
 * Output files that appear whole. They have no name until they are complete; then one is made by
 * linking: the final one if it is free, else a temporary one beside it that is renamed at once,
 * since a link replaces nothing. Devices and pipes (/dev/stdout) are written to directly: to
 * replace them would be wrong. Declared in fs.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/banned.h"

/* Where a link to nothing leads, one step: the file to make. */
static char *dangling_target(const char *path)
{
	char target[4096];
	ssize_t n = readlink(path, target, sizeof(target) - 1);

	if (n <= 0)
		return NULL;
	target[n] = '\0';
	if (target[0] == '/')
		return lf_strdup(target);
	struct lf_str dir = lf_path_dir(lf_str(path));
	struct lf_buf joined = {0};

	lf_buf_printf(&joined, LF_STR_FMT "/%s", LF_STR_ARG(dir), target);
	return lf_buf_detach(&joined);
}

/* The path to write: where a symbolic link leads, as for a plain open. */
static char *final_path(const char *path)
{
	struct stat st;
	char *real = NULL;

	if (lstat(path, &st) == 0 && S_ISLNK(st.st_mode)) {
		real = realpath(path, NULL);
		if (!real)
			real = dangling_target(path);
	}
	return real ? real : lf_strdup(path);
}

static char *temp_name(const char *path)
{
	struct lf_str dir = lf_path_dir(lf_str(path)), base = lf_path_base(lf_str(path));
	struct lf_buf name = {0};
	unsigned char noise[8];
	char hex[2 * sizeof(noise) + 1];

	if (getentropy(noise, sizeof(noise)) != 0)
		abort(); /* cannot happen for so few bytes */
	lf_hex(noise, sizeof(noise), hex);
	/* A long name would grow beyond what a directory takes. */
	lf_buf_printf(&name, LF_STR_FMT "/." LF_STR_FMT ".%s.tmp", LF_STR_ARG(dir),
		      LF_STR_ARG(lf_str_sub(base, 0, 200)), hex);
	return lf_buf_detach(&name);
}

/* Unnamed beside the final name, when it can get a name later. -1: not here. */
static int open_unnamed(const char *final, mode_t mode)
{
	lf_auto_buf dir = {0};

	lf_buf_str(&dir, lf_path_dir(lf_str(final)));
	if (access("/proc/self/fd", X_OK) != 0)
		return -1;
	return open(lf_buf_c(&dir), O_TMPFILE | O_RDWR | O_CLOEXEC, mode);
}

static int open_to_appear(const char *final, mode_t mode, char **ret_temp)
{
	int fd = open_unnamed(final, mode);

	if (fd >= 0)
		return fd;
	*ret_temp = temp_name(final);
	return open(*ret_temp, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode);
}

bool lf_out_open(struct lf_out *o, const char *path, mode_t mode, struct lf_err *err)
{
	lf_auto_free char *final = final_path(path), *temp = NULL;
	struct stat st;
	bool appear = stat(final, &st) != 0 || S_ISREG(st.st_mode);
	int fd = appear ? open_to_appear(final, mode, &temp)
			: open(final, O_WRONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0)
		return lf_fail_errno(err, "open %s", path);
	*o = (struct lf_out){
		.fd = fd, .path = lf_take(final), .temp = lf_take(temp), .appear = appear};
	return true;
}

static bool link_to(int fd, const char *name)
{
	char self[64];

	(void)snprintf(self, sizeof(self), "/proc/self/fd/%d", fd);
	return linkat(AT_FDCWD, self, AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0;
}

/* Gives an unnamed file its final name, or a temporary one in *temp where that is taken. */
static bool name_it(struct lf_out *o, struct lf_err *err)
{
	if (link_to(o->fd, o->path))
		return true;
	if (errno != EEXIST)
		return lf_fail_errno(err, "link %s", o->path);
	lf_auto_free char *temp = temp_name(o->path);
	if (!link_to(o->fd, temp))
		return lf_fail_errno(err, "link %s", temp);
	o->temp = lf_take(temp);
	return true;
}

bool lf_out_replace(struct lf_out *o, const char *path, struct lf_err *err)
{
	struct stat st;
	int ignored;

	if (stat(path, &st) != 0)
		return lf_fail_errno(err, "stat %s", path);
	if (!lf_out_open(o, path, 0600, err))
		return false;
	if (!o->appear) /* a device: it keeps what it is */
		return true;
	ignored = fchown(o->fd, st.st_uid, st.st_gid);
	(void)ignored; /* only root can give files away */
	return fchmod(o->fd, st.st_mode & 07777) == 0 || lf_fail_errno(err, "chmod %s", path);
}

bool lf_out_commit(struct lf_out *o, struct lf_err *err)
{
	if (o->appear && !o->temp && !name_it(o, err))
		return false;
	int fd = o->fd;

	o->fd = -1;
	if (close(fd) != 0 && errno != EINTR)
		return lf_fail_errno(err, "close %s", o->path);
	if (o->temp && rename(o->temp, o->path) != 0)
		return lf_fail_errno(err, "rename %s %s", o->temp, o->path);
	lf_free(lf_take(o->temp));
	lf_free(lf_take(o->path));
	return true;
}

void lf_out_fini(struct lf_out *o)
{
	/* A zeroed struct owns no descriptor, though its fd says 0. */
	if (o->path)
		lf_close_p(&o->fd);
	if (o->temp)
		(void)unlink(o->temp);
	lf_free(o->temp);
	lf_free(o->path);
	*o = (struct lf_out){.fd = -1};
}
