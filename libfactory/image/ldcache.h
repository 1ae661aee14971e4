/*
 * Parts of the ld.so.cache writer: the order and bytes of the file, and the search for libraries.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "image/image.h"

struct lf_ldcache_entry {
	const char *path, *name; /* "/lib/libc.so.6", and its last component */
	uint32_t flags;
	size_t number, offset; /* private */
};

struct lf_ldcache_list {
	struct lf_ldcache_entry *v;
	size_t n, cap;
};

/* glibc's order of library names: runs of digits by number, digits above other characters. */
int lf_ldcache_cmp(const char *a, const char *b);
/* Sorts the entries and prints the file. */
void lf_ldcache_print(struct lf_buf *out, struct lf_ldcache_entry *entry, size_t n);
/* Adds the libraries of one directory of the image; a missing directory has none. */
bool lf_ldcache_scan(struct lf_image *img, const char *dir, struct lf_ldcache_list *list,
		     struct lf_err *err) LF_MUST_CHECK;
