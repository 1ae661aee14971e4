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
	const char *token; /* password for the host; NULL: none */
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
	bool have_etag;
	struct lf_buf etag; /* of the reply whose body we have */
	struct lf_err stop; /* why a callback stopped the transfer */
	char reason[CURL_ERROR_SIZE];
};

/* http_easy.c: a handle with everything set for the next try. */
bool lf_flight_setup(struct lf_flight *f, struct lf_err *err) LF_MUST_CHECK;
void lf_flight_teardown(struct lf_flight *f);
/* Go's words for why there was no reply. */
void lf_flight_reason(const struct lf_flight *f, CURLcode code, struct lf_buf *out);

/* http_reply.c: libcurl's callbacks; data is the flight. */
size_t lf_flight_on_header(char *p, size_t size, size_t n, void *data);
size_t lf_flight_on_body(char *p, size_t size, size_t n, void *data);
size_t lf_flight_on_send(char *p, size_t size, size_t n, void *data);
int lf_flight_on_seek(void *data, curl_off_t offset, int origin);
