/*
 * The tar of one layer of several: a walk over the whole tree that writes the layer's own entries
 * and before them the directories it lacks. With one layer it is simply the tree.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image/layer.h"

#include "base/vec.h"
#include "base/banned.h"

struct stack {
	const struct lf_node **v;
	size_t n, cap;
};

struct layer_walk {
	struct lf_image *img;
	const struct lf_layering *layering;
	size_t layer;
	struct lf_tar_sink *sink;
	struct lf_names *names;
	const struct lf_node *installed;
	struct stack above;   /* the walk's directories, cut back only when it meets a directory
				 (compat) */
	struct stack written; /* those this layer has */
};

static bool is_top(const struct layer_walk *l)
{
	return l->layer + 1 == l->layering->n_layers;
}

static size_t layer_of(const struct layer_walk *l, const struct lf_node *n)
{
	/* A second name of a file is where the file is. */
	const struct lf_node *c = lf_node_content(n);

	if ((c->type == LF_NODE_FILE || c->type == LF_NODE_SYMLINK) && c->owner != LF_OWNER_NONE)
		return l->layering->group[c->owner];
	return l->layering->n_layers - 1;
}

static void enter(struct layer_walk *l, const struct lf_node *dir)
{
	while (l->above.n && l->above.v[l->above.n - 1] != dir->parent)
		l->above.n--;
	lf_vec_push(&l->above, dir);
}

/* compat: a directory repeated for the sake of an entry has the entry's time. */
static bool write_dir(struct layer_walk *l, const struct lf_node *dir, int64_t mtime,
		      struct lf_err *err)
{
	struct lf_node copy = *dir;
	lf_auto_buf path = {0};

	copy.mtime = mtime;
	lf_node_path(dir, &path);
	return lf_tree_tar_node(l->sink, &copy, path.p, l->names, err);
}

static bool write_above(struct layer_walk *l, const struct lf_node *n, struct lf_err *err)
{
	size_t same = 0;

	while (same < l->written.n && same < l->above.n && l->written.v[same] == l->above.v[same])
		same++;
	l->written.n = same;
	for (size_t i = same; i < l->above.n; i++) {
		const struct lf_node *dir = l->above.v[i];

		lf_vec_push(&l->written, dir);
		if (dir != n && !write_dir(l, dir, lf_node_content(n)->mtime, err))
			return false;
	}
	return true;
}

/* The database of a group holds only its packages. */
static bool write_part(struct layer_walk *l, const struct lf_node *n, const char *path,
		       struct lf_err *err)
{
	lf_auto_buf text = {0};

	for (const uint32_t *m = l->layering->member[l->layer]; *m != UINT32_MAX; m++)
		lf_buf_str(&text, l->img->record[*m]);
	struct lf_blob blob = {
		.mem = (const uint8_t *)lf_buf_c(&text), .fd = -1, .size = text.n, .path = path};
	struct lf_node copy = *lf_node_content(n);

	copy.blob = &blob;
	copy.offset = 0;
	copy.size = text.n;
	return write_above(l, n, err) && lf_tree_tar_node(l->sink, &copy, path, l->names, err);
}

static bool visit(void *data, struct lf_node *n, const char *path, struct lf_err *err)
{
	struct layer_walk *l = data;

	if (n->type == LF_NODE_DIR)
		enter(l, n);
	if (n == l->installed && !is_top(l))
		return write_part(l, n, path, err);
	if (layer_of(l, n) != l->layer)
		return true;
	return write_above(l, n, err) && lf_tree_tar_node(l->sink, n, path, l->names, err);
}

bool lf_layering_tar(struct lf_image *img, const struct lf_layering *layering, size_t i,
		     struct lf_tar_sink *sink, struct lf_err *err)
{
	struct layer_walk l = {.img = img, .layering = layering, .layer = i, .sink = sink};

	if (layering->n_layers == 1)
		return lf_tree_tar_to(img->tree, sink, err);
	l.names = lf_names_load(img->tree);
	l.installed = lf_tree_find(img->tree, "usr/lib/apk/db/installed", true);
	bool ok = lf_tree_walk(img->tree, visit, &l, err);

	lf_names_free(l.names);
	lf_vec_fini(&l.above);
	lf_vec_fini(&l.written);
	return ok && sink->end(sink, err);
}
