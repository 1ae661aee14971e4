/* Running pipelines: step by step in the sandbox. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <factory/ctx.h>

#include "build/sandbox.h"
#include "recipe/recipe.h"

struct lf_steps_run {
	const struct lf_ctx *ctx; /* with the log attributes of the package */
	const char *what;         /* for messages: "package demo", "test of demo" */
	const struct lf_runner *runner;
	struct lf_sandbox *sandbox;
	const char *workspace;              /* on the host */
	const struct lf_pairs *environment; /* of the guest, for HOME */
	bool debug, interactive;
	bool tell_step;      /* the log mixes several architectures: name the step on each line */
	int64_t deadline_ns; /* lf_clock_ns; 0: none */
};

/* Runs all steps in order; nested ones after their parent's script. Errors are upstream's: "unable
 * to run pipeline: exit status 7", once more for each level. */
bool lf_steps_run(const struct lf_steps_run *r, const struct lf_steps *steps,
		  struct lf_err *err) LF_MUST_CHECK;

/* What /bin/sh -c gets. directory: as in the recipe ("", relative to /home/build, or absolute). */
void lf_step_script(struct lf_buf *out, const char *directory, const char *runs, bool debug);

/* Monotonic time; the deadline of a timeout that starts now (0 stays 0). */
int64_t lf_clock_ns(void);
int64_t lf_deadline_in(int64_t timeout_ns);
/* Puts "timed out after 2s" in front of the error when it says that the time was up; false. */
bool lf_fail_timed_out(int64_t timeout_ns, int64_t deadline_ns, struct lf_err *err);
/* False once it has passed: "signal: killed: build exceeded its timeout". */
bool lf_check_deadline(int64_t deadline_ns, struct lf_err *err) LF_MUST_CHECK;
