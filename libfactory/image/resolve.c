/*
 * From world to packages: the indexes of every architecture, one solution each in which only
 * versions that all of them have may appear, and the configuration locked to it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "apk/version.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/vec.h"
#include "image/image.h"
#include "base/banned.h"

/* The base's packages can be chosen too: they are in the world. */
static void add_base(struct lf_image *img)
{
	struct lf_solve_repo *all = lf_new_n(&img->arena, struct lf_solve_repo, img->repos.n + 1);

	for (size_t i = 0; i < img->repos.n; i++)
		all[i] = img->repos.repo[i];
	all[img->repos.n++] = img->base->repo;
	img->repos.repo = all;
}

static bool load_indexes(struct lf_image *img, struct lf_err *err)
{
	if (img->repos.repo)
		return true;
	if (!lf_fetch_indexes(img->run->fetcher, &img->lines, img->arch, &img->keyring, &img->arena,
			      &img->repos, err))
		return lf_fail(err, "error getting repository indexes");
	if (img->base)
		add_base(img);
	return true;
}

static struct lf_solve_input input_of(const struct lf_image *img,
				      const struct lf_solve_other *other, size_t n_others)
{
	return (struct lf_solve_input){
		.repo = img->repos.repo,
		.n_repos = img->repos.n,
		.world = img->world,
		.other = other,
		.n_others = n_others,
	};
}

static bool solve(struct lf_image *img, const struct lf_solve_other *other, size_t n_others,
		  struct lf_err *err)
{
	struct lf_solve_input in = input_of(img, other, n_others);

	return lf_solve_world(&img->ctx, &in, &img->arena, &img->solution, err);
}

bool lf_image_solve(struct lf_image *img, struct lf_err *err)
{
	return load_indexes(img, err) && solve(img, NULL, 0, err);
}

/* Puts one architecture's failure on a line of its own below the former ones. */
static void note_failure(struct lf_err *all, struct lf_err *one, const char *oci)
{
	(void)lf_fail(one, "for arch \"%s\"", oci);
	if (all->class == LF_E_NONE) {
		lf_err_move(all, one);
		return;
	}
	lf_auto_free char *former = lf_strdup(lf_err_text(all));

	(void)lf_fail_new(all, all->class, "%s\n%s", former, lf_err_text(one));
}

/* True when nothing failed; otherwise the failures become err. */
static bool passed(struct lf_err *failed, struct lf_err *err)
{
	if (failed->class == LF_E_NONE)
		return true;
	lf_err_move(err, failed);
	return false;
}

/* All architectures but one. */
static struct lf_solve_other *others_of(struct lf_image *img, size_t n, size_t i)
{
	struct lf_solve_other *other = lf_new_n(&img[i].arena, struct lf_solve_other, n);
	size_t n_others = 0;

	for (size_t k = 0; k < n; k++)
		if (k != i)
			other[n_others++] = (struct lf_solve_other){img[k].oci, img[k].repos.repo,
								    img[k].repos.n};
	return other;
}

static bool load_all_indexes(struct lf_image *img, size_t n, struct lf_err *err)
{
	lf_auto_err failed = {0};

	for (size_t i = 0; i < n; i++) {
		lf_auto_err one = {0};

		if (!load_indexes(&img[i], &one))
			note_failure(&failed, &one, img[i].oci);
	}
	return passed(&failed, err);
}

bool lf_images_resolve(struct lf_image *img, size_t n, struct lf_err *err)
{
	lf_auto_err failed = {0};

	if (!load_all_indexes(img, n, err))
		return false;
	for (size_t i = 0; i < n; i++) {
		lf_auto_err one = {0};

		if (!solve(&img[i], others_of(img, n, i), n - 1, &one))
			note_failure(&failed, &one, img[i].oci);
	}
	return passed(&failed, err);
}

bool lf_images_explain(struct lf_image *img, size_t n, const char *name, struct lf_buf *out,
		       struct lf_err *err)
{
	if (!load_all_indexes(img, n, err))
		return false;
	for (size_t i = 0; i < n; i++) {
		struct lf_solve_input in = input_of(&img[i], others_of(img, n, i), n - 1);

		if (n > 1)
			lf_buf_printf(out, "%s%s: ", i ? "\n" : "", img[i].oci);
		if (!lf_solve_why(&img[i].ctx, &in, name, &img[i].arena, out, err))
			return lf_fail(err, "for arch \"%s\"", img[i].oci);
	}
	return true;
}

void lf_image_drop_base(struct lf_image *img)
{
	struct lf_solution *s = &img->solution;
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++)
		if (!img->base || !lf_base_image_has(img->base, s->install[i].pkg->name))
			s->install[n++] = s->install[i];
	s->n = n;
}

/* ---- locking ---- */

/* The tag that the world asks for with this package name, or "". */
static struct lf_str pin_of(const struct lf_strv *world, const char *name, struct lf_arena *arena)
{
	for (size_t i = 0; i < world->n; i++) {
		struct lf_dep dep;

		lf_dep_parse(lf_str(world->v[i]), arena, &dep);
		if (dep.tag.n && lf_str_is(dep.name, name))
			return dep.tag;
	}
	return LF_STR("");
}

static struct lf_strv locked_packages(const struct lf_image *img, struct lf_arena *arena)
{
	struct lf_strv v = {0};

	for (size_t i = 0; i < img->solution.n; i++) {
		const struct lf_pkg *p = img->solution.install[i].pkg;
		struct lf_str pin = pin_of(&img->world, p->name, arena);

		lf_strv_add(&v, lf_arena_printf(arena, "%s=%s%s" LF_STR_FMT, p->name, p->version,
						pin.n ? "@" : "", LF_STR_ARG(pin)));
	}
	lf_strv_sort(&v);
	return v;
}

static void merge_list(struct lf_strv *list, const struct lf_strv *more)
{
	struct lf_strv merged = lf_strv_union(list, more);

	lf_strv_fini(list);
	*list = merged;
}

void lf_image_config_of(const struct lf_image *img, struct lf_strv packages, struct lf_arena *arena,
			struct lf_image_config *ret)
{
	const struct lf_image_run *run = img->run;

	lf_image_config_copy(ret, &img->config);
	merge_list(&ret->contents.build_repositories, &run->build_repositories);
	merge_list(&ret->contents.repositories, &run->repositories);
	merge_list(&ret->contents.keyring, &run->keyring);
	lf_strv_fini(&ret->contents.packages);
	ret->contents.packages = packages;
	lf_strv_fini(&ret->archs);
	lf_strv_add(&ret->archs, lf_arena_strdup(arena, img->oci));
	/* compat: the copy is made by the rules of including, which know neither of these. */
	ret->vcs_url = "";
	ret->include = "";
}

void lf_image_locked_config(const struct lf_image *img, struct lf_arena *arena,
			    struct lf_image_config *ret)
{
	lf_image_config_of(img, locked_packages(img, arena), arena, ret);
}
