/*
 * Links to busybox's applets: the names come from the list that the package ships in
 * /etc/busybox-paths.d, or by its version from what is known of old ones (busybox_table.c).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image/image.h"

#include <string.h>

#include "base/mem.h"
#include "base/vec.h"
#include "image/busybox.h"
#include "base/banned.h"

static bool provides_busybox(const struct lf_pkg *p)
{
	for (size_t i = 0; i < p->provides.n; i++)
		if (strstr(p->provides.v[i], "busybox"))
			return true;
	return false;
}

/* compat: of several that only provide it the last one counts. */
static const struct lf_pkg *find_package(const struct lf_image *img)
{
	const struct lf_pkg *found = NULL;

	for (size_t i = 0; i < lf_image_n_installed(img); i++) {
		const struct lf_pkg *p = lf_image_installed(img, i);

		if (strcmp(p->name, "busybox") == 0)
			return p;
		if (provides_busybox(p))
			found = p;
	}
	return found;
}

static bool add_link(struct lf_image *img, const char *path, int64_t mtime, struct lf_err *err)
{
	const char *slash = strrchr(path, '/'), *dir_path = lf_root_dirname(img, path);

	if (!slash)
		return true;
	struct lf_str name = lf_str(slash + 1);
	struct lf_node *dir = lf_root_mkdirs(img, dir_path, 0755, err);

	if (!dir)
		return lf_fail(err, "creating directory %s", dir_path);
	/* compat: every link sets the directory's time, also when it is there already. */
	dir->mtime = mtime;
	if (name.n && !lf_tree_child(img->tree, dir, name))
		(void)lf_root_symlink(img, dir, name, "/bin/busybox");
	return true;
}

static bool link_applets(struct lf_image *img, const struct lf_strv *path, int64_t mtime,
			 struct lf_err *err)
{
	for (size_t i = 0; i < path->n; i++) {
		const char *p = path->v[i];

		if (strcmp(p, "/bin/busybox") != 0 && !strstr(p, "/.") &&
		    !add_link(img, p, mtime, err))
			return false;
	}
	return true;
}

static bool find_paths(struct lf_image *img, const struct lf_pkg *p, struct lf_strv *ret,
		       struct lf_err *err)
{
	lf_auto_buf text = {0};
	struct lf_str line, version;

	if (lf_root_read(img, lf_arena_printf(&img->arena, "etc/busybox-paths.d/%s", p->name),
			 &text)) {
		for (struct lf_str rest = lf_buf_view(&text); lf_str_line(&rest, &line);)
			lf_strv_add(ret, lf_arena_str(&img->arena, line));
		return true;
	}
	if (!lf_busybox_version(lf_str(p->version), &version))
		return lf_fail_new(err, LF_E_CONFIG, "invalid busybox version: %s", p->version);
	lf_busybox_links(version, &img->arena, ret);
	return true;
}

bool lf_image_busybox(struct lf_image *img, struct lf_err *err)
{
	const struct lf_node *busybox = lf_tree_find(img->tree, "bin/busybox", true);
	lf_auto_strv path = {0};

	if (!busybox)
		return true;
	const struct lf_pkg *p = find_package(img);

	if (!p)
		return lf_fail_new(err, LF_E_CONFIG, "busybox package not installed");
	return find_paths(img, p, &path, err) &&
	       link_applets(img, &path, lf_node_content(busybox)->mtime, err);
}
