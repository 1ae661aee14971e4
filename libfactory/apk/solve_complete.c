/*
 * The complete search: finds a sound set of packages whenever there is one, trying candidates in
 * the order in which the greedy solver prefers them. In: world and indexes; out: packages in
 * install order, or that there are none. docs/solver.md.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "apk/solve_core.h"

#include "base/banned.h"

/* ---- what to try next ---- */

static bool is_met(const struct lf_sat *sat, const struct lf_request *r)
{
	for (uint32_t i = 0; i < r->n_options; i++)
		if (lf_sat_value(sat, r->option[i]->var) > 0)
			return true;
	return false;
}

/* The item of the world with the fewest candidates that is not met, the first of those; or NULL. */
static struct lf_request *open_item(struct lf_walk *w)
{
	struct lf_request *picked = NULL;

	for (size_t i = 0; i < w->p->n_world; i++) {
		struct lf_request *r = w->p->world[i];

		if (!is_met(w->sat, r) &&
		    (!picked || lf_walk_count(w, r) < lf_walk_count(w, picked)))
			picked = r;
	}
	return picked;
}

/* From now on its version and origin are preferred. */
static void remember(struct lf_walk *w, struct lf_request *r)
{
	struct lf_solver *s = w->p->s;
	struct lf_cand *c = lf_walk_choice(w, r, false)->cand;

	lf_slot_set(s, s->existing, c->name, c);
	lf_slot_set(s, s->origin, c->origin, c);
}

/* As the greedy solver: what is below a package is preferred once it has been gone through. */
static void remember_needs(struct lf_walk *w, const struct lf_node *node)
{
	for (uint32_t i = 0; i < node->n_order; i++)
		remember(w, node->need[node->order[i]]);
}

/* The first request on the walk that nothing is chosen for; or NULL. */
static struct lf_request *open_need(struct lf_walk *w)
{
	struct lf_problem *p = w->p;

	for (size_t i = 0; i < p->n_world; i++) {
		(void)lf_walk_choice(w, p->world[i], true);
		remember(w, p->world[i]);
	}
	for (size_t i = 0; i < p->n_world; i++) {
		lf_walk_from(w, p->world[i]->choice);
		for (enum lf_walk_event e; (e = lf_walk_next(w)) != LF_WALK_END;) {
			if (e == LF_WALK_OPEN)
				return w->request;
			if (e == LF_WALK_LEAVE)
				remember_needs(w, w->node);
		}
	}
	return NULL;
}

static uint32_t decide(void *data, struct lf_sat *sat)
{
	struct lf_search *search = data;
	struct lf_walk *w = &search->walk;
	struct lf_request *r;
	bool of_world;

	lf_walk_start(w, &search->problem, sat);
	w->p->s->now++;
	r = open_item(w);
	of_world = r != NULL;
	if (!r)
		r = open_need(w);
	sat->steps += w->p->node.n;
	return r ? LF_SAT_YES(lf_walk_best(w, r, 0, of_world)->var) : LF_SAT_NONE;
}

/* ---- the search ---- */

void lf_search_init(struct lf_search *search, const struct lf_solve_input *in)
{
	*search = (struct lf_search){.in = in};
	lf_solver_init(&search->s, in);
	lf_solve_archs(&search->s, in);
	lf_solve_beside_installed(&search->s, in);
}

static void forget(struct lf_search *search)
{
	lf_walk_fini(&search->walk);
	lf_sat_fini(&search->sat);
	lf_problem_fini(&search->problem);
}

void lf_search_fini(struct lf_search *search)
{
	forget(search);
	lf_solver_fini(&search->s);
}

bool lf_search_run(struct lf_search *search, const struct lf_strv *world, uint64_t max_steps,
		   enum lf_sat_result *ret, struct lf_err *err)
{
	forget(search);
	if (!lf_problem_init(&search->problem, &search->s, world, err))
		return false;
	lf_sat_init(&search->sat, lf_problem_vars(&search->problem), max_steps);
	lf_problem_rules(&search->problem, &search->sat);
	*ret = lf_sat_solve(&search->sat, decide, search);
	return true;
}

bool lf_solve_complete(const struct lf_solve_input *in, struct lf_arena *arena,
		       struct lf_solution *ret, struct lf_err *err)
{
	enum lf_sat_result result = LF_SAT_GAVE_UP;
	struct lf_search search;
	lf_auto_buf why = {0};
	bool ok;

	lf_search_init(&search, in);
	ok = lf_search_run(&search, &in->world, LF_SEARCH_STEPS, &result, err);
	if (ok && result == LF_SAT_SOLVED) {
		ok = lf_solve_arrange(&search.problem, &search.sat, in, arena, ret, err);
	} else if (ok && result == LF_SAT_UNSOLVABLE) {
		lf_failure_explain(&search, &why);
		ok = lf_fail_new(err, LF_E_SOLVE, LF_STR_FMT, LF_STR_ARG(lf_buf_view(&why)));
	} else if (ok) {
		ok = lf_fail_new(err, LF_E_LIMIT,
				 "the complete search found no answer in %ju steps",
				 (uintmax_t)LF_SEARCH_STEPS);
	}
	lf_search_fini(&search);
	return ok;
}
