/*
 * What the files of the registry client share. Not for other rooms.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "net/challenge.h"
#include "net/registry.h"

#define LF_REGISTRY_INDEX "application/vnd.oci.image.index.v1+json"

struct lf_registry {
	const struct lf_registry_options *o;
	struct lf_registry_options options;
	struct lf_arena arena;
	const char *base; /* "https://HOST[:PORT]" */
	struct lf_challenge challenge;
	struct lf_strv scopes;     /* of the tokens to ask for */
	const char *authorization; /* header line; NULL: none needed so far */
};

/* One request. */
struct lf_call {
	struct lf_http_transfer t;
	struct lf_strv headers;
	struct lf_buf reply; /* its body, when asked for */
};
#define lf_auto_call __attribute__((cleanup(lf_call_fini))) struct lf_call

/* url is absolute, or a path of the registry ("/v2/...") that is appended to its base. */
void lf_call_init(struct lf_call *c, struct lf_registry *r, const char *method, const char *url);
void lf_call_fini(struct lf_call *c); /* harmless twice and on a zeroed struct */
void lf_call_header(struct lf_call *c, struct lf_registry *r, const char *fmt, ...) LF_PRINTF(3, 4);
/* Keeps the body of the reply, at most max bytes of it (more is an error). */
void lf_call_keep(struct lf_call *c, size_t max);
/* Also the "sha256:..." at the end: "/v2/REPOSITORY/blobs/sha256:...". In the arena. */
const char *lf_registry_path(struct lf_registry *r, const char *kind, const char *name);
/* Where the reply says to go on, absolute and in the arena; NULL (with err) when it does not. */
const char *lf_call_location(struct lf_call *c, struct lf_registry *r, struct lf_err *err);

/* Runs calls with the credentials that are needed; one that is refused as not authorized is tried a
 * second time with new ones. False when cut short; the end of each call is in it. */
bool lf_registry_run(struct lf_registry *r, struct lf_call *const *c, size_t n,
		     lf_http_done_fn *done, void *data, struct lf_err *err) LF_MUST_CHECK;
/* One call, with its own failure. True for any status. */
bool lf_registry_call(struct lf_registry *r, struct lf_call *c, struct lf_err *err) LF_MUST_CHECK;
/* The failure of a call: what went wrong on the way, or the registry's words. Returns false. */
bool lf_call_fail(struct lf_call *c, struct lf_err *err);
/* lf_registry_call, and a failure unless the status is 2xx. */
bool lf_registry_do(struct lf_registry *r, struct lf_call *c, struct lf_err *err) LF_MUST_CHECK;

/* registry.c: a manifest under a digest or tag; the reply stays in the call. */
bool lf_registry_put(struct lf_registry *r, const struct lf_registry_manifest *m, const char *name,
		     struct lf_call *c, struct lf_err *err) LF_MUST_CHECK;

/* registry_error.c: the sentence for a reply that is none of the good ones. */
void lf_registry_words(struct lf_buf *out, const struct lf_http_transfer *t);

/* registry_token.c: sets r->authorization from challenge and credentials. False when the token
 * server fails; true and NULL when there is nothing to show. */
bool lf_registry_authorize(struct lf_registry *r, struct lf_err *err) LF_MUST_CHECK;

/* registry_chunks.c: one blob in pieces, each of which may break and be sent again. */
bool lf_registry_push_chunks(struct lf_registry *r, const struct lf_registry_blob *b, int fd,
			     struct lf_err *err) LF_MUST_CHECK;
/* Appends the digest to an upload's location. In the arena. */
const char *lf_registry_finish_url(struct lf_registry *r, const char *location, const char *digest);
