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
#define DEFAULT_REGISTRY "index.docker.io"

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

static bool split_registry(struct lf_str base, struct lf_arena *arena, struct lf_reference *ret,
			   struct lf_err *err)
{
	struct lf_str rest = base, first = lf_str_cut(&rest, '/');

	ret->registry = DEFAULT_REGISTRY;
	if (!rest.p || !is_registry(first))
		rest = base;
	else
		ret->registry = lf_arena_str(arena, first);
	if (strcmp(ret->registry, "docker.io") == 0)
		ret->registry = DEFAULT_REGISTRY;
	ret->repository = lf_arena_str(arena, rest);
	if (!check("repository", ret->repository, REPOSITORY_CHARS, 2, 255, err))
		return false;
	if (strcmp(ret->registry, DEFAULT_REGISTRY) == 0 && !strchr(ret->repository, '/'))
		ret->repository = lf_arena_printf(arena, "library/%s", ret->repository);
	if (ret->registry[strcspn(ret->registry, " @?#\\")])
		return lf_fail_new(err, LF_E_USAGE,
				   "registries must be valid RFC 3986 URI authorities: %s",
				   ret->registry);
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
	}
	if (*r.tag && !check("tag", r.tag, TAG_CHARS, 1, 128, err))
		return false;
	if (!*r.tag)
		r.tag = "latest";
	if (!split_registry(base, arena, &r, err))
		return false;
	*ret = r;
	return true;
}
