/* One architecture's build. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <factory/ctx.h>

#include "build/build.h"
#include "build/plan.h"
#include "build/sandbox.h"

struct lf_fetcher;

struct lf_build_job {
	const struct lf_build_plan *plan;
	struct lf_fetcher *fetcher; /* shared by all jobs */
	struct lf_ctx ctx;          /* with the log attributes of this job */
	const char *arch;           /* apk's spelling */
	bool skip;                  /* the configuration does not want this architecture */
	struct lf_arena arena;
	struct lf_recipe recipe;
	const char *full_version;
	int64_t deadline_ns;
	char *workspace, *guest; /* directories that are ours to remove */
	struct lf_sandbox_config sandbox_config;
	struct lf_pairs environment;             /* of every run; array in the arena */
	struct lf_resource *environment_package; /* for provenance, in the arena */
	size_t n_environment_packages;
	struct lf_sandbox *sandbox;
	struct lf_output *output; /* main first */
	size_t n_outputs;
	bool failed;
};

/* Loads the configuration, decides whether to skip, checks the runner. */
bool lf_job_prepare(struct lf_build_job *j, struct lf_err *err) LF_MUST_CHECK;
/* Builds: steps, then packages. */
bool lf_job_run(struct lf_build_job *j, struct lf_err *err) LF_MUST_CHECK;
/* Ends the sandbox, removes workspace and guest (unless they are to be kept), frees everything. */
void lf_job_fini(struct lf_build_job *j);

/* package.c: from the trees the steps left to packages and index. */
bool lf_job_package(struct lf_build_job *j, struct lf_err *err) LF_MUST_CHECK;
/* index_update.c: the packages of a job into the index of their directory, unless that is not
 * wanted. */
bool lf_job_index(struct lf_build_job *j, const char *dir, struct lf_err *err) LF_MUST_CHECK;
