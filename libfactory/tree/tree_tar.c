/*
 * A tree as tar: one node after another in walk order, content streamed from where it lies. The
 * bytes are those of upstream's layers (docs/formats/tar.md): ustar where it fits, pax otherwise,
 * directories without a final slash, names of owners from the tree's own accounts.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tree/tree.h"

#include "base/vec.h"
#include "codec/tar.h"
#include "base/banned.h"

static char tar_type(const struct lf_node *n)
{
	switch ((enum lf_node_type)n->type) {
	case LF_NODE_DIR:
		return '5';
	case LF_NODE_SYMLINK:
		return '2';
	case LF_NODE_HARDLINK:
		return n->copy ? '0' : '1';
	case LF_NODE_CHAR:
		return '3';
	case LF_NODE_BLOCK:
		return '4';
	case LF_NODE_FIFO:
		return '6';
	case LF_NODE_FILE:
		break;
	}
	return '0';
}

struct pax_list {
	struct lf_tar_pax *v;
	size_t n, cap;
};

static void add_xattrs(struct pax_list *pax, struct lf_arena *arena, const struct lf_node *n)
{
	for (const struct lf_xattr *x = n->xattr; x; x = x->next) {
		const char *key =
			lf_arena_printf(arena, "SCHILY.xattr." LF_STR_FMT, LF_STR_ARG(x->key));

		lf_vec_push(pax, (struct lf_tar_pax){lf_str(key), x->value});
	}
}

bool lf_tree_tar_node(struct lf_writer *w, const struct lf_node *n, const char *path,
		      const struct lf_names *names, struct lf_err *err)
{
	static const char zero[LF_TAR_BLOCK];
	lf_auto_arena arena = {0};
	lf_auto_buf header = {0};
	struct pax_list pax = {0};
	const struct lf_node *c = lf_node_content(n);
	char type = tar_type(n);
	uint64_t size = type == '0' ? c->size : 0;

	if (type != '2')
		add_xattrs(&pax, &arena, c);
	struct lf_tar_entry e = {
		.name = path,
		.linkname = (type == '1' || type == '2') && n->link ? n->link : "",
		.uname = lf_names_user(names, c->uid),
		.gname = lf_names_group(names, c->gid),
		.type = type,
		.mode = c->mode,
		.uid = c->uid,
		.gid = c->gid,
		.devmajor = c->devmajor,
		.devminor = c->devminor,
		.mtime = c->mtime,
		.size = size,
		.pax = pax.v,
		.n_pax = pax.n,
	};

	lf_tar_header(&header, &e);
	lf_vec_fini(&pax);
	if (!lf_write(w, header.p, header.n, err))
		return false;
	if (size && (!lf_blob_copy(c->blob, c->offset, size, w, err) ||
		     !lf_write(w, zero, lf_tar_pad(size), err)))
		return lf_fail(err, "writing %s", path);
	return true;
}

struct tar_job {
	struct lf_writer *w;
	struct lf_names *names;
};

static bool write_node(void *data, struct lf_node *n, const char *path, struct lf_err *err)
{
	const struct tar_job *job = data;

	return lf_tree_tar_node(job->w, n, path, job->names, err);
}

bool lf_tree_tar(struct lf_tree *t, struct lf_writer *w, struct lf_err *err)
{
	struct tar_job job = {w, lf_names_load(t)};
	lf_auto_buf end = {0};
	bool ok = lf_tree_walk(t, write_node, &job, err);

	lf_names_free(job.names);
	lf_tar_end(&end);
	return ok && lf_write(w, end.p, end.n, err);
}
