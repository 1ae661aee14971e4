/*
 * /lib/apk → ../usr/lib/apk: where older tools look for the package database. An empty directory of
 * that name, as Alpine's apk-tools ships it, makes room.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image/image.h"

#include <string.h>

#include "base/mem.h"
#include "base/vec.h"
#include "base/banned.h"

/* Does the link n, in whatever spelling, lead to `path`? */
static bool leads_to(const struct lf_image *img, const struct lf_node *n, const char *path)
{
	lf_auto_buf at = {0};
	const struct lf_node *target;

	if (n->type != LF_NODE_SYMLINK)
		return false;
	lf_node_path(n, &at);
	target = lf_tree_find(img->tree, lf_buf_c(&at), true);
	if (target)
		return target == lf_tree_find(img->tree, path, true);
	lf_auto_free char *clean = lf_strdup(n->link[0] == '/' ? n->link + 1 : n->link);

	return strcmp(clean, path) == 0;
}

static bool clear_directory(struct lf_image *img, struct lf_node *dir, struct lf_err *err)
{
	for (const struct lf_node *c = dir->child; c; c = c->next) {
		if (c->type != LF_NODE_DIR)
			return lf_fail_new(err, LF_E_CONFIG,
					   "/lib/apk contains file %s, refusing to replace",
					   c->name);
		if (c->child)
			return lf_fail_new(err, LF_E_CONFIG,
					   "/lib/apk/%s is not empty, refusing to replace",
					   c->name);
	}
	lf_tree_remove(img->tree, dir);
	return true;
}

/* Wolfi's layout: /lib is a link, which a base image has in a layer that is not looked at. */
static bool is_merged(const struct lf_image *img)
{
	for (size_t i = 0; i < lf_image_n_installed(img); i++)
		if (lf_strv_has(&lf_image_installed(img, i)->provides, "merged-lib"))
			return true;
	return false;
}

bool lf_image_link_database(struct lf_image *img, struct lf_err *err)
{
	struct lf_node *lib = lf_tree_find(img->tree, "lib", false), *apk;

	if (lib && leads_to(img, lib, "usr/lib"))
		return true;
	if (!lib && is_merged(img)) {
		(void)lf_root_symlink(img, lf_tree_root(img->tree), LF_STR("lib"), "usr/lib");
		return true;
	}
	lib = lf_root_mkdirs(img, "lib", 0755, err);
	if (!lib)
		return false;
	apk = lf_tree_child(img->tree, lib, LF_STR("apk"));
	if (apk && leads_to(img, apk, "usr/lib/apk"))
		return true;
	if (apk && apk->type != LF_NODE_DIR)
		return lf_fail_new(err, LF_E_CONFIG, "/lib/apk is not a directory");
	if (apk && !clear_directory(img, apk, err))
		return false;
	(void)lf_root_symlink(img, lib, LF_STR("apk"), "../usr/lib/apk");
	return true;
}
