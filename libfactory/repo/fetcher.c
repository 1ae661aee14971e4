/*
 * The fetcher: options, cache and HTTP client of one run, and the indexes it has read. upstream
 * keeps the same root for its cache (docs/formats: reference of apko's cache).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "repo/fetcher.h"

#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/mem.h"
#include "repo/known.h"

#include "base/banned.h"

#define CACHE_NAME "dev.chainguard.go-apk"
#define CACHE_SIZE (UINT64_C(20) << 30) /* what it may hold when nobody says otherwise */

uint64_t lf_limit(int64_t limit, uint64_t standard)
{
	if (limit < 0)
		return UINT64_MAX;
	return limit ? (uint64_t)limit : standard;
}

char *lf_cache_find_dir(const char **ret_why)
{
	const char *xdg = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");

	if (xdg && *xdg) {
		*ret_why = "path in $XDG_CACHE_HOME is relative";
		return *xdg == '/' ? lf_path_join(xdg, CACHE_NAME) : NULL;
	}
	*ret_why = "neither $XDG_CACHE_HOME nor $HOME are defined";
	return home && *home ? lf_path_join(home, ".cache/" CACHE_NAME) : NULL;
}

char *lf_cache_default_dir(void)
{
	const char *why;

	return lf_cache_find_dir(&why);
}

/* A cache that was asked for must work; the system's own may be missing (no home, read-only disk).
 */
static bool open_cache(struct lf_fetcher *f, struct lf_err *err)
{
	const char *wanted = f->o.cache_dir, *why = NULL;
	const bool asked = wanted && *wanted;

	lf_auto_free char *dir = asked ? lf_path_abs(wanted, err) : lf_cache_find_dir(&why);
	if (!dir && asked)
		return false;
	if (!dir) {
		lf_warn(f->ctx,
			"cache disabled because cache dir was not set, and cannot determine system "
			"default: %s",
			why);
		return true;
	}
	f->cache = lf_cache_open(dir, err);
	if (f->cache || asked)
		return f->cache != NULL;
	lf_warn(f->ctx, "cache disabled: %s", lf_err_text(err));
	lf_err_fini(err);
	return true;
}

struct lf_fetcher *lf_fetcher_new(const struct lf_ctx *ctx, const struct lf_repo_options *o,
				  struct lf_err *err)
{
	struct lf_fetcher *f = lf_calloc(1, sizeof(*f));
	lf_auto_err why = {0};

	f->ctx = ctx;
	f->o = *o;
	f->o.cache_dir = o->cache_dir ? lf_strdup(o->cache_dir) : NULL;
	(void)pthread_mutex_init(&f->lock, NULL);
	const struct lf_http_options http = {
		.max_body = lf_limit(o->limits.response, LF_RESPONSE_MAX),
		.offline = o->offline,
		.pause_ms = o->pause_ms,
	};
	f->http = lf_http_new(ctx, &http);
	if (open_cache(f, &why))
		return f;
	lf_fetcher_free(f);
	if (err)
		lf_err_move(err, &why);
	return NULL;
}

/* "20G", "500M", "0": no limit. */
static bool parse_size(const char *text, uint64_t *ret)
{
	static const char units[] = "KMGT";
	struct lf_str s = lf_str(text);
	unsigned shift = 0;

	if (s.n && s.p[s.n - 1] && strchr(units, s.p[s.n - 1])) {
		shift = 10 * (unsigned)(strchr(units, s.p[s.n - 1]) - units + 1);
		s.n--;
	}
	uint64_t n;

	if (!lf_str_u64(s, 10, &n) || n > UINT64_MAX >> shift)
		return false;
	*ret = n << shift;
	return true;
}

static void trim_cache(struct lf_fetcher *f)
{
	const char *text = getenv("FACTORY_CACHE_SIZE");
	uint64_t limit = CACHE_SIZE;
	lf_auto_err why = {0};

	if (!f->cache)
		return;
	if (text && *text && !parse_size(text, &limit))
		lf_warn(f->ctx, "FACTORY_CACHE_SIZE: \"%s\" is not a size like 500M or 20G", text);
	if (!lf_cache_trim(f->cache, limit, &why))
		lf_debug(f->ctx, "trimming: %s", lf_err_text(&why));
}

void lf_fetcher_free(struct lf_fetcher *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < f->indexes.n; i++)
		lf_known_free(f->indexes.entry[i].value);
	lf_map_fini(&f->indexes);
	lf_http_free(f->http);
	trim_cache(f);
	lf_cache_close(f->cache);
	(void)pthread_mutex_destroy(&f->lock);
	lf_free((void *)(uintptr_t)f->o.cache_dir);
	lf_free(f);
}

struct lf_cache *lf_fetcher_cache(const struct lf_fetcher *f)
{
	return f ? f->cache : NULL;
}

void lf_fetcher_free_p(struct lf_fetcher **f)
{
	lf_fetcher_free(*f);
	*f = NULL;
}

bool lf_fetch_body(struct lf_fetcher *f, const char *url, uint64_t max, unsigned *ret_status,
		   struct lf_buf *ret, struct lf_err *err)
{
	struct lf_writer *to = lf_writer_buf(ret);
	struct lf_http_transfer t = {.url = url, .to = to, .max_body = max, .keep_tls = true};

	const bool ok = lf_http_one(f->http, &t, err);
	if (ok)
		*ret_status = t.status;
	lf_http_transfer_fini(&t);
	return lf_writer_close(to, ok ? err : NULL) && ok;
}
