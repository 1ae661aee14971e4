/*
 * One compressed file in memory → a stream of what is in it. libarchive's "raw" format hands out
 * what its filters unpack.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "codec/unpack.h"

#include <string.h>

#include "base/mem.h"
#include "codec/archive_load.h"

#include "base/banned.h"

struct unpacker {
	struct lf_reader r;
	const struct lf_libarchive *lib; /* NULL: not on this machine */
	struct archive *archive;
};

static ssize_t unpack_read(struct lf_reader *r, void *p, size_t n, struct lf_err *err)
{
	struct unpacker *u = (struct unpacker *)r;
	la_ssize_t got = u->lib ? u->lib->read_data(u->archive, p, n) : -1;

	if (got >= 0)
		return got;
	if (u->lib)
		lf_fail_new(err, LF_E_FORMAT, "%s", u->lib->error_string(u->archive));
	else
		lf_fail_new(err, LF_E_NOT_FOUND, "unpacking needs libarchive (libarchive.so.13)");
	return -1;
}

static void unpack_close(struct lf_reader *r)
{
	struct unpacker *u = (struct unpacker *)r;

	if (u->lib)
		u->lib->read_free(u->archive);
	lf_free(u);
}

static bool is_packed(const unsigned char *p, size_t n)
{
	static const struct {
		const char *magic;
		size_t n;
	} formats[] = {{"\x1f\x8b\x08", 3},
		       {"\xfd"
			"7zXZ\0",
			6},
		       {"\x28\xb5\x2f\xfd", 4}};

	for (size_t i = 0; i < LF_ARRAY_LEN(formats); i++)
		if (n >= formats[i].n && memcmp(p, formats[i].magic, formats[i].n) == 0)
			return true;
	return false;
}

static bool start(const struct lf_libarchive *lib, struct archive *a, const void *p, size_t n)
{
	struct archive_entry *entry;

	return lib->read_support_filter_gzip(a) >= ARCHIVE_WARN &&
	       lib->read_support_filter_xz(a) >= ARCHIVE_WARN &&
	       lib->read_support_filter_zstd(a) >= ARCHIVE_WARN &&
	       lib->read_support_format_raw(a) >= ARCHIVE_WARN &&
	       lib->read_open_memory(a, p, n) == ARCHIVE_OK &&
	       lib->read_next_header(a, &entry) == ARCHIVE_OK;
}

struct lf_reader *lf_unpack_mem(const void *p, size_t n)
{
	const struct lf_libarchive *lib;
	struct archive *a = NULL;
	struct unpacker *u;

	if (!is_packed(p, n))
		return NULL;
	lib = lf_libarchive_load();
	if (lib) {
		a = lib->read_new();
		if (!a || !start(lib, a, p, n)) {
			lib->read_free(a);
			return NULL;
		}
	}
	u = lf_calloc(1, sizeof(*u));
	*u = (struct unpacker){{unpack_read, unpack_close, NULL}, lib, a};
	return &u->r;
}
