/*
 * Maps from text to text, small and in order.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "config/config.h"

#include "base/banned.h"

static struct lf_pair *find(const struct lf_pairs *p, const char *key)
{
	for (size_t i = 0; i < p->n; i++)
		if (strcmp(p->v[i].key, key) == 0)
			return &p->v[i];
	return NULL;
}

const char *lf_pairs_get(const struct lf_pairs *p, const char *key)
{
	const struct lf_pair *pair = find(p, key);

	return pair ? pair->value : NULL;
}

void lf_pairs_set(struct lf_pairs *p, struct lf_arena *arena, const char *key, const char *value)
{
	struct lf_pair *former = find(p, key);
	struct lf_pair pair = {former ? former->key : lf_arena_strdup(arena, key),
			       lf_arena_strdup(arena, value)};

	if (former)
		*former = pair;
	else
		lf_vec_push(p, pair);
}

static int compare(const void *a, const void *b)
{
	return strcmp(((const struct lf_pair *)a)->key, ((const struct lf_pair *)b)->key);
}

void lf_pairs_sort(struct lf_pairs *p)
{
	lf_vec_sort(p, compare);
}

struct lf_pairs lf_pairs_overlay(const struct lf_pairs *under, const struct lf_pairs *over,
				 struct lf_arena *arena)
{
	struct lf_pairs ret = {.v = lf_new_n(arena, struct lf_pair, under->n + over->n)};

	for (size_t i = 0; i < under->n; i++) {
		if (!lf_pairs_get(over, under->v[i].key))
			ret.v[ret.n++] = under->v[i];
	}
	for (size_t i = 0; i < over->n; i++)
		ret.v[ret.n++] = over->v[i];
	return ret;
}
