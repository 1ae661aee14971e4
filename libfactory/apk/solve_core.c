/*
 * From the proof that a world has no solution to a small set of facts that say so: each fact is
 * left out in turn; when the rest still has no solution, it was not needed. docs/solver.md.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "apk/solve_core.h"

#include "base/banned.h"

/* For the whole of making it small. */
#define MAX_STEPS UINT64_C(20000000)

/* Facts and pairs that are left out together. */
struct unit {
	enum { UNIT_FACT, UNIT_PAIRS } kind;
	struct lf_fact fact;
	uint32_t name;
};

struct shrinking {
	struct lf_core *core;
	uint32_t *var_of; /* by variable of the problem, + 1 */
	uint32_t n_vars;
	uint32_t *literal; /* room for the longest clause */
	uint64_t steps;
};

/* One try: the core without a unit. */
struct trial {
	struct lf_sat sat;
	LF_VEC(struct lf_fact) fact;      /* by clause */
	LF_VEC(struct lf_core_pair) pair; /* by group */
};

void lf_core_fini(struct lf_core *core)
{
	lf_vec_fini(&core->fact);
	lf_vec_fini(&core->pair);
}

/* ---- clauses over few variables ---- */

static uint32_t var_in(struct shrinking *s, uint32_t var)
{
	if (!s->var_of[var])
		s->var_of[var] = ++s->n_vars;
	return s->var_of[var] - 1;
}

static size_t literals_of(struct shrinking *s, const struct lf_fact *f)
{
	size_t n = 0;

	if (f->node)
		s->literal[n++] = LF_SAT_NO(var_in(s, f->node->var));
	if (f->kind == LF_FACT_BAR)
		s->literal[n++] = LF_SAT_NO(var_in(s, f->other->var));
	if (f->kind == LF_FACT_WORLD || f->kind == LF_FACT_NEED)
		s->literal[n++] = LF_SAT_YES(var_in(s, f->request->var));
	if (f->kind != LF_FACT_OPTIONS)
		return n;
	s->literal[n++] = LF_SAT_NO(var_in(s, f->request->var));
	for (uint32_t i = 0; i < f->request->n_options; i++)
		s->literal[n++] = LF_SAT_YES(var_in(s, f->request->option[i]->var));
	return n;
}

static void number_vars(struct shrinking *s)
{
	size_t longest = 2;

	for (size_t i = 0; i < s->core->fact.n; i++)
		if (s->core->fact.v[i].request &&
		    s->core->fact.v[i].request->n_options + 2 > longest)
			longest = s->core->fact.v[i].request->n_options + 2;
	s->literal = lf_calloc(longest, sizeof(*s->literal));
	for (size_t i = 0; i < s->core->fact.n; i++)
		(void)literals_of(s, &s->core->fact.v[i]);
	for (size_t i = 0; i < s->core->pair.n; i++) {
		(void)var_in(s, s->core->pair.v[i].a->var);
		(void)var_in(s, s->core->pair.v[i].b->var);
	}
}

/* ---- leaving out ---- */

static bool fact_is_in(const struct unit *u, const struct lf_fact *f)
{
	return u->kind == UNIT_FACT && f->kind == u->fact.kind && f->node == u->fact.node &&
	       f->item == u->fact.item;
}

static void add_rules(struct shrinking *s, struct trial *t, const struct unit *without)
{
	for (size_t i = 0; i < s->core->fact.n; i++) {
		const struct lf_fact *f = &s->core->fact.v[i];

		if (fact_is_in(without, f))
			continue;
		lf_sat_add(&t->sat, s->literal, literals_of(s, f));
		lf_vec_push(&t->fact, *f);
	}
	for (size_t i = 0; i < s->core->pair.n; i++) {
		const struct lf_core_pair *pair = &s->core->pair.v[i];
		struct lf_sat_member member[2] = {{.var = var_in(s, pair->a->var)},
						  {.var = var_in(s, pair->b->var)}};

		if (without->kind == UNIT_PAIRS && without->name == pair->name)
			continue;
		lf_sat_add_exclusive(&t->sat, member, 2);
		lf_vec_push(&t->pair, *pair);
	}
}

/* Any order will do here. */
static uint32_t decide(void *data, struct lf_sat *sat)
{
	(void)data;
	for (uint32_t i = 0; i < sat->n_vars; i++, sat->steps++)
		if (!lf_sat_value(sat, i))
			return LF_SAT_NO(i);
	return LF_SAT_NONE;
}

static void keep_core(struct lf_core *core, const struct trial *t)
{
	struct lf_core kept = {0};

	for (size_t i = 0; i < t->sat.core.n; i++) {
		const struct lf_sat_why *why = &t->sat.core.v[i];

		if (why->kind == LF_SAT_CLAUSE)
			lf_vec_push(&kept.fact, t->fact.v[why->a]);
		else
			lf_vec_push(&kept.pair, t->pair.v[why->group]);
	}
	lf_core_fini(core);
	*core = kept;
}

/* True when the core does without the unit; it is smaller then. */
static bool leave_out(struct shrinking *s, const struct unit *unit)
{
	struct trial t = {0};
	bool gone;

	lf_sat_init(&t.sat, s->n_vars, MAX_STEPS - s->steps);
	add_rules(s, &t, unit);
	gone = lf_sat_solve(&t.sat, decide, NULL) == LF_SAT_UNSOLVABLE;
	s->steps += t.sat.steps + s->core->fact.n + s->core->pair.n + 1;
	if (gone)
		keep_core(s->core, &t);
	lf_sat_fini(&t.sat);
	lf_vec_fini(&t.fact);
	lf_vec_fini(&t.pair);
	return gone;
}

/* ---- the order of leaving out ---- */

/* What was tried once is needed for good: the core only gets smaller. */
static bool was_tried(const struct unit *tried, size_t n, const struct unit *u)
{
	for (size_t i = 0; i < n; i++)
		if (tried[i].kind == u->kind &&
		    (u->kind == UNIT_PAIRS ? tried[i].name == u->name
					   : fact_is_in(&tried[i], &u->fact)))
			return true;
	return false;
}

typedef LF_VEC(struct unit) unit_vec;

/* The last fact of this kind that was not tried yet. */
static bool next_fact(const struct lf_core *core, enum lf_fact_kind kind, const unit_vec *tried,
		      struct unit *ret)
{
	for (size_t i = core->fact.n; i-- > 0;) {
		struct unit u = {.kind = UNIT_FACT, .fact = core->fact.v[i]};

		if (u.fact.kind == kind && !was_tried(tried->v, tried->n, &u)) {
			*ret = u;
			return true;
		}
	}
	return false;
}

static bool next_pairs(const struct lf_core *core, const unit_vec *tried, struct unit *ret)
{
	for (size_t i = core->pair.n; i-- > 0;) {
		struct unit u = {.kind = UNIT_PAIRS, .name = core->pair.v[i].name};

		if (!was_tried(tried->v, tried->n, &u)) {
			*ret = u;
			return true;
		}
	}
	return false;
}

/* Items of the world first: the fewer are to blame, the better. That a request is met by its
 * options only is never left out. */
static bool next_unit(const struct lf_core *core, const unit_vec *tried, struct unit *ret)
{
	return next_fact(core, LF_FACT_WORLD, tried, ret) ||
	       next_fact(core, LF_FACT_BAR, tried, ret) || next_pairs(core, tried, ret) ||
	       next_fact(core, LF_FACT_NEED, tried, ret);
}

static void shrink(struct shrinking *s)
{
	unit_vec tried = {0};
	struct unit unit;

	number_vars(s);
	while (s->steps < MAX_STEPS && next_unit(s->core, &tried, &unit)) {
		if (!leave_out(s, &unit))
			lf_vec_push(&tried, unit);
	}
	lf_vec_fini(&tried);
}

void lf_core_find(struct lf_core *core, const struct lf_search *search)
{
	const struct lf_problem *p = &search->problem;
	struct shrinking s = {.core = core};

	*core = (struct lf_core){0};
	for (size_t i = 0; i < search->sat.core.n; i++) {
		const struct lf_sat_why *why = &search->sat.core.v[i];

		if (why->kind == LF_SAT_CLAUSE)
			lf_vec_push(&core->fact, p->fact.v[why->a]);
		else
			lf_vec_push(&core->pair,
				    (struct lf_core_pair){p->node.v[why->a], p->node.v[why->b],
							  p->clash.v[why->group].name});
	}
	s.var_of = lf_calloc(lf_problem_vars(p), sizeof(*s.var_of));
	shrink(&s);
	lf_free(s.var_of);
	lf_free(s.literal);
}
