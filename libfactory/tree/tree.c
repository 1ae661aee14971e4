/*
 * The tree value: nodes in an arena, found by parent and name (children.c). Comes in: paths and
 * metadata; goes out: nodes, by path (links followed inside the root). Walking is in node.c,
 * emitting in tree_tar.c and tree_dir.c.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "tree/tree.h"

#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/vec.h"
#include "tree/children.h"
#include "base/banned.h"

#define MAX_LINKS 40
#define MAX_DEPTH 1000 /* walking recurses */

struct lf_tree {
	struct lf_arena arena;
	struct lf_node root;
	struct lf_children children; /* all nodes but the root */
	LF_VEC(int) fds;
};

struct lf_tree *lf_tree_new(void)
{
	struct lf_tree *t = lf_calloc(1, sizeof(*t));

	t->root = (struct lf_node){
		.name = "", .type = LF_NODE_DIR, .mode = 0755, .owner = LF_OWNER_NONE};
	return t;
}

void lf_tree_free(struct lf_tree *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < t->fds.n; i++)
		close(t->fds.v[i]);
	lf_vec_fini(&t->fds);
	lf_arena_fini(&t->arena);
	lf_children_fini(&t->children);
	lf_free(t);
}

struct lf_arena *lf_tree_arena(struct lf_tree *t)
{
	return &t->arena;
}

struct lf_node *lf_tree_root(struct lf_tree *t)
{
	return &t->root;
}

void lf_tree_own_fd(struct lf_tree *t, int fd)
{
	lf_vec_push(&t->fds, fd);
}

size_t lf_tree_count(const struct lf_tree *t)
{
	return t->children.n;
}

struct lf_node *lf_tree_child(const struct lf_tree *t, const struct lf_node *dir,
			      struct lf_str name)
{
	return lf_children_find(&t->children, dir, name);
}

/* Walks components from `at`; links met on the way are spliced in by recursion with a budget. */
static struct lf_node *resolve(const struct lf_tree *t, struct lf_node *at, struct lf_str path,
			       bool follow, unsigned *links)
{
	if (path.n && path.p[0] == '/')
		at = (struct lf_node *)&t->root;
	while (path.p && at) {
		struct lf_str name = lf_str_cut(&path, '/');

		if (name.n == 0 || lf_str_is(name, "."))
			continue;
		if (at->type != LF_NODE_DIR)
			return NULL;
		if (lf_str_is(name, "..")) {
			at = at->parent ? at->parent : at;
			continue;
		}
		struct lf_node *dir = at;
		bool last = !path.p || strspn(path.p, "/") == path.n;

		at = lf_tree_child(t, dir, name);
		if (!at || at->type != LF_NODE_SYMLINK || (last && !follow))
			continue;
		if (++*links > MAX_LINKS)
			return NULL;
		at = resolve(t, dir, lf_str(at->link), true, links);
	}
	return at;
}

struct lf_node *lf_tree_find(const struct lf_tree *t, const char *path, bool follow)
{
	unsigned links = 0;

	return resolve(t, (struct lf_node *)&t->root, lf_str(path), follow, &links);
}

struct lf_node *lf_tree_add(struct lf_tree *t, struct lf_node *dir, struct lf_str name,
			    enum lf_node_type type)
{
	struct lf_node *n = lf_new(&t->arena, struct lf_node);

	n->name = lf_arena_str(&t->arena, name);
	n->parent = dir;
	n->type = (uint8_t)type;
	n->owner = LF_OWNER_NONE;
	n->next = dir->child;
	dir->unsorted = n->next != NULL;
	dir->child = n;
	lf_children_add(&t->children, n);
	return n;
}

static void forget(struct lf_tree *t, struct lf_node *node)
{
	for (struct lf_node *c = node->child; c; c = c->next)
		forget(t, c);
	lf_children_remove(&t->children, node);
	node->gone = true;
}

void lf_tree_remove(struct lf_tree *t, struct lf_node *node)
{
	struct lf_node **p = &node->parent->child;

	while (*p != node)
		p = &(*p)->next;
	forget(t, node);
	*p = node->next;
	node->next = NULL;
}

static bool is_too_deep(const struct lf_node *n)
{
	unsigned depth = 0;

	while ((n = n->parent))
		if (++depth > MAX_DEPTH)
			return true;
	return false;
}

struct lf_node *lf_tree_mkdirs(struct lf_tree *t, const char *path, uint32_t mode,
			       struct lf_err *err)
{
	struct lf_node *at = &t->root;

	for (struct lf_str rest = lf_str(path); rest.p;) {
		struct lf_str name = lf_str_cut(&rest, '/');

		if (name.n == 0 || lf_str_is(name, "."))
			continue;
		if (lf_str_is(name, "..")) {
			at = at->parent ? at->parent : at;
			continue;
		}
		struct lf_node *next = lf_tree_child(t, at, name);
		unsigned links = 0;

		if (!next) {
			if (is_too_deep(at)) {
				(void)lf_fail_new(err, LF_E_LIMIT,
						  "error creating directory: more than %d levels",
						  MAX_DEPTH);
				return NULL;
			}
			next = lf_tree_add(t, at, name, LF_NODE_DIR);
			next->mode = mode & 07777;
		} else if (next->type == LF_NODE_SYMLINK) {
			next = resolve(t, at, name, true, &links);
		}
		if (!next || next->type != LF_NODE_DIR) {
			(void)lf_fail_new(err, LF_E_FORMAT,
					  "error creating directory %s: path is not a directory",
					  path);
			return NULL;
		}
		at = next;
	}
	return at;
}

static struct lf_node *open_file(struct lf_tree *t, const char *path, uint32_t mode,
				 struct lf_err *err)
{
	struct lf_node *n = lf_tree_find(t, path, true);

	if (n && n->type == LF_NODE_HARDLINK)
		n = n->target;
	if (n && n->type == LF_NODE_FILE)
		return n;
	lf_auto_free char *clean = lf_path_clean(path);
	char *slash = strrchr(clean, '/');
	struct lf_str base = lf_str(slash ? slash + 1 : clean);

	if (slash)
		*slash = '\0';
	struct lf_node *parent = lf_tree_find(t, slash ? clean : "", true);

	if (n || !parent || parent->type != LF_NODE_DIR || lf_tree_child(t, parent, base)) {
		(void)lf_fail_new(err, n ? LF_E_FORMAT : LF_E_NOT_FOUND, "open %s: %s", path,
				  n ? "is not a regular file" : "file does not exist");
		return NULL;
	}
	n = lf_tree_add(t, parent, base, LF_NODE_FILE);
	n->mode = mode & 07777;
	return n;
}

struct lf_node *lf_tree_write(struct lf_tree *t, const char *path, const void *p, size_t n,
			      uint32_t mode, struct lf_err *err)
{
	struct lf_node *file = open_file(t, path, mode, err);

	if (!file)
		return NULL;
	struct lf_blob *blob = lf_new(&t->arena, struct lf_blob);

	*blob = (struct lf_blob){
		.mem = (const uint8_t *)lf_arena_dup(&t->arena, p, n),
		.fd = -1,
		.size = n,
		.path = file->name,
	};
	file->blob = blob;
	file->offset = 0;
	file->size = n;
	file->has_sha1 = false;
	return file;
}

bool lf_tree_read(const struct lf_tree *t, const struct lf_node *file, size_t max,
		  struct lf_buf *ret, struct lf_err *err)
{
	while (file && file->type == LF_NODE_SYMLINK) {
		unsigned links = 1;

		file = resolve(t, file->parent, lf_str(file->link), true, &links);
	}
	if (file)
		file = lf_node_content(file);
	if (!file || file->type != LF_NODE_FILE)
		return lf_fail_new(err, LF_E_NOT_FOUND, "file does not exist");
	if (file->size > max)
		return lf_fail_new(err, LF_E_LIMIT, "%s: larger than %zu bytes", file->name, max);
	lf_buf_reserve(ret, file->size);
	if (file->size && !lf_blob_read(file->blob, file->offset, ret->p + ret->n, file->size, err))
		return false;
	ret->n += file->size;
	ret->p[ret->n] = '\0';
	return true;
}

void lf_tree_set_xattr(struct lf_tree *t, struct lf_node *n, struct lf_str key, struct lf_str value)
{
	struct lf_xattr **p = &n->xattr;

	while (*p && lf_str_cmp((*p)->key, key) < 0)
		p = &(*p)->next;
	if (!*p || !lf_str_eq((*p)->key, key)) {
		struct lf_xattr *x = lf_new(&t->arena, struct lf_xattr);

		x->key = (struct lf_str){lf_arena_str(&t->arena, key), key.n};
		x->next = *p;
		*p = x;
	}
	(*p)->value = (struct lf_str){lf_arena_dup(&t->arena, value.p, value.n), value.n};
}
