/*
 * A world as a problem for the complete search: the candidates that the world can lead to (nodes),
 * what they and the world ask for (requests), and the facts that tie them together. Unlike the
 * greedy solver's, its rules are those of a sound installation (docs/solver.md).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "apk/sat.h"
#include "apk/solve_impl.h"

/* What lists ask for: one for each text and set of tags. */
struct lf_request {
	struct lf_want want;
	uint64_t tags;           /* of repositories that may be used beside those without one */
	struct lf_node **option; /* in the order of the providers */
	uint32_t n_options;
	uint32_t var;
	struct lf_node *choice; /* for the walk at hand, as is count (options not ruled out) */
	uint32_t choice_stamp, count_stamp, count;
	bool told; /* in an explanation */
};

struct lf_node {
	struct lf_cand *cand;
	struct lf_request **need; /* by item of its depends; NULL: it has that itself, or "!" */
	uint32_t *order, n_order; /* of need, for the walk at hand */
	uint64_t tags;            /* that may be used below it */
	uint32_t var, stamp;
	bool top; /* an item of the world can choose it: its tag is no hindrance */
};

enum lf_fact_kind {
	LF_FACT_WORLD,   /* the world asks for request */
	LF_FACT_NEED,    /* node depends on request */
	LF_FACT_OPTIONS, /* request is met by one of its options only */
	LF_FACT_BAR,     /* node does not go with other */
};

struct lf_fact {
	enum lf_fact_kind kind;
	struct lf_request *request;
	struct lf_node *node, *other;
	uint32_t item; /* of the world, or of the node's depends */
};

/* Of these nodes only those may stand together that provide the name without a version. */
struct lf_clash {
	uint32_t name;
	struct lf_sat_member *member;
	uint32_t n;
};

struct lf_problem {
	struct lf_solver *s;
	struct lf_request **world;
	size_t n_world;
	LF_VEC(struct lf_node *) node; /* their variables count from 0, in this order */
	LF_VEC(struct lf_request *) request;
	LF_VEC(struct lf_fact) fact; /* in the order of the clauses */
	LF_VEC(struct lf_clash) clash;
	struct lf_node **node_of; /* by candidate */
	uint32_t stamp;

	/* private to solve_problem.c */
	struct lf_map by_text, by_tags;
	struct lf_strv tag; /* by bit */
	uint64_t *tags_of;  /* by candidate */
	bool again;
};

/* Over a solver whose only strikes are those of architectures and of what is installed. */
bool lf_problem_init(struct lf_problem *p, struct lf_solver *s, const struct lf_strv *world,
		     struct lf_err *err) LF_MUST_CHECK;
void lf_problem_fini(struct lf_problem *p);
uint32_t lf_problem_vars(const struct lf_problem *p);
/* Clause i is fact i, group i is clash i. */
void lf_problem_rules(const struct lf_problem *p, struct lf_sat *sat);
void lf_problem_add_fact(const struct lf_fact *fact, struct lf_sat *sat);

/* ---- solve_sound.c ---- */

/* Does the package have what is asked for, by its own name and version or by a provides? */
bool lf_solve_meets(struct lf_solver *s, struct lf_cand *c, struct lf_want *want);
enum lf_hold { LF_HOLD_NOT, LF_HOLD_SHARED, LF_HOLD_ALONE };
/* Has it this name, and may others that share it have it too? */
enum lf_hold lf_solve_hold(const struct lf_cand *c, uint32_t name);
/* The name that keeps two packages from standing together, or LF_NO_NAME. */
uint32_t lf_solve_clash(const struct lf_cand *a, const struct lf_cand *b);
/* The item of a's depends that b is excluded by, or NULL. */
struct lf_want *lf_solve_bar(struct lf_solver *s, struct lf_cand *a, struct lf_cand *b);
/* Strikes off what does not go with the installed packages. */
void lf_solve_beside_installed(struct lf_solver *s, const struct lf_solve_input *in);

/* ---- solve_walk.c: depth first from the world, over what is chosen ---- */

enum lf_walk_event {
	LF_WALK_ENTER, /* node */
	LF_WALK_LEAVE, /* node: all below it has been left */
	LF_WALK_OPEN,  /* request: nothing is chosen for it yet */
	LF_WALK_END,
};

struct lf_walk_frame {
	struct lf_node *node;
	uint32_t next; /* in its order */
	bool fresh;    /* not entered yet */
};

struct lf_walk {
	struct lf_problem *p;
	const struct lf_sat *sat;
	LF_VEC(struct lf_walk_frame) frame;
	struct lf_node *node;
	struct lf_request *request;
};

/* Forgets which nodes were visited. One walk at a time on a problem. */
void lf_walk_start(struct lf_walk *w, struct lf_problem *p, const struct lf_sat *sat);
/* A node to begin at; nothing when it was visited. */
void lf_walk_from(struct lf_walk *w, struct lf_node *node);
enum lf_walk_event lf_walk_next(struct lf_walk *w);
void lf_walk_fini(struct lf_walk *w);
/* The option that is chosen for a request, the same for the whole walk: one visited already before
 * the best; or NULL. */
struct lf_node *lf_walk_choice(struct lf_walk *w, struct lf_request *r, bool of_world);
/* How many options are not ruled out. */
uint32_t lf_walk_count(struct lf_walk *w, struct lf_request *r);
/* The best of those options whose variable has this value, or NULL. */
struct lf_node *lf_walk_best(struct lf_walk *w, struct lf_request *r, int value, bool of_world);

/* ---- solve_arrange.c ---- */

/* The chosen packages in install order, with what comes along. */
bool lf_solve_arrange(struct lf_problem *p, const struct lf_sat *sat,
		      const struct lf_solve_input *in, struct lf_arena *arena,
		      struct lf_solution *ret, struct lf_err *err) LF_MUST_CHECK;
