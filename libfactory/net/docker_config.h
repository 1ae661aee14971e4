/*
 * Credentials for registries, where docker, podman and the like keep them: docker's config.json,
 * containers' auth.json, and the helper programs (docker-credential-*) that those name.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>

#include <factory/ctx.h>

#include "base/arena.h"

/* What proves who we are. NULL where there is nothing; all NULL: nobody. */
struct lf_registry_auth {
	const char *user, *password;
	const char *identity_token; /* given to the token server in exchange for a token */
	const char *registry_token; /* is such a token already */
};

/* The credentials for a repository. Nothing found is no failure. Texts in the arena.
 *
 * Looked at: the text of $DOCKER_AUTH_CONFIG; $DOCKER_CONFIG/config.json or ~/.docker/config.json;
 * where that is not, $REGISTRY_AUTH_FILE, else containers/auth.json in $XDG_RUNTIME_DIR, else in
 * $XDG_CONFIG_HOME or ~/.config. Without an entry there, ghcr.io takes $GITHUB_TOKEN. */
bool lf_docker_auth(const struct lf_ctx *ctx, const char *registry, const char *repository,
		    struct lf_arena *arena, struct lf_registry_auth *ret,
		    struct lf_err *err) LF_MUST_CHECK;

/* What the text of a configuration says of a repository: credentials, or a helper program to ask
 * (its name behind "docker-credential-") for a key. */
struct lf_docker_entry {
	struct lf_registry_auth auth;
	const char *helper, *helper_key; /* NULL: none */
};
/* source: what to call the text in messages, which never quote it. */
bool lf_docker_config_find(struct lf_str text, const char *source, const char *registry,
			   const char *repository, struct lf_arena *arena,
			   struct lf_docker_entry *ret, struct lf_err *err) LF_MUST_CHECK;

/* The file that a login is written to, in the arena: that of docker. */
const char *lf_docker_config_path(struct lf_arena *arena, struct lf_err *err) LF_MUST_CHECK;
/* The name under which credentials of a registry are kept: docker's own has an odd one. */
const char *lf_docker_config_key(const char *registry);

/* Keeps user and password for a registry in the file, or with the helper that it names; all else in
 * it stays. *ret_plain: anybody who can read the file can read the password. */
bool lf_docker_login(const struct lf_ctx *ctx, const char *path, const char *registry,
		     const char *user, const char *password, bool *ret_plain,
		     struct lf_err *err) LF_MUST_CHECK;

/* ---- docker_helper.c ---- */

/* Nothing found is no failure and leaves *ret alone. */
bool lf_docker_helper_get(const struct lf_ctx *ctx, const char *helper, const char *key,
			  struct lf_arena *arena, struct lf_registry_auth *ret,
			  struct lf_err *err) LF_MUST_CHECK;
bool lf_docker_helper_store(const struct lf_ctx *ctx, const char *helper, const char *key,
			    const char *user, const char *password,
			    struct lf_err *err) LF_MUST_CHECK;
/* Reads a helper's answer. */
bool lf_docker_helper_parse(struct lf_str text, const char *helper, struct lf_arena *arena,
			    struct lf_registry_auth *ret, struct lf_err *err) LF_MUST_CHECK;

/* ---- docker_json.c: JSON that holds secrets ---- */

struct json_t;
/* An object; "" is an empty one. Messages say where it is broken and quote nothing. NULL on
 * failure. */
struct json_t *lf_docker_json(struct lf_str text, const char *source,
			      struct lf_err *err) LF_MUST_CHECK;
/* A text without control characters; NULL when it is absent, empty, or not that. */
const char *lf_docker_json_text(const struct json_t *object, const char *key,
				struct lf_arena *arena);
