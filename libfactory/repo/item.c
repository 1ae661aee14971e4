/*
 * One package: opened from disk, the cache or a download, verified link by link, its data inflated
 * into a file of its own. A package goes into the cache only when all of it is verified.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "repo/item.h"

#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "net/url.h"
#include "repo/data_file.h"

#include "base/banned.h"

#define SPARE (UINT64_C(1) << 20) /* bytes */

const char *lf_package_url(const struct lf_solve_choice *c, struct lf_arena *arena)
{
	if (c->url)
		return lf_arena_strdup(arena, c->url);
	return lf_arena_printf(arena, "%s/%s-%s.apk", c->repo->url, c->pkg->name, c->pkg->version);
}

/* Why the .apk itself is not what it should be; digests that differ name the package themselves. */
static bool fail_expanding(struct lf_item *it)
{
	if (lf_starts(lf_err_text(&it->err), "package \""))
		return false;
	return lf_fail(&it->err, "expanding %s", it->choice->pkg->name);
}

void lf_item_close(struct lf_item *it)
{
	if (it->apk_file.fd < 0) /* otherwise fd is the same */
		lf_close_p(&it->fd);
	it->fd = -1;
	lf_cache_file_fini(&it->apk_file);
	lf_cache_file_fini(&it->data_file);
}

/* A file that was just written, or one that was checked. */
static void set_blob(struct lf_item *it, int fd, uint64_t tar_size, uint64_t list_size)
{
	struct lf_package *p = it->package;

	p->data = (struct lf_blob){.fd = fd, .size = tar_size, .path = it->url};
	p->list_size = list_size;
	p->data.has_digest = lf_unhex(lf_str(p->apk.pkg.datahash), p->data.digest, LF_SHA256_LEN);
}

static bool check_signature(struct lf_item *it)
{
	return !it->ring || lf_apk_verify(&it->package->apk, it->ring, &it->err) ||
	       lf_fail(&it->err, "package \"%s\"", it->choice->pkg->name);
}

bool lf_item_read_control(struct lf_item *it)
{
	const uint64_t max = lf_limit(it->f->o.limits.control, 0);

	if (lf_apk_open_expecting(it->fd, it->choice->pkg, max, it->arena, &it->package->apk,
				  &it->err))
		return check_signature(it);
	if (it->err.class == LF_E_LIMIT)
		lf_fail(&it->err,
			"expandApk error 3"); /* compat: upstream's number for this step */
	return fail_expanding(it);
}

bool lf_item_hash(struct lf_item *it)
{
	return !it->f->o.hash_packages ||
	       lf_hash_fd(LF_SHA256, it->fd, it->package->sha256, &it->err) || fail_expanding(it);
}

bool lf_item_find_data(struct lf_item *it)
{
	const char *hash = it->package->apk.pkg.datahash;

	if (!it->f->cache || strlen(hash) != 2 * (size_t)LF_SHA256_LEN)
		return false;
	const int fd = lf_cache_get(it->f->cache, LF_KIND_DATA, hash);
	lf_auto_err why = {0};
	uint64_t tar_size, list_size;

	if (fd < 0)
		return false;
	if (lf_data_file_check(fd, &tar_size, &list_size, &why)) {
		set_blob(it, fd, tar_size, list_size);
		return true;
	}
	lf_debug(it->f->ctx, "cached data of %s: %s", it->url, lf_err_text(&why));
	(void)close(fd);
	lf_cache_drop(it->f->cache, LF_KIND_DATA, hash);
	return false;
}

static bool begin_file(struct lf_fetcher *f, struct lf_cache_file *file, struct lf_err *err)
{
	if (f->cache)
		return lf_cache_begin(f->cache, file, err);
	file->fd = lf_temp_file(err);
	return file->fd >= 0;
}

bool lf_item_unpack(void *job, unsigned worker, struct lf_err *err)
{
	struct lf_item *it = job;
	const uint64_t max = lf_limit(it->f->o.limits.data, 0);
	lf_auto_buf list = {0};
	uint64_t size;

	(void)worker;
	(void)err; /* the item keeps its own */
	if (!begin_file(it->f, &it->data_file, &it->err))
		return false;
	if (!lf_apk_unpack_listed(it->fd, &it->package->apk, max, it->data_file.fd, &list, &size,
				  &it->err) ||
	    !lf_data_file_end(it->data_file.fd, size, &list, &it->err))
		return fail_expanding(it);
	it->tar_size = size;
	it->list_size = list.n;
	return true;
}

static void put_quietly(struct lf_item *it, struct lf_cache_file *file, const char *kind,
			const char *key)
{
	lf_auto_err why = {0};

	if (!lf_cache_put(it->f->cache, file, kind, key, &why))
		lf_debug(it->f->ctx, "not cached: %s", lf_err_text(&why));
}

void lf_item_put_apk(struct lf_item *it)
{
	if (it->f->cache && it->apk_file.fd >= 0)
		put_quietly(it, &it->apk_file, LF_KIND_APK, it->key);
}

/* All verified: the data first, so that a cached .apk mostly finds its data. */
void lf_item_finish(struct lf_item *it)
{
	if (it->f->cache)
		put_quietly(it, &it->data_file, LF_KIND_DATA, it->package->apk.pkg.datahash);
	lf_item_put_apk(it);
	const int fd = it->data_file.fd;
	it->data_file.fd = -1;
	set_blob(it, fd, it->tar_size, it->list_size);
}

bool lf_item_open_local(struct lf_item *it)
{
	lf_auto_free char *path = lf_url_local_path(it->url);

	it->fd = lf_open_read(path, &it->err);
	if (it->fd >= 0)
		return true;
	return lf_fail(&it->err,
		       "fetching package \"%s\": failed to read repository package apk %s",
		       it->choice->pkg->name, it->url);
}

bool lf_item_check_reply(struct lf_item *it)
{
	struct lf_http_transfer *t = &it->transfer;
	lf_auto_free char *url = lf_url_mask(it->url);

	if (t->err.class) {
		lf_err_move(&it->err, &t->err);
		return lf_fail(&it->err, "fetching package \"%s\": unable to get package apk at %s",
			       it->choice->pkg->name, url);
	}
	if (t->status >= 200 && t->status < 300)
		return true;
	return lf_fail_new(&it->err, LF_E_NET,
			   "fetching package \"%s\": unable to get package apk at %s: %s",
			   it->choice->pkg->name, url, lf_http_status_text(t->status));
}

/* The signature is not in the size that the index tells, when somebody signed anew; nobody sends
 * much more than it. */
static uint64_t max_download(const struct lf_item *it)
{
	const uint64_t max = lf_limit(it->f->o.limits.response, LF_RESPONSE_MAX);
	const uint64_t size = it->choice->pkg->size;

	const uint64_t enough = size && size < UINT64_MAX / 4 ? 2 * size + SPARE : UINT64_MAX;

	return enough < max ? enough : max;
}

bool lf_item_start_download(struct lf_item *it)
{
	if (!begin_file(it->f, &it->apk_file, &it->err))
		return false;
	lf_http_transfer_fini(&it->transfer);
	it->transfer = (struct lf_http_transfer){.url = it->url,
						 .to = lf_writer_fd(it->apk_file.fd, false),
						 .max_body = max_download(it),
						 .data = it};
	return true;
}

bool lf_item_init(struct lf_item *it, struct lf_fetcher *f, const struct lf_solve_choice *choice,
		  struct lf_arena *arena, struct lf_err *err)
{
	*it = (struct lf_item){.f = f, .choice = choice, .arena = arena, .fd = -1};
	it->apk_file = it->data_file = LF_CACHE_FILE;
	it->package = lf_new(arena, struct lf_package);
	it->package->data.fd = -1;
	it->url = lf_package_url(choice, arena);
	it->remote = lf_is_url(it->url);
	if (!choice->pkg->has_checksum)
		return lf_fail_new(err, LF_E_SIGNATURE,
				   "package \"%s\" has no checksum in its index",
				   choice->pkg->name);
	lf_hex(choice->pkg->checksum, LF_SHA1_LEN, it->key);
	return true;
}
