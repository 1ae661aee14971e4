/*
 * Loading a recipe: a file comes in, a value with stages A and B of substitution done goes out,
 * valid or not at all. The order of the steps is upstream's, since each sees what those before have
 * left.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "recipe/load.h"

#include "base/fs.h"
#include "recipe/shapes.h"

#include "base/banned.h"

#define MAX_RECIPE (16u << 20)

const char *lf_recipe_full_version(const struct lf_recipe *r)
{
	return lf_arena_printf(r->arena, "%s-r%llu", r->package.version,
			       (unsigned long long)r->package.epoch);
}

static bool decode_text(struct lf_str text, const char *path, struct lf_arena *arena,
			struct lf_recipe *r, struct lf_err *err)
{
	struct lf_yaml *root = NULL;
	struct lf_str name = lf_path_base(lf_str(path));

	if (!lf_yaml_parse(text, path, arena, &root, err) ||
	    (!root && !lf_fail_new(err, LF_E_CONFIG, "EOF")) ||
	    !lf_recipe_decode(root, arena, r, err))
		return lf_fail(err, "unable to decode configuration file \"" LF_STR_FMT "\"",
			       LF_STR_ARG(name));
	r->path = lf_arena_strdup(arena, path);
	r->root = root;
	return true;
}

static bool merge_vars_file(const char *path, struct lf_recipe *r, struct lf_err *err)
{
	lf_auto_buf text = {0};
	struct lf_yaml *root = NULL;

	if (!path || !*path)
		return true;
	if (!lf_read_file(path, MAX_RECIPE, &text, err) ||
	    !lf_yaml_parse(lf_buf_view(&text), path, r->arena, &root, err) ||
	    (root && !lf_pairs_decode(root, r->arena, &r->vars, err)))
		return lf_fail(err, "loading variables file");
	return true;
}

static bool substitute(struct lf_recipe *r, const struct lf_vars *all, const struct lf_vars *plain,
		       struct lf_err *err)
{
	struct lf_str name = lf_path_base(lf_str(r->path));

	if (!lf_recipe_unfold(r, all, err))
		return lf_fail(err, "unable to decode configuration file \"" LF_STR_FMT "\"",
			       LF_STR_ARG(name));
	lf_recipe_replace(r, all);
	return lf_recipe_expand_dependencies(r, all, plain, err);
}

static void warn_of_all(const struct lf_ctx *ctx, const struct lf_recipe *r)
{
	const struct lf_strv *archs = &r->package.target_architecture;

	if (archs->n == 1 && !strcmp(archs->v[0], "all"))
		lf_warn(ctx, "target-architecture: ['all'] is deprecated and will become an error; "
			     "remove this field to build for all available archs");
}

static bool load(const struct lf_ctx *ctx, struct lf_str text, const char *path,
		 const struct lf_recipe_options *o, struct lf_arena *arena, struct lf_recipe *r,
		 struct lf_err *err)
{
	lf_auto_vars all = {0}, plain = {0};

	if (!decode_text(text, path, arena, r, err) || !merge_vars_file(o->vars_file, r, err))
		return false;
	if (!lf_vars_for_load(r, false, &plain, err) || !lf_vars_for_load(r, true, &all, err))
		return lf_fail(err, "applying variable substitutions");
	if (!substitute(r, &all, &plain, err) || !lf_recipe_set_defaults(r, o, err) ||
	    !lf_recipe_validate(ctx, r, err))
		return false;
	warn_of_all(ctx, r);
	return true;
}

bool lf_recipe_parse(const struct lf_ctx *ctx, struct lf_str text, const char *path,
		     const struct lf_recipe_options *o, struct lf_arena *arena,
		     struct lf_recipe *ret, struct lf_err *err)
{
	struct lf_recipe r = {0};

	if (!load(ctx, text, path, o, arena, &r, err)) {
		lf_recipe_fini(&r);
		return false;
	}
	*ret = r;
	return true;
}

bool lf_recipe_load(const struct lf_ctx *ctx, const char *path, const struct lf_recipe_options *o,
		    struct lf_arena *arena, struct lf_recipe *ret, struct lf_err *err)
{
	lf_auto_buf text = {0};

	return lf_read_file(path, MAX_RECIPE, &text, err) &&
	       lf_recipe_parse(ctx, lf_buf_view(&text), path, o, arena, ret, err);
}

bool lf_recipe_has_arch(const struct lf_recipe *r, const char *arch)
{
	const struct lf_strv *archs = &r->package.target_architecture;

	if (!archs->n || (archs->n == 1 && !strcmp(archs->v[0], "all")))
		return true;
	return lf_strv_has(archs, arch);
}

void lf_recipe_drop_subpackages(struct lf_recipe *r, const bool *drop)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n_subpackages; i++) {
		if (drop[i])
			lf_shape_fini(&lf_shape_subpackage, &r->subpackage[i]);
		else
			r->subpackage[n++] = r->subpackage[i];
	}
	r->n_subpackages = n;
}

void lf_recipe_fini(struct lf_recipe *r)
{
	if (!r->arena)
		return;
	lf_shape_fini(&lf_shape_recipe, r);
	*r = (struct lf_recipe){0};
}
