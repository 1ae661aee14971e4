/*
 * One complete search, and what is asked of it afterwards. docs/solver.md.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "apk/solve_problem.h"

/* Some seconds at most; real worlds need thousands. */
#define LF_SEARCH_STEPS UINT64_C(100000000)

struct lf_search {
	const struct lf_solve_input *in;
	struct lf_solver s;
	struct lf_problem problem;
	struct lf_sat sat;
	struct lf_walk walk;
};

void lf_search_init(struct lf_search *search, const struct lf_solve_input *in);
void lf_search_fini(struct lf_search *search);
/* May be run again with another world. False only when the world is too much for it. */
bool lf_search_run(struct lf_search *search, const struct lf_strv *world, uint64_t max_steps,
		   enum lf_sat_result *ret, struct lf_err *err) LF_MUST_CHECK;
