/*
 * Asking token servers: see oauth.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "net/oauth.h"

#include "codec/json.h"
#include "net/docker_config.h"
#include "net/foreign.h"

#include "base/banned.h"

#define MAX_REPLY ((uint64_t)1 << 20)
#define MAX_WORDS 300

bool lf_token_is_clean(struct lf_str token)
{
	for (size_t i = 0; i < token.n; i++) {
		if (token.p[i] <= ' ' || token.p[i] > '~')
			return false;
	}
	return token.n > 0;
}

static void add_headers(const struct lf_oauth_request *r, struct lf_arena *arena,
			struct lf_strv *ret)
{
	if (r->body.p)
		lf_strv_add(ret, r->json ? "Content-Type: application/json"
					 : "Content-Type: application/x-www-form-urlencoded");
	if (r->bearer)
		lf_strv_add(ret, lf_arena_printf(arena, "Authorization: Bearer %s", r->bearer));
	if (r->agent)
		lf_strv_add(ret, lf_arena_printf(arena, "User-Agent: %s", r->agent));
	if (r->header)
		lf_strv_add(ret, r->header);
}

static bool fail_status(const struct lf_http_transfer *t, struct lf_err *err)
{
	lf_auto_buf words = {0};

	lf_foreign_print(&words, lf_buf_view(&t->complaint), MAX_WORDS);
	return lf_fail_new(err, LF_E_NET, "%s %s: %s%s%s", t->method, t->shown,
			   lf_http_status_text(t->status), words.n ? ": " : "", lf_buf_c(&words));
}

static const char *find_token(const struct lf_oauth_request *r, struct lf_str reply,
			      struct lf_arena *arena)
{
	lf_auto_json *v = NULL;
	const char *token;

	if (r->key) {
		v = lf_docker_json(reply, "reply", NULL);
		token = v ? lf_docker_json_text(v, r->key, arena) : NULL;
	} else {
		token = lf_arena_str(arena, lf_str_trim(reply));
	}
	return token && lf_token_is_clean(lf_str(token)) ? token : NULL;
}

/* What stands behind "?" in a URL is not for messages. */
static const char *shown_url(const struct lf_oauth_request *r, struct lf_arena *arena)
{
	struct lf_str rest = lf_str(r->url);

	return lf_arena_str(arena, lf_str_cut(&rest, '?'));
}

const char *lf_oauth_ask(struct lf_http *http, const struct lf_oauth_request *r,
			 struct lf_arena *arena, struct lf_err *err)
{
	lf_auto_buf reply = {0};
	lf_auto_strv headers = {0};
	const char *token = NULL;

	add_headers(r, arena, &headers);
	struct lf_writer *to = lf_writer_buf(&reply);
	struct lf_http_transfer t = {.method = r->body.p ? "POST" : "GET",
				     .url = r->url,
				     .shown = shown_url(r, arena),
				     .headers = headers,
				     .body = r->body,
				     .no_auth = true,
				     .keep_tls = true,
				     .nearby = r->nearby,
				     .once = r->nearby,
				     .to = to,
				     .max_body = MAX_REPLY};
	const bool answered = lf_http_one(http, &t, err);

	if (lf_writer_close(to, NULL) && answered && t.status == 200)
		token = find_token(r, lf_buf_view(&reply), arena);
	if (answered && t.status != 200)
		fail_status(&t, err);
	else if (answered && !token)
		lf_fail_new(err, LF_E_NET, "%s %s: there is no token in the reply", t.method,
			    t.shown);
	lf_http_transfer_fini(&t);
	return token;
}
