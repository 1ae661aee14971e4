/*
 * The start of one architecture's image: its configuration validated, its keys loaded, its
 * repositories and world worked out from configuration and flags.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "apk/arch.h"
#include "base/vec.h"
#include "image/image.h"
#include "net/url.h"
#include "base/banned.h"

static void set_lines(struct lf_image *img)
{
	const struct lf_image_run *run = img->run;
	struct lf_strv all = {0};

	lf_strv_addv(&all, &img->config.contents.build_repositories);
	lf_strv_addv(&all, &img->config.contents.repositories);
	lf_strv_addv(&all, &run->build_repositories);
	lf_strv_addv(&all, &run->repositories);
	lf_strv_fini(&img->lines);
	img->lines = lf_strv_union(&all, NULL);
	lf_strv_fini(&all);
}

/* As if read from a world file: a blank begins another item. */
static void add_words(struct lf_strv *ret, const struct lf_strv *items, struct lf_arena *arena)
{
	struct lf_str word;

	for (size_t i = 0; i < items->n; i++)
		for (struct lf_str rest = lf_str(items->v[i]); lf_str_word(&rest, &word);)
			lf_strv_add(ret, lf_arena_str(arena, word));
}

static void set_world(struct lf_image *img)
{
	lf_auto_strv all = {0};

	add_words(&all, &img->config.contents.packages, &img->arena);
	add_words(&all, &img->run->packages, &img->arena);
	if (img->base)
		lf_base_image_world(img->base, &all);
	lf_strv_fini(&img->world);
	img->world = lf_strv_union(&all, NULL);
}

/* Discovered keys first: a configured key of the same name wins. */
static bool load_keys(struct lf_image *img, struct lf_err *err)
{
	const struct lf_image_run *run = img->run;
	lf_auto_strv keys = lf_strv_union(&img->config.contents.keyring, &run->keyring);

	for (size_t i = 0; i < img->lines.n; i++)
		if (lf_starts(img->lines.v[i], "http") &&
		    !lf_discover_keys(run->fetcher, img->lines.v[i], img->arch, &img->keyring, err))
			return false;
	for (size_t i = 0; i < keys.n; i++)
		if (!lf_fetch_key(run->fetcher, keys.v[i], &img->keyring, err))
			return !lf_is_url(keys.v[i]) && lf_fail(err, "failed to read apk key");
	return true;
}

static bool take_config(struct lf_image *img, const struct lf_image_config *config,
			struct lf_err *err)
{
	lf_image_config_fini(&img->config);
	lf_image_config_copy(&img->config, config);
	if (!lf_image_config_validate(&img->config, &img->arena, err))
		return lf_fail(err, "failed to validate configuration");
	set_lines(img);
	set_world(img);
	return true;
}

static bool open_base(struct lf_image *img, const struct lf_image_config *config,
		      struct lf_err *err)
{
	const struct lf_arch *a = lf_arch_find(img->oci);

	if (!config->contents.has_baseimage)
		return true;
	img->base = lf_base_image_open(&config->contents, &img->run->include_paths, img->arch,
				       a ? a->oci_arch : img->oci, err);
	return img->base != NULL;
}

bool lf_image_init(struct lf_image *img, const struct lf_image_run *run,
		   const struct lf_image_config *config, const char *arch, struct lf_err *err)
{
	*img = (struct lf_image){.run = run, .ctx = *run->ctx};
	lf_image_config_init(&img->config);
	img->arch = lf_arena_strdup(&img->arena, lf_arch_apk(arch));
	img->oci = lf_arena_strdup(&img->arena, lf_arch_oci(arch));
	img->ctx.log_attrs = lf_arena_printf(&img->arena, " arch=%s", img->arch);
	if (!open_base(img, config, err) || !take_config(img, config, err))
		return false;
	if (img->lines.n == 0)
		return lf_fail_new(err, LF_E_CONFIG,
				   "initializing apk: failed to initialize apk repositories: must "
				   "provide at least one repository");
	if (!load_keys(img, err))
		return lf_fail(err, "initializing apk: failed to initialize apk keyring");
	return true;
}

bool lf_image_lock(struct lf_image *img, const struct lf_image_config *config, struct lf_err *err)
{
	return take_config(img, config, err);
}

void lf_image_fini(struct lf_image *img)
{
	if (img->package)
		lf_packages_close(img->package, img->solution.n);
	lf_tree_free(img->tree);
	lf_base_image_free(img->base);
	lf_strv_fini(&img->lines);
	lf_strv_fini(&img->world);
	lf_keyring_fini(&img->keyring);
	lf_image_config_fini(&img->config);
	lf_arena_fini(&img->arena);
	*img = (struct lf_image){0};
}

size_t lf_image_n_installed(const struct lf_image *img)
{
	return img->solution.n + (img->base ? img->base->db.index.n : 0);
}

const struct lf_pkg *lf_image_installed(const struct lf_image *img, size_t i)
{
	const size_t n = img->base ? img->base->db.index.n : 0;

	return i < n ? &img->base->db.index.pkg[i] : &img->package[i - n]->apk.pkg;
}
