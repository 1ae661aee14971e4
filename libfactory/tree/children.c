/*
 * The table of children: see children.h. A slot holds the hash too, so that a probe seldom looks at
 * a node that is another, and growing at none.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tree/children.h"

#include "base/mem.h"
#include "base/banned.h"

/* A free slot has no node, one that was used has TOMBSTONE. */
struct lf_children_slot {
	struct lf_node *node;
	uint64_t hash;
};

static const struct lf_node tombstone;
#define TOMBSTONE ((struct lf_node *)&tombstone)

static uint64_t hash(const struct lf_node *dir, struct lf_str name)
{
	return lf_str_hash(name, (uintptr_t)dir);
}

static bool is_child(const struct lf_node *n, const struct lf_node *dir, struct lf_str name)
{
	return n != TOMBSTONE && n->parent == dir && strncmp(n->name, name.p, name.n) == 0 &&
	       n->name[name.n] == '\0';
}

/* The slot that has the child, or the free one behind those that could. There is a free one. */
static struct lf_children_slot *probe(const struct lf_children *c, const struct lf_node *dir,
				      struct lf_str name)
{
	const uint64_t h = hash(dir, name);
	size_t i = h & (c->n_slots - 1);

	while (c->slot[i].node && (c->slot[i].hash != h || !is_child(c->slot[i].node, dir, name)))
		i = (i + 1) & (c->n_slots - 1);
	return &c->slot[i];
}

/* A hash that is new, into the first free slot where it may be. */
static void insert(struct lf_children *c, struct lf_node *node, uint64_t h)
{
	size_t i = h & (c->n_slots - 1);

	while (c->slot[i].node)
		i = (i + 1) & (c->n_slots - 1);
	c->slot[i] = (struct lf_children_slot){node, h};
}

static void grow(struct lf_children *c)
{
	struct lf_children_slot *old = c->slot;
	const size_t n_old = c->n_slots;

	c->n_slots = 256;
	while (c->n_slots < 4 * (c->n + 1))
		c->n_slots *= 2;
	c->slot = lf_calloc(c->n_slots, sizeof(*c->slot));
	c->n_used = c->n;
	for (size_t i = 0; i < n_old; i++)
		if (old[i].node && old[i].node != TOMBSTONE)
			insert(c, old[i].node, old[i].hash);
	lf_free(old);
}

struct lf_node *lf_children_find(const struct lf_children *c, const struct lf_node *dir,
				 struct lf_str name)
{
	return c->n ? probe(c, dir, name)->node : NULL;
}

void lf_children_add(struct lf_children *c, struct lf_node *node)
{
	if (2 * (c->n_used + 1) > c->n_slots)
		grow(c);
	insert(c, node, hash(node->parent, lf_str(node->name)));
	c->n++;
	c->n_used++;
}

void lf_children_remove(struct lf_children *c, const struct lf_node *node)
{
	probe(c, node->parent, lf_str(node->name))->node = TOMBSTONE;
	c->n--;
}

void lf_children_fini(struct lf_children *c)
{
	lf_free(c->slot);
	*c = (struct lf_children){0};
}
