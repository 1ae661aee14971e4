/*
 * Packages: from choices to opened, verified packages whose data lies in plain tars. Control
 * sections are read in the calling thread, transfers run in one loop, workers inflate; results are
 * taken in order. A package goes into the cache only when all of it is verified.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/pool.h"
#include "repo/item.h"

#include "base/banned.h"

#define ROUNDS        3
#define SPARE_HANDLES 256

/* All of them. */
struct batch {
	struct lf_fetcher *f;
	struct lf_item *item;
	size_t n, n_done;
	struct lf_pool *pool;
};

static bool is_worth_a_round(const struct lf_item *it)
{
	const char *text = lf_err_text(&it->err);

	return it->transfer.changed ||
	       (it->err.class == LF_E_FORMAT && lf_ends(text, "unexpected EOF"));
}

static void pass_failure(struct lf_item *it, struct lf_err *err)
{
	const struct lf_pkg *p = it->choice->pkg;

	if (it->round > 1 && is_worth_a_round(it))
		lf_fail(&it->err, "after %u attempts", it->round);
	lf_err_move(err, &it->err);
	lf_fail(err, "expanding %s (ver:%s arch:%s)", p->name, p->version, p->arch);
}

/* ---- the way of one package ---- */

static void end_item(struct batch *b, struct lf_item *it)
{
	lf_item_close(it);
	it->done = true;
	b->n_done++;
	lf_progress(b->f->ctx, "packages", b->n_done, b->n);
}

/* The .apk is open: what is left is its data. False: it failed. */
static bool take_apk(struct batch *b, struct lf_item *it)
{
	if (!lf_item_read_control(it) || !lf_item_hash(it))
		return false;
	if (lf_item_find_data(it)) {
		lf_item_put_apk(it);
		end_item(b, it);
		return true;
	}
	if (it->err.class)
		return false;
	lf_pool_submit(b->pool, it);
	return true;
}

static bool on_download(void *data, struct lf_http_transfer *t, struct lf_err *err)
{
	struct batch *b = data;
	struct lf_item *it = t->data;

	/* What was gathered must be in the file before it is read. */
	const bool written = lf_writer_close(t->to, &it->err);
	t->to = NULL;
	if (!lf_item_check_reply(it) || !written)
		return lf_check_cancel(b->f->ctx, err);
	it->fd = it->apk_file.fd;
	(void)take_apk(b, it); /* a failure is the item's own */
	return lf_check_cancel(b->f->ctx, err);
}

/* One whose data is cached as well is read up to its control section only: then its size, which
 * goes into the image, tells that it was cut. */
static bool check_size(struct lf_item *it)
{
	const uint64_t want = it->choice->pkg->size;
	struct stat st;

	if (fstat(it->fd, &st) != 0)
		return lf_fail_errno(&it->err, "stat");
	return !want || want == (uint64_t)st.st_size ||
	       lf_fail_new(&it->err, LF_E_FORMAT, "size is %jd instead of %ju bytes",
			   (intmax_t)st.st_size, (uintmax_t)want);
}

/* An .apk in the cache was whole when it came there; one that is not any more is dropped and
 * fetched. */
static bool take_cached(struct batch *b, struct lf_item *it)
{
	if (!it->f->cache || it->round > 1)
		return false;
	it->fd = lf_cache_get(it->f->cache, LF_KIND_APK, it->key);
	it->from_cache = it->fd >= 0;
	if (it->fd < 0)
		return false;
	if (check_size(it) && take_apk(b, it))
		return true;
	lf_debug(it->f->ctx, "cached %s is damaged: %s", it->url, lf_err_text(&it->err));
	lf_err_fini(&it->err);
	lf_close_p(&it->fd);
	lf_cache_drop(it->f->cache, LF_KIND_APK, it->key);
	return false;
}

/* Begins a round: everything local or cached now, transfers into go. */
static bool begin_items(struct batch *b, struct lf_http_transfer **go, size_t *ret_n,
			struct lf_err *err)
{
	size_t n = 0;

	for (size_t i = 0; i < b->n; i++) {
		struct lf_item *it = &b->item[i];

		if (it->done || it->err.class)
			continue;
		if (!lf_check_cancel(b->f->ctx, err))
			return false;
		it->round++;
		if (!it->remote) {
			if (lf_item_open_local(it))
				(void)take_apk(b, it);
		} else if (!take_cached(b, it) && lf_item_start_download(it)) {
			go[n++] = &it->transfer;
		}
	}
	*ret_n = n;
	return true;
}

static void take_results(struct batch *b)
{
	lf_auto_err unused = {0};
	struct lf_item *it;
	bool ok;

	while ((it = lf_pool_take(b->pool, &ok, &unused))) {
		if (ok) {
			lf_item_finish(it);
			end_item(b, it);
		} else if (!it->err.class) {
			lf_err_move(&it->err, &unused);
		}
	}
}

/* ---- rounds ---- */

static void warn_retry(const struct lf_item *it)
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
		struct lf_item *it = &b->item[i];

		if (!it->err.class)
			continue;
		lf_item_close(it);
		/* A cached package whose data does not unpack: fetched anew. */
		const bool bad_cache = it->from_cache && it->round == 1;
		if (!bad_cache && (!is_worth_a_round(it) || it->round >= ROUNDS))
			return true; /* this one decides the end */
		if (bad_cache)
			lf_cache_drop(b->f->cache, LF_KIND_APK, it->key);
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

static void fini_batch(struct batch *b)
{
	lf_pool_free(b->pool);
	for (size_t i = 0; i < b->n; i++) {
		struct lf_item *it = &b->item[i];
		const bool closed = !it->transfer.to || lf_writer_close(it->transfer.to, NULL);

		(void)closed; /* a download that nobody wants any more */
		lf_item_close(it);
		lf_http_transfer_fini(&it->transfer);
		lf_err_fini(&it->err);
	}
	lf_free(b->item);
}

bool lf_fetch_packages(struct lf_fetcher *f, const struct lf_solve_choice *choice, size_t n,
		       const struct lf_keyring *ring, struct lf_arena *arena,
		       struct lf_package **ret, struct lf_err *err)
{
	struct batch b = {.f = f, .item = lf_calloc(n, sizeof(*b.item))};
	bool ok = true;

	raise_handles(n);
	b.pool = lf_pool_new(lf_jobs(f->ctx), n + 1, lf_item_unpack);
	for (; ok && b.n < n; b.n++) {
		ok = lf_item_init(&b.item[b.n], f, &choice[b.n], arena, err);
		b.item[b.n].ring = f->o.verify_packages ? ring : NULL;
	}
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
