/*
 * Access tokens by type of credentials: service accounts, users (gcloud auth application-default
 * login), and strangers who prove with a token of their own who they are (workload identity
 * federation, RFC 8693).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "base/fs.h"
#include "net/docker_config.h"
#include "net/google_impl.h"
#include "net/oauth.h"
#include "net/url.h"

#include "base/banned.h"

#define EXCHANGE    "urn:ietf:params:oauth:grant-type:token-exchange"
#define ACCESS      "urn:ietf:params:oauth:token-type:access_token"
#define MAX_SUBJECT ((size_t)1 << 20)

/* ---- users ---- */

static const char *refresh_user(struct lf_google *g, const json_t *user, struct lf_err *err)
{
	static const char *const keys[] = {"client_id", "client_secret", "refresh_token"};
	lf_auto_buf form = {0};

	for (size_t i = 0; i < LF_ARRAY_LEN(keys); i++) {
		const char *value = lf_google_field(g, user, keys[i], err);

		if (!value)
			return NULL;
		lf_form_add(&form, keys[i], value);
	}
	lf_form_add(&form, "grant_type", "refresh_token");
	const struct lf_oauth_request r = {
		.url = LF_GOOGLE_TOKEN_URL, .body = lf_buf_view(&form), .key = "access_token"};

	return lf_oauth_ask(g->http, &r, g->arena, err);
}

/* ---- strangers ---- */

/* The key of the token when the source is JSON; NULL when it is plain text. */
static const char *subject_key(struct lf_google *g, const json_t *source)
{
	const json_t *format = json_object_get(source, "format");
	const char *type = lf_docker_json_text(format, "type", g->arena);

	return type && strcmp(type, "json") == 0
		       ? lf_docker_json_text(format, "subject_token_field_name", g->arena)
		       : NULL;
}

static const char *read_subject(struct lf_google *g, const char *path, const char *key,
				struct lf_err *err)
{
	lf_auto_buf text = {0};
	const char *token;

	if (!lf_read_file(path, MAX_SUBJECT, &text, err))
		return NULL;
	lf_auto_json *v = key ? lf_docker_json(lf_buf_view(&text), path, err) : NULL;
	if (key && !v)
		return NULL;
	token = key ? lf_docker_json_text(v, key, g->arena)
		    : lf_arena_str(g->arena, lf_str_trim(lf_buf_view(&text)));
	if (token && lf_token_is_clean(lf_str(token)))
		return token;
	lf_fail_new(err, LF_E_FORMAT, "%s: there is no token in it", path);
	return NULL;
}

/* One header is what those that ask for any ask for ("Authorization: bearer ..."). */
static const char *find_header(struct lf_google *g, const json_t *source, struct lf_err *err)
{
	json_t *headers = json_object_get(source, "headers");
	void *first = json_object_iter(headers);

	if (json_object_size(headers) > 1) {
		lf_fail_new(err, LF_E_CONFIG,
			    "\"credential_source\": more than one header is not supported");
		return NULL;
	}
	if (!first)
		return "";
	const char *name = json_object_iter_key(first);
	const char *value = lf_google_field(g, headers, name, err);
	if (value && name[strcspn(name, " \t\r\n:")] == '\0')
		return lf_arena_printf(g->arena, "%s: %s", name, value);
	if (value)
		lf_fail_new(err, LF_E_CONFIG, "\"credential_source\": bad header");
	return NULL;
}

static const char *fetch_subject(struct lf_google *g, const json_t *source, const char *url,
				 const char *key, struct lf_err *err)
{
	const char *header = find_header(g, source, err);

	if (!header)
		return NULL;
	const struct lf_oauth_request r = {
		.url = url, .header = *header ? header : NULL, .key = key};

	return lf_oauth_ask(g->http, &r, g->arena, err);
}

static const char *find_subject(struct lf_google *g, const json_t *source, struct lf_err *err)
{
	const char *file = lf_docker_json_text(source, "file", g->arena);
	const char *url = lf_docker_json_text(source, "url", g->arena);
	const char *key = subject_key(g, source);

	/* With an environment_id the url belongs to another cloud's way. */
	if (json_object_get(source, "environment_id"))
		file = url = NULL;
	if (file)
		return read_subject(g, file, key, err);
	if (url)
		return fetch_subject(g, source, url, key, err);
	lf_fail_new(err, LF_E_CONFIG,
		    "\"credential_source\": only \"file\" and \"url\" are supported");
	return NULL;
}

static const char *exchange(struct lf_google *g, const json_t *account, struct lf_err *err)
{
	const char *url = lf_google_field(g, account, "token_url", err);
	const char *audience = url ? lf_google_field(g, account, "audience", err) : NULL;
	const char *type = audience ? lf_google_field(g, account, "subject_token_type", err) : NULL;
	const char *subject =
		type ? find_subject(g, json_object_get(account, "credential_source"), err) : NULL;
	lf_auto_buf form = {0};

	if (!subject)
		return NULL;
	lf_form_add(&form, "audience", audience);
	lf_form_add(&form, "grant_type", EXCHANGE);
	lf_form_add(&form, "requested_token_type", ACCESS);
	lf_form_add(&form, "scope", LF_GOOGLE_SCOPE);
	lf_form_add(&form, "subject_token", subject);
	lf_form_add(&form, "subject_token_type", type);
	const struct lf_oauth_request r = {
		.url = url, .body = lf_buf_view(&form), .key = "access_token"};

	return lf_oauth_ask(g->http, &r, g->arena, err);
}

/* ---- all ---- */

const char *lf_google_access_token(struct lf_google *g, const json_t *credentials,
				   struct lf_err *err)
{
	const char *type = lf_google_field(g, credentials, "type", err);

	if (!type)
		return NULL;
	if (strcmp(type, "service_account") == 0)
		return lf_google_account_token(g, credentials, "scope", LF_GOOGLE_SCOPE,
					       "access_token", err);
	if (strcmp(type, "authorized_user") == 0)
		return refresh_user(g, credentials, err);
	if (strcmp(type, "external_account") == 0)
		return exchange(g, credentials, err);
	lf_fail_new(err, LF_E_CONFIG, "unsupported source of credentials: \"%s\"", type);
	return NULL;
}
