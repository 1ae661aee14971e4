/*
 * What packages on disk said when they were last put into an index, so that only new ones are read.
 * A package is known again by device, inode, size, and times of change to the nanosecond; one that
 * changed so lately that a further change might not show is not remembered. docs/formats/cache.md.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <factory/ctx.h>

#include "apk/package.h"

/* The identity of a file's content as the file system tells it. */
struct lf_index_stamp {
	uint64_t dev, ino, size;
	int64_t mtime_ns, ctime_ns;
	bool settled; /* it lies far enough back to be remembered */
};

/* Of an open file. False when the file system does not tell. */
bool lf_index_stamp(int fd, struct lf_index_stamp *ret);
bool lf_index_stamp_eq(const struct lf_index_stamp *a, const struct lf_index_stamp *b);

struct lf_index_cache;
/* In the system's cache folder; NULL when there is none that could be used. */
struct lf_index_cache *lf_index_cache_open(const struct lf_ctx *ctx);
void lf_index_cache_close(struct lf_index_cache *c); /* NULL is fine in all calls */
/* Reads what is known of the folder of this path, unless it was read already. */
void lf_index_cache_load(struct lf_index_cache *c, const char *path);
/* The record of a package in a loaded folder, its text in the arena. Safe in several threads. */
bool lf_index_cache_find(const struct lf_index_cache *c, const char *path,
			 const struct lf_index_stamp *stamp, struct lf_arena *arena,
			 struct lf_pkg *ret);
/* Remembers a record, if it is the same once it was printed and read. */
void lf_index_cache_add(struct lf_index_cache *c, const char *path,
			const struct lf_index_stamp *stamp, const struct lf_pkg *pkg);
/* Writes what is new; what is known of files that are gone is dropped then. Failures are logged at
 * debug: the next run reads more, that is all. */
void lf_index_cache_save(struct lf_index_cache *c);
