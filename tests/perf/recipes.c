/*
 * How long it takes to read, substitute and unfold recipes in one process, on one core: the work of
 * `melange compile` for each FILE, definitions being read once; and how long the slowest of them
 * took. script/bench runs it.
 *
 *   recipes [-q] PIPELINE_DIR FILE...
 *
 * -q leaves files that cannot be compiled unmentioned. PIPELINE_DIR may be "".
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <time.h>

#include "melange/commands.h"
#include "recipe/recipe.h"

#include "base/banned.h"

struct totals {
	size_t files, failed, bytes;
	double slowest;
	const char *slowest_file;
};

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static bool compile(const char *path, const struct lf_recipe_options *o, struct lf_buf *out,
		    struct lf_err *err)
{
	const struct lf_ctx ctx = {.jobs = 1, .log_level = LF_LOG_ERROR};
	lf_auto_arena arena = {0};
	struct lf_recipe r;

	if (!lf_recipe_load(&ctx, path, o, &arena, &r, err))
		return false;
	bool ok = lf_recipe_compile(&ctx, &r, o, &melange_builtins, err);
	if (ok)
		lf_recipe_json(out, &r);
	lf_recipe_fini(&r);
	return ok;
}

static void measure(const char *path, const struct lf_recipe_options *o, bool quiet,
		    struct totals *t)
{
	double start = seconds();
	lf_auto_buf out = {0};
	struct lf_err err = {0};

	if (!compile(path, o, &out, &err)) {
		t->failed++;
		if (!quiet)
			fprintf(stderr, "%s: %s\n", path, lf_err_text(&err));
	}
	double took = seconds() - start;
	t->files++;
	t->bytes += out.n;
	if (took > t->slowest) {
		t->slowest = took;
		t->slowest_file = path;
	}
	lf_err_fini(&err);
}

int main(int argc, char **argv)
{
	bool quiet = argc > 1 && !strcmp(argv[1], "-q");
	lf_auto_arena arena = {0};
	struct lf_definitions definitions = {.arena = &arena};
	struct lf_recipe_options o = {.arch = "x86_64", .definitions = &definitions};
	struct totals t = {0};

	if (argc < 3 + quiet) {
		fprintf(stderr, "usage: recipes [-q] PIPELINE_DIR FILE...\n");
		return 2;
	}
	if (*argv[1 + quiet])
		lf_strv_add(&o.pipeline_dirs, argv[1 + quiet]);
	double start = seconds();
	for (int i = 2 + quiet; i < argc; i++)
		measure(argv[i], &o, quiet, &t);
	printf("%zu files, %zu failed, %zu bytes of JSON, %.3f s; slowest %.2f ms: %s\n", t.files,
	       t.failed, t.bytes, seconds() - start, t.slowest * 1e3,
	       t.slowest_file ? t.slowest_file : "none");
	lf_strv_fini(&o.pipeline_dirs);
	lf_map_fini(&definitions.map);
	return 0;
}
