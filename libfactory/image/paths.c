/*
 * Path mutations: the configured `paths` in their order, each an action followed by permissions and
 * owner. Permissions follow symbolic links, as upstream's chmod does.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image/image.h"

#include <string.h>

#include "base/mem.h"
#include "base/banned.h"

typedef bool action_fn(struct lf_image *img, const struct lf_path_mutation *m, struct lf_err *err);

/* The last component, without slashes around it. */
static struct lf_str base_name(const char *path)
{
	struct lf_str s = lf_str(path);

	while (s.n && s.p[s.n - 1] == '/')
		s.n--;
	return lf_str_sub(s, (size_t)(lf_str_rfind(s, '/') + 1), s.n);
}

/* Upstream hangs or dies on dots; here they are refused wherever something is made. */
static bool check_name(const char *path, struct lf_err *err)
{
	if (base_name(path).n == 0)
		return lf_fail_new(err, LF_E_CONFIG, "path has no name");
	for (struct lf_str rest = lf_str(path); rest.p;) {
		struct lf_str name = lf_str_cut(&rest, '/');

		if (lf_str_is(name, ".") || lf_str_is(name, ".."))
			return lf_fail_new(err, LF_E_CONFIG,
					   "path has a \"" LF_STR_FMT "\" component",
					   LF_STR_ARG(name));
	}
	return true;
}

static struct lf_node *make_parent(struct lf_image *img, const char *path, struct lf_err *err)
{
	struct lf_node *dir;

	if (!check_name(path, err))
		return NULL;
	dir = lf_root_mkdirs(img, lf_root_dirname(img, path), 0755, err);
	if (!dir)
		(void)lf_fail(err, "ensuring parent directory for \"%s\"", path);
	return dir;
}

static bool make_directory(struct lf_image *img, const struct lf_path_mutation *m,
			   struct lf_err *err)
{
	if (!check_name(m->path, err))
		return false;
	/* compat: missing parents get the same mode. */
	return lf_root_mkdirs(img, m->path, m->permissions, err) != NULL;
}

static bool make_empty_file(struct lf_image *img, const struct lf_path_mutation *m,
			    struct lf_err *err)
{
	struct lf_node *n;

	if (!make_parent(img, m->path, err))
		return false;
	n = lf_tree_find(img->tree, m->path, true);
	/* compat: what a package brought keeps its content. */
	if (n && lf_node_content(n)->owner != LF_OWNER_NONE)
		return true;
	return lf_root_write(img, m->path, LF_STR(""), 0644, err) != NULL;
}

static bool make_hardlink(struct lf_image *img, const struct lf_path_mutation *m,
			  struct lf_err *err)
{
	struct lf_node *dir = make_parent(img, m->path, err), *there, *n;
	struct lf_node *target = lf_tree_find(img->tree, m->source, true);

	if (!dir)
		return false;
	there = lf_tree_child(img->tree, dir, base_name(m->path));
	if (!target || target->type == LF_NODE_DIR)
		return lf_fail_new(err, LF_E_CONFIG, "linking \"%s\" -> \"%s\": %s", m->source,
				   m->path, target ? "is a directory" : "file does not exist");
	if (there == target)
		return true;
	if (there)
		lf_tree_remove(img->tree, there);
	n = lf_tree_add(img->tree, dir, base_name(m->path), LF_NODE_HARDLINK);
	n->target = (struct lf_node *)lf_node_content(target);
	n->copy = true;
	return true;
}

static bool make_symlink(struct lf_image *img, const struct lf_path_mutation *m, struct lf_err *err)
{
	struct lf_node *dir = make_parent(img, m->path, err);

	if (!dir)
		return false;
	if (lf_tree_child(img->tree, dir, base_name(m->path)))
		return lf_fail_new(err, LF_E_CONFIG, "file \"%s\" already exists", m->path);
	(void)lf_root_symlink(img, dir, base_name(m->path), m->source);
	return true;
}

static bool no_action(struct lf_image *img, const struct lf_path_mutation *m, struct lf_err *err)
{
	(void)img;
	(void)m;
	(void)err;
	return true;
}

static const struct {
	const char *type;
	action_fn *act;
} actions[] = {
	{"directory", make_directory}, {"empty-file", make_empty_file}, {"hardlink", make_hardlink},
	{"symlink", make_symlink},     {"permissions", no_action},
};

/* ---- permissions ---- */

static bool set_permissions(struct lf_image *img, const struct lf_path_mutation *m,
			    const char *path, struct lf_err *err)
{
	struct lf_node *n = lf_tree_find(img->tree, path, true);

	if (!n)
		return lf_fail_new(err, LF_E_CONFIG, "chmod \"%s\": file does not exist", path);
	n = (struct lf_node *)lf_node_content(n);
	n->mode = (uint16_t)(m->permissions & 07777);
	if (m->uid.set || m->gid.set) {
		n->uid = m->uid.set ? m->uid.v : 0;
		n->gid = m->gid.set ? m->gid.v : 0;
	}
	return true;
}

struct recursion {
	struct lf_image *img;
	const struct lf_path_mutation *m;
};

static bool set_below(const struct recursion *r, struct lf_node *dir, const char *path,
		      struct lf_err *err)
{
	lf_node_sort(dir);
	for (struct lf_node *c = dir->child; c; c = c->next) {
		lf_auto_free char *sub = NULL;
		lf_auto_buf at = {0};

		lf_buf_printf(&at, "%s/%s", path, c->name);
		sub = lf_buf_detach(&at);
		if (!set_permissions(r->img, r->m, sub, err))
			return lf_fail(err, "mutating permissions for path \"%s\"", sub);
		if (c->type == LF_NODE_DIR && !set_below(r, c, sub, err))
			return false;
	}
	return true;
}

static bool apply_permissions(struct lf_image *img, const struct lf_path_mutation *m,
			      struct lf_err *err)
{
	const struct recursion r = {img, m};
	struct lf_node *n;

	if (!set_permissions(img, m, m->path, err))
		return false;
	n = lf_tree_find(img->tree, m->path, false);
	return !m->recursive || !n || n->type != LF_NODE_DIR || set_below(&r, n, m->path, err);
}

static bool mutate(struct lf_image *img, const struct lf_path_mutation *m, struct lf_err *err)
{
	for (size_t i = 0; i < LF_ARRAY_LEN(actions); i++) {
		if (strcmp(m->type, actions[i].type) != 0)
			continue;
		if (!actions[i].act(img, m, err))
			return lf_fail(err, "mutating path \"%s\"", m->path);
		if (apply_permissions(img, m, err))
			return true;
		if (actions[i].act == no_action)
			return lf_fail(err, "mutating path \"%s\"", m->path);
		return lf_fail(err, "%s mutation on %s", m->type, m->path);
	}
	return lf_fail_new(err, LF_E_CONFIG, "unsupported path mutation type \"%s\"", m->type);
}

bool lf_image_paths(struct lf_image *img, struct lf_err *err)
{
	for (size_t i = 0; i < img->config.paths.n; i++)
		if (!mutate(img, &img->config.paths.v[i], err))
			return lf_fail(err, "failed to mutate paths");
	return true;
}
