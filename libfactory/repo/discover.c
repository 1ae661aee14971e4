/*
 * Keys that repositories announce (docs/formats: apk reference 2.5): a set of web keys of their
 * own, or Alpine's list of releases.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "repo/discover.h"

#include <string.h>
#include <time.h>

#include "base/date.h"
#include "base/mem.h"
#include "codec/json.h"
#include "net/url.h"
#include "repo/fetcher.h"

#include "base/banned.h"

#define MAX_DOCUMENT (4U << 20) /* release lists, key sets */
#define MAX_KEYS     1000
#define ALPINE_LIST  "https://alpinelinux.org/releases.json"
#define MAX_MODULUS  2048

/* ---- JSON over HTTP ---- */

/* *ret is NULL when the reply is 404. */
static bool fetch_json(struct lf_fetcher *f, const char *url, json_t **ret, struct lf_err *err)
{
	lf_auto_buf body = {0};
	lf_auto_free char *shown = lf_url_mask(url);
	unsigned status;

	if (!lf_is_url(url))
		return lf_fail_new(err, LF_E_FORMAT, "not an http URL: %s", shown);
	if (!lf_fetch_body(f, url, MAX_DOCUMENT, &status, &body, err))
		return false;
	*ret = NULL;
	if (status == 404)
		return true;
	if (status < 200 || status >= 300)
		return lf_fail_new(err, LF_E_NET, "GET %s: unexpected status code: %u", shown,
				   status);
	*ret = lf_json_parse(lf_buf_view(&body), shown, err);
	return *ret != NULL;
}

static const char *text_of(const json_t *object, const char *key)
{
	const char *s = json_string_value(json_object_get(object, key));

	return s ? s : "";
}

/* A name that is a plain file name. */
static bool is_name(const char *s)
{
	return *s && !strchr(s, '/') && s[0] != '.' && strlen(s) < 200;
}

static void add_key(struct lf_announced_keys *list, struct lf_arena *arena, const char *name,
		    const char *url, const struct lf_buf *pem)
{
	const struct lf_announced_key key = {
		.name = lf_arena_strdup(arena, name),
		.url = lf_arena_strdup(arena, url),
		.pem = {lf_arena_dup(arena, pem->p, pem->n), pem->n},
	};

	lf_vec_push(list, key);
}

/* ---- a repository's own key set ---- */

static bool add_web_key(const json_t *jwk, struct lf_str repository, struct lf_arena *arena,
			struct lf_announced_keys *ret, struct lf_err *err)
{
	const char *kid = text_of(jwk, "kid");
	uint8_t n[MAX_MODULUS], e[16];
	size_t n_n, n_e;
	lf_auto_buf pem = {0}, name = {0}, url = {0};

	if (strcmp(text_of(jwk, "kty"), "RSA") != 0 || !is_name(kid) ||
	    !lf_unbase64url(lf_str(text_of(jwk, "n")), n, sizeof(n), &n_n) ||
	    !lf_unbase64url(lf_str(text_of(jwk, "e")), e, sizeof(e), &n_e))
		return lf_fail_new(err, LF_E_FORMAT, "key \"%s\" is not a named RSA key", kid);
	if (!lf_key_public_from_numbers((struct lf_str){(char *)n, n_n},
					(struct lf_str){(char *)e, n_e}, &pem, err))
		return false;
	lf_buf_printf(&name, "%s.rsa.pub", kid);
	lf_buf_printf(&url, LF_STR_FMT "/%s", LF_STR_ARG(repository), name.p);
	add_key(ret, arena, name.p, url.p, &pem);
	return true;
}

static struct lf_str without_slash(const char *repository)
{
	struct lf_str s = lf_str(repository);

	return lf_str_ends(s, "/") ? lf_str_sub(s, 0, s.n - 1) : s;
}

static bool read_set(struct lf_fetcher *f, struct lf_str repository, struct lf_arena *arena,
		     struct lf_announced_keys *ret, struct lf_err *err)
{
	lf_auto_buf url = {0};
	lf_auto_json *config = NULL;
	lf_auto_json *set = NULL;

	lf_buf_printf(&url, LF_STR_FMT "/apk-configuration", LF_STR_ARG(repository));
	if (!fetch_json(f, url.p, &config, err))
		return false;
	if (!config)
		return true;
	const char *where = text_of(config, "jwks_uri");

	if (lf_url_is_tls(url.p) && !lf_url_is_tls(where))
		return lf_fail_new(err, LF_E_NET, "the key set is not at an https URL: %s", where);
	if (!fetch_json(f, where, &set, err))
		return false;
	const json_t *keys = json_object_get(set, "keys");

	for (size_t i = 0; i < json_array_size(keys) && i < MAX_KEYS; i++)
		if (!add_web_key(json_array_get(keys, i), repository, arena, ret, err))
			return false;
	return true;
}

bool lf_announced_by_set(struct lf_fetcher *f, const char *repository, struct lf_arena *arena,
			 struct lf_announced_keys *ret, struct lf_err *err)
{
	return !lf_is_url(repository) || f->o.offline ||
	       read_set(f, without_slash(repository), arena, ret, err);
}

/* ---- Alpine ---- */

/* ".../alpine/BRANCH/NAME": BRANCH; empty when it has another form. */
static struct lf_str alpine_branch(const char *repository)
{
	struct lf_url url;

	if (!lf_url_parse(repository, &url) || lf_str_ends(lf_str(repository), "/"))
		return LF_STR("");
	const struct lf_str dir = lf_path_dir(lf_str(repository)), top = lf_path_dir(dir);
	const size_t host = url.scheme.n + strlen("://"), mark = strlen("/alpine");
	if (!lf_str_ends(top, "/alpine") || top.n <= host + mark)
		return LF_STR("");
	return lf_path_base(dir);
}

static bool is_valid_now(const json_t *key)
{
	const char *until = text_of(key, "deprecated_since");
	lf_auto_buf text = {0};
	int64_t end;

	if (!*until)
		return true;
	lf_buf_puts(&text, until);
	if (strlen(until) == 10)
		lf_buf_puts(&text, "T00:00:00Z");
	return lf_date_parse(text.p, &end, NULL) && end > (int64_t)time(NULL);
}

static bool add_alpine_key(struct lf_fetcher *f, const char *url, struct lf_arena *arena,
			   struct lf_announced_keys *ret, struct lf_err *err)
{
	lf_auto_buf fixed = {0}, pem = {0}, name = {0};
	struct lf_str rest = lf_str(url);

	/* "%20" stands for "@" in that list. */
	for (ptrdiff_t at; (at = lf_str_search(rest, LF_STR("%20"))) >= 0;) {
		lf_buf_str(&fixed, lf_str_sub(rest, 0, (size_t)at));
		lf_buf_putc(&fixed, '@');
		rest = lf_str_sub(rest, (size_t)at + 3, rest.n);
	}
	lf_buf_str(&fixed, rest);
	if (!lf_url_is_tls(fixed.p))
		return lf_fail_new(err, LF_E_FORMAT, "not an https URL: %s", fixed.p);
	if (!lf_fetch_key_text(f, fixed.p, &pem, err))
		return false;
	if (!lf_url_unescape(&name, lf_path_base(lf_buf_view(&fixed))) || !is_name(lf_buf_c(&name)))
		return lf_fail_new(err, LF_E_FORMAT, "bad key name in %s", fixed.p);
	add_key(ret, arena, name.p, fixed.p, &pem);
	return true;
}

static const json_t *find_branch(const json_t *list, struct lf_str branch)
{
	const json_t *branches = json_object_get(list, "release_branches");

	for (size_t i = 0; i < json_array_size(branches); i++) {
		const json_t *b = json_array_get(branches, i);

		if (lf_str_is(branch, text_of(b, "rel_branch")))
			return b;
	}
	return NULL;
}

bool lf_announced_by_alpine(struct lf_fetcher *f, const char *repository, const char *arch,
			    struct lf_arena *arena, struct lf_announced_keys *ret,
			    struct lf_err *err)
{
	const struct lf_str branch = alpine_branch(repository);
	lf_auto_json *list = NULL;

	if (branch.n == 0 || f->o.offline)
		return true;
	if (!fetch_json(f, ALPINE_LIST, &list, err))
		return false;
	const json_t *keys =
		json_object_get(json_object_get(find_branch(list, branch), "keys"), arch);

	for (size_t i = 0; i < json_array_size(keys) && i < MAX_KEYS; i++) {
		const json_t *key = json_array_get(keys, i);

		if (is_valid_now(key) && !add_alpine_key(f, text_of(key, "url"), arena, ret, err))
			return false;
	}
	return true;
}

/* ---- both ---- */

static bool discover(struct lf_fetcher *f, const char *repository, const char *arch,
		     struct lf_arena *arena, struct lf_announced_keys *ret, struct lf_err *err)
{
	lf_auto_free char *shown = lf_url_mask(repository);
	lf_auto_err why = {0};

	if (!lf_announced_by_alpine(f, repository, arch, arena, ret, err))
		return lf_fail(err, "failed to fetch Alpine keys for %s", shown);
	if (!lf_announced_by_set(f, repository, arena, ret, &why))
		lf_debug(f->ctx, "no keys found at %s: %s", shown, lf_err_text(&why));
	return lf_check_cancel(f->ctx, err);
}

bool lf_discover_keys(struct lf_fetcher *f, const char *repository, const char *arch,
		      struct lf_keyring *ring, struct lf_err *err)
{
	lf_auto_arena arena = {0};
	struct lf_announced_keys keys = {0};
	bool ok = discover(f, repository, arch, &arena, &keys, err);

	for (size_t i = 0; ok && i < keys.n; i++)
		lf_keyring_add(ring, keys.v[i].name, keys.v[i].pem);
	lf_vec_fini(&keys);
	return ok;
}
