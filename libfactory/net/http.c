/*
 * The loop: transfers in, each brought to its end, with pauses and further tries between. One
 * libcurl multi handle per running loop; idle ones are kept for their open connections.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "net/http.h"
#include "net/http_flight.h"
#include "net/http_token.h"
#include "net/url.h"

#include "base/banned.h"

#define POLL_MS   200 /* how soon an interruption is seen */
#define STALL_S   120
#define STALL_ENV "FACTORY_STALL_SECONDS"

struct lf_http {
	const struct lf_ctx *ctx;
	struct lf_http_options o;
	pthread_mutex_t lock;
	LF_VEC(CURLM *) idle;
	pthread_mutex_t token_lock; /* guards token; held while one is asked for */
	struct lf_http_token token;
	struct lf_buf roots; /* certificates, read when they are first needed */
	bool have_roots;
};

/* One run of transfers. */
struct loop {
	struct lf_http *h;
	const struct lf_curl *curl;
	CURLM *multi;
	struct lf_flight *flight;
	size_t n, n_done;
	unsigned running;
	lf_http_done_fn *done;
	void *data;
};

static unsigned find_stall(const struct lf_ctx *ctx)
{
	const char *text = getenv(STALL_ENV);
	uint64_t seconds;

	if (!text || !*text)
		return STALL_S;
	if (lf_str_u64(lf_str(text), 10, &seconds) && seconds > 0 && seconds <= UINT16_MAX)
		return (unsigned)seconds;
	lf_warn(ctx, STALL_ENV ": \"%s\" is not a number of seconds", text);
	return STALL_S;
}

struct lf_http *lf_http_new(const struct lf_ctx *ctx, const struct lf_http_options *o)
{
	struct lf_http *h = lf_calloc(1, sizeof(*h));

	h->ctx = ctx;
	if (o)
		h->o = *o;
	if (!h->o.max_body)
		h->o.max_body = LF_HTTP_MAX_BODY;
	if (!h->o.parallel)
		h->o.parallel = lf_jobs(ctx) + 1 < 4 ? 4 : lf_jobs(ctx) + 1;
	if (!h->o.tries)
		h->o.tries = 5;
	if (!h->o.pause_ms)
		h->o.pause_ms = 1000;
	if (!h->o.stall_s)
		h->o.stall_s = find_stall(ctx);
	(void)pthread_mutex_init(&h->lock, NULL);
	(void)pthread_mutex_init(&h->token_lock, NULL);
	return h;
}

void lf_http_free(struct lf_http *h)
{
	if (!h)
		return;
	for (size_t i = 0; i < h->idle.n; i++) /* there are some only once libcurl is loaded */
		lf_curl_load(NULL)->multi_cleanup(h->idle.v[i]);
	lf_vec_fini(&h->idle);
	lf_http_token_fini(&h->token);
	lf_buf_fini(&h->roots);
	(void)pthread_mutex_destroy(&h->token_lock);
	(void)pthread_mutex_destroy(&h->lock);
	lf_free(h);
}

static CURLM *take_multi(struct lf_http *h, const struct lf_curl *curl)
{
	CURLM *multi = NULL;

	(void)pthread_mutex_lock(&h->lock);
	if (h->idle.n)
		multi = lf_vec_pop(&h->idle);
	(void)pthread_mutex_unlock(&h->lock);
	return multi ? multi : curl->multi_init();
}

static void give_multi(struct lf_http *h, CURLM *multi)
{
	(void)pthread_mutex_lock(&h->lock);
	lf_vec_push(&h->idle, multi);
	(void)pthread_mutex_unlock(&h->lock);
}

static uint64_t now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* ---- the end of a try ---- */

static bool finish(struct loop *l, struct lf_flight *f, struct lf_err *err)
{
	f->state = LF_FLIGHT_DONE;
	l->n_done++;
	return !l->done || l->done(l->data, f->t, err);
}

static bool end_try(struct loop *l, struct lf_flight *f, CURLcode code, struct lf_err *err)
{
	uint64_t pause;

	l->running--;
	if (code == CURLE_ABORTED_BY_CALLBACK && f->enough)
		code = CURLE_OK;
	if (lf_flight_may_retry(f, code, l->h->ctx, &pause)) {
		f->state = LF_FLIGHT_WAITING;
		f->not_before = now_ms() + pause;
		lf_flight_teardown(f);
		return true;
	}
	lf_flight_conclude(f, code);
	lf_flight_teardown(f);
	return finish(l, f, err);
}

/* ---- the loop ---- */

static bool begin_try(struct loop *l, struct lf_flight *f, struct lf_err *err)
{
	f->tries++;
	if (!lf_flight_setup(f, err))
		return false;
	if (l->curl->multi_add_handle(l->multi, f->easy) != CURLM_OK)
		return lf_fail_new(err, LF_E_NET, "libcurl: adding a transfer failed");
	f->state = LF_FLIGHT_RUNNING;
	l->running++;
	return true;
}

/* Starts what may start. */
static bool begin_due(struct loop *l, struct lf_err *err)
{
	const uint64_t now = now_ms();

	for (size_t i = 0; i < l->n && l->running < l->h->o.parallel; i++) {
		struct lf_flight *f = &l->flight[i];

		if (f->state == LF_FLIGHT_WAITING && f->not_before <= now && !begin_try(l, f, err))
			return false;
	}
	return true;
}

/* Milliseconds until a pause ends, at most those of one poll. */
static int find_wait(const struct loop *l)
{
	const uint64_t now = now_ms();
	int wait = POLL_MS;

	if (l->running >= l->h->o.parallel)
		return wait;
	for (size_t i = 0; i < l->n; i++) {
		const struct lf_flight *f = &l->flight[i];

		if (f->state != LF_FLIGHT_WAITING)
			continue;
		if (f->not_before <= now)
			return 0;
		if (f->not_before - now < (uint64_t)wait)
			wait = (int)(f->not_before - now);
	}
	return wait;
}

static bool end_finished(struct loop *l, struct lf_err *err)
{
	CURLMsg *m;
	int left;

	while ((m = l->curl->multi_info_read(l->multi, &left))) {
		struct lf_flight *f = NULL;
		const CURLcode code = m->data.result;

		if (m->msg != CURLMSG_DONE)
			continue;
		l->curl->easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &f);
		l->curl->multi_remove_handle(l->multi, f->easy);
		if (!end_try(l, f, code, err))
			return false;
	}
	return true;
}

static bool turn(struct loop *l, struct lf_err *err)
{
	const size_t done = l->n_done;
	int running;

	if (!lf_check_cancel(l->h->ctx, err) || !begin_due(l, err))
		return false;
	if (l->curl->multi_perform(l->multi, &running) != CURLM_OK)
		return lf_fail_new(err, LF_E_NET, "libcurl: transfer loop failed");
	if (!end_finished(l, err))
		return false;
	if (l->n_done != done)
		return true; /* there is room for others now */
	return l->curl->multi_poll(l->multi, NULL, 0, find_wait(l), NULL) == CURLM_OK ||
	       lf_fail_new(err, LF_E_NET, "libcurl: waiting failed");
}

static void abandon(struct loop *l)
{
	for (size_t i = 0; i < l->n; i++) {
		struct lf_flight *f = &l->flight[i];

		if (f->easy) {
			l->curl->multi_remove_handle(l->multi, f->easy);
			lf_flight_teardown(f);
		}
		lf_buf_fini(&f->etag);
		lf_buf_fini(&f->token);
		lf_err_fini(&f->stop);
	}
	lf_free(l->flight);
}

static void refuse_offline(struct lf_http_transfer *t)
{
	lf_auto_free char *url = lf_transfer_name(t);

	lf_fail_new(&t->err, LF_E_NET, "network request blocked in offline mode: %s %s",
		    lf_transfer_method(t), url);
}

/* They stay as they are, so that handles may use them without a lock. */
static struct lf_str find_roots(struct lf_http *h, const struct lf_curl *curl)
{
	(void)pthread_mutex_lock(&h->lock);
	if (!h->have_roots)
		lf_http_roots(h->ctx, curl, &h->roots);
	h->have_roots = true;
	(void)pthread_mutex_unlock(&h->lock);
	return lf_buf_view(&h->roots);
}

/* Asking for a token runs transfers of its own, which want none. */
static void find_tokens(struct loop *l)
{
	for (size_t i = 0; i < l->n; i++) {
		struct lf_flight *f = &l->flight[i];

		if (f->t->no_auth || !lf_http_wants_token(f->t->url))
			continue;
		(void)pthread_mutex_lock(&l->h->token_lock);
		lf_http_token(l->h->ctx, l->h, &l->h->token, f->t->url, &f->token);
		(void)pthread_mutex_unlock(&l->h->token_lock);
	}
}

static bool run_offline(struct lf_http_transfer *const *t, size_t n, lf_http_done_fn *done,
			void *data, struct lf_err *err)
{
	for (size_t i = 0; i < n; i++) {
		refuse_offline(t[i]);
		if (done && !done(data, t[i], err))
			return false;
	}
	return true;
}

bool lf_http_run(struct lf_http *h, struct lf_http_transfer *const *t, size_t n,
		 lf_http_done_fn *done, void *data, struct lf_err *err)
{
	if (h->o.offline)
		return run_offline(t, n, done, data, err);
	struct loop l = {.h = h, .curl = lf_curl_load(err), .n = n, .done = done, .data = data};
	if (!l.curl)
		return false;
	l.multi = take_multi(h, l.curl);
	if (!l.multi)
		return lf_fail_new(err, LF_E_NET, "libcurl: no transfer loop");
	l.flight = lf_calloc(n, sizeof(*l.flight));
	const struct lf_str roots = find_roots(h, l.curl);
	for (size_t i = 0; i < n; i++)
		l.flight[i] =
			(struct lf_flight){.o = &h->o, .curl = l.curl, .t = t[i], .roots = roots};
	find_tokens(&l);
	bool ok = true;
	while (ok && l.n_done < n)
		ok = turn(&l, err);
	abandon(&l);
	give_multi(h, l.multi);
	return ok;
}

bool lf_http_one(struct lf_http *h, struct lf_http_transfer *t, struct lf_err *err)
{
	if (!lf_http_run(h, &t, 1, NULL, NULL, err))
		return false;
	if (!t->err.class)
		return true;
	lf_err_move(err, &t->err);
	return false;
}
