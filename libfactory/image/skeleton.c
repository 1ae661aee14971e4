/*
 * What apko makes before any package: base directories, the empty package database, keys, devices.
 * All of it belongs to root and has time 0.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image/image.h"

#include <string.h>

#include "base/mem.h"
#include "base/vec.h"
#include "codec/tar.h"
#include "base/banned.h"

static const struct {
	const char *path;
	uint32_t mode;
} dirs[] = {
	{"tmp", 01777},
	{"dev", 0755},
	{"etc", 0755},
	{"proc", 0555},
	{"opt", 0755},
	{"var", 0755},
	{"usr", 0755},
	{"etc/apk", 0755},
	{"etc/apk/keys", 0755},
	{"usr/lib", 0755},
	{"usr/lib/apk", 0755},
	{"usr/lib/apk/db", 0755},
	{"usr/lib/apk/exec", 0755},
	{"var/cache", 0755},
	{"var/cache/apk", 0755},
	{"var/cache/misc", 0755},
};

static const struct {
	const char *name;
	uint32_t major, minor, mode;
} devices[] = {
	{"zero", 1, 5, 0666},   {"urandom", 1, 9, 0666}, {"null", 1, 3, 0666},
	{"random", 1, 8, 0666}, {"console", 5, 1, 0620},
};

static void make_devices(struct lf_image *img)
{
	struct lf_node *dev = lf_tree_find(img->tree, "dev", false);

	for (size_t i = 0; i < LF_ARRAY_LEN(devices); i++) {
		struct lf_node *n =
			lf_tree_add(img->tree, dev, lf_str(devices[i].name), LF_NODE_CHAR);

		n->mode = devices[i].mode;
		n->devmajor = devices[i].major;
		n->devminor = devices[i].minor;
	}
}

static bool write_keys(struct lf_image *img, struct lf_err *err)
{
	for (size_t i = 0; i < img->keyring.n; i++) {
		if (strchr(img->keyring.entry[i].name, '/'))
			return lf_fail_new(err, LF_E_FORMAT, "invalid keyname \"%s\"",
					   img->keyring.entry[i].name);
		const char *path =
			lf_arena_printf(&img->arena, "etc/apk/keys/%s", img->keyring.entry[i].name);

		if (!lf_root_write(img, path, img->keyring.entry[i].pem, 0644, err))
			return false;
	}
	return true;
}

static bool write_lines(struct lf_image *img, const char *path, const struct lf_strv *lines,
			struct lf_err *err)
{
	lf_auto_buf text = {0};

	for (size_t i = 0; i < lines->n; i++)
		lf_buf_printf(&text, "%s\n", lines->v[i]);
	return lf_root_write(img, path, lf_buf_view(&text), 0644, err) != NULL;
}

static bool write_database(struct lf_image *img, struct lf_err *err)
{
	lf_auto_buf end = {0};

	lf_tar_end(&end);
	return lf_root_write(img, "usr/lib/apk/db/lock", LF_STR(""), 0600, err) &&
	       lf_root_write(img, "usr/lib/apk/db/triggers", LF_STR(""), 0644, err) &&
	       lf_root_write(img, "usr/lib/apk/db/installed", LF_STR(""), 0644, err) &&
	       lf_root_write(img, "usr/lib/apk/db/scripts.tar", lf_buf_view(&end), 0644, err);
}

bool lf_image_skeleton(struct lf_image *img, struct lf_err *err)
{
	const char *arch = lf_arena_printf(&img->arena, "%s\n", img->arch);

	img->tree = lf_tree_new();
	for (size_t i = 0; i < LF_ARRAY_LEN(dirs); i++)
		if (!lf_root_mkdirs(img, dirs[i].path, dirs[i].mode, err))
			return false;
	make_devices(img);
	return write_database(img, err) && write_keys(img, err) &&
	       lf_root_write(img, "etc/apk/arch", lf_str(arch), 0644, err) &&
	       write_lines(img, "etc/apk/world", &img->world, err) &&
	       write_lines(img, "etc/apk/repositories", &img->lines, err);
}
