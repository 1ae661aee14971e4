/*
 * `apko build-minirootfs` and `build-cpio`: one architecture's root as a plain tar or a cpio
 * archive. The configuration is not locked first: its world is what the image says that it was
 * asked for.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/image.h>

#include <string.h>

#include "apk/arch.h"
#include "base/fs.h"
#include "codec/gzip.h"
#include "image/guard.h"
#include "image/layer.h"
#include "image/setup.h"
#include "base/banned.h"

#define LEVEL 6

typedef bool emit_fn(struct lf_tree *t, struct lf_writer *w, struct lf_err *err);

static bool check(const struct lf_image_config *c, struct lf_err *err)
{
	if (lf_layering_wanted(c))
		return lf_fail_new(
			err, LF_E_CONFIG,
			"layering is for images: a root is one archive (remove it from the "
			"configuration)");
	if (c->contents.has_baseimage)
		return lf_fail_new(err, LF_E_CONFIG,
				   "a base image is supported only when building with a lockfile");
	if (strcmp(c->format, "erofs") == 0)
		return lf_fail_new(err, LF_E_CONFIG,
				   "format \"erofs\" is for images (use \"tar\" here)");
	return true;
}

static bool assemble(struct lf_image *img, struct lf_err *err)
{
	if (!lf_image_solve(img, err)) {
		(void)lf_fail(err, "error getting package dependencies");
		return lf_fail(err, "installing apk packages");
	}
	return lf_image_assemble(img, err);
}

/* Names of compressed archives are compressed where upstream does so: for cpio. */
static bool write_packed(struct lf_image *img, emit_fn *emit, bool gzip, struct lf_writer *w,
			 struct lf_err *err)
{
	struct lf_guard guard;
	struct lf_writer *packed =
		gzip ? lf_gzip_writer(w, lf_jobs(&img->ctx), LEVEL, 0, true) : NULL;

	lf_guard_init(&guard, &img->ctx, "root", 0, packed ? packed : w);
	bool ok = emit(img->tree, &guard.w, err);

	lf_guard_end(&guard);
	return (!packed || lf_writer_close(packed, ok ? err : NULL)) && ok;
}

static bool write_output(struct lf_image *img, emit_fn *emit, bool gzip, const char *output,
			 struct lf_err *err)
{
	lf_auto_out out = {.fd = -1};

	if (!lf_out_open(&out, output, 0666, err))
		return false;
	struct lf_writer *w = lf_writer_fd(out.fd, false);
	bool ok = write_packed(img, emit, gzip, w, err);

	return lf_writer_close(w, ok ? err : NULL) && ok && lf_out_commit(&out, err);
}

static bool build(struct lf_image_setup *s, const char *arch, emit_fn *emit, const char *output,
		  struct lf_err *err)
{
	struct lf_image *img = lf_new(&s->arena, struct lf_image);

	s->image = img;
	s->n_images = 1;
	if (!lf_source_date(s->flag_date, &s->run.build_date, &s->run.date_fixed, err) ||
	    !lf_image_init(img, &s->run, &s->config, arch, err))
		return false;
	img->ctx.log_attrs = s->run.ctx->log_attrs; /* there is only one */
	if (s->config.archs.n)
		lf_warn(&img->ctx, "ignoring archs in config, only building for current arch (%s)",
			img->oci);
	return (check(&img->config, err) && assemble(img, err) &&
		write_output(img, emit, emit == lf_tree_cpio && lf_ends(output, ".gz"), output,
			     err)) ||
	       lf_fail(err, "failed to build layer image");
}

static bool run(const struct lf_ctx *ctx, const struct lf_image_options *o, const char *arch,
		emit_fn *emit, const char *output, struct lf_err *err)
{
	struct lf_image_setup s;
	bool ok = lf_setup_init(&s, ctx, o, err) && build(&s, arch, emit, output, err);

	lf_setup_fini(&s);
	return ok;
}

bool lf_image_build_minirootfs(const struct lf_ctx *ctx, const struct lf_image_options *o,
			       const char *arch, const char *output, struct lf_err *err)
{
	return run(ctx, o, arch, lf_tree_tar, output, err);
}

bool lf_image_build_cpio(const struct lf_ctx *ctx, const struct lf_image_options *o,
			 const char *arch, const char *output, struct lf_err *err)
{
	return run(ctx, o, arch, lf_tree_cpio, output, err);
}

const char *lf_host_arch(void)
{
	return lf_arch_host()->oci;
}
