/*
 * melange update-cache: each `fetch` step's file, verified, under the names of its checksums. A
 * file is written under a temporary name in the cache and gets its own once its digest is right.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/sources.h>

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/fs.h"
#include "build/download.h"
#include "recipe/sources.h"

#include "base/banned.h"

struct caching {
	const struct lf_ctx *ctx;
	const char *dir;
	struct lf_http *http;
	const struct lf_vars *vars;
	struct lf_arena *arena;
};

/* What a step expects of its file, NULL for nothing, and where that is to be. */
struct wanted {
	const char *sha256, *sha512;
	const char *path256, *path512;
};

static bool expand(const struct caching *c, const struct lf_yaml *with, const char *key,
		   const char **ret, struct lf_err *err)
{
	const struct lf_yaml *n = lf_yaml_get(with, key);

	*ret = n ? lf_vars_expand(c->vars, n->text.p, c->arena, err) : NULL;
	return !n || *ret || lf_fail_at(err, n, "%s", lf_err_text(err));
}

/* A name of the cache, from a text that may be anything. */
static bool check_sum(const struct lf_yaml *with, const char *sum, const char *family, size_t n,
		      struct lf_err *err)
{
	uint8_t bytes[LF_HASH_MAX];

	return !sum || lf_unhex(lf_str(sum), bytes, n) ||
	       lf_fail_at(err, with, "expected-%s: \"%s\" is not a %s checksum", family, sum,
			  family);
}

static bool find_wanted(const struct caching *c, const struct lf_yaml *with, struct wanted *ret,
			struct lf_err *err)
{
	if (!expand(c, with, "expected-sha256", &ret->sha256, err) ||
	    !expand(c, with, "expected-sha512", &ret->sha512, err) ||
	    !check_sum(with, ret->sha256, "sha256", 32, err) ||
	    !check_sum(with, ret->sha512, "sha512", 64, err))
		return false;
	ret->path256 = lf_arena_printf(c->arena, "%s/sha256:%s", c->dir, ret->sha256);
	ret->path512 = lf_arena_printf(c->arena, "%s/sha512:%s", c->dir, ret->sha512);
	return true;
}

/* The file is there, and it is what its name says. */
static bool is_cached(const char *path, enum lf_hash hash, const char *sum)
{
	uint8_t digest[LF_HASH_MAX];
	char hex[2 * LF_HASH_MAX + 1];
	lf_auto_fd fd = sum ? open(path, O_RDONLY | O_CLOEXEC) : -1;

	if (!sum)
		return true;
	if (fd < 0 || !lf_hash_fd(hash, fd, digest, NULL))
		return false;
	lf_hex(digest, lf_hash_len(hash), hex);
	return strcmp(hex, sum) == 0;
}

static bool check_match(const char *family, const char *is, const char *expected,
			struct lf_err *err)
{
	return !expected || strcmp(is, expected) == 0 ||
	       lf_fail_new(err, LF_E_SIGNATURE, "%s mismatch: %s != %s", family, is, expected);
}

static bool copy_file(const char *from, const char *to, struct lf_err *err)
{
	int fd = lf_open_read(from, err);
	lf_auto_out out = {0};

	if (fd < 0)
		return false;
	lf_auto_reader *r = lf_reader_fd(fd, true);

	if (!lf_out_open(&out, to, 0666, err))
		return false;
	struct lf_writer *w = lf_writer_fd(out.fd, false);
	bool ok = lf_copy(r, w, NULL, err);

	return lf_writer_close(w, ok ? err : NULL) && ok && lf_out_commit(&out, err);
}

static bool fetch(const struct caching *c, const char *url, const struct wanted *want,
		  struct lf_err *err)
{
	const char *first = want->sha256 ? want->path256 : want->path512;
	struct lf_download d;
	lf_auto_out out = {0};

	if (!lf_out_open(&out, first, 0666, err) || !lf_download(c->http, url, out.fd, &d, err))
		return false;
	if (d.status != 200)
		return lf_fail_new(err, LF_E_NET, "unexpected status code %u (%s) when fetching %s",
				   d.status, lf_http_status_text(d.status), url);
	lf_info(c->ctx, "  actual-sha256: %s", d.sha256);
	lf_info(c->ctx, "  actual-sha512: %s", d.sha512);
	if (!check_match("sha256", d.sha256, want->sha256, err) ||
	    !check_match("sha512", d.sha512, want->sha512, err) || !lf_out_commit(&out, err))
		return false;
	lf_info(c->ctx, "  wrote: %s", first);
	if (!want->sha256 || !want->sha512)
		return true;
	if (!copy_file(first, want->path512, err))
		return false;
	lf_info(c->ctx, "  wrote: %s", want->path512);
	return true;
}

static bool cache_step(const struct caching *c, const struct lf_yaml *step, struct lf_err *err)
{
	const struct lf_yaml *with = lf_yaml_need(step, "with", err);
	const struct lf_yaml *uri = with ? lf_yaml_need(with, "uri", err) : NULL;
	struct wanted want = {0};
	const char *url;

	if (!uri || !lf_check_cancel(c->ctx, err))
		return false;
	lf_info(c->ctx, "processing fetch node:");
	url = lf_vars_expand(c->vars, uri->text.p, c->arena, err);
	if (!url)
		return lf_fail_at(err, uri, "%s", lf_err_text(err));
	lf_info(c->ctx, "  uri: %s", uri->text.p);
	lf_info(c->ctx, "  evaluated: %s", url);
	if (!find_wanted(c, with, &want, err))
		return false;
	if (!want.sha256 && !want.sha512) {
		lf_warn(c->ctx, "  no checksum is expected: nothing to store");
		return true;
	}
	if (is_cached(want.path256, LF_SHA256, want.sha256) &&
	    is_cached(want.path512, LF_SHA512, want.sha512)) {
		lf_info(c->ctx, "  already in the cache");
		return true;
	}
	return fetch(c, url, &want, err);
}

static bool cache_steps(struct caching *c, const struct lf_recipe *r, struct lf_err *err)
{
	const struct lf_step_nodes steps = lf_steps_using(r->root, "fetch", c->arena);
	lf_auto_vars vars = {0};

	lf_info(c->ctx, "fetching artifacts relating to %s-%s", r->package.unit.name,
		r->package.version);
	if (!lf_yaml_get(r->root, "pipeline"))
		lf_info(c->ctx, "no main pipeline found, will not cache any artifacts");
	if (!lf_sources_vars(r, &vars, err))
		return false;
	c->vars = &vars;
	for (size_t i = 0; i < steps.n; i++)
		if (!cache_step(c, steps.v[i], err))
			return false;
	return true;
}

bool lf_update_cache(const struct lf_ctx *ctx, const char *config, const char *cache_dir,
		     struct lf_err *err)
{
	const struct lf_recipe_options o = {0};
	lf_auto_arena arena = {0};
	lf_auto_http *http = lf_download_client(ctx);
	struct caching c = {.ctx = ctx, .dir = cache_dir, .http = http, .arena = &arena};
	struct lf_recipe r;

	if (!lf_recipe_load(ctx, config, &o, &arena, &r, err))
		return false;
	bool ok = (*cache_dir || lf_fail_new(err, LF_E_USAGE, "cache directory is not set")) &&
		  cache_steps(&c, &r, err);

	lf_recipe_fini(&r);
	return ok;
}
