/*
 * What the files about Google's credentials share. Not for other rooms. All texts are in the arena;
 * NULL is a failure.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "codec/json.h"
#include "net/google.h"

#define LF_GOOGLE_TOKEN_URL "https://oauth2.googleapis.com/token"
#define LF_GOOGLE_SCOPE     "https://www.googleapis.com/auth/cloud-platform"

struct lf_google {
	struct lf_http *http;
	struct lf_arena *arena;
};

/* A field of credentials; a failure when it is not there. */
const char *lf_google_field(struct lf_google *g, const json_t *credentials, const char *key,
			    struct lf_err *err) LF_MUST_CHECK;

/* google_account.c: trades a signed statement of a service account, with one claim more, for the
 * token that the reply calls `reply_key`. */
const char *lf_google_account_token(struct lf_google *g, const json_t *account, const char *claim,
				    const char *value, const char *reply_key,
				    struct lf_err *err) LF_MUST_CHECK;

/* google_access.c: an access token for credentials of any type but impersonated ones. */
const char *lf_google_access_token(struct lf_google *g, const json_t *credentials,
				   struct lf_err *err) LF_MUST_CHECK;
