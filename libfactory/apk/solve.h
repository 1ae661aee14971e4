/*
 * The solver: from a world of constraints and the packages of the repositories to an ordered list
 * of packages to install, with upstream's greedy choices (docs/formats/solver.md). Pure: no clock,
 * no files.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>

#include "apk/package.h"

/* One repository of one architecture, in repository order. Packages keep their identity by address.
 */
struct lf_solve_repo {
	const char *tag; /* "@tag" repositories: "tag"; otherwise "" */
	const char *url; /* <repo>/<arch>, for comparison and messages */
	const struct lf_index *index;
};

struct lf_solve_input {
	const struct lf_solve_repo *repo;
	size_t n_repos;
	struct lf_strv world; /* sorted, unique */
	/* The indexes of the other architectures solved together: a package whose name and version
	 * text is missing from one of them is struck off, naming it. */
	const struct lf_solve_other {
		const char *arch; /* OCI name */
		const struct lf_solve_repo *repo;
		size_t n_repos;
	} * other;
	size_t n_others;
	/* Already installed (base image): NULL when none. */
	const struct lf_pkg *installed;
	size_t n_installed;
};

struct lf_solve_choice {
	const struct lf_pkg *pkg;
	const struct lf_solve_repo *repo;
	const char *url; /* of the package, where a lock file tells it; NULL: in its repository */
};

struct lf_solution {
	struct lf_solve_choice *install; /* in install order; in the arena */
	size_t n;
	struct lf_strv conflicts; /* "!x" dependencies met on the way, without "!" */
	bool searched;            /* the complete search found it, the greedy solver failed */
};

/* The greedy solver. False with LF_E_SOLVE and upstream's text. Result in the arena. */
bool lf_solve(const struct lf_solve_input *in, struct lf_arena *arena, struct lf_solution *ret,
	      struct lf_err *err) LF_MUST_CHECK;

/* The complete search alone: a sound set whenever there is one, by the greedy solver's preferences
 * (docs/solver.md). False with LF_E_SOLVE and an explanation, or with LF_E_LIMIT when it takes too
 * long. */
bool lf_solve_complete(const struct lf_solve_input *in, struct lf_arena *arena,
		       struct lf_solution *ret, struct lf_err *err) LF_MUST_CHECK;

struct lf_ctx;
/* The greedy solver; where it fails the complete search, which says so in the log. False with
 * upstream's text, and with an explanation on the lines below it. */
bool lf_solve_world(const struct lf_ctx *ctx, const struct lf_solve_input *in,
		    struct lf_arena *arena, struct lf_solution *ret,
		    struct lf_err *err) LF_MUST_CHECK;

struct lf_buf;
/* Why the solution of this world has a package of this name (or one that provides it), and why in
 * that version. False also when it has none. */
bool lf_solve_why(const struct lf_ctx *ctx, const struct lf_solve_input *in, const char *name,
		  struct lf_arena *arena, struct lf_buf *out, struct lf_err *err) LF_MUST_CHECK;
