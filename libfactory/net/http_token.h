/*
 * The tokens of a client, asked for when they are first needed. Not for other rooms.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <time.h>

#include "net/http.h"

/* One way to a token, and what came of it. */
struct lf_http_token_way {
	struct lf_buf text; /* empty: none */
	time_t asked;       /* 0: not yet */
};

struct lf_http_token {
	struct lf_http_token_way kubernetes, google, chainctl;
};

/* Is the URL one for which there may be a token, and which HTTP_AUTH says nothing of? */
bool lf_http_wants_token(const char *url);
/* The token for such a URL, appended; nothing when there is none. Transfers may be run for it. */
void lf_http_token(const struct lf_ctx *ctx, struct lf_http *h, struct lf_http_token *t,
		   const char *url, struct lf_buf *ret);
void lf_http_token_fini(struct lf_http_token *t);
