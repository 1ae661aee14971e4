/*
 * Identity tokens of Google accounts, by application default credentials: the file that
 * $GOOGLE_APPLICATION_CREDENTIALS names, that of gcloud in the home, or the metadata server of a
 * machine of theirs. Formats: google.aip.dev/auth (4110, 4112, 4117) and cloud.google.com/iam.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "base/arena.h"
#include "net/http.h"

/* A token that tells the audience (a URL) who we are. In the arena; NULL on failure. */
const char *lf_google_id_token(struct lf_http *http, const char *audience, struct lf_arena *arena,
			       struct lf_err *err) LF_MUST_CHECK;
