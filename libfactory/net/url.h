/*
 * URLs as far as fetching needs them: parts, and forms that are safe to show and to store.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"

struct lf_url {
	struct lf_str scheme;   /* "http" or "https", in any case as written */
	struct lf_str userinfo; /* "user:password", empty when there is none */
	struct lf_str host;     /* with the port, if one is written */
	struct lf_str name;     /* the host without port */
	struct lf_str path;     /* with the leading slash; no query, no fragment */
	bool has_password;
};

/* "http://..." or "https://..."? */
bool lf_is_url(const char *s);
/* "https://..."? */
bool lf_url_is_tls(const char *s);
/* "file:///path" (also with "localhost", and %XX for bytes) → the path; any other text is a path as
 * it stands. Caller frees. */
char *lf_url_local_path(const char *s);
/* False when it is neither or has no host. Views into s. */
bool lf_url_parse(const char *s, struct lf_url *ret);

/* The URL for messages: a password becomes "xxxxx", as Go prints it. Anything that is no URL is
 * copied. Caller frees. */
char *lf_url_mask(const char *url);
/* The URL without user and password. Caller frees. */
char *lf_url_strip(const char *url);
/* Form escaping as Go's url.QueryEscape: letters, digits and -_.~ stay, a blank becomes "+".
 * Appended. */
void lf_url_escape(struct lf_buf *out, struct lf_str s);
/* "KEY=VALUE", both escaped like this, behind what is there: a query or a form. NULL: nothing. */
void lf_form_add(struct lf_buf *out, const char *key, const char *value);
/* %XX back to bytes, appended; false on a broken escape or a NUL byte. */
bool lf_url_unescape(struct lf_buf *out, struct lf_str s);
