/*
 * HTTP: any number of transfers at once in one loop of the calling thread. Redirects are followed
 * (10), failed connections, 429 and 5xx are tried again after a growing pause or what Retry-After
 * says, a body that breaks off goes on with a Range request if it is still the same. Proxies,
 * certificates and HTTP_AUTH come from the environment, credentials from netrc and tokens, too;
 * "user:password@" in a URL is sent and never shown. Nobody but the host that they are for gets
 * credentials.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <factory/ctx.h>

#include "base/stream.h"
#include "base/vec.h"

#define LF_HTTP_MAX_BODY (UINT64_C(2) << 30) /* upstream's library default */

struct lf_http_options {
	uint64_t max_body; /* of one response; 0: LF_HTTP_MAX_BODY; UINT64_MAX: none */
	unsigned parallel; /* transfers at once; 0: CPUs + 1, at least 4 */
	unsigned tries;    /* 0: 5 */
	unsigned pause_ms; /* before the second try, doubled for each more, at most 30 s; 0: 1000 */
	unsigned stall_s;  /* a connection on which nothing moves for so long is broken; 0:
			      $FACTORY_STALL_SECONDS, else 120 */
	bool offline; /* every transfer fails: network request blocked in offline mode: GET URL */
	const char *agent; /* User-Agent; NULL: "factory" */
};

/* Holds connections open between runs. Thread-safe: several threads may run transfers at once. */
struct lf_http;
struct lf_http *lf_http_new(const struct lf_ctx *ctx, const struct lf_http_options *o);
void lf_http_free(struct lf_http *h); /* NULL is fine */

struct lf_http_transfer {
	/* ---- the request; all pointers stay the caller's ---- */
	const char *method; /* NULL: GET */
	const char *url;
	const char *shown; /* what messages call the URL; NULL: the URL without its password */
	const char *unix_socket; /* connect there, whatever host the URL names; NULL: no */
	struct lf_strv headers;  /* "Name: value" */
	struct lf_str body;      /* to send, from memory */
	int body_fd;             /* or from a file, when body_size is not 0 and body.p is NULL */
	uint64_t body_offset, body_size;
	bool no_auth;  /* HTTP_AUTH and netrc are not for this one */
	bool once;     /* no second try */
	bool probing;  /* none without a reply: is anybody there? */
	bool nearby;   /* at this machine or beside it: no proxy, and it answers at once or is not
			  there */
	bool keep_tls; /* a redirect may not lead from https to http */
	struct lf_writer
		*to; /* takes the body of a 2xx reply, in order, each byte once; NULL: dropped */
	uint64_t max_body; /* 0: the client's */
	void *data;        /* the caller's */

	/* ---- the reply ---- */
	unsigned status;         /* of the last reply; 0 when none came */
	struct lf_buf fields;    /* its header lines */
	struct lf_buf complaint; /* the first 4 KiB of the body of a reply that is not 2xx */
	uint64_t received;       /* body bytes given to `to` */
	bool changed;            /* err: it broke off, and there is something else at the URL now */
	/* Why there is no whole reply: no connection, limits, retries used up. A reply of any
	 * status that is not tried again is no error. */
	struct lf_err err;
};

/* Called in the loop's thread as each transfer ends, well or not. False (with err set) stops all
 * others. */
typedef bool lf_http_done_fn(void *data, struct lf_http_transfer *t, struct lf_err *err);

/* Runs all n to their ends. False when interrupted, when done says so, or without libcurl; the ends
 * of the transfers are in each of them. done may be NULL. */
bool lf_http_run(struct lf_http *h, struct lf_http_transfer *const *t, size_t n,
		 lf_http_done_fn *done, void *data, struct lf_err *err) LF_MUST_CHECK;
/* One transfer; its own err is moved to err. True for any status. */
bool lf_http_one(struct lf_http *h, struct lf_http_transfer *t, struct lf_err *err) LF_MUST_CHECK;

/* Value of a header field of the reply, without blanks around it; empty when it is not there. */
struct lf_str lf_http_field(const struct lf_http_transfer *t, const char *name);
/* ETag without its surrounding quotes (a weak one keeps W/" in front); empty when there is none. */
struct lf_str lf_http_etag(const struct lf_http_transfer *t);
/* "404 Not Found" */
const char *lf_http_status_text(unsigned status);
void lf_http_transfer_fini(struct lf_http_transfer *t);

/* User and password for a host from HTTP_AUTH ("basic:HOST:USER:PASSWORD"), as "USER:PASSWORD".
 * False when it is not for this URL. */
bool lf_http_env_auth(const char *url, const char *http_auth, struct lf_buf *ret);
