/*
 * Service accounts with a key: a statement signed with it (JSON web token, RS256) is traded for a
 * token at the server that the account names (RFC 7523).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>
#include <time.h>

#include "net/docker_config.h"
#include "net/google_impl.h"
#include "net/oauth.h"
#include "net/url.h"
#include "trust/key.h"

#include "base/banned.h"

#define GRANT          "urn:ietf:params:oauth:grant-type:jwt-bearer"
#define VALID_SECONDS  3600
#define DEFAULT_DOMAIN "googleapis.com"

/* Base64 for URLs, without padding. */
static void add_part(struct lf_buf *out, const void *p, size_t n)
{
	lf_auto_buf text = {0};

	lf_base64(&text, p, n);
	for (size_t i = 0; i < text.n && text.p[i] != '='; i++)
		lf_buf_putc(out, text.p[i] == '+' ? '-' : text.p[i] == '/' ? '_' : text.p[i]);
}

static void add_json(struct lf_buf *out, const json_t *value)
{
	lf_auto_buf text = {0};

	lf_json_print(&text, value, 0);
	add_part(out, text.p, text.n);
}

static bool sign(const json_t *account, struct lf_buf *statement, struct lf_err *err)
{
	/* A key has line ends, which other fields may not have. */
	const json_t *pem = json_object_get(account, "private_key");
	const struct lf_str text = {json_string_value(pem), json_string_length(pem)};
	lf_auto_key *key = lf_key_parse_private(text, "\"private_key\"", err);
	uint8_t digest[LF_SHA256_LEN];
	lf_auto_buf signature = {0};

	if (!key)
		return false;
	lf_hash_mem(LF_SHA256, statement->p, statement->n, digest);
	if (!lf_key_sign(key, digest, &signature, err))
		return false;
	lf_buf_putc(statement, '.');
	add_part(statement, signature.p, signature.n);
	return true;
}

static void print_statement(const char *key_id, const char *email, const char *server,
			    const char *claim, const char *value, struct lf_buf *ret)
{
	const json_int_t now = (json_int_t)time(NULL);
	lf_auto_json *header = json_object();
	lf_auto_json *claims = json_object();

	lf_json_set_str(header, "alg", "RS256");
	lf_json_set_str(header, "typ", "JWT");
	lf_json_opt_str(header, "kid", key_id);
	lf_json_set_str(claims, "iss", email);
	lf_json_set_str(claims, "aud", server);
	lf_json_set(claims, "exp", json_integer(now + VALID_SECONDS));
	lf_json_set(claims, "iat", json_integer(now));
	lf_json_set_str(claims, claim, value);
	add_json(ret, header);
	lf_buf_putc(ret, '.');
	add_json(ret, claims);
}

const char *lf_google_account_token(struct lf_google *g, const json_t *account, const char *claim,
				    const char *value, const char *reply_key, struct lf_err *err)
{
	const char *email = lf_google_field(g, account, "client_email", err);
	const char *server = lf_docker_json_text(account, "token_uri", g->arena);
	const char *domain = lf_docker_json_text(account, "universe_domain", g->arena);
	lf_auto_buf statement = {0}, form = {0};

	if (!email)
		return NULL;
	if (domain && strcmp(domain, DEFAULT_DOMAIN) != 0) {
		lf_fail_new(err, LF_E_CONFIG, "accounts of %s are not supported", domain);
		return NULL;
	}
	server = server ? server : LF_GOOGLE_TOKEN_URL;
	print_statement(lf_docker_json_text(account, "private_key_id", g->arena), email, server,
			claim, value, &statement);
	if (!sign(account, &statement, err))
		return NULL;
	lf_form_add(&form, "assertion", lf_buf_c(&statement));
	lf_form_add(&form, "grant_type", GRANT);
	const struct lf_oauth_request r = {
		.url = server, .body = lf_buf_view(&form), .key = reply_key};

	return lf_oauth_ask(g->http, &r, g->arena, err);
}
