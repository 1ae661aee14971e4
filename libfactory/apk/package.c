/*
 * The package record as a value that can be copied out of the arena it was read into.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "apk/package.h"

#include "base/banned.h"

static struct lf_strv copy_list(struct lf_arena *a, const struct lf_strv *from)
{
	struct lf_strv v = {.v = lf_new_n(a, const char *, from->n), .n = from->n, .cap = from->n};

	for (size_t i = 0; i < from->n; i++)
		v.v[i] = lf_arena_strdup(a, from->v[i]);
	return v;
}

void lf_pkg_copy(struct lf_arena *arena, const struct lf_pkg *from, struct lf_pkg *ret)
{
	const char **texts[] = {&ret->name,   &ret->version, &ret->arch,   &ret->description,
				&ret->url,    &ret->license, &ret->origin, &ret->maintainer,
				&ret->commit, &ret->datahash};

	*ret = *from;
	for (size_t i = 0; i < LF_ARRAY_LEN(texts); i++)
		*texts[i] = lf_arena_strdup(arena, *texts[i]);
	ret->depends = copy_list(arena, &from->depends);
	ret->provides = copy_list(arena, &from->provides);
	ret->replaces = copy_list(arena, &from->replaces);
	ret->install_if = copy_list(arena, &from->install_if);
	ret->triggers = copy_list(arena, &from->triggers);
}
