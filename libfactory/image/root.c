/*
 * Small helpers on the tree of an image, with the texts and defaults of upstream's file system.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image/image.h"

#include <fnmatch.h>
#include <string.h>

#include "base/vec.h"

#include "base/banned.h"

#define MAX_TEXT (64 * 1024 * 1024)

struct lf_node *lf_root_mkdirs(struct lf_image *img, const char *path, uint32_t mode,
			       struct lf_err *err)
{
	struct lf_node *dir = lf_tree_mkdirs(img->tree, path, mode, NULL);

	if (!dir)
		(void)lf_fail_new(err, LF_E_CONFIG, "path is not a directory");
	return dir;
}

struct lf_node *lf_root_write(struct lf_image *img, const char *path, struct lf_str text,
			      uint32_t mode, struct lf_err *err)
{
	return lf_tree_write(img->tree, path, text.p, text.n, mode, err);
}

struct lf_node *lf_root_symlink(struct lf_image *img, struct lf_node *dir, struct lf_str name,
				const char *target)
{
	struct lf_node *n = lf_tree_add(img->tree, dir, name, LF_NODE_SYMLINK);

	n->mode = 0777;
	n->mtime = dir->mtime;
	n->link = lf_arena_strdup(lf_tree_arena(img->tree), target);
	return n;
}

bool lf_root_read(const struct lf_image *img, const char *path, struct lf_buf *ret)
{
	const struct lf_node *n = lf_tree_find(img->tree, path, true);

	return n && lf_tree_read(img->tree, n, MAX_TEXT, ret, NULL);
}

const char *lf_root_dirname(struct lf_image *img, const char *path)
{
	size_t n = strlen(path);

	while (n && path[n - 1] == '/')
		n--;
	while (n && path[n - 1] != '/')
		n--;
	while (n && path[n - 1] == '/')
		n--;
	return lf_arena_dup(&img->arena, path, n);
}

static void glob_in(struct lf_image *img, struct lf_node *dir, struct lf_str at,
		    struct lf_str pattern, struct lf_strv *ret)
{
	struct lf_str part = lf_str_cut(&pattern, '/');
	const char *match = lf_arena_str(&img->arena, part);

	if (part.n == 0 && pattern.p) {
		glob_in(img, dir, at, pattern, ret);
		return;
	}
	lf_node_sort(dir);
	for (struct lf_node *c = dir->child; c; c = c->next) {
		if (fnmatch(match, c->name, 0) != 0)
			continue;
		const char *path =
			lf_arena_printf(&img->arena, LF_STR_FMT "/%s", LF_STR_ARG(at), c->name);
		struct lf_node *n = pattern.p ? lf_tree_find(img->tree, path, true) : NULL;

		if (!pattern.p)
			lf_strv_add(ret, path);
		else if (n && n->type == LF_NODE_DIR)
			glob_in(img, n, lf_str(path), pattern, ret);
	}
}

void lf_root_glob(struct lf_image *img, const char *pattern, struct lf_strv *ret)
{
	glob_in(img, lf_tree_root(img->tree), LF_STR(""), lf_str(pattern), ret);
}
