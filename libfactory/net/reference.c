/*
 * References of images: see reference.h. upstream: the name package of go-containerregistry, whose
 * messages scripts may see.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "net/reference.h"

#include <string.h>

#include "base/banned.h"

#define REPOSITORY_CHARS "abcdefghijklmnopqrstuvwxyz0123456789_-./"
#define TAG_CHARS        "abcdefghijklmnopqrstuvwxyz0123456789_-.ABCDEFGHIJKLMNOPQRSTUVWXYZ"
/* Of an authority: names, addresses, a port. Nothing that could end it within a URL. */
#define REGISTRY_CHARS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.~:[]"

static bool check(const char *what, const char *text, const char *chars, size_t min, size_t max,
		  struct lf_err *err)
{
	size_t n = strlen(text);

	if (n < min || n > max)
		return lf_fail_new(err, LF_E_USAGE,
				   "%s must be between %zu and %zu characters in length: %s", what,
				   min, max, text);
	if (text[strspn(text, chars)])
		return lf_fail_new(err, LF_E_USAGE, "%s can only contain the characters `%s`: %s",
				   what, chars, text);
	return true;
}

/* A first component with a dot or colon, or "localhost", names a registry. */
static bool is_registry(struct lf_str part)
{
	return lf_str_find(part, '.') >= 0 || lf_str_find(part, ':') >= 0 ||
	       lf_str_is(part, "localhost");
}

bool lf_reference_registry(const char *text, const char **ret, struct lf_err *err)
{
	if (text[strspn(text, REGISTRY_CHARS)])
		return lf_fail_new(err, LF_E_USAGE,
				   "registries must be valid RFC 3986 URI authorities: %s", text);
	*ret = *text && strcmp(text, "docker.io") != 0 ? text : LF_REGISTRY_DEFAULT;
	return true;
}

static bool split_registry(struct lf_str base, struct lf_arena *arena, struct lf_reference *ret,
			   struct lf_err *err)
{
	struct lf_str rest = base, first = lf_str_cut(&rest, '/');

	ret->registry = LF_REGISTRY_DEFAULT;
	if (!rest.p || !is_registry(first))
		rest = base;
	else
		ret->registry = lf_arena_str(arena, first);
	ret->repository = lf_arena_str(arena, rest);
	if (!check("repository", ret->repository, REPOSITORY_CHARS, 2, 255, err))
		return false;
	if (!lf_reference_registry(ret->registry, &ret->registry, err))
		return false;
	if (strcmp(ret->registry, LF_REGISTRY_DEFAULT) == 0 && !strchr(ret->repository, '/'))
		ret->repository = lf_arena_printf(arena, "library/%s", ret->repository);
	return true;
}

bool lf_reference_parse(const char *text, struct lf_arena *arena, struct lf_reference *ret,
			struct lf_err *err)
{
	struct lf_str base = lf_str(text);
	const char *colon = strrchr(text, ':');
	struct lf_reference r = {.tag = ""};

	if (colon && !strchr(colon, '/')) {
		base.n = (size_t)(colon - text);
		r.tag = lf_arena_strdup(arena, colon + 1);
		if (!*r.tag)
			return lf_fail_new(err, LF_E_USAGE,
					   "%s must specify a tag name after the colon", text);
	}
	if (!base.n)
		return lf_fail_new(err, LF_E_USAGE, "a repository name must be specified");
	if (*r.tag && !check("tag", r.tag, TAG_CHARS, 1, 128, err))
		return false;
	if (!*r.tag)
		r.tag = "latest";
	if (!split_registry(base, arena, &r, err))
		return false;
	*ret = r;
	return true;
}

bool lf_reference_parse_digest(const char *text, struct lf_arena *arena, struct lf_reference *ret,
			       struct lf_err *err)
{
	struct lf_str digest = lf_str(text);
	const struct lf_str base = lf_str_cut(&digest, '@');
	struct lf_str hex = digest;
	uint8_t hash[32];

	if (!digest.p || !lf_str_skip(&hex, "sha256:") || !lf_unhex(hex, hash, sizeof(hash)))
		return lf_fail_new(err, LF_E_USAGE, "not a reference by digest: %s", text);
	if (!lf_reference_parse(lf_arena_str(arena, base), arena, ret, err))
		return false;
	ret->tag = lf_arena_str(arena, digest);
	return true;
}

/* ---- registries without TLS ---- */

static bool parse_ipv4(struct lf_str s, uint8_t ret[4])
{
	for (size_t i = 0; i < 4; i++) {
		uint64_t v;

		if (!lf_str_u64(lf_str_cut(&s, '.'), 10, &v) || v > 255 ||
		    (s.p == NULL) != (i == 3))
			return false;
		ret[i] = (uint8_t)v;
	}
	return true;
}

static bool is_private(const uint8_t ip[4])
{
	return ip[0] == 127 || ip[0] == 10 || (ip[0] == 172 && (ip[1] & 0xf0) == 16) ||
	       (ip[0] == 192 && ip[1] == 168);
}

bool lf_reference_is_local(const char *registry)
{
	struct lf_str host = lf_str(registry);
	uint8_t ip[4];

	if (lf_str_starts(host, "[") || lf_str_is(host, "::1"))
		return lf_str_starts(host, "[::1]") || lf_str_is(host, "::1");
	host = lf_str_cut(&host, ':');
	return lf_str_is(host, "localhost") || lf_str_ends(host, ".localhost") ||
	       lf_str_ends(host, ".local") || (parse_ipv4(host, ip) && is_private(ip));
}
