/*
 * Data files: see data_file.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "repo/data_file.h"

#include <string.h>
#include <sys/stat.h>

#include "base/fs.h"
#include "codec/gzip_block.h"
#include "repo/repo.h"

#include "base/banned.h"

#define MAGIC "lfdata1"
#define FOOT \
	((uint64_t)32) /* magic, size of the tar, size and CRC-32 of the list, CRC-32 of these */
#define MAX_LIST ((uint64_t)1 << 30)

static void put(uint8_t *p, uint64_t n, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		p[i] = (uint8_t)(n >> 8 * i);
}

static uint64_t get(const uint8_t *p, unsigned bytes)
{
	uint64_t n = 0;

	for (unsigned i = 0; i < bytes; i++)
		n |= (uint64_t)p[i] << 8 * i;
	return n;
}

bool lf_data_file_end(int fd, uint64_t tar_size, const struct lf_buf *list, struct lf_err *err)
{
	uint8_t foot[FOOT] = MAGIC;

	put(foot + 8, tar_size, 8);
	put(foot + 16, list->n, 8);
	put(foot + 24, lf_gzip_crc(list->p, list->n), 4);
	put(foot + 28, lf_gzip_crc(foot, FOOT - 4), 4);
	return lf_pwrite_all(fd, lf_buf_c(list), list->n, tar_size, err) &&
	       lf_pwrite_all(fd, foot, sizeof(foot), tar_size + list->n, err);
}

static bool read_list(int fd, uint64_t offset, uint64_t size, struct lf_buf *ret,
		      struct lf_err *err)
{
	lf_buf_clear(ret);
	lf_buf_reserve(ret, size);
	if (!lf_pread_all(fd, ret->p, size, offset, err))
		return false;
	ret->n = size;
	return true;
}

static bool damaged(struct lf_err *err)
{
	return lf_fail_new(err, LF_E_FORMAT, "not the data of a package, or not all of it");
}

bool lf_data_file_check(int fd, uint64_t *ret_tar_size, uint64_t *ret_list_size, struct lf_err *err)
{
	uint8_t foot[FOOT];
	lf_auto_buf list = {0};
	struct stat st;

	if (fstat(fd, &st) != 0)
		return lf_fail_errno(err, "stat");
	const uint64_t size = (uint64_t)st.st_size;

	if (size < FOOT)
		return damaged(err);
	if (!lf_pread_all(fd, foot, sizeof(foot), size - FOOT, err))
		return false;
	const uint64_t tar_size = get(foot + 8, 8), list_size = get(foot + 16, 8);

	if (memcmp(foot, MAGIC, 8) != 0 || get(foot + 28, 4) != lf_gzip_crc(foot, FOOT - 4) ||
	    list_size > MAX_LIST || tar_size > size || tar_size + list_size + FOOT != size)
		return damaged(err);
	if (!read_list(fd, tar_size, list_size, &list, err))
		return false;
	if (get(foot + 24, 4) != lf_gzip_crc(list.p, list.n))
		return damaged(err);
	*ret_tar_size = tar_size;
	*ret_list_size = list_size;
	return true;
}

bool lf_package_list(const struct lf_package *p, struct lf_buf *ret, struct lf_err *err)
{
	return read_list(p->data.fd, p->data.size, p->list_size, ret, err) ||
	       lf_fail(err, "%s", p->data.path);
}
