/*
 * Links to busybox's applets: the names come from the list that the package ships in
 * /etc/busybox-paths.d.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image/image.h"

#include <string.h>

#include "apk/version.h"
#include "base/mem.h"
#include "base/banned.h"

static bool provides_busybox(const struct lf_pkg *p)
{
	for (size_t i = 0; i < p->provides.n; i++)
		if (strstr(p->provides.v[i], "busybox"))
			return true;
	return strcmp(p->name, "busybox") == 0;
}

static const struct lf_pkg *find_package(const struct lf_image *img)
{
	for (size_t i = 0; i < img->solution.n; i++)
		if (provides_busybox(&img->package[i]->apk.pkg))
			return &img->package[i]->apk.pkg;
	return NULL;
}

static bool add_link(struct lf_image *img, const char *path, int64_t mtime, struct lf_err *err)
{
	const char *dir_path = lf_root_dirname(img, path);
	struct lf_node *dir = lf_root_mkdirs(img, dir_path, 0755, err);
	const char *slash = strrchr(path, '/');
	struct lf_str name = lf_str(slash ? slash + 1 : path);

	if (!dir)
		return lf_fail(err, "error creating directory %s", dir_path);
	/* compat: every link sets the directory's time, also when it is there already. */
	dir->mtime = mtime;
	if (name.n && !lf_tree_child(img->tree, dir, name))
		(void)lf_root_symlink(img, dir, name, "/bin/busybox");
	return true;
}

static bool link_applets(struct lf_image *img, struct lf_str list, int64_t mtime,
			 struct lf_err *err)
{
	struct lf_str line;

	while (lf_str_line(&list, &line)) {
		const char *path = lf_arena_str(&img->arena, line);

		if (*path && strcmp(path, "/bin/busybox") != 0 && !strstr(path, "/.") &&
		    !add_link(img, path, mtime, err))
			return false;
	}
	return true;
}

/* "1.36.1-r2": the tables of upstream are by three numbers, and it refuses anything else. */
static bool is_release(const char *version)
{
	struct lf_str rest = lf_str(version), part = lf_str_cut(&rest, '-');
	unsigned n = 0;

	while (part.p) {
		uint64_t number;

		if (!lf_str_u64(lf_str_cut(&part, '.'), 10, &number))
			return false;
		n++;
	}
	return n >= 3;
}

bool lf_image_busybox(struct lf_image *img, struct lf_err *err)
{
	const struct lf_node *busybox = lf_tree_find(img->tree, "bin/busybox", true);
	const struct lf_pkg *p;
	lf_auto_buf list = {0};

	if (!busybox)
		return true;
	p = find_package(img);
	if (!p)
		return lf_fail_new(err, LF_E_CONFIG, "busybox package not installed");
	if (lf_root_read(img, lf_arena_printf(&img->arena, "etc/busybox-paths.d/%s", p->name),
			 &list))
		return link_applets(img, lf_buf_view(&list), lf_node_content(busybox)->mtime, err);
	if (!is_release(p->version))
		return lf_fail_new(err, LF_E_CONFIG, "invalid busybox version: %s", p->version);
	lf_warn(&img->ctx, "busybox %s has no /etc/busybox-paths.d/%s: no links are made for it",
		p->version, p->name);
	return true;
}
