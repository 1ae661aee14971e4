/*
 * What the files of this room share. Not for other rooms.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <pthread.h>

#include "base/map.h"
#include "net/cache.h"
#include "net/http.h"
#include "repo/repo.h"

struct lf_fetcher {
	const struct lf_ctx *ctx;
	struct lf_repo_options o;
	struct lf_cache *cache; /* NULL: none */
	struct lf_http *http;
	pthread_mutex_t lock;  /* guards indexes */
	struct lf_map indexes; /* location and state → struct lf_known_index */
};

/* The system's cache directory; NULL with Go's words when there is none. Caller frees. */
char *lf_cache_find_dir(const char **ret_why);

#define LF_RESPONSE_MAX (UINT64_C(8) << 30)   /* of a body, when no option says otherwise */
#define LF_INDEX_MAX    (UINT64_C(300) << 20) /* of an index, unpacked */

/* A limit from an option: 0 is the standard, negative is none. */
uint64_t lf_limit(int64_t limit, uint64_t standard);

/* ---- etag.c: replies that are kept by their ETag ---- */

/* A URL whose reply may be in the cache: HEAD tells the ETag, and only an unknown one is fetched.
 */
struct lf_tagged {
	const char *url;
	const char *cut, *extension; /* file name: `cut` is taken off its end; entries are ETAG +
					extension */
	uint64_t max_body;           /* of the reply; 0: what the fetcher says */
	bool keep_tls;               /* a redirect may not lead from https to http */
	unsigned status;             /* of the decisive reply; 0 from the cache when offline */
	struct lf_buf body;          /* of a 2xx reply */
	char *entry;                 /* where it is in the cache, below the root; NULL: it is not */
	bool from_cache;             /* and it was there before */
	struct lf_err err;
};

/* All at once. False only when the run must end; otherwise each tells its own error. */
bool lf_tagged_fetch(struct lf_fetcher *f, struct lf_tagged *t, size_t n,
		     struct lf_err *err) LF_MUST_CHECK;
/* Takes the entry out of the cache: its content is not what it should be. */
void lf_tagged_drop(struct lf_fetcher *f, struct lf_tagged *t);
void lf_tagged_fini(struct lf_tagged *t);

/* A plain GET into memory, not cached; any status. For what is trusted because of where it came
 * from: redirects stay with https. */
bool lf_fetch_body(struct lf_fetcher *f, const char *url, uint64_t max, unsigned *ret_status,
		   struct lf_buf *ret, struct lf_err *err) LF_MUST_CHECK;
