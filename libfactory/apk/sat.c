/*
 * The search: propagate what follows, ask for a decision when nothing does, learn from each dead
 * end and go back as far as it teaches. Clauses are watched at two literals each; exclusive groups
 * are looked at when a member becomes true.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "apk/sat.h"

#include "base/banned.h"

void lf_sat_init(struct lf_sat *s, uint32_t n_vars, uint64_t max_steps)
{
	*s = (struct lf_sat){.n_vars = n_vars, .max_steps = max_steps};
	s->var = lf_calloc(n_vars, sizeof(*s->var));
	s->watch = lf_calloc(2 * (size_t)n_vars, sizeof(*s->watch));
}

void lf_sat_fini(struct lf_sat *s)
{
	for (uint32_t i = 0; i < s->n_vars; i++)
		lf_vec_fini(&s->var[i].group);
	for (size_t i = 0; i < 2 * (size_t)s->n_vars; i++)
		lf_vec_fini(&s->watch[i]);
	lf_free(s->var);
	lf_free(s->watch);
	lf_vec_fini(&s->clause);
	lf_vec_fini(&s->literal);
	lf_vec_fini(&s->step);
	lf_vec_fini(&s->group);
	lf_vec_fini(&s->member);
	lf_vec_fini(&s->trail);
	lf_vec_fini(&s->decided);
	lf_vec_fini(&s->core);
	*s = (struct lf_sat){0};
}

void lf_sat_add(struct lf_sat *s, const uint32_t *literal, size_t n)
{
	struct lf_sat_range range = {(uint32_t)s->literal.n, (uint32_t)n};
	uint32_t number = (uint32_t)s->clause.n;

	for (size_t i = 0; i < n; i++)
		lf_vec_push(&s->literal, literal[i]);
	for (size_t i = 0; n > 1 && i < 2; i++)
		lf_vec_push(&s->watch[literal[i]], number);
	lf_vec_push(&s->clause, (struct lf_sat_clause){.literal = range});
	s->n_given++;
}

void lf_sat_add_exclusive(struct lf_sat *s, const struct lf_sat_member *member, size_t n)
{
	for (size_t i = 0; i < n; i++)
		lf_vec_push(&s->var[member[i].var].group, (uint32_t)s->group.n);
	lf_vec_push(&s->group, (struct lf_sat_range){(uint32_t)s->member.n, (uint32_t)n});
	for (size_t i = 0; i < n; i++)
		lf_vec_push(&s->member, member[i]);
}

static int value_of(const struct lf_sat *s, uint32_t literal)
{
	int value = s->var[literal / 2].value;

	return literal & 1 ? -value : value;
}

static void assign(struct lf_sat *s, uint32_t literal, struct lf_sat_why why)
{
	struct lf_sat_var *v = &s->var[literal / 2];

	v->value = literal & 1 ? -1 : 1;
	v->level = (uint32_t)s->decided.n;
	v->why = why;
	lf_vec_push(&s->trail, literal);
}

static void take_back(struct lf_sat *s, uint32_t level)
{
	size_t keep = s->decided.v[level];

	while (s->trail.n > keep)
		s->var[lf_vec_pop(&s->trail) / 2].value = 0;
	s->decided.n = level;
	s->next = keep;
}

/* ---- what follows ---- */

static void swap(uint32_t *a, uint32_t *b)
{
	uint32_t t = *a;

	*a = *b;
	*b = t;
}

enum found { FOUND_OTHER, FOUND_NOTHING, FOUND_CONFLICT };

/* A watched literal of the clause has become false: another is watched, or what remains follows. */
static enum found look_at(struct lf_sat *s, uint32_t clause, uint32_t gone)
{
	struct lf_sat_range range = s->clause.v[clause].literal;
	uint32_t *lit = &s->literal.v[range.first];

	if (lit[0] == gone)
		swap(&lit[0], &lit[1]);
	if (value_of(s, lit[0]) > 0)
		return FOUND_NOTHING;
	for (uint32_t i = 2; i < range.n; i++) {
		s->steps++;
		if (value_of(s, lit[i]) < 0)
			continue;
		swap(&lit[1], &lit[i]);
		lf_vec_push(&s->watch[lit[1]], clause);
		return FOUND_OTHER;
	}
	if (value_of(s, lit[0]) < 0)
		return FOUND_CONFLICT;
	assign(s, lit[0], (struct lf_sat_why){.kind = LF_SAT_CLAUSE, .a = clause});
	return FOUND_NOTHING;
}

static bool propagate_clauses(struct lf_sat *s, uint32_t gone, struct lf_sat_why *ret_conflict)
{
	size_t kept = 0, n = s->watch[gone].n;
	bool ok = true;

	for (size_t i = 0; i < n; i++) {
		uint32_t clause = s->watch[gone].v[i];
		enum found found = ok ? look_at(s, clause, gone) : FOUND_NOTHING;

		s->steps++;
		if (found != FOUND_OTHER)
			s->watch[gone].v[kept++] = clause;
		if (found == FOUND_CONFLICT) {
			*ret_conflict = (struct lf_sat_why){.kind = LF_SAT_CLAUSE, .a = clause};
			ok = false;
		}
	}
	s->watch[gone].n = kept;
	return ok;
}

static bool is_shared(const struct lf_sat *s, struct lf_sat_range group, uint32_t var)
{
	for (uint32_t i = 0; i < group.n; i++)
		if (s->member.v[group.first + i].var == var)
			return s->member.v[group.first + i].shared;
	return false;
}

static bool propagate_group(struct lf_sat *s, uint32_t number, uint32_t var,
			    struct lf_sat_why *ret_conflict)
{
	struct lf_sat_range group = s->group.v[number];
	bool shared = is_shared(s, group, var);

	for (uint32_t i = 0; i < group.n; i++) {
		const struct lf_sat_member *m = &s->member.v[group.first + i];
		struct lf_sat_why why = {LF_SAT_EXCLUSIVE, m->var, var, number};

		s->steps++;
		if (m->var == var || (shared && m->shared) || s->var[m->var].value < 0)
			continue;
		if (s->var[m->var].value > 0) {
			*ret_conflict = why;
			return false;
		}
		assign(s, LF_SAT_NO(m->var), why);
	}
	return true;
}

static bool propagate(struct lf_sat *s, struct lf_sat_why *ret_conflict)
{
	while (s->next < s->trail.n) {
		uint32_t literal = s->trail.v[s->next++], var = literal / 2;

		if (!propagate_clauses(s, literal ^ 1, ret_conflict))
			return false;
		for (size_t i = 0; !(literal & 1) && i < s->var[var].group.n; i++)
			if (!propagate_group(s, s->var[var].group.v[i], var, ret_conflict))
				return false;
	}
	return true;
}

/* ---- the search ---- */

/* Clauses of one literal hold at once. */
static bool start(struct lf_sat *s, struct lf_sat_why *ret_conflict)
{
	for (uint32_t i = 0; i < s->n_given; i++) {
		struct lf_sat_range range = s->clause.v[i].literal;
		struct lf_sat_why why = {.kind = LF_SAT_CLAUSE, .a = i};
		int value = range.n ? value_of(s, s->literal.v[range.first]) : -1;

		if (range.n > 1 || value > 0)
			continue;
		if (value < 0) {
			*ret_conflict = why;
			return false;
		}
		assign(s, s->literal.v[range.first], why);
	}
	return true;
}

/* False when the conflict cannot be undone. */
static bool recover(struct lf_sat *s, const struct lf_sat_why *conflict)
{
	uint32_t learned = (uint32_t)s->clause.n, level;
	struct lf_sat_range range;

	if (!s->decided.n) {
		lf_sat_find_core(s, conflict);
		return false;
	}
	level = lf_sat_learn(s, conflict);
	take_back(s, level);
	range = s->clause.v[learned].literal;
	for (uint32_t i = 0; range.n > 1 && i < 2; i++)
		lf_vec_push(&s->watch[s->literal.v[range.first + i]], learned);
	assign(s, s->literal.v[range.first],
	       (struct lf_sat_why){.kind = LF_SAT_CLAUSE, .a = learned});
	return true;
}

enum lf_sat_result lf_sat_solve(struct lf_sat *s, lf_sat_decide_fn *decide, void *data)
{
	struct lf_sat_why conflict;
	uint32_t literal;

	if (!start(s, &conflict)) {
		lf_sat_find_core(s, &conflict);
		return LF_SAT_UNSOLVABLE;
	}
	for (;;) {
		if (s->steps > s->max_steps)
			return LF_SAT_GAVE_UP;
		if (!propagate(s, &conflict)) {
			if (!recover(s, &conflict))
				return LF_SAT_UNSOLVABLE;
			continue;
		}
		literal = decide(data, s);
		if (literal == LF_SAT_NONE)
			return LF_SAT_SOLVED;
		lf_vec_push(&s->decided, (uint32_t)s->trail.n);
		assign(s, literal, (struct lf_sat_why){.kind = LF_SAT_FREE});
	}
}
