/*
 * One try of a transfer as a libcurl handle: request, credentials, proxy and certificates from the
 * environment, callbacks; and Go's words for libcurl's failures.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "net/http_flight.h"
#include "net/url.h"

#include "base/banned.h"

#define CONNECT_SECONDS 30L
#define NEARBY_SECONDS  2L
#define LEAST_SPEED     64L /* bytes a second */
#define DIGESTING       5L  /* times as long may one be silent who got something large */
#define MAX_REDIRECTS   10L

/* The first of the variables that is set and not empty. */
static const char *find_env(const char *a, const char *b)
{
	const char *value = getenv(a);

	if (!value || !*value)
		value = getenv(b);
	return value && *value ? value : NULL;
}

static bool is_loopback(struct lf_str name)
{
	return lf_str_is(name, "localhost") || lf_str_starts(name, "127.") ||
	       lf_str_is(name, "[::1]");
}

/* compat: Go asks the upper-case names as well, also for http, and never sends loopback hosts to a
 * proxy. */
static bool set_way(struct lf_flight *f)
{
	struct lf_url url;

	if (f->t->unix_socket)
		return !f->curl->easy_setopt(f->easy, CURLOPT_UNIX_SOCKET_PATH, f->t->unix_socket);
	if (!lf_url_parse(f->t->url, &url))
		return true;
	if (f->t->nearby || is_loopback(url.name))
		return !f->curl->easy_setopt(f->easy, CURLOPT_NOPROXY, "*");
	const char *proxy = lf_url_is_tls(f->t->url) ? find_env("HTTPS_PROXY", "https_proxy")
						     : find_env("HTTP_PROXY", "http_proxy");
	return !proxy || !f->curl->easy_setopt(f->easy, CURLOPT_PROXY, proxy);
}

static bool set_tls(struct lf_flight *f)
{
	const char *file = find_env("SSL_CERT_FILE", "SSL_CERT_FILE");
	struct curl_blob roots = {.data = (void *)(uintptr_t)f->roots.p,
				  .len = f->roots.n,
				  .flags = CURL_BLOB_NOCOPY};

	if (roots.len)
		return !f->curl->easy_setopt(f->easy, CURLOPT_CAINFO_BLOB, &roots);
	return !file || !f->curl->easy_setopt(f->easy, CURLOPT_CAINFO, file);
}

static bool set_redirects(struct lf_flight *f)
{
	const char *to = f->t->keep_tls && lf_url_is_tls(f->t->url) ? "https" : "http,https";

	return !f->curl->easy_setopt(f->easy, CURLOPT_FOLLOWLOCATION, 1L) &&
	       !f->curl->easy_setopt(f->easy, CURLOPT_MAXREDIRS, MAX_REDIRECTS) &&
	       !f->curl->easy_setopt(f->easy, CURLOPT_REDIR_PROTOCOLS_STR, to);
}

/* $NETRC, else ~/.netrc; what a URL says itself comes first. libcurl reads it, and it need not be
 * there. */
static bool set_netrc(struct lf_flight *f)
{
	const char *file = find_env("NETRC", "NETRC");

	return !f->curl->easy_setopt(f->easy, CURLOPT_NETRC, (long)CURL_NETRC_OPTIONAL) &&
	       (!file || !f->curl->easy_setopt(f->easy, CURLOPT_NETRC_FILE, file));
}

/* What HTTP_AUTH or a token says comes before user and password in the URL, which libcurl sends by
 * itself. */
static bool set_url(struct lf_flight *f)
{
	lf_auto_buf auth = {0};

	if (f->token.n)
		lf_buf_printf(&auth, "user:" LF_STR_FMT, LF_STR_ARG(lf_buf_view(&f->token)));
	else if (f->t->no_auth || !lf_http_env_auth(f->t->url, getenv("HTTP_AUTH"), &auth))
		return !f->curl->easy_setopt(f->easy, CURLOPT_URL, f->t->url) &&
		       (f->t->no_auth || set_netrc(f));
	const size_t colon = (size_t)lf_str_find(lf_buf_view(&auth), ':');
	auth.p[colon] = '\0';
	lf_auto_free char *bare = lf_url_strip(f->t->url);
	return !f->curl->easy_setopt(f->easy, CURLOPT_URL, bare) &&
	       !f->curl->easy_setopt(f->easy, CURLOPT_USERNAME, auth.p) &&
	       !f->curl->easy_setopt(f->easy, CURLOPT_PASSWORD, auth.p + colon + 1);
}

static bool add_header(struct lf_flight *f, const char *line)
{
	struct curl_slist *list = f->curl->slist_append(f->headers, line);

	if (list)
		f->headers = list;
	return list != NULL;
}

static bool set_headers(struct lf_flight *f)
{
	for (size_t i = 0; i < f->t->headers.n; i++) {
		if (!add_header(f, f->t->headers.v[i]))
			return false;
	}
	/* Ranges and digests are of the bytes as they are kept. Waiting for "100 Continue" helps
	 * nobody here. */
	return add_header(f, "Accept-Encoding: identity") && add_header(f, "Expect:") &&
	       !f->curl->easy_setopt(f->easy, CURLOPT_HTTPHEADER, f->headers);
}

static bool set_method(struct lf_flight *f)
{
	const struct lf_http_transfer *t = f->t;
	const char *method = t->method ? t->method : "GET";
	const bool body = strcmp(method, "POST") == 0 || strcmp(method, "PUT") == 0 ||
			  strcmp(method, "PATCH") == 0;
	const curl_off_t size = (curl_off_t)(t->body.p ? t->body.n : t->body_size);

	if (strcmp(method, "GET") == 0)
		return true;
	if (strcmp(method, "HEAD") == 0)
		return !f->curl->easy_setopt(f->easy, CURLOPT_NOBODY, 1L);
	if (f->curl->easy_setopt(f->easy, CURLOPT_CUSTOMREQUEST, method))
		return false;
	return !body || (!f->curl->easy_setopt(f->easy, CURLOPT_UPLOAD, 1L) &&
			 !f->curl->easy_setopt(f->easy, CURLOPT_INFILESIZE_LARGE, size) &&
			 !f->curl->easy_setopt(f->easy, CURLOPT_READFUNCTION, lf_flight_on_send) &&
			 !f->curl->easy_setopt(f->easy, CURLOPT_READDATA, f) &&
			 !f->curl->easy_setopt(f->easy, CURLOPT_SEEKFUNCTION, lf_flight_on_seek) &&
			 !f->curl->easy_setopt(f->easy, CURLOPT_SEEKDATA, f));
}

/* Goes on behind the bytes that are there; when they are not the same any more, a server that
 * knows how to sends the whole. */
static bool set_range(struct lf_flight *f)
{
	lf_auto_buf same = {0};
	char range[32];

	f->range_from = f->t->received;
	if (!f->range_from)
		return true;
	f->resumed++;
	if (f->etag.n && f->etag.p[0] == '"')
		lf_buf_printf(&same, "If-Range: " LF_STR_FMT, LF_STR_ARG(lf_buf_view(&f->etag)));
	if (same.n && !add_header(f, same.p))
		return false;
	snprintf(range, sizeof(range), "%" PRIu64 "-", f->range_from);
	return !f->curl->easy_setopt(f->easy, CURLOPT_RANGE, range);
}

static bool set_fixed(struct lf_flight *f)
{
	const struct lf_curl *c = f->curl;
	CURL *easy = f->easy;
	const bool sends = f->t->body.n || f->t->body_size;
	const long stall = (long)f->o->stall_s;
	const long most = f->t->nearby ? NEARBY_SECONDS : CONNECT_SECONDS;

	return !c->easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https") &&
	       !c->easy_setopt(easy, CURLOPT_NOSIGNAL, 1L) &&
	       !c->easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, stall < most ? stall : most) &&
	       !c->easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, LEAST_SPEED) &&
	       !c->easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, sends ? DIGESTING * stall : stall) &&
	       !c->easy_setopt(easy, CURLOPT_NOPROGRESS, 0L) &&
	       !c->easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, lf_flight_on_progress) &&
	       !c->easy_setopt(easy, CURLOPT_XFERINFODATA, f) &&
	       !c->easy_setopt(easy, CURLOPT_USERAGENT, f->o->agent ? f->o->agent : "factory") &&
	       !c->easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L) &&
	       !c->easy_setopt(easy, CURLOPT_HEADERFUNCTION, lf_flight_on_header) &&
	       !c->easy_setopt(easy, CURLOPT_HEADERDATA, f) &&
	       !c->easy_setopt(easy, CURLOPT_WRITEFUNCTION, lf_flight_on_body) &&
	       !c->easy_setopt(easy, CURLOPT_WRITEDATA, f) &&
	       !c->easy_setopt(easy, CURLOPT_ERRORBUFFER, f->reason) &&
	       !c->easy_setopt(easy, CURLOPT_PRIVATE, f);
}

bool lf_flight_setup(struct lf_flight *f, struct lf_err *err)
{
	f->easy = f->curl->easy_init();
	f->reason[0] = '\0';
	f->sent = 0;
	f->body_begun = f->enough = false;
	f->t->status = 0;
	f->before_try = f->t->received;
	lf_buf_clear(&f->t->fields);
	lf_buf_clear(&f->t->complaint);
	if (f->easy && set_fixed(f) && set_url(f) && set_way(f) && set_tls(f) && set_redirects(f) &&
	    set_range(f) && set_headers(f) && set_method(f))
		return true;
	lf_flight_teardown(f);
	return lf_fail_new(err, LF_E_NET,
			   "libcurl cannot do what is needed (version 7.85 or later is)");
}

void lf_flight_teardown(struct lf_flight *f)
{
	if (f->easy)
		f->curl->easy_cleanup(f->easy);
	f->curl->slist_free_all(f->headers);
	f->easy = NULL;
	f->headers = NULL;
}

/* "tcp HOST:PORT" */
static void print_address(const struct lf_flight *f, struct lf_buf *out)
{
	struct lf_url url;

	if (f->t->unix_socket) {
		lf_buf_printf(out, "unix %s", f->t->unix_socket);
	} else if (lf_url_parse(f->t->url, &url)) {
		const char *port = url.host.n > url.name.n ? ""
				   : url.scheme.n == 5     ? ":443"
							   : ":80";

		lf_buf_printf(out, "tcp " LF_STR_FMT "%s", LF_STR_ARG(url.host), port);
	}
}

/* "dial tcp HOST:PORT: connect: connection refused" */
static void print_connect(const struct lf_flight *f, struct lf_buf *out)
{
	lf_auto_buf address = {0};
	lf_auto_err text = {0};
	long saved = 0;

	f->curl->easy_getinfo(f->easy, CURLINFO_OS_ERRNO, &saved);
	print_address(f, &address);
	if (!saved || !address.n) {
		lf_buf_puts(out, f->reason);
		return;
	}
	errno = (int)saved;
	lf_fail_errno(&text, "dial %s: connect", address.p);
	lf_buf_puts(out, lf_err_text(&text));
}

void lf_flight_reason(const struct lf_flight *f, CURLcode code, struct lf_buf *out)
{
	struct lf_url url;

	if (code == CURLE_COULDNT_CONNECT) {
		print_connect(f, out);
	} else if (code == CURLE_COULDNT_RESOLVE_HOST && lf_url_parse(f->t->url, &url)) {
		lf_buf_printf(out, "dial tcp: lookup " LF_STR_FMT ": no such host",
			      LF_STR_ARG(url.name));
	} else if (code == CURLE_TOO_MANY_REDIRECTS) {
		lf_buf_puts(out, "stopped after 10 redirects");
	} else if (code == CURLE_SSL_CONNECT_ERROR && strstr(f->reason, "wrong version number")) {
		lf_buf_puts(out, "tls: first record does not look like a TLS handshake");
	} else if (code == CURLE_PARTIAL_FILE || code == CURLE_GOT_NOTHING) {
		lf_buf_puts(out, "unexpected EOF");
	} else {
		lf_buf_puts(out, f->reason[0] ? f->reason : f->curl->easy_strerror(code));
	}
}
