/*
 * The table of a tree that finds a directory's child by its name: a hash on (parent, name) in open
 * addressing. Not for other rooms.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "tree/tree.h"

struct lf_children_slot;

/* A zeroed struct is an empty table. */
struct lf_children {
	struct lf_children_slot *slot;
	size_t n, n_slots, n_used; /* n_used: with those that were removed */
};

/* NULL: there is none. */
struct lf_node *lf_children_find(const struct lf_children *c, const struct lf_node *dir,
				 struct lf_str name);
/* By parent and name of the node; it must be new. */
void lf_children_add(struct lf_children *c, struct lf_node *node);
/* It must be there. */
void lf_children_remove(struct lf_children *c, const struct lf_node *node);
void lf_children_fini(struct lf_children *c);
