/*
 * `apko build`: all architectures from configuration to index. Configurations are locked together
 * first; then one architecture after the other is assembled and streamed into the store (its layers
 * are compressed by all workers), in the order of the index.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image/build.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/vec.h"
#include "image/layer.h"
#include "image/lock.h"
#include "image/sbom.h"
#include "base/banned.h"

/* ---- SBOMs: written to the work directory, moved to their place when all is well ---- */

static bool wants_sbom(const struct lf_image_build *b)
{
	return b->o->sbom && lf_strv_has(&b->o->sbom_formats, "spdx");
}

static bool write_sbom(struct lf_image_build *b, const char *name, const struct lf_buf *text,
		       struct lf_err *err)
{
	const char *path = lf_arena_printf(&b->setup.arena, "%s/image/%s", b->work, name);

	lf_strv_add(&b->sboms, path);
	return lf_write_file(path, text->p, text->n, 0644, err);
}

static bool write_image_sbom(struct lf_image_build *b, const struct lf_image *img,
			     const struct lf_oci_image *image, struct lf_err *err)
{
	lf_auto_buf text = {0};
	const char *name = lf_arena_printf(&b->setup.arena, "sbom-%s.spdx.json", img->arch);

	if (!wants_sbom(b))
		return true;
	return lf_image_sbom_print(img, image, b->tag, b->o->version, &text, err) &&
	       write_sbom(b, name, &text, err);
}

static bool write_index_sbom(struct lf_image_build *b, struct lf_str index, struct lf_err *err)
{
	lf_auto_buf text = {0};

	if (!wants_sbom(b))
		return true;
	return lf_image_sbom_print_index(b->setup.run.ctx, &b->setup.config, b->image, b->n, index,
					 b->created, b->tag, b->o->version, &text, err) &&
	       write_sbom(b, "sbom-index.spdx.json", &text, err);
}

static bool move_sbom(const char *from, const char *dir, struct lf_err *err)
{
	const char *name = strrchr(from, '/') + 1;
	lf_auto_free char *to = lf_path_join(dir, name);
	lf_auto_buf text = {0};

	if (rename(from, to) == 0)
		return true;
	if (errno != EXDEV)
		return lf_fail_errno(err, "rename %s %s", from, to);
	return lf_read_file(from, SIZE_MAX, &text, err) &&
	       lf_write_file(to, text.p, text.n, 0644, err);
}

bool lf_image_build_move_sboms(struct lf_image_build *b, const char *dir, struct lf_err *err)
{
	for (size_t i = 0; i < b->sboms.n; i++)
		if (!move_sbom(b->sboms.v[i], dir, err))
			return lf_fail(err, "moving sbom");
	return true;
}

/* ---- locking ---- */

static bool has_lockfile(const struct lf_image_build *b)
{
	return b->o->lockfile && *b->o->lockfile;
}

static bool lock_one(struct lf_image_build *b, struct lf_image *img, struct lf_err *err)
{
	struct lf_image_config locked;

	lf_image_locked_config(img, &b->setup.arena, &locked);
	bool ok = lf_image_lock(img, &locked, err);

	lf_image_config_fini(&locked);
	return ok;
}

/* Architectures that the lock file does not know are left out. */
static bool apply_lock(struct lf_image_build *b, const struct lf_lock *file, struct lf_err *err)
{
	struct lf_image_setup *s = &b->setup;

	for (size_t i = 0; i < s->n_images; i++) {
		bool any;

		if (!lf_lock_apply(file, b->o->lockfile, &s->image[i], &s->arena, &any, err))
			return false;
		if (any && b->n != i) {
			const struct lf_image other = s->image[b->n];

			s->image[b->n] = s->image[i];
			s->image[i] = other;
		}
		b->n += any;
	}
	return true;
}

static bool use_lock(struct lf_image_build *b, struct lf_err *err)
{
	struct lf_image_setup *s = &b->setup;
	struct lf_lock file = {0};
	bool ok = lf_lock_load(s->run.ctx, b->o->lockfile, b->o->config, lf_buf_view(&s->bytes),
			       &s->arena, &file, err) &&
		  apply_lock(b, &file, err);

	lf_lock_fini(&file);
	return ok;
}

static bool lock(struct lf_image_build *b, struct lf_err *err)
{
	struct lf_image_setup *s = &b->setup;

	if (!lf_setup_images(s, err))
		return false;
	if (has_lockfile(b))
		return use_lock(b, err);
	/* compat: nothing to install is nothing to build. */
	if (s->config.contents.packages.n == 0 && s->run.packages.n == 0)
		return true;
	if (!lf_images_resolve(s->image, s->n_images, err))
		return lf_fail(err, "resolving apk packages");
	for (size_t i = 0; i < s->n_images; i++)
		if (!lock_one(b, &s->image[i], err))
			return false;
	b->n = s->n_images;
	return true;
}

/* ---- one architecture ---- */

static bool assemble(struct lf_image *img, struct lf_err *err)
{
	if (!lf_layering_check(&img->config, err))
		return lf_fail(err, "building \"%s\" layer", img->oci);
	if (!img->lockfile && !lf_image_solve(img, err)) {
		(void)lf_fail(err, "error getting package dependencies");
		(void)lf_fail(err, "installing apk packages");
	} else if (lf_image_assemble(img, err)) {
		return true;
	}
	return lf_fail(err, "building \"%s\" layer", img->oci);
}

/* What is needed later goes to the run's arena, so that each image's memory ends with it. */
static void keep(struct lf_image_build *b, const struct lf_oci_image *image,
		 struct lf_oci_image *ret)
{
	struct lf_arena *a = &b->setup.arena;

	*ret = *image;
	ret->arch = lf_arena_strdup(a, image->arch);
	ret->oci = lf_arena_strdup(a, image->oci);
	ret->config.p = lf_arena_str(a, image->config);
	ret->manifest.p = lf_arena_str(a, image->manifest);
	ret->layer = lf_new_n(a, struct lf_layer, image->n_layers);
	memcpy(ret->layer, image->layer, image->n_layers * sizeof(*ret->layer));
}

static bool build_one(struct lf_image_build *b, size_t i, struct lf_err *err)
{
	struct lf_image *img = &b->setup.image[i];
	struct lf_oci_image image;

	if (!assemble(img, err) || !lf_image_store(img, b->store, &image, err))
		return false;
	if (!write_image_sbom(b, img, &image, err))
		return false;
	keep(b, &image, &b->image[i]);
	b->created = lf_moment_max(b->created, image.created);
	lf_image_fini(img);
	return true;
}

/* ---- the whole ---- */

/* The file is for people who follow the log: the store gets the bytes. */
static bool write_work_index(struct lf_image_build *b, struct lf_str index, struct lf_err *err)
{
	lf_auto_free char *path = lf_path_join(b->work, "index.json");

	if (!lf_write_file(path, index.p, index.n, 0644, err))
		return false;
	lf_info(b->setup.run.ctx, "built index file as %s", path);
	return true;
}

static bool write_index(struct lf_image_build *b, struct lf_err *err)
{
	lf_auto_buf index = {0};

	lf_oci_print_index(&index, &b->setup.config, b->created, b->image, b->n);
	b->index = (struct lf_str){lf_arena_dup(&b->setup.arena, index.p, index.n), index.n};
	if (!write_work_index(b, b->index, err) || !write_index_sbom(b, b->index, err))
		return false;
	if (!b->store->ops->finish(b->store, b->image, b->n, b->index, err))
		return lf_fail(err, "bundling image");
	return true;
}

static bool make_work(struct lf_image_build *b, struct lf_err *err)
{
	lf_auto_free char *image = NULL;

	b->work = lf_keeper_temp_dir(b->keeper, "apko-", err);
	if (!b->work)
		return false;
	image = lf_path_join(b->work, "image");
	return lf_mkdirs(image, 0755, err);
}

static bool check_supported(const struct lf_image_build *b, struct lf_err *err)
{
	const struct lf_image_config *c = &b->setup.config;

	if (c->contents.has_baseimage && !has_lockfile(b))
		return lf_fail_new(err, LF_E_CONFIG,
				   "building with base image is supported only with a lockfile");
	return true;
}

bool lf_image_build_run(struct lf_image_build *b, const struct lf_ctx *ctx,
			lf_image_store_fn *open_store, const void *data, struct lf_err *err)
{
	b->keeper = lf_keeper_new(err);
	if (!b->keeper || !lf_setup_init(&b->setup, ctx, b->o, err) || !check_supported(b, err))
		return false;
	if (!lock(b, err))
		return lf_fail(err, "locking config");
	if (!make_work(b, err))
		return false;
	b->store = open_store(b, data, err);
	if (!b->store)
		return lf_fail(err, "bundling image");
	b->image = lf_new_n(&b->setup.arena, struct lf_oci_image, b->n);
	b->created = b->setup.flag_date;
	for (size_t i = 0; i < b->n; i++)
		if (!build_one(b, i, err))
			return false;
	return write_index(b, err);
}

void lf_image_build_fini(struct lf_image_build *b)
{
	if (b->work)
		(void)lf_remove_all(b->work, NULL); /* what stays is the system's to clean */
	lf_free(b->work);
	lf_keeper_free(b->keeper);
	lf_strv_fini(&b->sboms);
	lf_store_free(b->store);
	lf_setup_fini(&b->setup);
}

/* ---- into a file or a directory ---- */

static struct lf_store *open_output(const struct lf_image_build *b, const void *data,
				    struct lf_err *err)
{
	const char *output = data;

	return lf_is_dir(output) ? lf_store_layout(output, err)
				 : lf_store_tarball(output, b->tag, err);
}

bool lf_image_build(const struct lf_ctx *ctx, const struct lf_image_options *o, const char *tag,
		    const char *output, struct lf_err *err)
{
	struct lf_image_build b = {.o = o, .tag = tag};
	bool ok = lf_image_build_run(&b, ctx, open_output, output, err) &&
		  lf_image_build_move_sboms(&b, o->sbom_path ? o->sbom_path : "", err);

	lf_image_build_fini(&b);
	return ok;
}
