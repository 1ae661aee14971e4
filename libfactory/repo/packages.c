/*
 * Packages: from choices to opened, verified packages whose data lies in plain tars. Control
 * sections are read in the calling thread, transfers run in one loop, workers inflate; results are
 * taken in order. A package goes into the cache only when all of it is verified.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/pool.h"
#include "net/url.h"
#include "repo/fetcher.h"

#include "base/banned.h"

#define ROUNDS        3
#define SPARE_HANDLES 256
#define KIND_APK      "apk"
#define KIND_DATA     "data"

/* One package on its way. */
struct item {
	struct lf_fetcher *f;
	const struct lf_solve_choice *choice;
	struct lf_arena *arena;
	const char *url;
	char key[2 * LF_SHA1_LEN + 1]; /* of the .apk: its control checksum */
	bool remote, from_cache;
	unsigned round;
	struct lf_cache_file apk_file;  /* a download */
	int fd;                         /* the .apk */
	struct lf_cache_file data_file; /* the plain tar when it is new */
	struct lf_http_transfer transfer;
	struct lf_package *package;
	bool done;
	struct lf_err err;
};

/* All of them. */
struct batch {
	struct lf_fetcher *f;
	struct item *item;
	size_t n, n_done;
	struct lf_pool *pool;
};

const char *lf_package_url(const struct lf_solve_choice *c, struct lf_arena *arena)
{
	return lf_arena_printf(arena, "%s/%s-%s.apk", c->repo->url, c->pkg->name, c->pkg->version);
}

/* ---- failures ---- */

/* Why the .apk itself is not what it should be; digests that differ name the package themselves. */
static bool fail_expanding(struct item *it)
{
	if (lf_starts(lf_err_text(&it->err), "package \""))
		return false;
	return lf_fail(&it->err, "expanding %s", it->choice->pkg->name);
}

static bool is_worth_a_round(const struct item *it)
{
	const char *text = lf_err_text(&it->err);

	return it->err.class == LF_E_FORMAT && lf_ends(text, "unexpected EOF");
}

static void pass_failure(struct item *it, struct lf_err *err)
{
	const struct lf_pkg *p = it->choice->pkg;

	if (it->round > 1 && is_worth_a_round(it))
		lf_fail(&it->err, "after %u attempts", it->round);
	lf_err_move(err, &it->err);
	lf_fail(err, "expanding %s (ver:%s arch:%s)", p->name, p->version, p->arch);
}

/* ---- opening ---- */

static void close_item(struct item *it)
{
	if (it->apk_file.fd < 0) /* otherwise fd is the same */
		lf_close_p(&it->fd);
	it->fd = -1;
	lf_cache_file_fini(&it->apk_file);
	lf_cache_file_fini(&it->data_file);
}

static bool set_blob(struct item *it, int fd)
{
	struct lf_package *p = it->package;
	struct stat st;

	if (fstat(fd, &st) != 0) {
		lf_fail_errno(&it->err, "stat");
		(void)close(fd);
		return false;
	}
	p->data = (struct lf_blob){.fd = fd, .size = (uint64_t)st.st_size, .path = it->url};
	p->data.has_digest = lf_unhex(lf_str(p->apk.pkg.datahash), p->data.digest, LF_SHA256_LEN);
	return true;
}

/* Reads signature and control from the descriptor from which the data will come. */
static bool read_control(struct item *it)
{
	const uint64_t max = lf_limit(it->f->o.limits.control, 0);

	if (lf_apk_open_expecting(it->fd, it->choice->pkg, max, it->arena, &it->package->apk,
				  &it->err))
		return true;
	if (it->err.class == LF_E_LIMIT)
		lf_fail(&it->err,
			"expandApk error 3"); /* compat: upstream's number for this step */
	return fail_expanding(it);
}

/* The plain tar of an earlier run, by the datahash that the verified control section holds. */
static bool find_data(struct item *it)
{
	const char *hash = it->package->apk.pkg.datahash;

	if (!it->f->cache || strlen(hash) != 2 * (size_t)LF_SHA256_LEN)
		return false;
	const int fd = lf_cache_get(it->f->cache, KIND_DATA, hash);
	return fd >= 0 && set_blob(it, fd);
}

static bool begin_file(struct lf_fetcher *f, struct lf_cache_file *file, struct lf_err *err)
{
	if (f->cache)
		return lf_cache_begin(f->cache, file, err);
	file->fd = lf_temp_file(err);
	return file->fd >= 0;
}

/* In a worker: touches its item only. */
static bool unpack(void *job, unsigned worker, struct lf_err *err)
{
	struct item *it = job;
	const uint64_t max = lf_limit(it->f->o.limits.data, 0);
	uint64_t size;

	(void)worker;
	(void)err; /* the item keeps its own */
	return begin_file(it->f, &it->data_file, &it->err) &&
	       (lf_apk_unpack_data(it->fd, &it->package->apk, max, it->data_file.fd, &size,
				   &it->err) ||
		fail_expanding(it));
}

/* ---- storing ---- */

static void put_quietly(struct item *it, struct lf_cache_file *file, const char *kind,
			const char *key)
{
	lf_auto_err why = {0};

	if (!lf_cache_put(it->f->cache, file, kind, key, &why))
		lf_debug(it->f->ctx, "not cached: %s", lf_err_text(&why));
}

/* All verified: the data first, so that a cached .apk mostly finds its data. */
static bool finish_unpacked(struct item *it)
{
	if (it->f->cache) {
		put_quietly(it, &it->data_file, KIND_DATA, it->package->apk.pkg.datahash);
		if (it->apk_file.fd >= 0)
			put_quietly(it, &it->apk_file, KIND_APK, it->key);
	}
	const int fd = it->data_file.fd;
	it->data_file.fd = -1;
	return set_blob(it, fd);
}

/* ---- the way of one package ---- */

static void end_item(struct batch *b, struct item *it)
{
	close_item(it);
	it->done = true;
	b->n_done++;
	lf_progress(b->f->ctx, "packages", b->n_done, b->n);
}

/* The .apk is open: what is left is its data. False: it failed. */
static bool take_apk(struct batch *b, struct item *it)
{
	if (!read_control(it))
		return false;
	if (find_data(it)) {
		if (it->apk_file.fd >= 0)
			put_quietly(it, &it->apk_file, KIND_APK, it->key);
		end_item(b, it);
		return true;
	}
	if (it->err.class)
		return false;
	lf_pool_submit(b->pool, it);
	return true;
}

static bool open_local(struct item *it)
{
	it->fd = lf_open_read(it->url, &it->err);
	if (it->fd >= 0)
		return true;
	return lf_fail(&it->err,
		       "fetching package \"%s\": failed to read repository package apk %s",
		       it->choice->pkg->name, it->url);
}

/* A download that is here: status first. */
static bool check_reply(struct item *it)
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

static bool on_download(void *data, struct lf_http_transfer *t, struct lf_err *err)
{
	struct batch *b = data;
	struct item *it = t->data;

	/* What was gathered must be in the file before it is read. */
	const bool written = lf_writer_close(t->to, &it->err);
	t->to = NULL;
	if (!check_reply(it) || !written)
		return lf_check_cancel(b->f->ctx, err);
	it->fd = it->apk_file.fd;
	(void)take_apk(b, it); /* a failure is the item's own */
	return lf_check_cancel(b->f->ctx, err);
}

static bool start_download(struct item *it)
{
	if (!begin_file(it->f, &it->apk_file, &it->err))
		return false;
	lf_http_transfer_fini(&it->transfer);
	it->transfer = (struct lf_http_transfer){
		.url = it->url, .to = lf_writer_fd(it->apk_file.fd, false), .data = it};
	return true;
}

/* An .apk in the cache was whole when it came there; one that is not any more is dropped and
 * fetched. */
static bool take_cached(struct batch *b, struct item *it)
{
	if (!it->f->cache || it->round > 1)
		return false;
	it->fd = lf_cache_get(it->f->cache, KIND_APK, it->key);
	it->from_cache = it->fd >= 0;
	if (it->fd < 0)
		return false;
	if (take_apk(b, it))
		return true;
	lf_debug(it->f->ctx, "cached %s is damaged: %s", it->url, lf_err_text(&it->err));
	lf_err_fini(&it->err);
	lf_close_p(&it->fd);
	lf_cache_drop(it->f->cache, KIND_APK, it->key);
	return false;
}

/* Begins a round: everything local or cached now, transfers into go. */
static bool begin_items(struct batch *b, struct lf_http_transfer **go, size_t *ret_n,
			struct lf_err *err)
{
	size_t n = 0;

	for (size_t i = 0; i < b->n; i++) {
		struct item *it = &b->item[i];

		if (it->done || it->err.class)
			continue;
		if (!lf_check_cancel(b->f->ctx, err))
			return false;
		it->round++;
		if (!it->remote) {
			if (open_local(it))
				(void)take_apk(b, it);
		} else if (!take_cached(b, it) && start_download(it)) {
			go[n++] = &it->transfer;
		}
	}
	*ret_n = n;
	return true;
}

static void take_results(struct batch *b)
{
	lf_auto_err unused = {0};
	struct item *it;
	bool ok;

	while ((it = lf_pool_take(b->pool, &ok, &unused))) {
		if (ok && finish_unpacked(it))
			end_item(b, it);
		else if (!it->err.class)
			lf_err_move(&it->err, &unused);
	}
}

/* ---- rounds ---- */

static void warn_retry(const struct item *it)
{
	struct lf_ctx ctx = *it->f->ctx;
	const char *slash = strrchr(it->choice->repo->url, '/');
	lf_auto_buf attrs = {0};

	if (slash && (!ctx.log_attrs || !*ctx.log_attrs)) {
		lf_buf_printf(&attrs, " arch=%s", slash + 1);
		ctx.log_attrs = attrs.p;
	}
	lf_warn(&ctx, "retrying fetch of %s (attempt %u/%d) after error: %s", it->choice->pkg->name,
		it->round + 1, ROUNDS, lf_err_text(&it->err));
}

static bool pause_rounds(struct batch *b, unsigned round, struct lf_err *err)
{
	const unsigned ms = b->f->o.pause_ms ? b->f->o.pause_ms : 1000;

	for (unsigned waited = 0; waited < ms << (round - 1); waited += 50) {
		if (!lf_check_cancel(b->f->ctx, err))
			return false;
		(void)usleep(50000);
	}
	return true;
}

/* Items that broke off get another round; true in *ret_again when there are any. */
static bool plan_round(struct batch *b, bool *ret_again, struct lf_err *err)
{
	unsigned round = 0;
	bool remote = false;

	for (size_t i = 0; i < b->n; i++) {
		struct item *it = &b->item[i];

		if (!it->err.class)
			continue;
		close_item(it);
		/* A cached package whose data does not unpack: fetched anew. */
		const bool bad_cache = it->from_cache && it->round == 1;
		if (!bad_cache && (!is_worth_a_round(it) || it->round >= ROUNDS))
			return true; /* this one decides the end */
		if (bad_cache)
			lf_cache_drop(b->f->cache, KIND_APK, it->key);
		else
			warn_retry(it);
		round = it->round;
		remote |= it->remote && !bad_cache;
		lf_err_fini(&it->err);
	}
	*ret_again = round > 0;
	return !remote || pause_rounds(b, round, err);
}

static bool run_round(struct batch *b, struct lf_http_transfer **go, struct lf_err *err)
{
	size_t n_go;

	bool ok = begin_items(b, go, &n_go, err);
	if (ok && n_go)
		ok = lf_http_run(b->f->http, go, n_go, on_download, b, err);
	take_results(b);
	return ok;
}

static bool run(struct batch *b, struct lf_err *err)
{
	struct lf_http_transfer **go = lf_calloc(b->n, sizeof(*go));
	bool again = true, ok = true;

	while (ok && again) {
		again = false;
		ok = run_round(b, go, err) && plan_round(b, &again, err);
	}
	lf_free(go);
	for (size_t i = 0; ok && i < b->n; i++) {
		if (b->item[i].err.class) {
			pass_failure(&b->item[i], err);
			ok = false;
		}
	}
	return ok;
}

/* ---- the batch ---- */

/* Each package holds a descriptor as long as it is used. */
static void raise_handles(size_t n)
{
	struct rlimit r;

	if (getrlimit(RLIMIT_NOFILE, &r) != 0 || r.rlim_cur >= 2 * n + SPARE_HANDLES)
		return;
	r.rlim_cur = r.rlim_max < 2 * n + SPARE_HANDLES ? r.rlim_max : 2 * n + SPARE_HANDLES;
	(void)setrlimit(RLIMIT_NOFILE, &r); /* if not, opening says so */
}

static bool init_item(struct item *it, struct lf_fetcher *f, const struct lf_solve_choice *choice,
		      struct lf_arena *arena, struct lf_err *err)
{
	*it = (struct item){.f = f, .choice = choice, .arena = arena, .fd = -1};
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

static void fini_batch(struct batch *b)
{
	lf_pool_free(b->pool);
	for (size_t i = 0; i < b->n; i++) {
		struct item *it = &b->item[i];
		const bool closed = !it->transfer.to || lf_writer_close(it->transfer.to, NULL);

		(void)closed; /* a download that nobody wants any more */
		close_item(it);
		lf_http_transfer_fini(&it->transfer);
		lf_err_fini(&it->err);
	}
	lf_free(b->item);
}

bool lf_fetch_packages(struct lf_fetcher *f, const struct lf_solve_choice *choice, size_t n,
		       struct lf_arena *arena, struct lf_package **ret, struct lf_err *err)
{
	struct batch b = {.f = f, .item = lf_calloc(n, sizeof(*b.item))};
	bool ok = true;

	raise_handles(n);
	b.pool = lf_pool_new(lf_jobs(f->ctx), n + 1, unpack);
	for (; ok && b.n < n; b.n++)
		ok = init_item(&b.item[b.n], f, &choice[b.n], arena, err);
	ok = ok && run(&b, err);
	for (size_t i = 0; i < b.n; i++) {
		if (ok)
			ret[i] = b.item[i].package;
		else
			lf_close_p(&b.item[i].package->data.fd);
	}
	fini_batch(&b);
	return ok;
}

void lf_packages_close(struct lf_package **p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (p[i])
			lf_close_p(&p[i]->data.fd);
	}
}
