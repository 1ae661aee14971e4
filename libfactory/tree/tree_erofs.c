/*
 * A tree as an EROFS image, streamed in one pass after a plan: the tree is walked once to give each
 * node its place, then contents are written in walk order, then all inodes with the last, unfilled
 * blocks behind them. A record of a few bytes a node is all that is kept. Every name is a file of
 * its own: hard links become copies, as upstream makes them. docs/formats/erofs.md.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "base/vec.h"
#include "codec/erofs.h"
#include "tree/tree.h"
#include "base/banned.h"

#define SLOTS_PER_BLOCK (LF_EROFS_BLOCK / LF_EROFS_SLOT)

/* Where a node goes. Nodes are numbered in walk order, the root is 0. */
struct place {
	uint32_t nid;   /* slots from the start of the inodes */
	uint32_t block; /* first one of the content, when it has any */
	uint32_t end;   /* number of the node behind all below this one */
	uint32_t dir_size;
};

struct plan {
	struct lf_writer *w;
	LF_VEC(struct place) place;
	uint64_t blocks;           /* so far; the first is the superblock's */
	uint64_t slots;            /* so far */
	struct lf_buf xattrs, dir; /* of the node at hand */
	LF_VEC(struct lf_erofs_dirent) entry;
};

/* ---- what a node is ---- */

static bool make_xattrs(struct plan *p, const struct lf_node *n, struct lf_err *err)
{
	lf_buf_clear(&p->xattrs);
	if (n->type == LF_NODE_SYMLINK)
		return true;
	for (const struct lf_xattr *x = n->xattr; x; x = x->next)
		if (!lf_erofs_put_xattr(&p->xattrs, x->key, x->value, err))
			return false;
	return true;
}

/* The content of a directory, in byte order; "." and ".." are sorted in with the rest. */
static void make_dir(struct plan *p, const struct lf_node *dir, uint32_t number, uint32_t parent)
{
	const struct lf_erofs_dirent dots[] = {
		{LF_STR("."), p->place.v[number].nid, S_IFDIR},
		{LF_STR(".."), p->place.v[parent].nid, S_IFDIR},
	};
	uint32_t at = number + 1;
	size_t d = 0;

	p->entry.n = 0;
	lf_buf_clear(&p->dir);
	for (const struct lf_node *c = dir->child; c; c = c->next) {
		const struct lf_str name = lf_str(c->name);
		const uint32_t mode = lf_node_st_mode(lf_node_content(c));

		for (; d < 2 && lf_str_cmp(dots[d].name, name) < 0; d++)
			lf_vec_push(&p->entry, dots[d]);
		lf_vec_push(&p->entry, (struct lf_erofs_dirent){name, p->place.v[at].nid, mode});
		at = p->place.v[at].end;
	}
	for (; d < 2; d++)
		lf_vec_push(&p->entry, dots[d]);
	lf_erofs_put_dir(&p->dir, p->entry.v, p->entry.n);
}

static uint32_t links_of(const struct lf_node *n)
{
	uint32_t links = n->type == LF_NODE_DIR ? 2 : 1;

	for (const struct lf_node *c = n->type == LF_NODE_DIR ? n->child : NULL; c; c = c->next)
		links += c->type == LF_NODE_DIR;
	return links;
}

static uint64_t size_of(const struct plan *p, const struct lf_node *n, uint32_t number)
{
	switch ((enum lf_node_type)n->type) {
	case LF_NODE_DIR:
		return p->place.v[number].dir_size;
	case LF_NODE_SYMLINK:
		return strlen(n->link);
	case LF_NODE_FILE:
		return n->size;
	case LF_NODE_HARDLINK:
	case LF_NODE_CHAR:
	case LF_NODE_BLOCK:
	case LF_NODE_FIFO:
		break;
	}
	return 0;
}

/* How much of the content lies in blocks, how much behind the inode: the last block does when both
 * fit into a block together. */
struct split {
	uint64_t size, full;
	size_t tail;
};

static struct split split_of(const struct plan *p, const struct lf_node *n, uint32_t number)
{
	const uint64_t size = size_of(p, n, number);
	const size_t tail = size % LF_EROFS_BLOCK;

	if (LF_EROFS_INODE + p->xattrs.n + tail > LF_EROFS_BLOCK)
		return (struct split){size, size, 0};
	return (struct split){size, size - tail, tail};
}

/* ---- walking ---- */

typedef bool visit_fn(struct plan *p, const struct lf_node *n, uint32_t number, uint32_t parent,
		      struct lf_err *err);

static bool visit_all(struct plan *p, const struct lf_node *n, uint32_t number, uint32_t parent,
		      visit_fn *fn, struct lf_err *err)
{
	const struct lf_node *content = lf_node_content(n);
	lf_auto_buf path = {0};
	uint32_t at = number + 1;

	if (!make_xattrs(p, content, err) || !fn(p, content, number, parent, err)) {
		lf_node_path(n, &path);
		return lf_fail(err, "writing %s", lf_buf_c(&path));
	}
	if (n->type != LF_NODE_DIR)
		return true;
	for (const struct lf_node *c = n->child; c; c = c->next) {
		if (!visit_all(p, c, at, number, fn, err))
			return false;
		at = p->place.v[at].end;
	}
	return true;
}

/* ---- planning ---- */

static void number_all(struct plan *p, struct lf_node *n)
{
	const size_t me = p->place.n;

	lf_vec_push(&p->place, (struct place){0});
	if (n->type == LF_NODE_DIR) {
		lf_node_sort(n);
		for (struct lf_node *c = n->child; c; c = c->next)
			number_all(p, c);
	}
	p->place.v[me].end = (uint32_t)p->place.n;
}

/* An inode and what follows it stay within a block when they can. */
static uint64_t place_slots(struct plan *p, size_t bytes)
{
	const size_t used = p->slots % SLOTS_PER_BLOCK * LF_EROFS_SLOT;
	uint64_t nid = p->slots;

	if (used && used + bytes > LF_EROFS_BLOCK)
		nid += SLOTS_PER_BLOCK - nid % SLOTS_PER_BLOCK;
	p->slots = nid + (bytes + LF_EROFS_SLOT - 1) / LF_EROFS_SLOT;
	return nid;
}

static bool place_node(struct plan *p, const struct lf_node *n, uint32_t number, uint32_t parent,
		       struct lf_err *err)
{
	struct place *at = &p->place.v[number];

	if (n->type == LF_NODE_DIR) {
		make_dir(p, n, number, parent);
		if (p->dir.n > UINT32_MAX)
			return lf_fail_new(err, LF_E_LIMIT, "the directory is too large");
		at->dir_size = (uint32_t)p->dir.n;
	}
	const struct split s = split_of(p, n, number);
	const uint64_t nid = place_slots(p, LF_EROFS_INODE + p->xattrs.n + s.tail);

	at->nid = (uint32_t)nid;
	at->block = (uint32_t)p->blocks;
	p->blocks += s.full / LF_EROFS_BLOCK + (s.full % LF_EROFS_BLOCK != 0);
	if (p->slots > UINT32_MAX || p->blocks > UINT32_MAX - UINT32_MAX / SLOTS_PER_BLOCK)
		return lf_fail_new(err, LF_E_LIMIT, "the image is too large for erofs");
	return true;
}

/* ---- writing ---- */

static bool pad(struct plan *p, uint64_t n, struct lf_err *err)
{
	static const char zero[LF_EROFS_BLOCK];

	for (; n > sizeof(zero); n -= sizeof(zero))
		if (!lf_write(p->w, zero, sizeof(zero), err))
			return false;
	return lf_write(p->w, zero, n, err);
}

static bool write_blocks(struct plan *p, const struct lf_node *n, uint32_t number, uint32_t parent,
			 struct lf_err *err)
{
	const struct split s = split_of(p, n, number);
	bool ok = true;

	if (s.full == 0)
		return true;
	if (n->type == LF_NODE_FILE) {
		ok = lf_blob_copy(n->blob, n->offset, s.full, p->w, err);
	} else if (n->type == LF_NODE_SYMLINK) {
		ok = lf_write(p->w, n->link, s.full, err);
	} else {
		make_dir(p, n, number, parent);
		ok = lf_write(p->w, p->dir.p, s.full, err);
	}
	return ok && pad(p, -s.full % LF_EROFS_BLOCK, err);
}

static bool write_tail(struct plan *p, const struct lf_node *n, const struct split *s,
		       struct lf_err *err)
{
	char bytes[LF_EROFS_BLOCK];

	if (n->type == LF_NODE_SYMLINK)
		return lf_write(p->w, n->link + s->full, s->tail, err);
	if (n->type == LF_NODE_DIR)
		return lf_write(p->w, p->dir.p + s->full, s->tail, err);
	return lf_blob_read(n->blob, n->offset + s->full, bytes, s->tail, err) &&
	       lf_write(p->w, bytes, s->tail, err);
}

static bool write_inode(struct plan *p, const struct lf_node *n, uint32_t number, uint32_t parent,
			struct lf_err *err)
{
	const struct split s = split_of(p, n, number);
	const struct place *at = &p->place.v[number];
	const bool device = n->type == LF_NODE_CHAR || n->type == LF_NODE_BLOCK;
	const struct lf_erofs_inode inode = {
		.mode = lf_node_st_mode(n),
		.ino = number + 1,
		.uid = n->uid,
		.gid = n->gid,
		.links = links_of(n),
		.mtime = n->mtime,
		.size = s.size,
		.at = device ? lf_erofs_dev(n->devmajor, n->devminor) : at->block,
		.layout = s.tail ? LF_EROFS_INLINE : LF_EROFS_PLAIN,
	};
	lf_auto_buf out = {0};

	if (n->type == LF_NODE_DIR)
		make_dir(p, n, number, parent);
	lf_erofs_put_inode(&out, &inode, lf_buf_view(&p->xattrs));
	if (!pad(p, (at->nid - p->slots) * LF_EROFS_SLOT, err) ||
	    !lf_write(p->w, out.p, out.n, err) || (s.tail && !write_tail(p, n, &s, err)))
		return false;
	const uint64_t bytes = out.n + s.tail;

	p->slots = at->nid + (bytes + LF_EROFS_SLOT - 1) / LF_EROFS_SLOT;
	return pad(p, -bytes % LF_EROFS_SLOT, err);
}

static bool write_all(struct plan *p, struct lf_node *root, uint64_t time, struct lf_err *err)
{
	const struct lf_erofs_super super = {
		.inodes = p->place.n,
		.time = time,
		.blocks = p->blocks + (p->slots + SLOTS_PER_BLOCK - 1) / SLOTS_PER_BLOCK,
		.meta = p->blocks,
	};
	lf_auto_buf first = {0};

	p->slots = 0;
	lf_erofs_put_super(&first, &super);
	return lf_write(p->w, first.p, first.n, err) &&
	       visit_all(p, root, 0, 0, write_blocks, err) &&
	       visit_all(p, root, 0, 0, write_inode, err) &&
	       pad(p, -(p->slots * LF_EROFS_SLOT) % LF_EROFS_BLOCK, err);
}

bool lf_tree_erofs(struct lf_tree *t, int64_t time, struct lf_writer *w, struct lf_err *err)
{
	struct plan p = {.w = w, .blocks = 1};
	struct lf_node *root = lf_tree_root(t);

	number_all(&p, root);
	bool ok = visit_all(&p, root, 0, 0, place_node, err) &&
		  write_all(&p, root, time > 0 ? (uint64_t)time : 0, err);

	lf_vec_fini(&p.place);
	lf_vec_fini(&p.entry);
	lf_buf_fini(&p.xattrs);
	lf_buf_fini(&p.dir);
	return ok;
}
