/*
 * Single files: opening (freely or below a root), reading and writing whole, temporary names. Error
 * texts have Go's form "open PATH: reason". Declared in fs.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/resolve.h"
#include "base/banned.h"

void lf_close_p(int *fd)
{
	int saved = errno; /* runs on the way out of failing functions */

	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
	errno = saved;
}

int lf_open_read(const char *path, struct lf_err *err)
{
	int fd;

	do {
		fd = open(path, O_RDONLY | O_CLOEXEC);
	} while (fd < 0 && errno == EINTR);
	if (fd < 0)
		lf_fail_errno(err, "open %s", path);
	return fd;
}

ssize_t lf_read_some(int fd, void *p, size_t n)
{
	ssize_t got;

	do {
		got = read(fd, p, n);
	} while (got < 0 && errno == EINTR);
	return got;
}

ssize_t lf_pread_some(int fd, void *p, size_t n, uint64_t offset)
{
	ssize_t got;

	do {
		got = pread(fd, p, n, (off_t)offset);
	} while (got < 0 && errno == EINTR);
	return got;
}

/* How much to ask for first: the size of a regular file and one more byte, to see its end. */
static size_t first_size(int fd, size_t max)
{
	struct stat st;

	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size <= 0)
		return 4096;
	return ((uint64_t)st.st_size < max ? (size_t)st.st_size : max) + 1;
}

bool lf_read_file(const char *path, size_t max, struct lf_buf *ret, struct lf_err *err)
{
	lf_auto_fd fd = lf_open_read(path, err);
	struct lf_buf text = LF_BUF(ret->max);
	size_t step;

	if (fd < 0)
		return false;
	for (step = first_size(fd, max);; step = 65536) {
		ssize_t got;

		lf_buf_reserve(&text, step);
		got = lf_read_some(fd, text.p + text.n, step);
		if (got == 0)
			break;
		if (got < 0)
			lf_fail_errno(err, "read %s", path);
		else if ((size_t)got > max - text.n)
			lf_fail_new(err, LF_E_LIMIT,
				    "read %s: size limit exceeded: limit is %zu bytes", path, max);
		if (got < 0 || (size_t)got > max - text.n) {
			lf_buf_fini(&text);
			return false;
		}
		text.n += (size_t)got;
		text.p[text.n] = '\0';
	}
	lf_buf_fini(ret);
	*ret = text;
	return true;
}

bool lf_write_file(const char *path, const void *p, size_t n, mode_t mode, struct lf_err *err)
{
	lf_auto_out out = {.fd = -1};

	if (!lf_out_open(&out, path, mode, err))
		return false;
	if (!lf_write_all(out.fd, p, n, err))
		return lf_fail(err, "write %s", path);
	return lf_out_commit(&out, err);
}

bool lf_write_all(int fd, const void *p, size_t n, struct lf_err *err)
{
	const char *from = p;

	while (n > 0) {
		ssize_t put = write(fd, from, n);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return lf_fail_errno(err, "%s", "");
		from += put;
		n -= (size_t)put;
	}
	return true;
}

bool lf_pread_all(int fd, void *p, size_t n, uint64_t offset, struct lf_err *err)
{
	char *to = p;

	while (n > 0) {
		const ssize_t got = lf_pread_some(fd, to, n, offset);

		if (got < 0)
			return lf_fail_errno(err, "%s", "");
		if (got == 0)
			return lf_fail_new(err, LF_E_FORMAT, "unexpected end of file");
		to += got;
		n -= (size_t)got;
		offset += (uint64_t)got;
	}
	return true;
}

bool lf_pwrite_all(int fd, const void *p, size_t n, uint64_t offset, struct lf_err *err)
{
	const char *from = p;

	while (n > 0) {
		ssize_t put = pwrite(fd, from, n, (off_t)offset);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return lf_fail_errno(err, "%s", "");
		from += put;
		n -= (size_t)put;
		offset += (uint64_t)put;
	}
	return true;
}

static const char *temp_root(void)
{
	const char *dir = getenv("TMPDIR");

	return dir && dir[0] ? dir : "/tmp";
}

char *lf_temp_dir(const char *prefix, struct lf_err *err)
{
	lf_auto_free char *base = lf_path_join(temp_root(), prefix);
	struct lf_buf path = {0};

	lf_buf_puts(&path, base);
	lf_buf_puts(&path, "XXXXXX");
	if (!mkdtemp(path.p)) {
		lf_fail_errno(err, "mkdir %s", path.p);
		lf_buf_fini(&path);
		return NULL;
	}
	return lf_buf_detach(&path);
}

int lf_temp_file(struct lf_err *err)
{
	int fd = open(temp_root(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	lf_auto_free char *path = NULL;

	if (fd >= 0)
		return fd;
	/* Some file systems have no unnamed files. */
	path = lf_path_join(temp_root(), "factory-XXXXXX");
	fd = mkostemp(path, O_CLOEXEC);
	if (fd < 0)
		lf_fail_errno(err, "open %s", path);
	else
		(void)unlink(path);
	return fd;
}

bool lf_exists(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0;
}

bool lf_is_dir(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* EAGAIN says that the tree moved while the kernel resolved "..": the attempt is repeated. */
static int open_resolved(int root, const char *path, int flags, mode_t mode, uint64_t resolve,
			 struct lf_err *err)
{
	struct open_how how = {.flags = (uint64_t)(flags | O_CLOEXEC), .resolve = resolve};
	const char *inside = path;
	long fd;
	int tries = 0;

	if ((flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE)
		how.mode = mode & 07777;
	while (*inside == '/')
		inside++;
	do {
		fd = syscall(SYS_openat2, root, *inside ? inside : ".", &how, sizeof(how));
	} while (fd < 0 && (errno == EINTR || (errno == EAGAIN && ++tries < 100)));
	if (fd < 0 && errno == ENOSYS)
		fd = lf_resolve_open(root, inside, flags, how.mode & 07777,
				     (resolve & RESOLVE_IN_ROOT) != 0);
	if (fd < 0)
		lf_fail_errno(err, "open %s", path);
	return (int)fd;
}

int lf_open_in_root(int root, const char *path, int flags, mode_t mode, struct lf_err *err)
{
	return open_resolved(root, path, flags, mode, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS, err);
}

int lf_open_beneath(int root, const char *path, int flags, mode_t mode, struct lf_err *err)
{
	return open_resolved(root, path, flags, mode, RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS, err);
}
