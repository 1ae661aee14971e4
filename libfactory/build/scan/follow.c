/*
 * Following links as the scan does.
 *
 * compat: a link with an absolute target, or one that leads out of the package, leads nowhere, also
 * where the package holds what it means.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "build/scan/scan.h"

#include "base/banned.h"

#define MAX_LINKS 40

static const struct lf_node *follow(const struct lf_tree *t, const struct lf_node *dir,
				    struct lf_str path, unsigned *links);

/* What stands behind one part of a path, links followed. */
static const struct lf_node *enter(const struct lf_tree *t, const struct lf_node *dir,
				   struct lf_str part, unsigned *links)
{
	const struct lf_node *n;

	if (!part.n || lf_str_is(part, "."))
		return dir;
	if (lf_str_is(part, ".."))
		return dir->parent;
	n = dir->type == LF_NODE_DIR ? lf_tree_child(t, dir, part) : NULL;
	if (!n || n->type != LF_NODE_SYMLINK)
		return n;
	return (*links)++ < MAX_LINKS ? follow(t, dir, lf_str(n->link), links) : NULL;
}

static const struct lf_node *follow(const struct lf_tree *t, const struct lf_node *dir,
				    struct lf_str path, unsigned *links)
{
	if (lf_str_starts(path, "/"))
		return NULL;
	while (dir && path.p)
		dir = enter(t, dir, lf_str_cut(&path, '/'), links);
	return dir;
}

const struct lf_node *lf_scan_follow(const struct lf_tree *t, const struct lf_node *dir,
				     const char *path)
{
	unsigned links = 0;

	return follow(t, dir, lf_str(path), &links);
}
