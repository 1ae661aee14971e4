/*
 * A tree as a cpio archive, in the order of its tar, for a kernel to unpack as its first root.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <sys/stat.h>

#include "codec/cpio.h"
#include "tree/tree.h"
#include "base/banned.h"

static bool write_content(struct lf_writer *w, const struct lf_node *n, struct lf_err *err)
{
	static const char zero[4];

	if (n->size == 0)
		return true;
	if (n->type == LF_NODE_SYMLINK ? !lf_write(w, n->link, n->size, err)
				       : !lf_blob_copy(n->blob, n->offset, n->size, w, err))
		return false;
	return lf_write(w, zero, lf_cpio_pad(n->size), err);
}

/* A second name of a file has a copy of its content: without inodes there is nothing to link by. */
static bool write_node(void *data, struct lf_node *node, const char *path, struct lf_err *err)
{
	struct lf_writer *w = data;
	struct lf_node n = *lf_node_content(node);
	lf_auto_buf header = {0};

	if (n.type == LF_NODE_SYMLINK)
		n.size = strlen(n.link);
	else if (n.type != LF_NODE_FILE)
		n.size = 0;
	const struct lf_cpio_entry e = {
		.name = path,
		.mode = lf_node_st_mode(&n),
		.devmajor = n.devmajor,
		.devminor = n.devminor,
		.size = n.size,
	};

	if (!lf_cpio_header(&header, &e, err))
		return false;
	return (lf_write(w, header.p, header.n, err) && write_content(w, &n, err)) ||
	       lf_fail(err, "writing %s", path);
}

bool lf_tree_cpio(struct lf_tree *t, struct lf_writer *w, struct lf_err *err)
{
	const struct lf_cpio_entry top = {.name = ".", .mode = S_IFDIR | 0777};
	lf_auto_buf ends = {0};

	if (!lf_cpio_header(&ends, &top, err) || !lf_write(w, ends.p, ends.n, err) ||
	    !lf_tree_walk(t, write_node, w, err))
		return false;
	lf_buf_clear(&ends);
	lf_cpio_end(&ends);
	return lf_write(w, ends.p, ends.n, err);
}
