/*
 * An EROFS image as a tree, or as a further layer over one, by the rules of overlayfs: device 0,0
 * takes a name away, an opaque directory hides what lies below it. Names and metadata are read,
 * contents are not. The image may be hostile: directories are a list of work, not a recursion, and
 * their depth and the number of all entries are limited.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>
#include <sys/stat.h>

#include "base/vec.h"
#include "codec/erofs.h"
#include "tree/tree.h"
#include "base/banned.h"

#define ENTRY_SIZE 13 /* at least, in its directory */
#define MAX_DEPTH  500
#define MAX_LINK   4096

struct todo {
	struct lf_node *node;
	uint64_t nid;
	unsigned depth;
};

struct layer_read {
	struct lf_tree *tree;
	struct lf_erofs image;
	bool over; /* there are layers below */
	LF_VEC(struct todo) todo;
	size_t entries;
	struct todo dir; /* being read */
};

static bool type_of(uint32_t mode, enum lf_node_type *ret)
{
	switch (mode & S_IFMT) {
	case S_IFREG:
		*ret = LF_NODE_FILE;
		return true;
	case S_IFDIR:
		*ret = LF_NODE_DIR;
		return true;
	case S_IFLNK:
		*ret = LF_NODE_SYMLINK;
		return true;
	case S_IFCHR:
		*ret = LF_NODE_CHAR;
		return true;
	case S_IFBLK:
		*ret = LF_NODE_BLOCK;
		return true;
	case S_IFIFO:
		*ret = LF_NODE_FIFO;
		return true;
	default:
		return false;
	}
}

struct xattr_copy {
	struct lf_tree *tree;
	struct lf_node *node;
};

static bool copy_xattr(void *data, struct lf_str key, struct lf_str value, struct lf_err *err)
{
	const struct xattr_copy *c = data;

	(void)err;
	lf_tree_set_xattr(c->tree, c->node, key, value);
	return true;
}

static bool set_link(struct layer_read *r, const struct lf_erofs_inode *i, struct lf_node *n,
		     struct lf_err *err)
{
	lf_auto_buf text = {0};

	if (!lf_erofs_read(&r->image, i, MAX_LINK, &text, err))
		return false;
	n->link = lf_arena_str(lf_tree_arena(r->tree), lf_buf_view(&text));
	return true;
}

static bool set_node(struct layer_read *r, const struct lf_erofs_inode *i, struct lf_node *n,
		     struct lf_err *err)
{
	struct xattr_copy copy = {r->tree, n};

	n->mode = i->mode & 07777;
	n->uid = i->uid;
	n->gid = i->gid;
	n->mtime = i->mtime;
	n->size = n->type == LF_NODE_FILE ? i->size : 0;
	n->xattr = NULL;
	if (n->type == LF_NODE_CHAR || n->type == LF_NODE_BLOCK) {
		n->devmajor = lf_erofs_dev_major(i->at);
		n->devminor = lf_erofs_dev_minor(i->at);
	}
	if (n->type == LF_NODE_SYMLINK && !set_link(r, i, n, err))
		return false;
	return lf_erofs_each_xattr(&r->image, i, copy_xattr, &copy, err);
}

static bool is_opaque(const struct lf_node *n)
{
	for (const struct lf_xattr *x = n->xattr; x; x = x->next)
		if ((lf_str_is(x->key, "trusted.overlay.opaque") ||
		     lf_str_is(x->key, "user.overlay.opaque")) &&
		    lf_str_is(x->value, "y"))
			return true;
	return false;
}

static bool is_whiteout(const struct lf_erofs_inode *i)
{
	return S_ISCHR(i->mode) && i->at == 0;
}

static bool add_node(struct layer_read *r, const struct lf_erofs_inode *i, struct lf_str name,
		     struct lf_err *err)
{
	struct lf_node *n = lf_tree_child(r->tree, r->dir.node, name);
	const bool merges = n && n->type == LF_NODE_DIR && S_ISDIR(i->mode);
	enum lf_node_type type;

	if (!type_of(i->mode, &type))
		return lf_fail_new(err, LF_E_FORMAT, "%s: a type of file that images do not have",
				   r->image.src.path);
	if (n && !merges)
		lf_tree_remove(r->tree, n);
	if (r->over && is_whiteout(i))
		return true;
	if (!merges)
		n = lf_tree_add(r->tree, r->dir.node, name, type);
	if (!set_node(r, i, n, err))
		return false;
	if (merges && is_opaque(n))
		while (n->child)
			lf_tree_remove(r->tree, n->child);
	if (type == LF_NODE_DIR)
		lf_vec_push(&r->todo, (struct todo){n, i->nid, r->dir.depth + 1});
	return true;
}

static bool add_entry(void *data, const struct lf_erofs_dirent *entry, struct lf_err *err)
{
	struct layer_read *r = data;
	struct lf_erofs_inode i;

	if (lf_str_is(entry->name, ".") || lf_str_is(entry->name, ".."))
		return true;
	if (r->dir.depth >= MAX_DEPTH)
		return lf_fail_new(err, LF_E_LIMIT, "%s: more than %d levels of directories",
				   r->image.src.path, MAX_DEPTH);
	/* Directories that share blocks, or hold themselves, would have no end. */
	if (++r->entries > r->image.src.size / ENTRY_SIZE)
		return lf_fail_new(err, LF_E_FORMAT,
				   "%s: erofs image is corrupt: more entries than bytes for them",
				   r->image.src.path);
	return lf_erofs_get_inode(&r->image, entry->nid, &i, err) &&
	       add_node(r, &i, entry->name, err);
}

static bool read_root(struct layer_read *r, struct lf_err *err)
{
	struct lf_node *root = lf_tree_root(r->tree);
	struct lf_erofs_inode i;

	if (!lf_erofs_get_inode(&r->image, r->image.super.root, &i, err) ||
	    !set_node(r, &i, root, err))
		return false;
	if (is_opaque(root))
		while (root->child)
			lf_tree_remove(r->tree, root->child);
	lf_vec_push(&r->todo, (struct todo){root, i.nid, 0});
	return true;
}

bool lf_tree_add_erofs(struct lf_tree *t, const struct lf_erofs_source *src, bool over,
		       struct lf_err *err)
{
	struct layer_read r = {.tree = t, .over = over};
	struct lf_erofs_inode i;
	bool ok = lf_erofs_open(&r.image, src, err) && read_root(&r, err);

	while (ok && r.todo.n) {
		r.dir = lf_vec_pop(&r.todo);
		ok = lf_erofs_get_inode(&r.image, r.dir.nid, &i, err) &&
		     lf_erofs_each_entry(&r.image, &i, add_entry, &r, err);
	}
	lf_vec_fini(&r.todo);
	return ok;
}
