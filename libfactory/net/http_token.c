/*
 * Tokens for Chainguard's repositories: `chainctl auth token --audience HOST` prints one, which is
 * sent as the password of "user". In come a URL and the environment (APKO_APK_HOST names another
 * host than apk.cgr.dev), out comes a token, or nothing where the program is not there.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "net/http_token.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/proc.h"
#include "net/url.h"

#include "base/banned.h"

#define TOKEN_SECONDS 600 /* how long one is used */
#define MAX_TOKEN     65536

static const char *token_host(void)
{
	const char *host = getenv("APKO_APK_HOST");

	return host && *host ? host : "apk.cgr.dev";
}

bool lf_http_wants_token(const char *url_text)
{
	struct lf_url url;
	lf_auto_buf given = {0};

	return lf_url_parse(url_text, &url) && lf_str_is(url.host, token_host()) &&
	       !lf_http_env_auth(url_text, getenv("HTTP_AUTH"), &given);
}

static bool is_clean(struct lf_str token)
{
	for (size_t i = 0; i < token.n; i++) {
		if (token.p[i] <= ' ' || token.p[i] > '~')
			return false;
	}
	return token.n > 0;
}

static void ask(const struct lf_ctx *ctx, struct lf_buf *ret)
{
	const char *const argv[] = {"chainctl", "auth", "token", "--audience", token_host(), NULL};
	lf_auto_buf out = {0};
	lf_auto_err why = {0};

	if (!lf_proc_output(ctx, argv, NULL, MAX_TOKEN, &out, &why)) {
		if (why.class == LF_E_NOT_FOUND)
			lf_debug(ctx, "no token for %s: %s", token_host(), lf_err_text(&why));
		else
			lf_warn(ctx, "chainctl gives no token for %s: %s", token_host(),
				lf_err_text(&why));
		return;
	}
	const struct lf_str token = lf_str_trim(lf_buf_view(&out));
	if (is_clean(token))
		lf_buf_str(ret, token);
	else
		lf_warn(ctx, "chainctl gives no token for %s: its answer is none", token_host());
}

void lf_http_token(const struct lf_ctx *ctx, struct lf_http_token *t, struct lf_buf *ret)
{
	const time_t now = time(NULL);

	if (!t->asked || now < t->asked || now - t->asked >= TOKEN_SECONDS) {
		lf_buf_clear(&t->text);
		ask(ctx, &t->text);
		t->asked = now;
	}
	lf_buf_str(ret, lf_buf_view(&t->text));
}

void lf_http_token_fini(struct lf_http_token *t)
{
	lf_buf_fini(&t->text);
}
