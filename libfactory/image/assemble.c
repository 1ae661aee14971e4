/*
 * The order of assembling one architecture's root: upstream's, since later steps see what earlier
 * ones made.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image/layer.h"

#include "base/mem.h"
#include "base/vec.h"
#include "base/banned.h"

/* Without SOURCE_DATE_EPOCH an image is as old as its newest package. */
static void set_created(struct lf_image *img)
{
	img->created = img->run->build_date;
	if (img->run->date_fixed)
		return;
	for (size_t i = 0; i < lf_image_n_installed(img); i++)
		img->created = lf_moment_max(img->created,
					     lf_moment_utc(lf_image_installed(img, i)->build_time));
}

static bool install(struct lf_image *img, struct lf_err *err)
{
	if (lf_image_install(img, err) && lf_image_link_database(img, err))
		return true;
	if (img->lockfile)
		return lf_fail(err, "failed installation from lockfile %s", img->lockfile);
	return lf_fail(err, "installing apk packages");
}

static bool write_config(struct lf_image *img, struct lf_err *err)
{
	lf_auto_buf json = {0};

	lf_image_config_json(&json, &img->config);
	lf_buf_putc(&json, '\n');
	return lf_root_write(img, "etc/apko.json", lf_buf_view(&json), 0444, err);
}

/* Only what the image needs later: not the repositories that were for building. */
static bool write_repositories(struct lf_image *img, struct lf_err *err)
{
	lf_auto_strv runtime = lf_strv_union(&img->config.contents.repositories,
					     &img->config.contents.runtime_repositories);
	lf_auto_strv all = lf_strv_union(&runtime, &img->run->repositories);
	lf_auto_buf text = {0};

	for (size_t i = 0; i < all.n; i++)
		lf_buf_printf(&text, "%s\n", all.v[i]);
	return lf_root_write(img, "etc/apk/repositories", lf_buf_view(&text), 0644, err);
}

static void warn_missing(const struct lf_image *img)
{
	static const char *const files[] = {"/etc/passwd", "/etc/group", "/etc/os-release"};

	for (size_t i = 0; i < LF_ARRAY_LEN(files); i++)
		if (!lf_tree_find(img->tree, files[i], true))
			lf_warn(&img->ctx, "%s is missing", files[i]);
}

bool lf_image_assemble(struct lf_image *img, struct lf_err *err)
{
	if (!lf_image_skeleton(img, err) || !install(img, err))
		return false;
	set_created(img);
	/* The accounts of a base image are in its layers. */
	if ((!img->base && !lf_image_accounts(img, err)) || !write_config(img, err) ||
	    !lf_image_paths(img, err) || !lf_image_certificates(img, err) ||
	    !lf_image_runtime_keyring(img, err) || !lf_image_services(img, err) ||
	    !lf_image_busybox(img, err) || !lf_image_ldcache(img, err) ||
	    !write_repositories(img, err))
		return false;
	if (!lf_layering_wanted(&img->config))
		warn_missing(img);
	return true;
}
