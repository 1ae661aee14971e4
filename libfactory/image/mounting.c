/*
 * Mounts: see mounting.h. The kernel's are made by mount(2) on a loop device that the kernel frees
 * with the last user, those of users by erofsfuse, fuse-overlayfs and fusermount3 (or fusermount).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image/mounting.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/loop.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/banned.h"

#define LOOP_TRIES  16   /* others take loop devices at the same time */
#define OPTIONS_MAX 4095 /* the kernel reads a page */

/* ---- loop devices ---- */

static int open_loop(int control, char path[32], struct lf_err *err)
{
	const int number = ioctl(control, LOOP_CTL_GET_FREE);

	if (number < 0) {
		(void)lf_fail_errno(err, "no free loop device");
		return -1;
	}
	(void)snprintf(path, 32, "/dev/loop%d", number);
	const int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		(void)lf_fail_errno(err, "open %s", path);
	return fd;
}

/* The device stays while the descriptor or a mount uses it. */
static int attach(int image, char path[32], struct lf_err *err)
{
	const struct loop_config config = {
		.fd = (uint32_t)image,
		.info = {.lo_flags = LO_FLAGS_READ_ONLY | LO_FLAGS_AUTOCLEAR},
	};
	lf_auto_fd control = open("/dev/loop-control", O_RDWR | O_CLOEXEC);

	if (control < 0) {
		(void)lf_fail_errno(err, "open /dev/loop-control");
		return -1;
	}
	for (int i = 0; i < LOOP_TRIES; i++) {
		int fd = open_loop(control, path, err);

		if (fd < 0 || ioctl(fd, LOOP_CONFIGURE, &config) == 0)
			return fd;
		const bool taken = errno == EBUSY;

		(void)lf_fail_errno(err, "attaching to %s", path);
		lf_close_p(&fd);
		if (!taken)
			break;
	}
	return -1;
}

static bool mount_by_loop(const char *image, const char *dir, struct lf_err *err)
{
	char device[32];
	lf_auto_fd file = lf_open_read(image, err);

	if (file < 0)
		return false;
	lf_auto_fd loop = attach(file, device, err);

	if (loop < 0)
		return lf_fail(err, "mounting %s", image);
	return mount(device, dir, "erofs", MS_RDONLY, NULL) == 0 ||
	       lf_fail_errno(err, "mounting %s at %s", image, dir);
}

/* ---- programs ---- */

static void keep_line(void *data, int stream, struct lf_str line)
{
	struct lf_buf *said = data;

	if (stream == 2)
		lf_buf_printf(said, ": " LF_STR_FMT, LF_STR_ARG(line));
}

/* What it says is part of the error. */
static bool run(const struct lf_ctx *ctx, const char *const *argv, struct lf_err *err)
{
	lf_auto_buf said = LF_BUF(4096);
	const struct lf_proc p = {.argv = argv, .line = keep_line, .line_data = &said};

	if (lf_proc_run(ctx, &p, err))
		return true;
	lf_auto_free char *why = lf_strdup(lf_err_text(err));

	return lf_fail_new(err, err ? err->class : LF_E_CHILD, "%s: %s%s", argv[0], why,
			   lf_buf_c(&said));
}

/* The program that undoes users' mounts; NULL and an error when there is none. */
static char *find_fusermount(struct lf_err *err)
{
	char *found = lf_find_program("fusermount3");

	if (!found)
		found = lf_find_program("fusermount");
	if (!found)
		(void)lf_fail_new(err, LF_E_NOT_FOUND,
				  "neither fusermount3 nor fusermount found in PATH");
	return found;
}

bool lf_mount_check(bool fuse, struct lf_err *err)
{
	if (!fuse)
		return geteuid() == 0 ||
		       lf_fail_new(err, LF_E_USAGE,
				   "kernel mount mode requires root (euid 0); pass --mode=fuse to "
				   "use erofsfuse instead");
	lf_auto_free char *erofsfuse = lf_find_program("erofsfuse");

	if (!erofsfuse)
		return lf_fail_new(err, LF_E_NOT_FOUND,
				   "erofsfuse not found in PATH (install erofsfuse, or "
				   "erofs-utils built with fuse)");
	lf_auto_free char *fusermount = find_fusermount(err);

	return fusermount;
}

bool lf_mount_erofs(const struct lf_ctx *ctx, bool fuse, const char *image, const char *dir,
		    struct lf_err *err)
{
	const char *const argv[] = {"erofsfuse", image, dir, NULL};

	return fuse ? run(ctx, argv, err) : mount_by_loop(image, dir, err);
}

/* ---- overlays ---- */

/* Separators in paths are escaped. */
static void add_path(struct lf_buf *out, const char *path)
{
	for (; *path; path++) {
		if (strchr(":,\\", *path))
			lf_buf_putc(out, '\\');
		lf_buf_putc(out, *path);
	}
}

static void print_options(const struct lf_strv *lower, const char *upper, const char *work,
			  struct lf_buf *out)
{
	lf_buf_puts(out, "lowerdir=");
	for (size_t i = lower->n; i-- > 0;) {
		add_path(out, lower->v[i]);
		if (i)
			lf_buf_putc(out, ':');
	}
	if (!upper)
		return;
	lf_buf_puts(out, ",upperdir=");
	add_path(out, upper);
	lf_buf_puts(out, ",workdir=");
	add_path(out, work);
}

static bool overlay_by_kernel(const char *dir, const struct lf_buf *options, bool writable,
			      struct lf_err *err)
{
	if (options->n > OPTIONS_MAX)
		return lf_fail_new(err, LF_E_LIMIT,
				   "mounting %s: the paths of its layers are too long together",
				   dir);
	return mount("overlay", dir, "overlay", writable ? 0 : MS_RDONLY, options->p) == 0 ||
	       lf_fail_errno(err, "mounting %s", dir);
}

bool lf_mount_overlay(const struct lf_ctx *ctx, bool fuse, const struct lf_strv *lower,
		      const char *upper, const char *work, const char *dir, struct lf_err *err)
{
	lf_auto_buf options = {0};

	print_options(lower, upper, work, &options);
	if (!fuse)
		return overlay_by_kernel(dir, &options, upper, err);
	lf_auto_err tried = {0};

	if (overlay_by_kernel(dir, &options, upper, &tried))
		return true;
	lf_auto_free char *found = lf_find_program("fuse-overlayfs");
	const char *const argv[] = {found, "-o", lf_buf_c(&options), dir, NULL};

	if (!found)
		return lf_fail_new(err, LF_E_NOT_FOUND,
				   "kernel overlay failed and fuse-overlayfs is not installed: %s",
				   lf_err_text(&tried));
	return run(ctx, argv, err);
}

/* ---- the way back ---- */

bool lf_is_mounted(const char *dir)
{
	lf_auto_free char *above = lf_path_join(dir, "..");
	struct stat at, up;

	/* A user's file system whose program died answers nothing. */
	if (lstat(dir, &at) < 0)
		return errno == ENOTCONN;
	return S_ISDIR(at.st_mode) && stat(above, &up) == 0 && at.st_dev != up.st_dev;
}

bool lf_unmount(const struct lf_ctx *ctx, const char *dir, struct lf_err *err)
{
	if (umount2(dir, UMOUNT_NOFOLLOW) == 0)
		return true;
	if (errno != EPERM)
		return lf_fail_errno(err, "unmounting %s", dir);
	lf_auto_free char *fusermount = find_fusermount(err);
	const char *const argv[] = {fusermount, "-u", dir, NULL};

	return fusermount && run(ctx, argv, err);
}
