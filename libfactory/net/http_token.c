/*
 * Tokens for Chainguard's repositories, sent as the password of "user". In come a URL and the
 * environment, out comes a token, or nothing. The first way that gives one counts:
 *
 *	apk.cgr.dev with $CHAINGUARD_IDENTITY: a token of Kubernetes ($K8S_TOKEN_PATH), else one of
 *	Google, is exchanged for one of that identity at the issuer;
 *	apk.cgr.dev or $APKO_APK_HOST: `chainctl auth token --audience HOST` prints one.
 *
 * The issuer's interface: POST /sts/exchange, a form with "aud" and "identity" and the token as
 * bearer; the reply is {"token": ...} (chainguard.dev/sdk, platform/oidc/v1).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "net/http_token.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/fs.h"
#include "base/proc.h"
#include "net/google.h"
#include "net/oauth.h"
#include "net/url.h"

#include "base/banned.h"

#define TOKEN_SECONDS 600 /* how long one is used */
#define MAX_TOKEN     65536
#define ISSUER        "https://issuer.enforce.dev"
#define AUDIENCE      "apk.cgr.dev"

static const char *env(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

static const char *chainctl_host(void)
{
	const char *host = env("APKO_APK_HOST");

	return host ? host : AUDIENCE;
}

static bool is_for(const char *url_text, const char *host)
{
	struct lf_url url;

	return lf_url_parse(url_text, &url) && lf_str_is(url.host, host);
}

bool lf_http_wants_token(const char *url)
{
	lf_auto_buf given = {0};

	return (is_for(url, chainctl_host()) ||
		(env("CHAINGUARD_IDENTITY") && is_for(url, AUDIENCE))) &&
	       !lf_http_env_auth(url, getenv("HTTP_AUTH"), &given);
}

/* ---- exchanging a token for one of an identity ---- */

static const char *exchange(const struct lf_ctx *ctx, struct lf_http *h, const char *kind,
			    const char *agent, const char *token, struct lf_arena *arena,
			    struct lf_err *err)
{
	const char *identity = env("CHAINGUARD_IDENTITY");
	lf_auto_buf form = {0};

	lf_info(ctx, "Exchanging %s token for Chainguard identity %s", kind, identity);
	lf_form_add(&form, "aud", AUDIENCE);
	lf_form_add(&form, "identity", identity);
	const struct lf_oauth_request r = {.url = ISSUER "/sts/exchange",
					   .body = lf_buf_view(&form),
					   .bearer = token,
					   .agent = agent,
					   .key = "token"};
	const char *got = lf_oauth_ask(h, &r, arena, err);

	if (!got)
		lf_fail(err, "exchanging token");
	return got;
}

static const char *by_kubernetes(const struct lf_ctx *ctx, struct lf_http *h,
				 struct lf_arena *arena, struct lf_err *err)
{
	lf_auto_buf text = {0};

	if (!lf_read_file(env("K8S_TOKEN_PATH"), MAX_TOKEN, &text, err)) {
		lf_fail(err, "reading token");
		return NULL;
	}
	const struct lf_str token = lf_str_trim(lf_buf_view(&text));
	if (lf_token_is_clean(token))
		return exchange(ctx, h, "K8s", "apko-k8s", lf_arena_str(arena, token), arena, err);
	lf_fail_new(err, LF_E_FORMAT, "reading token: %s holds none", env("K8S_TOKEN_PATH"));
	return NULL;
}

static const char *by_google(const struct lf_ctx *ctx, struct lf_http *h, struct lf_arena *arena,
			     struct lf_err *err)
{
	const char *token = lf_google_id_token(h, ISSUER, arena, err);

	if (token)
		return exchange(ctx, h, "GCP", "apko", token, arena, err);
	lf_fail(err, "getting token");
	return NULL;
}

/* ---- chainctl ---- */

static const char *by_chainctl(const struct lf_ctx *ctx, struct lf_http *h, struct lf_arena *arena,
			       struct lf_err *err)
{
	const char *const argv[] = {"chainctl",   "auth",          "token",
				    "--audience", chainctl_host(), NULL};
	lf_auto_buf out = {0};

	(void)h;
	if (!lf_proc_output(ctx, argv, NULL, MAX_TOKEN, &out, err))
		return NULL;
	const struct lf_str token = lf_str_trim(lf_buf_view(&out));
	if (lf_token_is_clean(token))
		return lf_arena_str(arena, token);
	lf_fail_new(err, LF_E_FORMAT, "its answer is none");
	return NULL;
}

/* ---- all ways ---- */

typedef const char *way_fn(const struct lf_ctx *ctx, struct lf_http *h, struct lf_arena *arena,
			   struct lf_err *err);

/* True when there is a token. Failures are told once. */
static bool go(const struct lf_ctx *ctx, struct lf_http *h, struct lf_http_token_way *w, way_fn *fn,
	       const char *name, const char *host, struct lf_buf *ret)
{
	const time_t now = time(NULL);
	lf_auto_arena arena = {0};
	lf_auto_err why = {0};

	if (!w->asked || now < w->asked || now - w->asked >= TOKEN_SECONDS) {
		const char *token = fn(ctx, h, &arena, &why);

		lf_buf_clear(&w->text);
		if (token)
			lf_buf_puts(&w->text, token);
		else if (fn == by_chainctl && why.class == LF_E_NOT_FOUND)
			lf_debug(ctx, "no token for %s: %s", host, lf_err_text(&why));
		else
			lf_warn(ctx, "%s gives no token for %s: %s", name, host, lf_err_text(&why));
		w->asked = now;
	}
	lf_buf_str(ret, lf_buf_view(&w->text));
	return w->text.n > 0;
}

void lf_http_token(const struct lf_ctx *ctx, struct lf_http *h, struct lf_http_token *t,
		   const char *url, struct lf_buf *ret)
{
	const bool identity = env("CHAINGUARD_IDENTITY") && is_for(url, AUDIENCE);

	if (identity && env("K8S_TOKEN_PATH") &&
	    go(ctx, h, &t->kubernetes, by_kubernetes, "Kubernetes", AUDIENCE, ret))
		return;
	if (identity && go(ctx, h, &t->google, by_google, "Google", AUDIENCE, ret))
		return;
	if (is_for(url, chainctl_host()))
		(void)go(ctx, h, &t->chainctl, by_chainctl, "chainctl", chainctl_host(), ret);
}

void lf_http_token_fini(struct lf_http_token *t)
{
	lf_buf_fini(&t->kubernetes.text);
	lf_buf_fini(&t->google.text);
	lf_buf_fini(&t->chainctl.text);
}
