/*
 * A dependency graph in graphviz's language, printed as upstream's library does.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "base/vec.h"

struct lf_dot_node {
	const char *name;
	const char *url, *label, *shape, *target, *tooltip; /* NULL: not there */
};

/* A node where it was made, or an edge. */
struct lf_dot_item {
	const struct lf_dot_node *node;
	const struct lf_dot_node *from, *to;
	const char *tooltip;
};

/* A zeroed struct is an empty graph. */
struct lf_dot {
	struct lf_arena arena;
	struct lf_map nodes; /* by name */
	LF_VEC(struct lf_dot_item) items;
};

/* The node of this name, made when new. The name is copied. */
struct lf_dot_node *lf_dot_node(struct lf_dot *d, const char *name);
void lf_dot_edge(struct lf_dot *d, const struct lf_dot_node *from, const struct lf_dot_node *to,
		 const char *tooltip);
void lf_dot_print(struct lf_buf *out, const struct lf_dot *d);
void lf_dot_fini(struct lf_dot *d);
