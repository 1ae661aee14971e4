/*
 * melange lint: packages that exist are opened and linted one after another; what required linters
 * find in all of them is told together.
 *
 * compat: without the configuration of the build the revision is not known apart from the version,
 * and results are named as if it were 0 once more: lint-libcap-2.69-r0-r0.json.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/package.h>

#include "base/fs.h"
#include "build/lint/lint.h"
#include "build/published.h"

#include "base/banned.h"

/* What is known of the package: by its configuration, or by itself. What the configuration disables
 * does not matter: it is up to whoever looks at a package what to look for. */
struct subject {
	const struct lf_published *package;
	struct lf_recipe recipe;
	struct lf_unit plain;
	struct lf_output output;
	const char *version;
};

static void log_names(const struct lf_ctx *ctx, const char *what, const struct lf_strv *names)
{
	lf_auto_buf line = {0};

	for (size_t i = 0; i < names->n; i++)
		lf_buf_printf(&line, "%s%s", i ? " " : "", names->v[i]);
	lf_info(ctx, "%s checks: [%s]", what, lf_buf_c(&line));
}

static void describe_from_recipe(struct subject *s, struct lf_arena *arena)
{
	const struct lf_recipe *r = &s->recipe;
	const char *name = s->package->apk.pkg.name;

	s->version = lf_arena_str(arena, lf_str(lf_recipe_full_version(r)));
	for (size_t i = 0; i < r->n_subpackages; i++) {
		const struct lf_subpackage *sub = &r->subpackage[i];
		if (strcmp(sub->unit.name, name) != 0)
			continue;
		s->output.is_main = false;
		s->output.test_pipeline = &sub->test.pipeline;
	}
	if (!strcmp(r->package.unit.name, name))
		s->output.test_pipeline = &r->test.pipeline;
}

static void describe(const struct lf_ctx *ctx, struct subject *s, struct lf_arena *arena)
{
	const struct lf_pkg *pkg = &s->package->apk.pkg;
	lf_auto_err why = {0};

	s->plain.name = pkg->name;
	s->output =
		(struct lf_output){.unit = &s->plain, .is_main = true, .tree = s->package->tree};
	s->version = lf_arena_printf(arena, "%s-r0", pkg->version);
	if (lf_published_recipe(ctx, s->package, arena, &s->recipe, &why))
		describe_from_recipe(s, arena);
	else
		lf_warn(ctx, "parsing .melange.yaml: %s", lf_err_text(&why));
}

static bool lint_opened(const struct lf_ctx *ctx, const struct lf_packages_lint_options *o,
			const struct lf_published *p, struct lf_arena *arena, struct lf_err *err)
{
	struct subject s = {.package = p};
	lf_auto_free char *dir = lf_path_join(o->out_dir, p->apk.pkg.arch);
	/* compat: the epoch is in the version already, and -r0 stands behind it */
	const struct lf_lint_options lint = {
		.recorded_version = lf_arena_printf(arena, "%s-r0", p->apk.pkg.version),
		.require = o->require,
		.warn = o->warn,
		.persist = o->persist,
		.out_dir = dir,
		.log_suffix = lf_arena_printf(arena, " (size: %s)", lf_lint_size(arena, p->size)),
	};
	bool ok;

	describe(ctx, &s, arena);
	ok = lf_lint(ctx, &lint, &s.output, s.version, p->apk.pkg.arch, arena, err);
	lf_recipe_fini(&s.recipe);
	return ok;
}

static bool lint_file(const struct lf_ctx *ctx, const struct lf_packages_lint_options *o,
		      const char *file, struct lf_err *err)
{
	lf_auto_arena arena = {0};
	lf_auto_published p = {0};

	return lf_published_open(ctx, file, &arena, &p, err) &&
	       lint_opened(ctx, o, &p, &arena, err);
}

bool lf_packages_lint(const struct lf_ctx *ctx, const struct lf_packages_lint_options *o,
		      struct lf_err *err)
{
	lf_auto_buf problems = {0};
	enum lf_class class = LF_E_NONE;

	log_names(ctx, "Required", &o->require);
	log_names(ctx, "Warning", &o->warn);
	for (size_t i = 0; i < o->files.n; i++) {
		lf_auto_err why = {0};
		if (!lf_check_cancel(ctx, err))
			return false;
		if (lint_file(ctx, o, o->files.v[i], &why))
			continue;
		class = why.class;
		lf_buf_printf(&problems, "%s%s", problems.n ? "\n" : "", lf_err_text(&why));
	}
	return class == LF_E_NONE || lf_fail_new(err, class, "%s", lf_buf_c(&problems));
}
