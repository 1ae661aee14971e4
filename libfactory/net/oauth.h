/*
 * Asking token servers: a form or a JSON value goes there, a token comes back (OAuth 2.0, RFC 6749
 * and what is built on it). Secrets stand in bodies and headers of requests, never in messages. Not
 * for other rooms.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "base/arena.h"
#include "net/http.h"

struct lf_oauth_request {
	const char *url;
	struct lf_str body; /* to POST; p NULL: GET */
	bool json;          /* the body is JSON, otherwise a form */
	const char *header; /* one more header line; NULL: none */
	const char *bearer; /* a token that allows us to ask; NULL: none */
	const char *agent;  /* User-Agent; NULL: the client's */
	const char
		*key; /* of the token in the reply, a JSON object; NULL: the reply is the token */
	bool nearby;  /* see struct lf_http_transfer */
};

/* The token, in the arena; NULL on failure. */
const char *lf_oauth_ask(struct lf_http *http, const struct lf_oauth_request *r,
			 struct lf_arena *arena, struct lf_err *err) LF_MUST_CHECK;

/* Printable, without blanks, not empty: fit for a header line. */
bool lf_token_is_clean(struct lf_str token);
