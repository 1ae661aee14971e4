/*
 * The few functions of libarchive in use, as a table that is loaded at the first foreign archive:
 * its libraries (ICU among them) cost more to load than most commands take to run. Not for other
 * rooms.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <archive.h>

struct lf_libarchive {
	struct archive *(*read_new)(void);
	int (*read_support_filter_gzip)(struct archive *a);
	int (*read_support_filter_xz)(struct archive *a);
	int (*read_support_filter_zstd)(struct archive *a);
	int (*read_support_format_raw)(struct archive *a);
	int (*read_open_memory)(struct archive *a, const void *p, size_t n);
	int (*read_next_header)(struct archive *a, struct archive_entry **ret);
	la_ssize_t (*read_data)(struct archive *a, void *p, size_t n);
	int (*read_free)(struct archive *a);
	const char *(*error_string)(struct archive *a);
};

/* NULL when the library is not there. */
const struct lf_libarchive *lf_libarchive_load(void);
