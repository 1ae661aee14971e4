/*
 * What can be asked about a node of a tree, and the walk over all of them in tar order.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>
#include <sys/stat.h>

#include "base/vec.h"
#include "tree/tree.h"
#include "base/banned.h"

void lf_node_path(const struct lf_node *n, struct lf_buf *out)
{
	if (!n->parent)
		return;
	if (n->parent->parent) {
		lf_node_path(n->parent, out);
		lf_buf_putc(out, '/');
	}
	lf_buf_puts(out, n->name);
}

const struct lf_node *lf_node_content(const struct lf_node *n)
{
	while (n->type == LF_NODE_HARDLINK && n->target)
		n = n->target;
	return n;
}

uint32_t lf_node_st_mode(const struct lf_node *n)
{
	switch ((enum lf_node_type)n->type) {
	case LF_NODE_DIR:
		return S_IFDIR | n->mode;
	case LF_NODE_SYMLINK:
		return S_IFLNK | 0777; /* compat: whatever the package said */
	case LF_NODE_CHAR:
		return S_IFCHR | n->mode;
	case LF_NODE_BLOCK:
		return S_IFBLK | n->mode;
	case LF_NODE_FIFO:
		return S_IFIFO | n->mode;
	case LF_NODE_FILE:
	case LF_NODE_HARDLINK:
		break;
	}
	return S_IFREG | n->mode;
}

static int by_name(const void *a, const void *b)
{
	return strcmp((*(struct lf_node *const *)a)->name, (*(struct lf_node *const *)b)->name);
}

void lf_node_sort(struct lf_node *dir)
{
	LF_VEC(struct lf_node *) v = {0};

	if (!dir->unsorted)
		return;
	for (struct lf_node *c = dir->child; c; c = c->next)
		lf_vec_push(&v, c);
	lf_vec_sort(&v, by_name);
	for (size_t i = 0; i < v.n; i++)
		v.v[i]->next = i + 1 < v.n ? v.v[i + 1] : NULL;
	dir->child = v.v[0];
	dir->unsorted = false;
	lf_vec_fini(&v);
}

static bool walk_dir(struct lf_node *dir, struct lf_buf *path, lf_tree_walk_fn *fn, void *data,
		     struct lf_err *err)
{
	size_t base = path->n;

	lf_node_sort(dir);
	for (struct lf_node *c = dir->child, *next; c; c = next) {
		next = c->next;
		if (base)
			lf_buf_putc(path, '/');
		lf_buf_puts(path, c->name);
		if (!fn(data, c, path->p, err))
			return false;
		if (c->type == LF_NODE_DIR && !c->gone && !walk_dir(c, path, fn, data, err))
			return false;
		path->n = base;
	}
	return true;
}

bool lf_tree_walk(struct lf_tree *t, lf_tree_walk_fn *fn, void *data, struct lf_err *err)
{
	lf_auto_buf path = {0};

	return walk_dir(lf_tree_root(t), &path, fn, data, err);
}
