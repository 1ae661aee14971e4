/*
 * The jobs of a plan, one an architecture. They share the plan, the keeper, the fetcher and its
 * cache, nothing else; they run in parallel, or one after another when a failure may need the
 * terminal. Builds and tests differ in what a job does and in words.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "apk/arch.h"
#include "base/pool.h"
#include "build/job.h"
#include "repo/repo.h"

#include "base/banned.h"

struct kind {
	bool (*run)(struct lf_build_job *j, struct lf_err *err);
	const char *what; /* "build" */
};

static const struct kind *kind_of(const struct lf_build_plan *plan)
{
	static const struct kind build = {lf_job_build, "build"}, test = {lf_job_test, "test"};

	return plan->test ? &test : &build;
}

struct jobs {
	struct lf_build_job *v;
	size_t n;
};

static void fini_jobs(struct jobs *jobs)
{
	for (size_t i = 0; i < jobs->n; i++)
		lf_job_fini(&jobs->v[i]);
}

static void tell_skipped(const struct lf_ctx *ctx, const struct lf_build_job *j)
{
	if (j->plan->test)
		lf_warn(ctx, "skipping test for %s on %s", j->recipe.package.unit.name,
			lf_arch_oci(j->arch));
	else
		lf_warn(ctx, "skipping arch %s", j->arch);
}

/* Prepares a job for each architecture; those that are skipped leave no job. */
static bool prepare_jobs(const struct lf_ctx *ctx, const struct lf_build_plan *plan,
			 struct lf_fetcher *fetcher, struct lf_keeper *keeper,
			 struct lf_arena *arena, struct jobs *jobs, struct lf_err *err)
{
	jobs->v = lf_new_n(arena, struct lf_build_job, plan->archs.n);
	for (size_t i = 0; i < plan->archs.n; i++) {
		struct lf_build_job *j = &jobs->v[jobs->n];
		*j = (struct lf_build_job){.plan = plan,
					   .fetcher = fetcher,
					   .keeper = keeper,
					   .ctx = *ctx,
					   .arch = plan->archs.v[i]};
		j->ctx.log_attrs = lf_arena_printf(arena, " arch=%s", j->arch);
		jobs->n++;
		if (!lf_job_prepare(j, err))
			return false;
		if (j->skip) {
			tell_skipped(ctx, j);
			lf_job_fini(j);
			jobs->n--;
		}
	}
	return true;
}

static bool run_job(void *job, unsigned worker, struct lf_err *err)
{
	struct lf_build_job *j = job;
	const struct kind *kind = kind_of(j->plan);

	(void)worker;
	if (kind->run(j, err))
		return true;
	j->failed = true;
	if (j->plan->o->keep)
		lf_log(&j->ctx, LF_LOG_ERROR,
		       "ERROR: failed to %s package. the %s environment has been preserved:",
		       kind->what, kind->what);
	return lf_fail(err, "failed to %s package", kind->what);
}

static bool run_jobs(const struct lf_ctx *ctx, struct jobs *jobs, struct lf_err *err)
{
	unsigned workers = jobs->v[0].plan->o->interactive ? 1 : (unsigned)jobs->n;

	for (size_t i = 0; i < jobs->n; i++) {
		jobs->v[i].one_of_several = jobs->n > 1;
		if (jobs->n == 1)
			jobs->v[i].ctx.log_attrs = ctx->log_attrs;
		jobs->v[i].ctx.jobs = (lf_jobs(ctx) + workers - 1) / workers;
	}
	return lf_parallel(workers, jobs->v, jobs->n, sizeof(*jobs->v), run_job, err);
}

bool lf_jobs_run(const struct lf_ctx *ctx, const struct lf_build_plan *plan, struct lf_err *err)
{
	const struct lf_repo_options o = {.cache_dir = plan->o->apk_cache_dir,
					  .ignore_signatures = plan->o->ignore_signatures,
					  .verify_packages = plan->o->verify_packages,
					  .hash_packages = plan->provenance};
	lf_auto_keeper *keeper = lf_keeper_new(err);
	lf_auto_fetcher *fetcher = keeper ? lf_fetcher_new(ctx, &o, err) : NULL;
	lf_auto_arena arena = {0};
	LF_CLEANUP(fini_jobs) struct jobs jobs = {0};

	if (!fetcher || !prepare_jobs(ctx, plan, fetcher, keeper, &arena, &jobs, err))
		return false;
	if (!jobs.n) {
		lf_warn(ctx, "target-architecture and --arch do not overlap, nothing to %s",
			kind_of(plan)->what);
		return true;
	}
	return run_jobs(ctx, &jobs, err);
}
