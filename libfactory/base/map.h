/*
 * A map from text to a pointer: open addressing, insertion order kept, keys not copied (they must
 * outlive the map, typically in the same arena). Walk with the index; lf_map_sort puts the entries
 * in byte order of the keys, as Go prints maps.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct lf_map_entry {
	struct lf_str key;
	void *value;
};

struct lf_map_slot {
	uint32_t at, hash; /* entry index + 1, 0 = free; the low half of the key's hash */
};

/* A zeroed struct is an empty map. Entries 0 … n-1 may be read directly. */
struct lf_map {
	struct lf_map_entry *entry;
	size_t n, cap;
	struct lf_map_slot *slot; /* private */
	size_t n_slots;
};

#define lf_auto_map __attribute__((cleanup(lf_map_fini))) struct lf_map

/* NULL when the key is absent (or holds NULL: use lf_map_has then). */
void *lf_map_get(const struct lf_map *m, struct lf_str key);
bool lf_map_has(const struct lf_map *m, struct lf_str key);
/* Adds or replaces; returns the former value. */
void *lf_map_set(struct lf_map *m, struct lf_str key, void *value);
/* The place of the value, made (NULL) when new. Valid until the next call that adds. */
void **lf_map_at(struct lf_map *m, struct lf_str key);
void lf_map_sort(struct lf_map *m);
void lf_map_fini(struct lf_map *m);
