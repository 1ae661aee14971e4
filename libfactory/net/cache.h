/*
 * The cache on disk: files that appear complete under their name or not at all, so that processes
 * running at once, killed at any moment, never see half of one. Content-addressed entries live in
 * ROOT/factory/KIND/ab/KEY; names of replies with an ETag are the caller's (repo/). Nothing is ever
 * changed in place; removing anything at any time is safe.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <factory/err.h>

struct lf_cache;

/* Makes the root with its parents. */
struct lf_cache *lf_cache_open(const char *root, struct lf_err *err) LF_MUST_CHECK;
void lf_cache_close(struct lf_cache *c); /* NULL is fine */
const char *lf_cache_root(const struct lf_cache *c);

/* Keeps what it has of ours below so many bytes (0: no limit): what was not used for longest goes.
 * For the end of a run: looks only when this run or others added something. */
bool lf_cache_trim(struct lf_cache *c, uint64_t limit, struct lf_err *err);

/* An open file for reading, or -1 when the cache has none. Keys are letters, digits, ".", "-", "_".
 */
int lf_cache_get(const struct lf_cache *c, const char *kind, const char *key);

/* Takes an entry out, one that turned out to be damaged. */
void lf_cache_drop(const struct lf_cache *c, const char *kind, const char *key);

/* A file on its way in: write to fd, then put. */
struct lf_cache_file {
	int fd;     /* read and write; stays open after put */
	char *temp; /* its name while it has none of its own; NULL for an unnamed file */
};

bool lf_cache_begin(const struct lf_cache *c, struct lf_cache_file *f,
		    struct lf_err *err) LF_MUST_CHECK;
/* Gives it its name. When another process was faster, its entry stays: same key, same content. */
bool lf_cache_put(struct lf_cache *c, struct lf_cache_file *f, const char *kind, const char *key,
		  struct lf_err *err) LF_MUST_CHECK;
/* The same for a path below the root with its folders, without "..". */
bool lf_cache_put_at(struct lf_cache *c, struct lf_cache_file *f, const char *path,
		     struct lf_err *err) LF_MUST_CHECK;
/* Closes fd; without put nothing stays. Harmless twice, and on {.fd = -1}. */
void lf_cache_file_fini(struct lf_cache_file *f);
#define LF_CACHE_FILE      ((struct lf_cache_file){.fd = -1})
#define lf_auto_cache_file __attribute__((cleanup(lf_cache_file_fini))) struct lf_cache_file
