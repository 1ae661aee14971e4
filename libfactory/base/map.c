/*
 * The map: entries in insertion order and beside them an open-addressed table of their indexes, at
 * most half full. Each slot holds the hash too, so that neither growing nor a collision looks at
 * keys. Nothing that leaves the program depends on the hash.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "base/map.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/banned.h"

static uint32_t hash(struct lf_str key)
{
	return (uint32_t)lf_str_hash(key, 0);
}

/* The slot that holds the key, or the free one where it belongs. There always is a free one. */
static struct lf_map_slot *find_slot(const struct lf_map *m, struct lf_str key, uint32_t h)
{
	size_t mask = m->n_slots - 1, i = h & mask;

	while (m->slot[i].at &&
	       (m->slot[i].hash != h || !lf_str_eq(m->entry[m->slot[i].at - 1].key, key)))
		i = (i + 1) & mask;
	return &m->slot[i];
}

/* Where a hash that is new may go. */
static struct lf_map_slot *free_slot(const struct lf_map *m, uint32_t h)
{
	size_t mask = m->n_slots - 1, i = h & mask;

	while (m->slot[i].at)
		i = (i + 1) & mask;
	return &m->slot[i];
}

static void grow(struct lf_map *m)
{
	struct lf_map_slot *old = m->slot;
	size_t n_old = m->n_slots;

	m->n_slots = n_old ? 2 * n_old : 16;
	m->cap = m->n_slots / 2;
	m->entry = lf_realloc(m->entry, m->cap, sizeof(*m->entry));
	m->slot = lf_calloc(m->n_slots, sizeof(*m->slot));
	for (size_t i = 0; i < n_old; i++) {
		if (old[i].at)
			*free_slot(m, old[i].hash) = old[i];
	}
	lf_free(old);
}

static void rebuild(struct lf_map *m)
{
	memset(m->slot, 0, m->n_slots * sizeof(*m->slot));
	for (size_t i = 0; i < m->n; i++) {
		const uint32_t h = hash(m->entry[i].key);

		*free_slot(m, h) = (struct lf_map_slot){(uint32_t)i + 1, h};
	}
}

static struct lf_map_entry *find_hashed(const struct lf_map *m, struct lf_str key, uint32_t h)
{
	uint32_t at = m->n_slots ? find_slot(m, key, h)->at : 0;

	return at ? &m->entry[at - 1] : NULL;
}

static struct lf_map_entry *find(const struct lf_map *m, struct lf_str key)
{
	return m->n ? find_hashed(m, key, hash(key)) : NULL;
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
	const uint32_t h = hash(key);
	struct lf_map_entry *e = find_hashed(m, key, h);

	if (e)
		return &e->value;
	if (m->n == m->cap)
		grow(m);
	*free_slot(m, h) = (struct lf_map_slot){(uint32_t)m->n + 1, h};
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
