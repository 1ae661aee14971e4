/*
 * melange compile: what a build would run, as JSON. It shares the first steps of a plan with a
 * build, but wants neither runner nor repositories.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/recipe.h>

#include <stdlib.h>
#include <sys/stat.h>

#include "apk/arch.h"
#include "build/plan.h"
#include "recipe/recipe.h"

#include "base/banned.h"

static bool check_key(const char *path, struct lf_err *err)
{
	struct stat st;

	if (!path || !*path || !stat(path, &st))
		return true;
	return lf_fail_errno(err, "could not open signing key: stat %s", path);
}

static bool check_environment(const struct lf_ctx *ctx, const struct lf_compile_options *o,
			      struct lf_err *err)
{
	int64_t date;

	return lf_plan_check_http_auth(getenv("HTTP_AUTH"), err) &&
	       lf_plan_date(ctx, getenv("SOURCE_DATE_EPOCH"), o->build_date, &date, err) &&
	       check_key(o->signing_key, err);
}

static bool compile(const struct lf_ctx *ctx, const char *path, const struct lf_recipe_options *o,
		    const struct lf_builtins *builtins, struct lf_arena *arena, struct lf_buf *out,
		    struct lf_err *err)
{
	struct lf_recipe r;

	if (!lf_recipe_load(ctx, path, o, arena, &r, err))
		return lf_fail(err, "failed to load configuration");
	bool ok = lf_recipe_has_arch(&r, o->arch) ||
		  lf_fail_new(err, LF_E_CONFIG, "error: skip this arch");
	if (ok && !lf_recipe_compile(ctx, &r, o, builtins, err))
		ok = lf_fail(err, "failed to compile %s", path);
	if (ok)
		lf_recipe_json(out, &r);
	lf_recipe_fini(&r);
	return ok;
}

bool lf_compile(const struct lf_ctx *ctx, const struct lf_compile_options *o, char **ret,
		struct lf_err *err)
{
	struct lf_recipe_options options = {
		.arch = lf_arch_apk(o->arch),
		.vars_file = o->vars_file,
		.env_files = o->env_files,
		.build_options = o->build_options,
		.cpu = o->cpu,
		.memory = o->memory,
		.timeout_ns = o->timeout_ns,
	};
	lf_auto_arena arena = {0};
	lf_auto_buf out = {0};
	struct lf_ctx own = *ctx;

	const char *path = lf_plan_config(ctx, o->config, err);
	if (!path || !check_environment(ctx, o, err))
		return false;
	options.commit = lf_plan_commit(ctx, o->git_commit, path, &arena);
	if (o->pipeline_dir && *o->pipeline_dir)
		lf_strv_add(&options.pipeline_dirs, o->pipeline_dir);
	own.log_attrs = lf_arena_printf(&arena, " arch=%s", options.arch);
	bool ok = compile(&own, path, &options, o->builtins, &arena, &out, err);
	lf_strv_fini(&options.pipeline_dirs);
	if (ok)
		*ret = lf_buf_detach(&out);
	return ok;
}
