/*
 * Choosing among yes-or-no variables so that all rules hold, or finding the rules that cannot hold
 * together. Rules are clauses (at least one of these literals) and exclusive groups (at most one of
 * these variables). The caller decides what to try next; each dead end is turned into a new clause
 * (conflict-driven learning), so that the search is complete. Same input, same answer.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/vec.h"

#define LF_SAT_NONE UINT32_MAX

/* A literal: variable v is true, or is false. */
#define LF_SAT_YES(v) (2 * (uint32_t)(v))
#define LF_SAT_NO(v)  (2 * (uint32_t)(v) + 1)

enum lf_sat_kind { LF_SAT_FREE, LF_SAT_CLAUSE, LF_SAT_EXCLUSIVE, LF_SAT_GIVEN };

/* Why a variable is what it is, or a step of a proof.
 * CLAUSE: a is its number. EXCLUSIVE: variables a and b, of group `group`. GIVEN: whatever made
 * variable a certain. */
struct lf_sat_why {
	enum lf_sat_kind kind;
	uint32_t a, b, group;
};

/* Parts of the pools below: n from first on. */
struct lf_sat_range {
	uint32_t first, n;
};

struct lf_sat_clause {
	struct lf_sat_range literal;
	struct lf_sat_range step; /* what a learned one was made of */
};

struct lf_sat_member {
	uint32_t var;
	bool shared; /* may stand beside others that are shared */
};

struct lf_sat_var {
	struct lf_sat_why why;
	uint32_t level;
	int8_t value; /* 1 true, -1 false, 0 open */
	bool seen;
	LF_VEC(uint32_t) group;
};

struct lf_sat;
/* The literal to try next, of an open variable; LF_SAT_NONE when nothing is left to decide. It may
 * count its own work in s->steps. */
typedef uint32_t lf_sat_decide_fn(void *data, struct lf_sat *s);

enum lf_sat_result { LF_SAT_SOLVED, LF_SAT_UNSOLVABLE, LF_SAT_GAVE_UP };

struct lf_sat {
	struct lf_sat_var *var;
	uint32_t n_vars;
	LF_VEC(struct lf_sat_clause) clause; /* those given first, then those learned */
	uint32_t n_given;
	LF_VEC(uint32_t) literal;
	LF_VEC(struct lf_sat_why) step;
	LF_VEC(struct lf_sat_range) group; /* of member */
	LF_VEC(struct lf_sat_member) member;
	LF_VEC(uint32_t) * watch; /* by literal: clauses to look at when it becomes false */
	LF_VEC(uint32_t) trail;
	LF_VEC(uint32_t) decided; /* lengths of the trail before each decision */
	size_t next;              /* of the trail, to propagate */
	uint64_t steps, max_steps;
	LF_VEC(struct lf_sat_why) core; /* when unsolvable: rules that cannot hold together */
};

void lf_sat_init(struct lf_sat *s, uint32_t n_vars, uint64_t max_steps);
void lf_sat_fini(struct lf_sat *s);
/* Numbers of clauses and of groups count up from 0. */
void lf_sat_add(struct lf_sat *s, const uint32_t *literal, size_t n);
void lf_sat_add_exclusive(struct lf_sat *s, const struct lf_sat_member *member, size_t n);
/* Once a set of rules. */
enum lf_sat_result lf_sat_solve(struct lf_sat *s, lf_sat_decide_fn *decide, void *data);

static inline int lf_sat_value(const struct lf_sat *s, uint32_t var)
{
	return s->var[var].value;
}

/* ---- between sat.c and sat_learn.c ---- */

/* Adds the clause that a conflict teaches, true but for its first literal, and says how far to go
 * back. */
uint32_t lf_sat_learn(struct lf_sat *s, const struct lf_sat_why *conflict);
/* From a conflict that no decision is to blame for to the given rules behind it. */
void lf_sat_find_core(struct lf_sat *s, const struct lf_sat_why *conflict);
