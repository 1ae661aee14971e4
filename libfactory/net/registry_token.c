/*
 * The proof that a registry wants: user and password as they are (Basic), or a token that another
 * server makes of them (Bearer; "Token Authentication" of the distribution project). Secrets stand
 * in headers and bodies of requests, never in URLs and messages.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "net/registry_impl.h"

#include <string.h>

#include "codec/json.h"
#include "net/url.h"
#include "trust/digest.h"
#include "base/banned.h"

#define MAX_REPLY ((size_t)1 << 20)
#define CLIENT    "apko"

static const char *basic_line(struct lf_registry *r)
{
	const struct lf_registry_auth *a = r->o->auth;
	lf_auto_buf plain = {0}, line = {0};

	if (!a->user && !a->password)
		return NULL;
	lf_buf_printf(&plain, "%s:%s", a->user ? a->user : "", a->password ? a->password : "");
	lf_buf_puts(&line, "Authorization: Basic ");
	lf_base64(&line, plain.p, plain.n);
	return lf_arena_str(&r->arena, lf_buf_view(&line));
}

/* A token goes into a header line: nothing in it may end that. */
static const char *bearer_line(struct lf_registry *r, const char *token)
{
	for (const char *p = token; *p; p++)
		if (*p <= 0x20 || *p > 0x7e)
			return NULL;
	return lf_arena_printf(&r->arena, "Authorization: Bearer %s", token);
}

/* ---- asking the token server ---- */

static bool read_token(struct lf_registry *r, struct lf_call *c, struct lf_err *err)
{
	lf_auto_json *v = lf_docker_json(lf_buf_view(&c->reply), "reply", NULL);
	const char *token = lf_docker_json_text(v, "access_token", &r->arena);

	if (!token)
		token = lf_docker_json_text(v, "token", &r->arena);
	r->authorization = token ? bearer_line(r, token) : NULL;
	return r->authorization ||
	       lf_fail_new(err, LF_E_NET, "%s %s: there is no token in the reply", c->t.method,
			   c->t.shown);
}

/* GET REALM?scope=...&service=..., with user and password if there are any. */
static bool get_token(struct lf_registry *r, struct lf_err *err)
{
	const char *basic = basic_line(r), *realm = r->challenge.realm;
	lf_auto_buf query = {0};
	lf_auto_call c = {0};

	for (size_t i = 0; i < r->scopes.n; i++)
		lf_form_add(&query, "scope", r->scopes.v[i]);
	lf_form_add(&query, "service", r->challenge.service);
	lf_call_init(&c, r, "GET",
		     lf_arena_printf(&r->arena, "%s%c%s", realm, strchr(realm, '?') ? '&' : '?',
				     lf_buf_c(&query)));
	if (basic)
		lf_strv_add(&c.t.headers, basic);
	lf_call_keep(&c, MAX_REPLY);
	struct lf_http_transfer *t = &c.t;
	bool ok = lf_http_run(r->o->http, &t, 1, NULL, NULL, err);

	lf_strv_fini(&c.t.headers);
	if (!ok)
		return false;
	if (c.t.err.class || c.t.status != 200)
		return lf_call_fail(&c, err);
	return read_token(r, &c, err);
}

/* POST of the identity token as a form. *ret_absent: the server has no such thing. */
static bool post_token(struct lf_registry *r, bool *ret_absent, struct lf_err *err)
{
	lf_auto_buf form = {0}, scope = {0};
	lf_auto_strv headers = {0};
	lf_auto_call c = {0};

	for (size_t i = 0; i < r->scopes.n; i++)
		lf_buf_printf(&scope, "%s%s", i ? " " : "", r->scopes.v[i]);
	lf_form_add(&form, "client_id", CLIENT);
	lf_form_add(&form, "grant_type", "refresh_token");
	lf_form_add(&form, "refresh_token", r->o->auth->identity_token);
	lf_form_add(&form, "scope", lf_buf_c(&scope));
	lf_form_add(&form, "service", r->challenge.service);
	lf_call_init(&c, r, "POST", r->challenge.realm);
	lf_strv_add(&headers, "Content-Type: application/x-www-form-urlencoded");
	c.t.headers = headers;
	c.t.body = lf_buf_view(&form);
	lf_call_keep(&c, MAX_REPLY);
	struct lf_http_transfer *t = &c.t;

	if (!lf_http_run(r->o->http, &t, 1, NULL, NULL, err))
		return false;
	*ret_absent = c.t.status == 404 || c.t.status == 405;
	if (c.t.err.class || c.t.status != 200)
		return lf_call_fail(&c, err);
	return read_token(r, &c, err);
}

/* Passwords do not go where a line tapper sees them unless the registry itself is spoken to so. */
static bool check_realm(const struct lf_registry *r, struct lf_err *err)
{
	if (lf_starts(r->base, "https://") && !lf_starts(r->challenge.realm, "https://"))
		return lf_fail_new(err, LF_E_NET, "the token server of %s is not https: %s",
				   r->o->registry, r->challenge.realm);
	return true;
}

static bool fetch_token(struct lf_registry *r, struct lf_err *err)
{
	bool absent = false;

	if (!check_realm(r, err))
		return false;
	if (r->o->auth->identity_token) {
		if (post_token(r, &absent, err))
			return true;
		if (!absent)
			return false;
	}
	return get_token(r, err);
}

bool lf_registry_authorize(struct lf_registry *r, struct lf_err *err)
{
	switch (r->challenge.kind) {
	case LF_CHALLENGE_NONE:
		return true;
	case LF_CHALLENGE_BASIC:
		r->authorization = basic_line(r);
		return true;
	case LF_CHALLENGE_BEARER:
		break;
	}
	if (!r->o->auth->registry_token)
		return fetch_token(r, err);
	r->authorization = bearer_line(r, r->o->auth->registry_token);
	return true;
}
