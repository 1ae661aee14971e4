/*
 * The few facts that cannot hold together, when a world has no solution, and what is said about
 * them to people.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "apk/solve_search.h"

/* Two nodes that cannot both be chosen for a name that both have. */
struct lf_core_pair {
	struct lf_node *a, *b;
	uint32_t name;
};

/* Leaving out any fact, or all pairs of a name, would make the rest solvable (unless there were too
 * many to try). */
struct lf_core {
	LF_VEC(struct lf_fact) fact;
	LF_VEC(struct lf_core_pair) pair;
};

/* Of a search that ended as unsolvable. */
void lf_core_find(struct lf_core *core, const struct lf_search *search);
void lf_core_fini(struct lf_core *core);

/* The chain from the world to what cannot hold, with the candidates on the way. */
void lf_core_print(const struct lf_core *core, struct lf_problem *p, struct lf_buf *out);

/* ---- solve_lost.c ---- */

/* Why a candidate of the name is no option of a request. */
void lf_lost_reason(struct lf_problem *p, const struct lf_request *r, struct lf_cand *c,
		    struct lf_buf *b);
/* All those, a line for each reason. */
void lf_lost_print(struct lf_problem *p, const struct lf_request *r, struct lf_buf *out);

/* ---- solve_near.c ---- */

#define LF_NEAR_MAX 3
/* Names that look like this one, nearest first: how many. */
size_t lf_near_names(const struct lf_solver *s, struct lf_str name,
		     struct lf_str ret[static LF_NEAR_MAX]);

/* ---- solve_advice.c ---- */

/* Single changes to the blamed items of a world that were found to help; false when there are none.
 * Runs the search again: all that came from it before is gone, but for the cores' own arrays. */
bool lf_advise(struct lf_search *search, const struct lf_strv *world, const bool *blamed,
	       struct lf_buf *out);

/* ---- solve_failure.c ---- */

/* All there is to say after a search of its input's world ended as unsolvable; without a final
 * newline. */
void lf_failure_explain(struct lf_search *search, struct lf_buf *out);
