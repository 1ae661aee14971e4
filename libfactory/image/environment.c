/*
 * Environments of melange builds: see environment.h. The same steps as for an image, without store.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image/environment.h"

#include "base/mem.h"
#include "base/vec.h"
#include "image/image.h"
#include "base/banned.h"

struct environment {
	struct lf_environment e;
	struct lf_ctx ctx;
	struct lf_image_run run;
	struct lf_image image;
};

static void set_run(struct lf_image_run *run, const struct lf_ctx *ctx, struct lf_fetcher *fetcher,
		    const struct lf_environment_input *in)
{
	*run = (struct lf_image_run){
		.ctx = ctx,
		.fetcher = fetcher,
		.repositories = in->repositories,
		.build_repositories = in->build_repositories,
		.keyring = in->keyring,
		.packages = in->packages,
		.build_date = lf_moment_utc(in->build_date),
		.date_fixed = true,
	};
}

/* Texts that outlive the image move to the caller's arena by way of a copy in text. */
static void keep_texts(struct lf_strv *v, struct lf_arena *arena)
{
	for (size_t i = 0; i < v->n; i++)
		v->v[i] = lf_arena_strdup(arena, v->v[i]);
}

static void keep_config(struct lf_image_config *c, struct lf_arena *arena)
{
	keep_texts(&c->contents.packages, arena);
	keep_texts(&c->archs, arena);
	for (size_t i = 0; i < c->accounts.users.n; i++)
		c->accounts.users.v[i].homedir =
			lf_arena_strdup(arena, c->accounts.users.v[i].homedir);
	c->entrypoint.command = lf_arena_strdup(arena, c->entrypoint.command);
}

bool lf_environment_lock(const struct lf_ctx *ctx, struct lf_fetcher *fetcher,
			 const struct lf_environment_input *in, struct lf_arena *arena,
			 struct lf_image_config *ret, struct lf_err *err)
{
	struct lf_image_run run;
	struct lf_image image = {0};

	set_run(&run, ctx, fetcher, in);
	bool ok = lf_image_init(&image, &run, in->config, in->arch, err);

	if (ok && !lf_images_resolve(&image, 1, err))
		ok = lf_fail(err, "resolving apk packages");
	if (ok) {
		lf_image_locked_config(&image, arena, ret);
		keep_config(ret, arena);
	}
	lf_image_fini(&image);
	return ok;
}

static bool assemble(struct lf_image *image, struct lf_err *err)
{
	if (!lf_image_solve(image, err)) {
		(void)lf_fail(err, "error getting package dependencies");
		return lf_fail(err, "installing apk packages");
	}
	return lf_image_assemble(image, err);
}

static void fill(struct environment *e)
{
	struct lf_image *image = &e->image;
	e->e = (struct lf_environment){
		.tree = image->tree,
		.package = image->package,
		.n_packages = image->solution.n,
		.keyring = &image->keyring,
		.repos = &image->repos,
		.arch = image->arch,
	};
}

struct lf_environment *lf_environment_assemble(const struct lf_ctx *ctx, struct lf_fetcher *fetcher,
					       const struct lf_environment_input *in,
					       struct lf_err *err)
{
	struct environment *e = lf_calloc(1, sizeof(*e));

	e->ctx = *ctx;
	set_run(&e->run, &e->ctx, fetcher, in);
	if (!lf_image_init(&e->image, &e->run, in->config, in->arch, err) ||
	    !assemble(&e->image, err)) {
		lf_environment_free(&e->e);
		return NULL;
	}
	fill(e);
	return &e->e;
}

void lf_environment_free(struct lf_environment *e)
{
	struct environment *own = (struct environment *)e;

	if (!e)
		return;
	lf_image_fini(&own->image);
	lf_free(own);
}

void lf_environment_free_p(struct lf_environment **e)
{
	lf_environment_free(*e);
}
