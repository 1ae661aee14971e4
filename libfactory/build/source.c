/*
 * melange source: the sources of a recipe as a repository to work in, and the work as patches of
 * the recipe.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/sources.h>

#include "base/fs.h"
#include "base/proc.h"
#include "build/checkout.h"
#include "codec/yaml_edit.h"
#include "recipe/recipe.h"

#include "base/banned.h"

#define MAX_RECIPE ((size_t)16 << 20)
#define MAX_LIST   ((size_t)4 << 20)

struct source {
	const struct lf_ctx *ctx;
	const struct lf_source_options *o;
	struct lf_arena arena;
	struct lf_recipe recipe;
	const char *destination; /* the repository */
	const char *patch_dir;   /* absolute */
};

static void source_fini(struct source *s)
{
	lf_recipe_fini(&s->recipe);
	lf_arena_fini(&s->arena);
}

static const char *absolute(struct source *s, const char *path, struct lf_err *err)
{
	lf_auto_free char *abs = lf_path_abs(path, err);

	return abs ? lf_arena_strdup(&s->arena, abs) : NULL;
}

static bool source_init(struct source *s, struct lf_err *err)
{
	const struct lf_recipe_options none = {0};
	const char *given = s->o->source_dir, *name;
	struct lf_str dir = lf_path_dir(lf_str(s->o->config));

	if (!lf_recipe_load(s->ctx, s->o->config, &none, &s->arena, &s->recipe, err))
		return lf_fail(err, "failed to parse melange config");
	name = s->recipe.package.unit.name;
	if (!given || !*given)
		given = lf_arena_printf(&s->arena, LF_STR_FMT "/%s", LF_STR_ARG(dir), name);
	s->patch_dir = absolute(s, given, err);
	s->destination = absolute(s, lf_arena_printf(&s->arena, "%s/%s", s->o->output, name), err);
	return s->patch_dir && s->destination;
}

/* The first step from `from` on that uses one of two names; n: none. */
static size_t find_step(const struct lf_recipe *r, size_t from, const char *uses, const char * or)
{
	const struct lf_steps *p = &r->pipeline;

	while (from < p->n && strcmp(p->v[from].uses, uses) != 0 &&
	       strcmp(p->v[from].uses, or) != 0)
		from++;
	return from;
}

static const char *input(const struct lf_step *step, const char *name)
{
	const char *value = lf_pairs_get(&step->with, name);

	return value ? value : "";
}

/* ---- get ---- */

/* Of the first step behind the checkout that has any. */
static const char *find_patches(const struct lf_recipe *r, size_t from)
{
	while ((from = find_step(r, from, "patch", "git-am")) < r->pipeline.n) {
		const char *patches = input(&r->pipeline.v[from++], "patches");

		if (*patches)
			return patches;
	}
	return "";
}

static bool get(struct source *s, struct lf_err *err)
{
	size_t at = find_step(&s->recipe, 0, "git-checkout", "git-checkout");

	if (at == s->recipe.pipeline.n)
		return lf_fail_new(err, LF_E_CONFIG,
				   "no git-checkout pipeline found in configuration");
	const struct lf_step *step = &s->recipe.pipeline.v[at];
	const struct lf_checkout c = {
		.repository = input(step, "repository"),
		.destination = s->destination,
		.commit = input(step, "expected-commit"),
		.cherry_picks = input(step, "cherry-picks"),
		.submodules = !strcmp(input(step, "recurse-submodules"), "true"),
		.patches = find_patches(&s->recipe, at + 1),
		.patch_dir = s->patch_dir,
	};

	lf_info(s->ctx, "Found git-checkout step");
	if (!lf_checkout(s->ctx, &c, err))
		return lf_fail(err, "failed to checkout source");
	lf_info(s->ctx, "Successfully extracted source to %s", s->o->output);
	return true;
}

bool lf_source_get(const struct lf_ctx *ctx, const struct lf_source_options *o, struct lf_err *err)
{
	LF_CLEANUP(source_fini) struct source s = {.ctx = ctx, .o = o};

	return source_init(&s, err) && get(&s, err);
}

/* ---- pop ---- */

/* The names of the patches between blanks. */
static bool make_patches(struct source *s, const char *commit, struct lf_buf *names, size_t *ret_n,
			 struct lf_err *err)
{
	const char *range = lf_arena_printf(&s->arena, "%s..HEAD", commit);
	const char *const argv[] = {"git", "format-patch", "-o", s->patch_dir, range, NULL};
	lf_auto_buf list = {0};
	struct lf_str rest, line;

	lf_info(s->ctx, "Generating patches from %s in %s", commit, s->destination);
	if (*commit == '-' || !lf_proc_output(s->ctx, argv, s->destination, MAX_LIST, &list, err))
		return lf_fail(err, "failed to generate patches");
	rest = lf_buf_view(&list);
	for (*ret_n = 0; lf_str_line(&rest, &line);) {
		if (!line.n)
			continue;
		lf_buf_puts(names, (*ret_n)++ ? " " : "");
		lf_buf_str(names, lf_path_base(line));
	}
	if (!*ret_n)
		return lf_fail_new(err, LF_E_CONFIG,
				   "no patches generated - no commits found after %s", commit);
	lf_info(s->ctx, "Generated %zu patches: [%s]", *ret_n, lf_buf_c(names));
	return true;
}

static bool uses(const struct lf_yaml *step, const char *name)
{
	const struct lf_yaml *n = step->kind == LF_YAML_MAP ? lf_yaml_get(step, "uses") : NULL;

	return n && lf_str_is(n->text, name);
}

/* One `git-am` in the place of the first step that patches, the others go; or behind the checkout.
 */
static bool replace_steps(struct lf_yaml_edit *e, const char *step, struct lf_err *err)
{
	struct lf_yaml *pipeline = e->root ? lf_yaml_get(e->root, "pipeline") : NULL;
	size_t first, checkout = 0, n = pipeline ? pipeline->n : 0;

	if (!pipeline || pipeline->kind != LF_YAML_SEQ)
		return lf_fail_new(err, LF_E_CONFIG, "no pipeline found in YAML");
	for (first = 0; first < n; first++)
		if (uses(pipeline->item[first], "patch") || uses(pipeline->item[first], "git-am"))
			break;
	while (checkout < n && !uses(pipeline->item[checkout], "git-checkout"))
		checkout++;
	if (first == n)
		return lf_yaml_edit_items(e, pipeline, checkout + 1, 0, &step, 1, err);
	for (size_t i = n; i-- > first + 1;)
		if ((uses(pipeline->item[i], "patch") || uses(pipeline->item[i], "git-am")) &&
		    !lf_yaml_edit_items(e, pipeline, i, 1, NULL, 0, err))
			return false;
	return lf_yaml_edit_items(e, pipeline, first, 1, &step, 1, err);
}

static bool rewrite(struct source *s, const char *names, struct lf_err *err)
{
	const char *step = lf_arena_printf(&s->arena, "uses: git-am\nwith:\n  patches: %s", names);
	lf_auto_buf old = {0}, new = {0};
	lf_auto_out out = {0};
	struct lf_yaml_edit e = {0};

	if (!lf_read_file(s->o->config, MAX_RECIPE, &old, err))
		return lf_fail(err, "failed to read YAML file");
	bool ok = lf_yaml_edit_open(&e, lf_buf_view(&old), s->o->config, &s->arena, err) &&
		  replace_steps(&e, step, err) && lf_yaml_edit_finish(&e, &new, err);

	lf_yaml_edit_fini(&e);
	if (!ok)
		return lf_fail(err, "failed to update pipeline");
	return lf_out_replace(&out, s->o->config, err) && lf_write_all(out.fd, new.p, new.n, err) &&
	       lf_out_commit(&out, err);
}

static bool pop(struct source *s, struct lf_err *err)
{
	size_t at = find_step(&s->recipe, 0, "git-checkout", "git-checkout"), n;
	const char *commit = at < s->recipe.pipeline.n
				     ? input(&s->recipe.pipeline.v[at], "expected-commit")
				     : "";
	lf_auto_buf names = {0};

	if (!*commit)
		return lf_fail_new(err, LF_E_CONFIG,
				   "no expected-commit found in git-checkout pipeline");
	if (!make_patches(s, commit, &names, &n, err) || !rewrite(s, lf_buf_c(&names), err))
		return false;
	lf_info(s->ctx, "Updated %s with git-am pipeline using %zu patches", s->o->config, n);
	return true;
}

bool lf_source_pop(const struct lf_ctx *ctx, const struct lf_source_options *o, struct lf_err *err)
{
	LF_CLEANUP(source_fini) struct source s = {.ctx = ctx, .o = o};

	return source_init(&s, err) && pop(&s, err);
}
