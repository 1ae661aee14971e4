/*
 * One run of the greedy solver, between solve.c (the world) and solve_depends.c (what a package
 * needs).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "apk/solve_impl.h"

struct lf_greedy {
	struct lf_solver s;
	struct lf_cand_vec top;                /* chosen for the world, in order */
	struct lf_cand_vec install;            /* the result */
	struct lf_cand_vec list;               /* of the world item at hand */
	bool *is_top, *is_installed, *in_path; /* by name */
	struct lf_str allow;                   /* tag of the world item at hand */
	struct lf_map conflicts;
	const struct lf_solve_watch *watch;
	const struct lf_guide *guide;
};

void lf_greedy_tell(struct lf_greedy *v, const struct lf_cand *parent, const struct lf_filter *f,
		    bool bare, struct lf_cand *best);
/* From now on its version and its origin are preferred. */
void lf_greedy_remember(struct lf_greedy *v, struct lf_cand *c);
/* The guide's choice for an item of pkg's depends (NULL: of the world); or NULL. */
struct lf_cand *lf_greedy_guided(struct lf_greedy *v, const struct lf_cand *pkg, size_t item);
/* Appends everything that pkg needs and that is not there yet to v->list. */
bool lf_greedy_walk(struct lf_greedy *v, struct lf_cand *pkg, unsigned depth,
		    struct lf_err *err) LF_MUST_CHECK;
