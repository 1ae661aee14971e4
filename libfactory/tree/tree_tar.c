/*
 * A tree as tar: one node after another in walk order, content named by where it lies. The
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

bool lf_tree_tar_node(struct lf_tar_sink *s, const struct lf_node *n, const char *path,
		      const struct lf_names *names, struct lf_err *err)
{
	lf_auto_arena arena = {0};
	struct pax_list pax = {0};
	const struct lf_node *c = lf_node_content(n);
	char type = tar_type(n);

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
		.size = type == '0' ? c->size : 0,
		.pax = pax.v,
		.n_pax = pax.n,
	};

	bool ok = s->entry(s, &e, err) &&
		  (e.size == 0 || s->content(s, c->blob, c->offset, e.size, err));

	lf_vec_fini(&pax);
	return ok || lf_fail(err, "writing %s", path);
}

struct tar_job {
	struct lf_tar_sink *s;
	struct lf_names *names;
};

static bool write_node(void *data, struct lf_node *n, const char *path, struct lf_err *err)
{
	const struct tar_job *job = data;

	return lf_tree_tar_node(job->s, n, path, job->names, err);
}

bool lf_tree_tar_to(struct lf_tree *t, struct lf_tar_sink *s, struct lf_err *err)
{
	struct tar_job job = {s, lf_names_load(t)};
	bool ok = lf_tree_walk(t, write_node, &job, err);

	lf_names_free(job.names);
	return ok && s->end(s, err);
}

/* ---- to a writer ---- */

static struct lf_writer *writer_of(struct lf_tar_sink *s)
{
	return ((struct lf_tar_to_writer *)s)->w;
}

static bool write_entry(struct lf_tar_sink *s, const struct lf_tar_entry *e, struct lf_err *err)
{
	lf_auto_buf header = {0};

	lf_tar_header(&header, e);
	return lf_write(writer_of(s), header.p, header.n, err);
}

static bool write_content(struct lf_tar_sink *s, const struct lf_blob *b, uint64_t offset,
			  uint64_t n, struct lf_err *err)
{
	static const char zero[LF_TAR_BLOCK];

	return lf_blob_copy(b, offset, n, writer_of(s), err) &&
	       lf_write(writer_of(s), zero, lf_tar_pad(n), err);
}

static bool write_end(struct lf_tar_sink *s, struct lf_err *err)
{
	lf_auto_buf end = {0};

	lf_tar_end(&end);
	return lf_write(writer_of(s), end.p, end.n, err);
}

void lf_tar_to_writer_init(struct lf_tar_to_writer *t, struct lf_writer *w)
{
	*t = (struct lf_tar_to_writer){.sink = {write_entry, write_content, write_end}, .w = w};
}

bool lf_tree_tar(struct lf_tree *t, struct lf_writer *w, struct lf_err *err)
{
	struct lf_tar_to_writer to;

	lf_tar_to_writer_init(&to, w);
	return lf_tree_tar_to(t, &to.sink, err);
}
