/*
 * Requests to a registry: headers, the proof that it wants, a second try when a token has expired,
 * and the way from an upload's Location to an absolute URL.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "net/registry_impl.h"

#include <strings.h>

#include "net/url.h"
#include "base/banned.h"

void lf_call_init(struct lf_call *c, struct lf_registry *r, const char *method, const char *url)
{
	const char *absolute = *url == '/' ? lf_arena_printf(&r->arena, "%s%s", r->base, url) : url;
	struct lf_str rest = lf_str(absolute);
	const struct lf_str shown = lf_str_cut(&rest, '?');

	/* What follows "?" may be a secret of an upload. */
	*c = (struct lf_call){.t = {.method = method,
				    .url = absolute,
				    .shown = lf_arena_str(&r->arena, shown),
				    .body_fd = -1,
				    .no_auth = true}};
}

void lf_call_fini(struct lf_call *c)
{
	if (c->t.to && lf_writer_close(c->t.to, NULL)) /* to memory: cannot fail */
		c->t.to = NULL;
	lf_http_transfer_fini(&c->t);
	lf_strv_fini(&c->headers);
	lf_buf_fini(&c->reply);
}

void lf_call_header(struct lf_call *c, struct lf_registry *r, const char *fmt, ...)
{
	lf_auto_buf line = {0};
	va_list ap;

	va_start(ap, fmt);
	lf_buf_vprintf(&line, fmt, ap);
	va_end(ap);
	lf_strv_add(&c->headers, lf_arena_strdup(&r->arena, lf_buf_c(&line)));
}

void lf_call_keep(struct lf_call *c, size_t max)
{
	c->t.to = lf_writer_buf(&c->reply);
	c->t.max_body = max;
}

const char *lf_registry_path(struct lf_registry *r, const char *kind, const char *name)
{
	return lf_arena_printf(&r->arena, "/v2/%s/%s/%s", r->o->repository, kind, name);
}

/* ---- locations ---- */

static bool is_plain(struct lf_str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] <= 0x20 || s.p[i] > 0x7e)
			return false;
	return s.n > 0;
}

static struct lf_str without(struct lf_str s, char c)
{
	const ptrdiff_t at = lf_str_find(s, c);

	return at < 0 ? s : lf_str_sub(s, 0, (size_t)at);
}

static const char *resolve(struct lf_registry *r, const char *from, struct lf_str to)
{
	const char *text = lf_arena_str(&r->arena, to);
	struct lf_url url, base;

	if (lf_is_url(text))
		return lf_url_parse(text, &url) && !url.userinfo.n ? text : NULL;
	if (!lf_url_parse(from, &base))
		return NULL;
	if (lf_str_starts(to, "//"))
		return lf_arena_printf(&r->arena, LF_STR_FMT ":%s", LF_STR_ARG(base.scheme), text);
	if (lf_str_starts(to, "/"))
		return lf_arena_printf(&r->arena, LF_STR_FMT "://" LF_STR_FMT "%s",
				       LF_STR_ARG(base.scheme), LF_STR_ARG(base.host), text);
	if (lf_str_starts(to, "?"))
		return lf_arena_printf(&r->arena, LF_STR_FMT "%s",
				       LF_STR_ARG(without(lf_str(from), '?')), text);
	return NULL;
}

const char *lf_call_location(struct lf_call *c, struct lf_registry *r, struct lf_err *err)
{
	const struct lf_str to = without(lf_http_field(&c->t, "Location"), '#');
	const char *url = is_plain(to) ? resolve(r, c->t.url, to) : NULL;

	if (!url)
		lf_fail_new(err, LF_E_NET, "%s %s: the reply does not say where to go on",
			    c->t.method, c->t.shown);
	return url;
}

/* ---- running ---- */

/* Does a URL lead to the registry itself, the same way? Others must not see what we show it. */
static bool is_own(const struct lf_registry *r, const char *text)
{
	struct lf_url url, base;

	return lf_url_parse(text, &url) && lf_url_parse(r->base, &base) &&
	       lf_str_eq(url.scheme, base.scheme) && lf_str_eq(url.host, base.host);
}

static void prepare(struct lf_registry *r, struct lf_call *c)
{
	c->t.headers.n = 0;
	lf_strv_addv(&c->t.headers, &c->headers);
	if (r->authorization && is_own(r, c->t.url))
		lf_strv_add(&c->t.headers, r->authorization);
}

static bool run(struct lf_registry *r, struct lf_call *const *c, size_t n, lf_http_done_fn *done,
		void *data, struct lf_err *err)
{
	LF_VEC(struct lf_http_transfer *) t = {0};

	for (size_t i = 0; i < n; i++) {
		prepare(r, c[i]);
		lf_vec_push(&t, &c[i]->t);
	}
	bool ok = lf_http_run(r->o->http, t.v, n, done, data, err);

	for (size_t i = 0; i < n; i++)
		lf_strv_fini(&c[i]->t.headers);
	lf_vec_fini(&t);
	return ok;
}

static bool is_refused(const struct lf_registry *r, const struct lf_call *c)
{
	return c->t.status == 401 && !c->t.err.class && is_own(r, c->t.url);
}

/* What is wanted now joins what was wanted before: tokens are for all scopes of the repository. */
static void adopt(struct lf_registry *r, const struct lf_challenge *c)
{
	r->challenge = *c;
	if (c->scope && !lf_strv_has(&r->scopes, c->scope))
		lf_strv_add(&r->scopes, c->scope);
}

/* False, without an error, when there is nothing new to show. */
static bool renew(struct lf_registry *r, const struct lf_call *refused, struct lf_err *err)
{
	const char *before = r->authorization;
	struct lf_challenge c;

	if (!lf_challenge_find(lf_buf_view(&refused->t.fields), &r->arena, &c))
		return false;
	adopt(r, &c);
	if (!lf_registry_authorize(r, err) || !r->authorization)
		return false;
	return !before || strcmp(before, r->authorization) != 0;
}

bool lf_registry_run(struct lf_registry *r, struct lf_call *const *c, size_t n,
		     lf_http_done_fn *done, void *data, struct lf_err *err)
{
	LF_VEC(struct lf_call *) again = {0};
	lf_auto_err why = {0};

	if (n == 0)
		return true;
	if (!run(r, c, n, done, data, err))
		return false;
	for (size_t i = 0; i < n; i++)
		if (is_refused(r, c[i]))
			lf_vec_push(&again, c[i]);
	bool ok = true;

	if (again.n && renew(r, again.v[0], &why))
		ok = run(r, again.v, again.n, done, data, err);
	else if (why.class)
		ok = (lf_err_move(err, &why), false);
	lf_vec_fini(&again);
	return ok;
}

bool lf_registry_call(struct lf_registry *r, struct lf_call *c, struct lf_err *err)
{
	if (!lf_registry_run(r, &c, 1, NULL, NULL, err))
		return false;
	return !c->t.err.class || lf_call_fail(c, err);
}

bool lf_call_fail(struct lf_call *c, struct lf_err *err)
{
	lf_auto_buf words = {0};

	if (c->t.err.class && c->t.status < 400)
		return lf_err_move(err, &c->t.err), false;
	lf_registry_words(&words, &c->t);
	return lf_fail_new(err, c->t.status == 404 ? LF_E_NOT_FOUND : LF_E_NET, "%s", words.p);
}

bool lf_registry_do(struct lf_registry *r, struct lf_call *c, struct lf_err *err)
{
	return lf_registry_call(r, c, err) &&
	       ((c->t.status >= 200 && c->t.status < 300) || lf_call_fail(c, err));
}
