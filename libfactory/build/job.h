/* One architecture's build. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <factory/ctx.h>

#include "build/build.h"
#include "build/libraries.h"
#include "build/plan.h"
#include "build/pod.h"
#include "build/steps.h"

struct lf_fetcher;

struct lf_build_job {
	const struct lf_build_plan *plan;
	struct lf_fetcher *fetcher; /* shared by all jobs */
	struct lf_ctx ctx;          /* with the log attributes of this job */
	const char *arch;           /* apk's spelling */
	bool one_of_several;        /* their lines mix in the log */
	bool skip;                  /* the configuration does not want this architecture */
	struct lf_arena arena;
	struct lf_recipe recipe;
	const char *full_version;
	int64_t deadline_ns;
	struct lf_keeper *keeper; /* shared by all jobs */
	char *workspace;          /* ours to discard */
	struct lf_limits limits;  /* of the sandbox */
	struct lf_pod_input pod_input;
	struct lf_pod pod;
	struct lf_pairs environment;             /* of every run; array in the arena */
	struct lf_resource *environment_package; /* for provenance, in the arena */
	size_t n_environment_packages;
	struct lf_libraries libraries; /* of the environment, when depends on them are versioned */
	struct lf_output *output;      /* main first */
	size_t n_outputs;
	bool failed;
};

/* One for each architecture of the plan: prepared, then run in parallel, or one after another when
 * a failure may need the terminal. */
bool lf_jobs_run(const struct lf_ctx *ctx, const struct lf_build_plan *plan,
		 struct lf_err *err) LF_MUST_CHECK;

/* Loads the configuration, decides whether to skip, checks the runner. */
bool lf_job_prepare(struct lf_build_job *j, struct lf_err *err) LF_MUST_CHECK;
/* Builds: steps, then packages. */
bool lf_job_build(struct lf_build_job *j, struct lf_err *err) LF_MUST_CHECK;
/* test.c: tests. */
bool lf_job_test(struct lf_build_job *j, struct lf_err *err) LF_MUST_CHECK;
/* Ends the sandbox, removes workspace and guest (unless they are to be kept), frees everything. */
void lf_job_fini(struct lf_build_job *j);

/* What builds and tests begin with: unfolds pipelines, drops subpackages whose condition is false,
 * starts the clock. */
bool lf_job_compile(struct lf_build_job *j, struct lf_err *err) LF_MUST_CHECK;

/* What the job's pods have in common, once workspace and limits are there. */
struct lf_pod_input lf_job_pod_input(const struct lf_build_job *j);
/* How the job's steps run in its pod, once that has started; what: whose steps, for the log. */
struct lf_steps_run lf_job_steps(const struct lf_build_job *j, const char *what);

/* package.c: from the trees the steps left to packages and index. */
bool lf_job_package(struct lf_build_job *j, struct lf_err *err) LF_MUST_CHECK;
/* index_update.c: the packages of a job into the index of their directory, unless that is not
 * wanted. */
bool lf_job_index(struct lf_build_job *j, const char *dir, struct lf_err *err) LF_MUST_CHECK;
