/*
 * Keys that repositories announce.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "base/arena.h"
#include "base/vec.h"
#include "repo/repo.h"

struct lf_announced_key {
	const char *name; /* of the file in /etc/apk/keys */
	const char *url;  /* what it is known by; a key of a set cannot be fetched there */
	struct lf_str pem;
};

/* A zeroed struct is an empty list; texts in the arena. */
struct lf_announced_keys {
	struct lf_announced_key *v;
	size_t n, cap;
};

/* The key set behind REPOSITORY/apk-configuration; none when there is no such file, or for a
 * directory. On failure ret may hold those that came before the bad one. */
bool lf_announced_by_set(struct lf_fetcher *f, const char *repository, struct lf_arena *arena,
			 struct lf_announced_keys *ret, struct lf_err *err) LF_MUST_CHECK;
/* Those of Alpine's release list for a repository that looks like Alpine's; none otherwise. */
bool lf_announced_by_alpine(struct lf_fetcher *f, const char *repository, const char *arch,
			    struct lf_arena *arena, struct lf_announced_keys *ret,
			    struct lf_err *err) LF_MUST_CHECK;

/* keys.c: the text of a key behind a URL, by way of the cache. */
bool lf_fetch_key_text(struct lf_fetcher *f, const char *url, struct lf_buf *ret,
		       struct lf_err *err) LF_MUST_CHECK;
