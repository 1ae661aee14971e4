/*
 * A transfer under way: shared by the files of HTTP, not for other rooms.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "net/curl.h"
#include "net/http.h"

enum lf_flight_state { LF_FLIGHT_WAITING, LF_FLIGHT_RUNNING, LF_FLIGHT_DONE };

struct lf_flight {
	const struct lf_http_options *o;
	const struct lf_curl *curl;
	struct lf_http_transfer *t;
	struct lf_buf token; /* password for the host; empty: none */
	struct lf_str roots; /* certificates (PEM) instead of the library's; empty: its own */
	enum lf_flight_state state;
	CURL *easy;
	struct curl_slist *headers;
	unsigned tries;      /* begun since the last progress */
	unsigned resumed;    /* Range requests sent */
	uint64_t not_before; /* milliseconds of the monotonic clock */
	uint64_t range_from; /* this try asked for the bytes from here on */
	uint64_t before_try; /* t->received when this try began */
	uint64_t skip;       /* bytes of a repeated body to drop */
	uint64_t sent;       /* of the request body */
	bool body_begun;     /* of the current reply */
	bool enough;         /* of a body that nobody wants: the reply is what it is */
	struct lf_buf etag;  /* the field of the reply whose body we have; empty: none */
	struct lf_err stop;  /* why a callback stopped the transfer */
	char reason[CURL_ERROR_SIZE];
};

/* http_easy.c: a handle with everything set for the next try. */
bool lf_flight_setup(struct lf_flight *f, struct lf_err *err) LF_MUST_CHECK;
void lf_flight_teardown(struct lf_flight *f);
/* Go's words for why there was no reply. */
void lf_flight_reason(const struct lf_flight *f, CURLcode code, struct lf_buf *out);

/* http_roots.c: appends the certificates (PEM) of $SSL_CERT_DIR and of the file that would count
 * without it; nothing when the variable is not set. */
void lf_http_roots(const struct lf_ctx *ctx, const struct lf_curl *curl, struct lf_buf *ret);

/* http_retry.c */
/* True when another try is due, after a pause. Asks the handle: before teardown. */
bool lf_flight_may_retry(struct lf_flight *f, CURLcode code, const struct lf_ctx *ctx,
			 uint64_t *ret_pause_ms);
/* Leaves in the transfer how it ended. */
void lf_flight_conclude(struct lf_flight *f, CURLcode code);
/* For messages; the name is the caller's to free. */
const char *lf_transfer_method(const struct lf_http_transfer *t);
char *lf_transfer_name(const struct lf_http_transfer *t);

/* http_reply.c: libcurl's callbacks; data is the flight. */
size_t lf_flight_on_header(char *p, size_t size, size_t n, void *data);
size_t lf_flight_on_body(char *p, size_t size, size_t n, void *data);
int lf_flight_on_progress(void *data, curl_off_t all, curl_off_t now, curl_off_t send_all,
			  curl_off_t sent);
size_t lf_flight_on_send(char *p, size_t size, size_t n, void *data);
int lf_flight_on_seek(void *data, curl_off_t offset, int origin);
