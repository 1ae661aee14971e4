/*
 * What the files of the solver share. Names are interned to numbers, so that tables are arrays and
 * the inner loops compare numbers; versions are parsed when they are first compared; a reason is
 * kept as its parts and printed only in an error.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "apk/solve.h"
#include "apk/version.h"
#include "base/map.h"

#define LF_NO_NAME UINT32_MAX

struct lf_lazy_version {
	struct lf_str text;
	const struct lf_version *value; /* NULL: not parsed yet, or invalid */
	bool parsed;
};

struct lf_provide {
	struct lf_str text;
	struct lf_lazy_version version; /* text empty: none */
	uint32_t name;
	enum lf_op op;
};

/* One item of a depends list or of the world. */
struct lf_want {
	struct lf_dep dep;
	struct lf_lazy_version version;
	uint32_t name; /* LF_NO_NAME: no package or provides has it */
};

/* Why a candidate is struck off. */
enum lf_strike {
	LF_STRIKE_NONE,
	LF_STRIKE_ARCH,             /* text: the architecture that lacks it */
	LF_STRIKE_EXCLUDED,         /* text: the constraint, without "!" */
	LF_STRIKE_VERSION_INVALID,  /* own version */
	LF_STRIKE_VERSION,          /* text: the constraint */
	LF_STRIKE_PROVIDES_INVALID, /* provide */
	LF_STRIKE_PROVIDES,         /* provide, text: the constraint */
	LF_STRIKE_PROVIDED,         /* by, text: the name */
	LF_STRIKE_INSTALLED,        /* text: the package that is there and does not go with it */
};

/* A package of a repository. */
struct lf_cand {
	const struct lf_pkg *pkg;
	const struct lf_solve_repo *repo;
	struct lf_lazy_version version;
	struct lf_provide *provide;
	struct lf_want *want; /* NULL until lf_solve_wants */
	uint32_t n_provides, n_wants;
	uint32_t name, origin; /* origin LF_NO_NAME: empty */
	enum lf_strike strike;
	struct lf_str strike_text;
	const struct lf_provide *strike_provide;
	const struct lf_cand *strike_by;
};

struct lf_cand_list {
	struct lf_cand **v;
	uint32_t n;
};

struct lf_cand_vec {
	struct lf_cand **v;
	size_t n, cap;
};

/* A table by name that is emptied by counting `now` up. */
struct lf_cand_slot {
	struct lf_cand *cand;
	uint32_t stamp;
};

struct lf_solver {
	struct lf_arena arena; /* dies with the solve */
	struct lf_map ids;     /* name → number + 1 */
	struct lf_cand *cand;  /* in repository order */
	size_t n_cands;
	struct lf_cand_list *providers; /* by name: own names first, then provides */
	struct lf_map install_if;       /* item text → struct lf_cand_list */

	struct lf_cand **selected; /* by name, for the whole solve */
	uint32_t now;
	struct lf_cand_slot *existing, *origin, *listed; /* by name, for one world item */
};

/* ---- solve_table.c ---- */
void lf_solver_init(struct lf_solver *s, const struct lf_solve_input *in);
void lf_solver_fini(struct lf_solver *s);
uint32_t lf_solver_name(const struct lf_solver *s, struct lf_str name);
void lf_want_init(struct lf_solver *s, struct lf_str text, struct lf_want *ret);
/* The parsed depends of a package; "!" cut off into dep.conflict. */
void lf_solve_wants(struct lf_solver *s, struct lf_cand *c);
/* NULL when the text is no version. */
const struct lf_version *lf_lazy_get(struct lf_solver *s, struct lf_lazy_version *v);
struct lf_cand *lf_slot_get(const struct lf_solver *s, const struct lf_cand_slot *table,
			    uint32_t name);
void lf_slot_set(const struct lf_solver *s, struct lf_cand_slot *table, uint32_t name,
		 struct lf_cand *c);

/* ---- solve_filter.c ---- */
struct lf_filter {
	struct lf_want *want;
	struct lf_str allow,
		prefer; /* tags of repositories that may be used beside those without one */
	const struct lf_cand *installed; /* passes whatever its tag; or NULL */
};
bool lf_filter_passes(struct lf_solver *s, const struct lf_filter *f, struct lf_cand *c);
/* How many of the providers pass. */
size_t lf_filter_count(struct lf_solver *s, const struct lf_filter *f);

/* Strikes off what a list of wants rules out. False when a required version is invalid. */
bool lf_solve_constrain(struct lf_solver *s, struct lf_want *want, size_t n, struct lf_err *err);
/* Strikes off what cannot stand beside a chosen package. */
void lf_solve_conflicts(struct lf_solver *s, struct lf_cand *chosen);
/* Strikes off what another architecture lacks. */
void lf_solve_archs(struct lf_solver *s, const struct lf_solve_input *in);
/* Why a candidate is struck off, as upstream says it. */
void lf_solve_print_strike(struct lf_buf *b, const struct lf_cand *c);
/* Fails with `solving "TEXT" constraint: ...` and the reasons of all struck providers. */
bool lf_solve_fail(struct lf_solver *s, const struct lf_want *want, struct lf_err *err);

/* ---- solve_order.c ---- */

/* What makes one candidate better than another, in the order in which it is looked at. */
enum lf_rule {
	LF_RULE_NONE, /* they are equal: the earlier one stays */
	LF_RULE_EXISTING,
	LF_RULE_ORIGIN,
	LF_RULE_TAG,
	LF_RULE_NAME_VERSION, /* the version under the name that is asked for */
	LF_RULE_VERSION,      /* of one name */
	LF_RULE_PRIORITY,
	LF_RULE_OWN_VERSION, /* of different names */
	LF_RULE_NAME,
};

/* <0: a is better; *ret_rule, unless NULL, is what decided. bare: existing and origin count as
 * empty. */
int lf_solve_compare(struct lf_solver *s, const struct lf_filter *f, bool bare, struct lf_cand *a,
		     struct lf_cand *b, enum lf_rule *ret_rule);
/* Best of the providers that pass: NULL when none does. */
struct lf_cand *lf_solve_best(struct lf_solver *s, const struct lf_filter *f, bool bare);

/* ---- solve_trigger.c ---- */
typedef bool lf_cand_fn(void *data, struct lf_cand *c);

/* Marks the list's packages as listed; those whose name is listed already are dropped. */
void lf_solve_list(struct lf_solver *s, struct lf_cand_vec *list);
/* Adds what comes along with the listed packages, if may agrees. */
void lf_solve_trigger(struct lf_solver *s, struct lf_cand_vec *list, lf_cand_fn *may, void *data);

/* ---- solve.c ---- */

/* Hears of every choice, while what is struck off is as it was then. */
struct lf_solve_pick {
	const struct lf_cand *parent; /* NULL: the world */
	const struct lf_filter *filter;
	bool bare;
	struct lf_cand *best;
};
struct lf_solve_watch {
	void (*chose)(void *data, struct lf_solver *s, const struct lf_solve_pick *pick);
	void *data;
};
/* lf_solve, watched (watch may be NULL). */
bool lf_solve_greedily(const struct lf_solve_input *in, const struct lf_solve_watch *watch,
		       struct lf_arena *arena, struct lf_solution *ret,
		       struct lf_err *err) LF_MUST_CHECK;

#define LF_NO_CAND SIZE_MAX

/* Who has chosen already. Candidates go by their numbers. */
struct lf_guide {
	/* For an item of the depends of a candidate, or of the world (LF_NO_CAND): LF_NO_CAND when
	 * nothing is needed for it. */
	size_t (*choice)(void *data, size_t parent, size_t item);
	bool (*may_come)(void *data, size_t cand); /* along, by install_if */
	void *data;
};
/* What is chosen in the order in which the greedy solver would have come upon it. */
bool lf_solve_guided(const struct lf_solve_input *in, const struct lf_guide *guide,
		     struct lf_arena *arena, struct lf_solution *ret,
		     struct lf_err *err) LF_MUST_CHECK;
