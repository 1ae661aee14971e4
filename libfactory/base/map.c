/*
 * The map: entries in insertion order and beside them an open-addressed table of their indexes, at
 * most half full. The hash is FNV-1a with a final mix; nothing that leaves the program depends on
 * it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "base/map.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/banned.h"

static uint64_t hash(struct lf_str key)
{
	uint64_t h = 0xcbf29ce484222325u;

	for (size_t i = 0; i < key.n; i++)
		h = (h ^ (unsigned char)key.p[i]) * 0x100000001b3u;
	h ^= h >> 32;
	return h * 0x9e3779b97f4a7c15u >> 20;
}

/* The slot that holds the key, or the free one where it belongs. There always is a free one. */
static size_t find_slot(const struct lf_map *m, struct lf_str key)
{
	size_t mask = m->n_slots - 1, i = hash(key) & mask;

	while (m->slot[i] && !lf_str_eq(m->entry[m->slot[i] - 1].key, key))
		i = (i + 1) & mask;
	return i;
}

static void rebuild(struct lf_map *m)
{
	memset(m->slot, 0, m->n_slots * sizeof(*m->slot));
	for (size_t i = 0; i < m->n; i++)
		m->slot[find_slot(m, m->entry[i].key)] = (uint32_t)i + 1;
}

static void grow(struct lf_map *m)
{
	m->n_slots = m->n_slots ? 2 * m->n_slots : 16;
	m->cap = m->n_slots / 2;
	m->entry = lf_realloc(m->entry, m->cap, sizeof(*m->entry));
	m->slot = lf_realloc(m->slot, m->n_slots, sizeof(*m->slot));
	rebuild(m);
}

static struct lf_map_entry *find(const struct lf_map *m, struct lf_str key)
{
	uint32_t at = m->n_slots ? m->slot[find_slot(m, key)] : 0;

	return at ? &m->entry[at - 1] : NULL;
}

void *lf_map_get(const struct lf_map *m, struct lf_str key)
{
	struct lf_map_entry *e = find(m, key);

	return e ? e->value : NULL;
}

bool lf_map_has(const struct lf_map *m, struct lf_str key)
{
	return find(m, key) != NULL;
}

void *lf_map_set(struct lf_map *m, struct lf_str key, void *value)
{
	void **at = lf_map_at(m, key), *old = *at;

	*at = value;
	return old;
}

void **lf_map_at(struct lf_map *m, struct lf_str key)
{
	struct lf_map_entry *e = find(m, key);

	if (e)
		return &e->value;
	if (m->n == m->cap)
		grow(m);
	m->slot[find_slot(m, key)] = (uint32_t)m->n + 1;
	e = &m->entry[m->n++];
	*e = (struct lf_map_entry){key, NULL};
	return &e->value;
}

static int compare(const void *a, const void *b)
{
	return lf_str_cmp(((const struct lf_map_entry *)a)->key,
			  ((const struct lf_map_entry *)b)->key);
}

void lf_map_sort(struct lf_map *m)
{
	if (m->n < 2)
		return;
	qsort(m->entry, m->n, sizeof(*m->entry), compare);
	rebuild(m);
}

void lf_map_fini(struct lf_map *m)
{
	lf_free(m->entry);
	lf_free(m->slot);
	*m = (struct lf_map){0};
}
