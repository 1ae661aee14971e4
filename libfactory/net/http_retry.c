/*
 * The end of a try: is there another one, when, and if not, what is said. Upstream's words and
 * patience (retryablehttp): connections that fail, 429 and 5xx but 501 are tried again.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "net/http_flight.h"
#include "net/url.h"

#include "base/banned.h"

#define MAX_PAUSE_MS  30000
#define MAX_ASKED_S   120 /* of a pause that the server asks for */
#define MAX_RESUMES   50
#define WORTH_WAITING ((uint64_t)16 << 10) /* bytes in a try after which patience starts anew */

const char *lf_transfer_method(const struct lf_http_transfer *t)
{
	return t->method ? t->method : "GET";
}

char *lf_transfer_name(const struct lf_http_transfer *t)
{
	return t->shown ? lf_strdup(t->shown) : lf_url_mask(t->url);
}

/* ---- another try? ---- */

static bool is_worth_a_retry(CURLcode code)
{
	switch ((int)code) {
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_URL_MALFORMAT:
	case CURLE_TOO_MANY_REDIRECTS:
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_WRITE_ERROR:
	case CURLE_ABORTED_BY_CALLBACK:
	case CURLE_OUT_OF_MEMORY:
		return false;
	default:
		return true;
	}
}

static bool is_busy(unsigned status)
{
	return status == 429 || (status >= 500 && status != 501);
}

/* Retry-After of 429 and 503: seconds, or a date. False when there is none that can be read. */
static bool find_asked_pause(const struct lf_flight *f, uint64_t *ret_ms)
{
	const struct lf_str field = lf_http_field(f->t, "Retry-After");
	const unsigned status = f->t->status;
	curl_off_t until = 0;
	uint64_t seconds;

	if ((status != 429 && status != 503) || !field.n)
		return false;
	if (!lf_str_u64(field, 10, &seconds)) {
		f->curl->easy_getinfo(f->easy, CURLINFO_RETRY_AFTER, &until);
		if (until <= 0)
			return false;
		seconds = (uint64_t)until;
	}
	*ret_ms = 1000 * (seconds < MAX_ASKED_S ? seconds : MAX_ASKED_S);
	return true;
}

static uint64_t find_pause(const struct lf_flight *f)
{
	uint64_t pause = f->o->pause_ms;

	if (find_asked_pause(f, &pause))
		return pause;
	for (unsigned i = 1; i < f->tries && pause < MAX_PAUSE_MS; i++)
		pause *= 2;
	return pause < MAX_PAUSE_MS ? pause : MAX_PAUSE_MS;
}

bool lf_flight_may_retry(struct lf_flight *f, CURLcode code, const struct lf_ctx *ctx,
			 uint64_t *ret_pause_ms)
{
	const bool failed =
		code != CURLE_OK ? is_worth_a_retry(code) && !f->stop.class : is_busy(f->t->status);

	if (!failed || f->t->once || (f->t->probing && code != CURLE_OK))
		return false;
	if (f->t->received - f->before_try >= WORTH_WAITING)
		f->tries = 1; /* it moves */
	if (f->tries >= f->o->tries || f->resumed >= MAX_RESUMES)
		return false;
	*ret_pause_ms = find_pause(f);
	lf_auto_free char *url = lf_transfer_name(f->t);
	lf_debug(ctx, "trying %s %s again in %llu ms (status %u, %s)", lf_transfer_method(f->t),
		 url, (unsigned long long)*ret_pause_ms, f->t->status,
		 f->curl->easy_strerror(code));
	return true;
}

/* ---- no other try ---- */

/* `Get "URL": reason` */
static void fail_try(struct lf_flight *f, CURLcode code, struct lf_err *err)
{
	lf_auto_free char *url = lf_transfer_name(f->t);
	lf_auto_buf reason = {0}, verb = {0};

	lf_flight_reason(f, code, &reason);
	lf_buf_puts(&verb, lf_transfer_method(f->t));
	for (size_t i = 1; i < verb.n; i++)
		verb.p[i] |= 0x20;
	if (f->stop.class) {
		lf_err_move(err, &f->stop);
		lf_fail(err, "%s \"%s\"", verb.p, url);
	} else {
		lf_fail_new(err, LF_E_NET, "%s \"%s\": %s", verb.p, url, reason.p ? reason.p : "");
	}
}

static void give_up(struct lf_flight *f, CURLcode code)
{
	lf_auto_free char *url = lf_transfer_name(f->t);
	const char *method = lf_transfer_method(f->t);
	struct lf_err *err = &f->t->err;

	if (code == CURLE_OK) {
		lf_fail_new(err, LF_E_NET, "%s %s giving up after %u attempt(s)", method, url,
			    f->tries);
		return;
	}
	const bool stopped = f->stop.class != LF_E_NONE;
	fail_try(f, code, err);
	if (f->tries > 1 && !stopped)
		lf_fail(err, "%s %s giving up after %u attempt(s)", method, url, f->tries);
}

/* A 416 reply that tells the size: nothing is behind the byte at which we are.
 */
static bool is_all(const struct lf_flight *f)
{
	struct lf_str field = lf_http_field(f->t, "Content-Range");
	uint64_t size;

	return f->t->status == 416 && lf_str_skip(&field, "bytes */") &&
	       lf_str_u64(lf_str_trim(field), 10, &size) && size == f->range_from;
}

/* What came belongs to this one, even if the reply about the rest does not say so again. */
static void keep_etag(struct lf_flight *f)
{
	if (f->etag.n && !lf_http_field(f->t, "ETag").n)
		lf_buf_printf(&f->t->fields, "ETag: " LF_STR_FMT "\r\n",
			      LF_STR_ARG(lf_buf_view(&f->etag)));
}

/* A reply to a Range request is the rest, which makes a whole reply of what came, or the whole. */
static void check_resumed(struct lf_flight *f)
{
	const unsigned status = f->t->status;

	if (f->range_from && (status == 206 || is_all(f))) {
		f->t->status = 200;
		keep_etag(f);
		return;
	}
	if (!f->range_from || status == 200)
		return;
	lf_auto_free char *url = lf_transfer_name(f->t);
	lf_fail_new(&f->t->err, LF_E_NET, "retrying %s: unexpected status code: %u", url, status);
}

void lf_flight_conclude(struct lf_flight *f, CURLcode code)
{
	if (code != CURLE_OK || is_busy(f->t->status))
		give_up(f, code);
	else
		check_resumed(f);
}
