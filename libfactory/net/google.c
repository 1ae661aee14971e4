/*
 * Identity tokens of Google accounts: which credentials there are, and the way from each type of
 * them to a token.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "net/docker_config.h"
#include "net/google_impl.h"
#include "net/oauth.h"
#include "net/url.h"

#include "base/banned.h"

#define FILE_ENV      "GOOGLE_APPLICATION_CREDENTIALS"
#define METADATA_ENV  "GCE_METADATA_HOST"
#define METADATA_HOST "169.254.169.254"
#define METADATA_PATH "/computeMetadata/v1/instance/service-accounts/default/identity"
#define IAM_ACCOUNTS  "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/"
#define MAX_FILE      ((size_t)1 << 20)

const char *lf_google_field(struct lf_google *g, const json_t *credentials, const char *key,
			    struct lf_err *err)
{
	const char *text = lf_docker_json_text(credentials, key, g->arena);

	if (!text)
		lf_fail_new(err, LF_E_FORMAT, "credentials of Google: \"%s\" is missing", key);
	return text;
}

/* ---- the metadata server ---- */

static const char *ask_metadata(struct lf_google *g, const char *audience, struct lf_err *err)
{
	const char *host = getenv(METADATA_ENV);
	lf_auto_buf url = {0};

	lf_buf_printf(&url, "http://%s" METADATA_PATH "?", host && *host ? host : METADATA_HOST);
	lf_form_add(&url, "audience", audience);
	lf_form_add(&url, "format", "full");
	const struct lf_oauth_request r = {
		.url = url.p, .header = "Metadata-Flavor: Google", .nearby = true};
	const char *token = lf_oauth_ask(g->http, &r, g->arena, err);

	if (!token)
		lf_fail(err, "no credentials of Google: neither $" FILE_ENV
			     " nor a file of gcloud nor a metadata server");
	return token;
}

/* ---- on behalf of a service account ---- */

/* ".../serviceAccounts/EMAIL:generateAccessToken" */
static const char *find_account(struct lf_google *g, const json_t *credentials, struct lf_err *err)
{
	const char *url = lf_google_field(g, credentials, "service_account_impersonation_url", err);

	if (!url)
		return NULL;
	struct lf_str email = lf_path_base(lf_str(url));
	return lf_arena_str(g->arena, lf_str_cut(&email, ':'));
}

static const char *generate(struct lf_google *g, const json_t *credentials, const char *audience,
			    const char *access, struct lf_err *err)
{
	const char *account = find_account(g, credentials, err);
	json_t *delegates = json_object_get(credentials, "delegates");
	lf_auto_json *wish = json_object();
	lf_auto_buf body = {0}, url = {0};

	if (!account)
		return NULL;
	lf_json_set_str(wish, "audience", audience);
	lf_json_set(wish, "includeEmail", json_true());
	if (json_array_size(delegates))
		lf_json_set(wish, "delegates", json_incref(delegates));
	lf_json_print(&body, wish, 0);
	lf_buf_puts(&url, IAM_ACCOUNTS);
	lf_url_escape(&url, lf_str(account));
	lf_buf_puts(&url, ":generateIdToken");
	const struct lf_oauth_request r = {.url = url.p,
					   .body = lf_buf_view(&body),
					   .json = true,
					   .bearer = access,
					   .key = "token"};

	return lf_oauth_ask(g->http, &r, g->arena, err);
}

static const char *impersonate(struct lf_google *g, const json_t *credentials, const json_t *source,
			       const char *audience, struct lf_err *err)
{
	const char *access = lf_google_access_token(g, source, err);

	return access ? generate(g, credentials, audience, access, err) : NULL;
}

/* ---- the file ---- */

static const char *use_file(struct lf_google *g, const json_t *credentials, const char *audience,
			    struct lf_err *err)
{
	const char *type = lf_google_field(g, credentials, "type", err);

	if (!type)
		return NULL;
	if (strcmp(type, "service_account") == 0)
		return lf_google_account_token(g, credentials, "target_audience", audience,
					       "id_token", err);
	if (strcmp(type, "impersonated_service_account") == 0)
		return impersonate(g, credentials,
				   json_object_get(credentials, "source_credentials"), audience,
				   err);
	if (strcmp(type, "external_account") == 0)
		return impersonate(g, credentials, credentials, audience, err);
	lf_fail_new(err, LF_E_CONFIG, "idtoken: unsupported credentials type: \"%s\"", type);
	return NULL;
}

/* NULL: there is none. */
static const char *find_file(struct lf_google *g)
{
	const char *named = getenv(FILE_ENV), *home = getenv("HOME");

	if (named && *named)
		return named;
	if (!home || !*home)
		return NULL;
	const char *path = lf_arena_printf(
		g->arena, "%s/.config/gcloud/application_default_credentials.json", home);
	return lf_exists(path) ? path : NULL;
}

const char *lf_google_id_token(struct lf_http *http, const char *audience, struct lf_arena *arena,
			       struct lf_err *err)
{
	struct lf_google g = {.http = http, .arena = arena};
	const char *path = find_file(&g), *token = NULL;
	lf_auto_buf text = {0};

	if (!path)
		return ask_metadata(&g, audience, err);
	if (!lf_read_file(path, MAX_FILE, &text, err))
		return NULL;
	lf_auto_json *credentials = lf_docker_json(lf_buf_view(&text), path, err);
	if (!credentials)
		return NULL;
	token = use_file(&g, credentials, audience, err);
	if (!token)
		lf_fail(err, "%s", path);
	return token;
}
