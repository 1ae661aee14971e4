/*
 * melange build and melange test: options in, a plan, its jobs.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/build.h>

#include "build/job.h"
#include "build/plan.h"

#include "base/banned.h"

bool lf_build(const struct lf_ctx *ctx, const struct lf_build_options *o, struct lf_err *err)
{
	lf_auto_arena arena = {0};
	LF_CLEANUP(lf_build_plan_fini) struct lf_build_plan plan = {0};

	return lf_build_plan_make(ctx, o, &arena, &plan, err) && lf_jobs_run(ctx, &plan, err);
}

bool lf_test(const struct lf_ctx *ctx, const struct lf_build_options *o, const char *package,
	     struct lf_err *err)
{
	lf_auto_arena arena = {0};
	LF_CLEANUP(lf_build_plan_fini) struct lf_build_plan plan = {0};

	return lf_test_plan_make(ctx, o, package, &arena, &plan, err) &&
	       lf_jobs_run(ctx, &plan, err);
}
