/*
 * Cutting URLs into parts, masking passwords, escaping. Text in, text out; nothing is resolved or
 * fetched.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "net/url.h"

#include <strings.h>

#include "base/mem.h"

#include "base/banned.h"

bool lf_url_is_tls(const char *s)
{
	return strncasecmp(s, "https://", 8) == 0;
}

bool lf_is_url(const char *s)
{
	return strncasecmp(s, "http://", 7) == 0 || lf_url_is_tls(s);
}

char *lf_url_local_path(const char *s)
{
	struct lf_str rest = lf_str(s);
	struct lf_buf path = {0};

	if (!lf_str_skip(&rest, "file://"))
		return lf_strdup(s);
	if (!lf_str_starts(rest, "/"))
		(void)lf_str_skip(&rest, "localhost");
	if (lf_str_starts(rest, "/") && lf_url_unescape(&path, rest))
		return lf_buf_detach(&path);
	lf_buf_fini(&path);
	return lf_strdup(s);
}

static struct lf_str cut_at(struct lf_str s, const char *stops, size_t *ret_n)
{
	size_t n = 0;

	while (n < s.n && !strchr(stops, s.p[n]))
		n++;
	*ret_n = n;
	return lf_str_sub(s, 0, n);
}

/* "[::1]:80" and "name:80" without the port. */
static struct lf_str host_name(struct lf_str host)
{
	const ptrdiff_t colon = lf_str_rfind(host, ':'), bracket = lf_str_rfind(host, ']');

	return colon > bracket ? lf_str_sub(host, 0, (size_t)colon) : host;
}

bool lf_url_parse(const char *s, struct lf_url *ret)
{
	struct lf_str rest = lf_str(s);
	struct lf_url url = {0};
	size_t n;

	if (!lf_is_url(s))
		return false;
	url.scheme = lf_str_sub(rest, 0, (size_t)lf_str_find(rest, ':'));
	rest = lf_str_sub(rest, url.scheme.n + 3, rest.n);
	const struct lf_str authority = cut_at(rest, "/?#", &n);
	rest = lf_str_sub(rest, n, rest.n);
	const ptrdiff_t at = lf_str_rfind(authority, '@');
	if (at >= 0) {
		url.userinfo = lf_str_sub(authority, 0, (size_t)at);
		url.has_password = lf_str_find(url.userinfo, ':') >= 0;
	}
	url.host = lf_str_sub(authority, (size_t)(at + 1), authority.n);
	url.name = host_name(url.host);
	url.path = cut_at(rest, "?#", &n);
	if (!url.name.n)
		return false;
	*ret = url;
	return true;
}

/* The URL with `instead` for the user information. */
static char *replace_userinfo(const char *s, const struct lf_url *url, struct lf_str instead)
{
	struct lf_buf out = {0};
	const struct lf_str all = lf_str(s);

	lf_buf_str(&out, lf_str_sub(all, 0, (size_t)(url->scheme.p + url->scheme.n + 3 - s)));
	lf_buf_str(&out, instead);
	lf_buf_str(&out, lf_str_sub(all, (size_t)(url->host.p - s), all.n));
	return lf_buf_detach(&out);
}

char *lf_url_mask(const char *s)
{
	struct lf_url url;
	lf_auto_buf masked = {0};

	if (!lf_url_parse(s, &url) || !url.has_password)
		return lf_strdup(s);
	const ptrdiff_t colon = lf_str_find(url.userinfo, ':');
	lf_buf_str(&masked, lf_str_sub(url.userinfo, 0, (size_t)colon));
	lf_buf_puts(&masked, ":xxxxx@");
	return replace_userinfo(s, &url, lf_buf_view(&masked));
}

char *lf_url_strip(const char *s)
{
	struct lf_url url;

	return lf_url_parse(s, &url) ? replace_userinfo(s, &url, LF_STR("")) : lf_strdup(s);
}

static bool is_plain(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c && strchr("-_.~", c));
}

void lf_url_escape(struct lf_buf *out, struct lf_str s)
{
	for (size_t i = 0; i < s.n; i++) {
		const unsigned char c = (unsigned char)s.p[i];

		if (is_plain(c))
			lf_buf_putc(out, (char)c);
		else if (c == ' ')
			lf_buf_putc(out, '+');
		else
			lf_buf_printf(out, "%%%02X", c);
	}
}

void lf_form_add(struct lf_buf *out, const char *key, const char *value)
{
	if (!value)
		return;
	if (out->n && out->p[out->n - 1] != '?')
		lf_buf_putc(out, '&');
	lf_url_escape(out, lf_str(key));
	lf_buf_putc(out, '=');
	lf_url_escape(out, lf_str(value));
}

bool lf_url_unescape(struct lf_buf *out, struct lf_str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c == '%') {
			if (!lf_unhex(lf_str_sub(s, i + 1, i + 3), &c, 1) || !c)
				return false;
			i += 2;
		}
		lf_buf_putc(out, c);
	}
	return true;
}
