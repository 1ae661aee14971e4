/*
 * What a dead end teaches. Going back from the conflict, each variable that the last decision
 * brought about is replaced by what brought it about, until one is left (the first unique
 * implication point): the rest with that one negated is a clause that holds. Each clause remembers
 * what it was made of, so that in the end the given rules that cannot hold together can be named.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "apk/sat.h"

#include "base/banned.h"

/* What is kept counts for this many steps: memory is bounded by the limit too. */
#define KEEPING 16

struct learning {
	struct lf_sat *s;
	LF_VEC(uint32_t) clause; /* literals of older levels */
	LF_VEC(uint32_t) seen;   /* variables, to be unmarked */
	uint32_t open;           /* marked variables of this level still on the trail */
};

static void keep_step(struct lf_sat *s, struct lf_sat_why step)
{
	lf_vec_push(&s->step, step);
	s->steps += KEEPING;
}

static bool mark(struct learning *l, uint32_t var)
{
	if (l->s->var[var].seen)
		return false;
	l->s->var[var].seen = true;
	lf_vec_push(&l->seen, var);
	return true;
}

/* A literal that is false. */
static void take(struct learning *l, uint32_t literal)
{
	const struct lf_sat_var *v = &l->s->var[literal / 2];

	l->s->steps++;
	if (!mark(l, literal / 2))
		return;
	if (!v->level)
		keep_step(l->s, (struct lf_sat_why){.kind = LF_SAT_GIVEN, .a = literal / 2});
	else if (v->level == l->s->decided.n)
		l->open++;
	else
		lf_vec_push(&l->clause, literal);
}

/* All literals of a rule but that of `var` (LF_SAT_NONE: all). */
static void take_rule(struct learning *l, const struct lf_sat_why *rule, uint32_t var)
{
	struct lf_sat *s = l->s;

	keep_step(s, *rule);
	if (rule->kind == LF_SAT_EXCLUSIVE) {
		if (rule->a != var)
			take(l, LF_SAT_NO(rule->a));
		if (rule->b != var)
			take(l, LF_SAT_NO(rule->b));
		return;
	}
	for (uint32_t i = 0; i < s->clause.v[rule->a].literal.n; i++) {
		uint32_t literal = s->literal.v[s->clause.v[rule->a].literal.first + i];

		if (literal / 2 != var)
			take(l, literal);
	}
}

/* The one literal of this level that the conflict comes down to, negated. */
static uint32_t find_point(struct learning *l, const struct lf_sat_why *conflict)
{
	struct lf_sat *s = l->s;
	size_t i = s->trail.n;

	take_rule(l, conflict, LF_SAT_NONE);
	for (;;) {
		uint32_t literal;

		do {
			literal = s->trail.v[--i];
		} while (!s->var[literal / 2].seen);
		if (!--l->open)
			return literal ^ 1;
		take_rule(l, &s->var[literal / 2].why, literal / 2);
	}
}

/* Puts the literal of the latest level first; that level, or 0. */
static uint32_t latest_first(struct learning *l)
{
	size_t latest = 0;

	for (size_t i = 1; i < l->clause.n; i++)
		if (l->s->var[l->clause.v[i] / 2].level > l->s->var[l->clause.v[latest] / 2].level)
			latest = i;
	if (!l->clause.n)
		return 0;
	uint32_t literal = l->clause.v[latest];

	l->clause.v[latest] = l->clause.v[0];
	l->clause.v[0] = literal;
	return l->s->var[literal / 2].level;
}

uint32_t lf_sat_learn(struct lf_sat *s, const struct lf_sat_why *conflict)
{
	struct learning l = {.s = s};
	struct lf_sat_clause clause = {{(uint32_t)s->literal.n, 0}, {(uint32_t)s->step.n, 0}};
	uint32_t first = find_point(&l, conflict), level = latest_first(&l);

	lf_vec_push(&s->literal, first);
	for (size_t i = 0; i < l.clause.n; i++)
		lf_vec_push(&s->literal, l.clause.v[i]);
	clause.literal.n = (uint32_t)s->literal.n - clause.literal.first;
	clause.step.n = (uint32_t)s->step.n - clause.step.first;
	lf_vec_push(&s->clause, clause);
	s->steps += KEEPING * l.clause.n;
	for (size_t i = 0; i < l.seen.n; i++)
		s->var[l.seen.v[i]].seen = false;
	lf_vec_fini(&l.clause);
	lf_vec_fini(&l.seen);
	return level;
}

/* ---- the core ---- */

struct proof {
	struct lf_sat *s;
	LF_VEC(struct lf_sat_why) todo;
	bool *unfolded; /* by clause */
};

static void ask_why(struct proof *p, uint32_t var)
{
	if (p->s->var[var].seen)
		return;
	p->s->var[var].seen = true;
	lf_vec_push(&p->todo, (struct lf_sat_why){.kind = LF_SAT_GIVEN, .a = var});
}

/* The rule and what made its literals false. */
static void blame(struct proof *p, const struct lf_sat_why *rule)
{
	struct lf_sat_range range;

	lf_vec_push(&p->todo, *rule);
	if (rule->kind == LF_SAT_EXCLUSIVE) {
		ask_why(p, rule->a);
		ask_why(p, rule->b);
		return;
	}
	range = p->s->clause.v[rule->a].literal;
	for (uint32_t i = 0; i < range.n; i++)
		ask_why(p, p->s->literal.v[range.first + i] / 2);
}

static void unfold(struct proof *p, uint32_t clause)
{
	const struct lf_sat_clause *c = &p->s->clause.v[clause];

	if (p->unfolded[clause])
		return;
	p->unfolded[clause] = true;
	if (clause < p->s->n_given) {
		lf_vec_push(&p->s->core, (struct lf_sat_why){.kind = LF_SAT_CLAUSE, .a = clause});
		return;
	}
	for (uint32_t i = 0; i < c->step.n; i++) {
		const struct lf_sat_why *step = &p->s->step.v[c->step.first + i];

		if (step->kind == LF_SAT_GIVEN)
			ask_why(p, step->a);
		else
			lf_vec_push(&p->todo, *step);
	}
}

void lf_sat_find_core(struct lf_sat *s, const struct lf_sat_why *conflict)
{
	struct proof p = {.s = s, .unfolded = lf_calloc(s->clause.n, sizeof(*p.unfolded))};

	blame(&p, conflict);
	while (p.todo.n) {
		struct lf_sat_why why = lf_vec_pop(&p.todo);

		if (why.kind == LF_SAT_GIVEN)
			blame(&p, &s->var[why.a].why);
		else if (why.kind == LF_SAT_EXCLUSIVE)
			lf_vec_push(&s->core, why);
		else
			unfold(&p, why.a);
	}
	lf_vec_fini(&p.todo);
	lf_free(p.unfolded);
}
