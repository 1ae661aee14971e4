/*
 * Finding credentials in docker's config.json:
 *
 *	{"auths": {"HOST": {"auth": base64 of USER:PASSWORD, "identitytoken": ...}},
 *	 "credHelpers": {"HOST": "NAME"}, "credsStore": "NAME"}
 *
 * Keys are hosts, hosts with a path, or URLs. The most specific one counts.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "net/docker_config.h"

#include <errno.h>
#include <stdlib.h>

#include "base/fs.h"
#include "base/mem.h"
#include "codec/json.h"
#include "net/reference.h"
#include "trust/digest.h"
#include "base/banned.h"

#define MAX_CONFIG    ((size_t)4 << 20)
#define DOCKER_IO_KEY "https://index.docker.io/v1/"
#define VARIABLE      "DOCKER_AUTH_CONFIG"

const char *lf_docker_config_key(const char *registry)
{
	return strcmp(registry, LF_REGISTRY_DEFAULT) == 0 ? DOCKER_IO_KEY : registry;
}

/* ---- one entry of "auths" ---- */

static bool split_auth(struct lf_str base64, struct lf_arena *arena, struct lf_registry_auth *ret)
{
	const size_t max = base64.n / 4 * 3 + 3;
	char *plain = lf_new_n(arena, char, max + 1);
	size_t n;

	if (!lf_unbase64(base64, (uint8_t *)plain, max, &n))
		return false;
	while (n && plain[n - 1] == '\0')
		n--;
	struct lf_str password = {plain, n};
	const struct lf_str user = lf_str_cut(&password, ':');

	if (!password.p || memchr(plain, '\0', n))
		return false;
	ret->user = lf_arena_str(arena, user);
	ret->password = lf_arena_str(arena, password);
	return true;
}

static bool read_entry(const json_t *entry, const char *key, const char *source,
		       struct lf_arena *arena, struct lf_registry_auth *ret, struct lf_err *err)
{
	const char *base64 = lf_docker_json_text(entry, "auth", arena);
	struct lf_registry_auth a = {
		.user = lf_docker_json_text(entry, "username", arena),
		.password = lf_docker_json_text(entry, "password", arena),
		.identity_token = lf_docker_json_text(entry, "identitytoken", arena),
		.registry_token = lf_docker_json_text(entry, "registrytoken", arena),
	};

	if (base64 && !split_auth(lf_str(base64), arena, &a))
		return lf_fail_new(err, LF_E_FORMAT,
				   "%s: \"auth\" of %s is not USER:PASSWORD in base64", source,
				   key);
	*ret = a;
	return true;
}

static bool is_empty(const struct lf_registry_auth *a)
{
	return !a->user && !a->password && !a->identity_token && !a->registry_token;
}

/* ---- choosing an entry ---- */

/* "https://HOST/v1/" is as good as "HOST". */
static struct lf_str host_of(struct lf_str key)
{
	if (!lf_str_skip(&key, "https://"))
		(void)lf_str_skip(&key, "http://");
	return lf_str_cut(&key, '/');
}

/* The exact key, or for a plain host a key that says the same. */
static const json_t *find_entry(json_t *auths, const char *key)
{
	const json_t *found = json_object_get(auths, key);

	if (found || strchr(key, '/'))
		return found;
	for (void *i = json_object_iter(auths); i; i = json_object_iter_next(auths, i))
		if (lf_str_is(host_of(lf_str(json_object_iter_key(i))), key))
			return json_object_iter_value(i);
	return NULL;
}

/* HOST/a/b, HOST/a, HOST; for docker's own registry also its other names. */
static void list_keys(const char *registry, const char *repository, struct lf_arena *arena,
		      struct lf_strv *ret)
{
	struct lf_str rest = lf_str(repository);

	for (ptrdiff_t slash = (ptrdiff_t)rest.n; slash > 0; slash = lf_str_rfind(rest, '/')) {
		rest = lf_str_sub(rest, 0, (size_t)slash);
		lf_strv_add(ret,
			    lf_arena_printf(arena, "%s/" LF_STR_FMT, registry, LF_STR_ARG(rest)));
	}
	if (strcmp(registry, LF_REGISTRY_DEFAULT) == 0)
		lf_strv_add(ret, DOCKER_IO_KEY);
	lf_strv_add(ret, registry);
	if (strcmp(registry, LF_REGISTRY_DEFAULT) == 0)
		lf_strv_add(ret, "docker.io");
}

/* A helper for just this key comes before its entry; the general one is asked once, for the host.
 */
static void find_helper(const json_t *config, const struct lf_strv *keys, const char *registry,
			struct lf_arena *arena, struct lf_docker_entry *ret)
{
	const json_t *helpers = json_object_get(config, "credHelpers");

	for (size_t i = 0; i < keys->n && !ret->helper; i++) {
		ret->helper = lf_docker_json_text(helpers, keys->v[i], arena);
		ret->helper_key = keys->v[i];
	}
	if (ret->helper)
		return;
	ret->helper = lf_docker_json_text(config, "credsStore", arena);
	ret->helper_key = lf_docker_config_key(registry);
}

bool lf_docker_config_find(struct lf_str text, const char *source, const char *registry,
			   const char *repository, struct lf_arena *arena,
			   struct lf_docker_entry *ret, struct lf_err *err)
{
	lf_auto_json *config = lf_docker_json(text, source, err);
	struct lf_docker_entry e = {0};
	lf_auto_strv keys = {0};
	json_t *auths;

	if (!config)
		return false;
	auths = json_object_get(config, "auths");
	list_keys(registry, repository, arena, &keys);
	for (size_t i = 0; i < keys.n && is_empty(&e.auth); i++) {
		const json_t *entry = find_entry(auths, keys.v[i]);

		if (entry && !read_entry(entry, keys.v[i], source, arena, &e.auth, err))
			return false;
	}
	find_helper(config, &keys, registry, arena, &e);
	*ret = e;
	return true;
}

/* ---- the files ---- */

static const char *env(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

const char *lf_docker_config_path(struct lf_arena *arena, struct lf_err *err)
{
	const char *dir = env("DOCKER_CONFIG"), *home = env("HOME");

	if (dir)
		return lf_arena_printf(arena, "%s/config.json", dir);
	if (home)
		return lf_arena_printf(arena, "%s/.docker/config.json", home);
	lf_fail_new(err, LF_E_NOT_FOUND,
		    "no place for credentials: neither $DOCKER_CONFIG nor $HOME are defined");
	return NULL;
}

static const char *podman_file(struct lf_arena *arena)
{
	const char *config = env("XDG_CONFIG_HOME"), *home = env("HOME");

	if (config)
		return lf_arena_printf(arena, "%s/containers/auth.json", config);
	return home ? lf_arena_printf(arena, "%s/.config/containers/auth.json", home) : NULL;
}

/* The first that is there; NULL: none. */
static const char *find_file(struct lf_arena *arena)
{
	const char *docker = lf_docker_config_path(arena, NULL), *file = env("REGISTRY_AUTH_FILE"),
		   *run = env("XDG_RUNTIME_DIR");

	if (docker && lf_exists(docker))
		return docker;
	if (file && lf_exists(file))
		return file;
	file = run ? lf_arena_printf(arena, "%s/containers/auth.json", run) : NULL;
	if (file && lf_exists(file))
		return file;
	file = podman_file(arena);
	return file && lf_exists(file) ? file : NULL;
}

/* What the variable itself holds comes before any file; only "auths" counts in it. compat: when it
 * is broken, that is told, and it is no obstacle. */
static void ask_variable(const struct lf_ctx *ctx, const char *registry, const char *repository,
			 struct lf_arena *arena, struct lf_registry_auth *ret)
{
	const char *text = env(VARIABLE);
	struct lf_docker_entry e;
	lf_auto_err why = {0};

	if (!text)
		return;
	if (lf_docker_config_find(lf_str(text), VARIABLE, registry, repository, arena, &e, &why))
		*ret = e.auth;
	else
		lf_warn(ctx, "%s", lf_err_text(&why));
}

static bool ask_file(const struct lf_ctx *ctx, const char *path, const char *registry,
		     const char *repository, struct lf_arena *arena, struct lf_registry_auth *ret,
		     struct lf_err *err)
{
	struct lf_docker_entry e;
	lf_auto_buf text = {0};

	if (!lf_read_file(path, MAX_CONFIG, &text, err) ||
	    !lf_docker_config_find(lf_buf_view(&text), path, registry, repository, arena, &e, err))
		return false;
	if (e.helper && !lf_docker_helper_get(ctx, e.helper, e.helper_key, arena, &e.auth, err))
		return false;
	*ret = e.auth;
	return true;
}

bool lf_docker_auth(const struct lf_ctx *ctx, const char *registry, const char *repository,
		    struct lf_arena *arena, struct lf_registry_auth *ret, struct lf_err *err)
{
	const char *path = find_file(arena), *token = env("GITHUB_TOKEN"),
		   *actor = env("GITHUB_ACTOR");
	struct lf_registry_auth a = {0};

	ask_variable(ctx, registry, repository, arena, &a);
	if (is_empty(&a) && path && !ask_file(ctx, path, registry, repository, arena, &a, err))
		return lf_fail(err, "getting credentials for %s", registry);
	/* The registry looks at the token only. */
	if (is_empty(&a) && token && strcmp(registry, "ghcr.io") == 0)
		a = (struct lf_registry_auth){.user = actor ? actor : "unset", .password = token};
	*ret = a;
	return true;
}
