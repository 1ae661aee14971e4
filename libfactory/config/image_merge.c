/*
 * Merging an included configuration under the including one: what the including file says wins,
 * lists are joined with the included items first.
 *
 * compat: vcs-url and include of the included file are lost.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "config/config.h"

#include "base/banned.h"

/* Puts the items of `before` in front and empties it. Both are vectors of one type. */
#define PREPEND(list, before)                               \
	do {                                                \
		for (size_t i_ = 0; i_ < (list)->n; i_++)   \
			lf_vec_push(before, (list)->v[i_]); \
		lf_vec_fini(list);                          \
		(list)->v = (before)->v;                    \
		(list)->n = (before)->n;                    \
		(list)->cap = (before)->cap;                \
		(before)->v = NULL;                         \
		(before)->n = (before)->cap = 0;            \
	} while (0)

#define TAKE_IF(condition, to, from)              \
	do {                                      \
		if (condition) {                  \
			__typeof__(to) was_ = to; \
			to = from;                \
			from = was_;              \
		}                                 \
	} while (0)

static void merge_contents(struct lf_contents *c, struct lf_contents *b)
{
	PREPEND(&c->build_repositories, &b->build_repositories);
	PREPEND(&c->runtime_repositories, &b->runtime_repositories);
	PREPEND(&c->repositories, &b->repositories);
	PREPEND(&c->keyring, &b->keyring);
	PREPEND(&c->runtime_keyring, &b->runtime_keyring);
	PREPEND(&c->packages, &b->packages);
	if (!c->has_baseimage) {
		c->has_baseimage = b->has_baseimage;
		c->base_image = b->base_image;
		c->base_apkindex = b->base_apkindex;
	}
}

static void merge_pairs(struct lf_pairs *c, const struct lf_pairs *b)
{
	size_t own = c->n;

	for (size_t i = 0; i < b->n; i++) {
		size_t j = 0;

		while (j < own && strcmp(c->v[j].key, b->v[i].key) != 0)
			j++;
		if (j == own)
			lf_vec_push(c, b->v[i]);
	}
}

static bool has_entrypoint(const struct lf_image_config *c)
{
	return *c->entrypoint.type || *c->entrypoint.command || *c->entrypoint.shell_fragment ||
	       c->entrypoint.services.n;
}

static void merge_text(const char **c, const char *b)
{
	if (!**c)
		*c = b;
}

void lf_image_config_merge(struct lf_image_config *c, const struct lf_image_config *base,
			   struct lf_arena *arena)
{
	struct lf_image_config b;

	(void)arena; /* texts are shared: both live in it */
	lf_image_config_copy(&b, base);
	merge_contents(&c->contents, &b.contents);
	TAKE_IF(!has_entrypoint(c), c->entrypoint, b.entrypoint);
	merge_text(&c->cmd, b.cmd);
	merge_text(&c->stop_signal, b.stop_signal);
	merge_text(&c->work_dir, b.work_dir);
	merge_text(&c->format, b.format);
	merge_text(&c->accounts.run_as, b.accounts.run_as);
	PREPEND(&c->accounts.users, &b.accounts.users);
	PREPEND(&c->accounts.groups, &b.accounts.groups);
	TAKE_IF(!c->archs.n, c->archs, b.archs);
	merge_pairs(&c->environment, &b.environment);
	PREPEND(&c->paths, &b.paths);
	merge_pairs(&c->annotations, &b.annotations);
	PREPEND(&c->volumes, &b.volumes);
	TAKE_IF(!c->layering.set, c->layering, b.layering);
	TAKE_IF(!c->certificates.set, c->certificates, b.certificates);
	lf_image_config_fini(&b);
}
