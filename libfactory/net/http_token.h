/*
 * The token of a client, asked for when it is first needed. Not for other rooms.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <time.h>

#include "net/http.h"

struct lf_http_token {
	struct lf_buf text;
	time_t asked; /* 0: not yet */
};

/* Is the URL one for which there may be a token, and which HTTP_AUTH says nothing of? */
bool lf_http_wants_token(const char *url);
/* The token, appended; nothing when there is none. */
void lf_http_token(const struct lf_ctx *ctx, struct lf_http_token *t, struct lf_buf *ret);
void lf_http_token_fini(struct lf_http_token *t);
