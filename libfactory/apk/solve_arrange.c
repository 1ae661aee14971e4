/*
 * From what the complete search chose to the list in install order: the greedy solver goes its way
 * once more, led by these choices. What comes along (install_if) may only do so if it fits the
 * rest.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "apk/solve_problem.h"

#include "base/banned.h"

struct arranging {
	struct lf_problem *p;
	struct lf_cand_vec set; /* all that will be there */
};

/* ---- what may come along ---- */

static bool is_met(struct arranging *a, struct lf_cand *c, struct lf_want *want)
{
	if (lf_solve_meets(a->p->s, c, want))
		return true;
	for (size_t i = 0; i < a->set.n; i++)
		if (lf_solve_meets(a->p->s, a->set.v[i], want))
			return true;
	return false;
}

static bool is_tag_there(const struct arranging *a, const char *tag)
{
	for (size_t i = 0; *tag && i < a->set.n; i++)
		if (!strcmp(a->set.v[i]->repo->tag, tag))
			return true;
	return !*tag;
}

static bool fits(struct arranging *a, struct lf_cand *c)
{
	struct lf_solver *s = a->p->s;

	if (c->strike != LF_STRIKE_NONE || !is_tag_there(a, c->repo->tag))
		return false;
	lf_solve_wants(s, c);
	for (uint32_t i = 0; i < c->n_wants; i++)
		if (!c->want[i].dep.conflict && !is_met(a, c, &c->want[i]))
			return false;
	for (size_t i = 0; i < a->set.n; i++)
		if (a->set.v[i] == c || lf_solve_clash(c, a->set.v[i]) != LF_NO_NAME ||
		    lf_solve_bar(s, c, a->set.v[i]) || lf_solve_bar(s, a->set.v[i], c))
			return false;
	return true;
}

static bool may_come(void *data, size_t cand)
{
	struct arranging *a = data;
	struct lf_cand *c = &a->p->s->cand[cand];

	if (!fits(a, c))
		return false;
	lf_vec_push(&a->set, c);
	return true;
}

/* ---- the order ---- */

/* Those that the walk from the whole world visits: what was tried and is not needed stays out. */
static void find_set(struct arranging *a, const struct lf_sat *sat)
{
	struct lf_problem *p = a->p;
	struct lf_walk walk = {0};

	lf_walk_start(&walk, p, sat);
	p->s->now++;
	for (size_t i = 0; i < p->n_world; i++) {
		lf_walk_from(&walk, lf_walk_choice(&walk, p->world[i], true));
		for (enum lf_walk_event e; (e = lf_walk_next(&walk)) != LF_WALK_END;)
			if (e == LF_WALK_ENTER)
				lf_vec_push(&a->set, walk.node->cand);
	}
	lf_walk_fini(&walk);
}

static size_t choice(void *data, size_t parent, size_t item)
{
	struct arranging *a = data;
	const struct lf_problem *p = a->p;
	const struct lf_request *r =
		parent == LF_NO_CAND ? p->world[item] : p->node_of[parent]->need[item];

	return r ? (size_t)(r->choice->cand - p->s->cand) : LF_NO_CAND;
}

bool lf_solve_arrange(struct lf_problem *p, const struct lf_sat *sat,
		      const struct lf_solve_input *in, struct lf_arena *arena,
		      struct lf_solution *ret, struct lf_err *err)
{
	struct arranging a = {.p = p};
	struct lf_guide guide = {choice, may_come, &a};
	bool ok;

	find_set(&a, sat);
	ok = lf_solve_guided(in, &guide, arena, ret, err);
	if (ok)
		ret->searched = true;
	lf_vec_fini(&a.set);
	return ok;
}
