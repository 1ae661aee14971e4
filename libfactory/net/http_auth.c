/*
 * Credentials from the environment: HTTP_AUTH=basic:HOST:USER:PASSWORD (docs/formats: apko's
 * variables). In come a URL and the variable, out comes what to send, or nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "net/http.h"

#include "net/url.h"

#include "base/banned.h"

/* Exactly HOST:USER:PASSWORD. */
static bool match_plain(struct lf_str rest, const struct lf_url *url, struct lf_str *ret)
{
	const struct lf_str all = rest;
	const struct lf_str host = lf_str_cut(&rest, ':');

	if (!rest.p || !lf_str_eq(host, url->host))
		return false;
	*ret = rest;
	(void)lf_str_cut(&rest, ':');
	return rest.p && lf_str_find(rest, ':') < 0 && all.n > 0;
}

/* Beyond upstream, which can never match a host with a colon: HOST:PORT:USER:PASSWORD, and an
 * address of IPv6 in brackets. */
static bool match_port(struct lf_str rest, const struct lf_url *url, struct lf_str *ret)
{
	if (lf_str_find(url->host, ':') < 0 || rest.n <= url->host.n ||
	    !lf_str_eq(lf_str_sub(rest, 0, url->host.n), url->host) || rest.p[url->host.n] != ':')
		return false;
	*ret = lf_str_sub(rest, url->host.n + 1, rest.n);
	return lf_str_find(*ret, ':') >= 0;
}

bool lf_http_env_auth(const char *url_text, const char *http_auth, struct lf_buf *ret)
{
	struct lf_url url;
	struct lf_str rest = lf_str(http_auth), found;

	if (!http_auth || !lf_url_parse(url_text, &url) || !lf_str_skip(&rest, "basic:"))
		return false;
	if (!match_plain(rest, &url, &found) && !match_port(rest, &url, &found))
		return false;
	lf_buf_str(ret, found);
	return true;
}
