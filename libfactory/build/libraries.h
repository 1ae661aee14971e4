/*
 * Which version of the package with a shared library a build used, for dependencies of the kind
 * so-ver:NAME>=VERSION. Asked by the dependency scan.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "apk/solve.h"
#include "base/map.h"
#include "build/build.h"

/* Who has which library. Zeroed: nobody has any. */
struct lf_libraries {
	struct lf_map provider;  /* "so:NAME" → list of packages, in the order of the indexes */
	struct lf_map installed; /* name → version in the environment */
};

/* From the indexes, whose records outlive it, and the locked packages of the environment
 * ("name=version"). Everything else in the arena. */
void lf_libraries_init(struct lf_libraries *l, const struct lf_solve_repo *repo, size_t n_repos,
		       const struct lf_strv *locked, struct lf_arena *arena);
void lf_libraries_fini(struct lf_libraries *l); /* the maps; harmless on a zeroed struct */

/* The version to depend on of the package with this library, for a package of a build; NULL when
 * there shall be no such dependency: the library is nobody's who is there, or its package does not
 * offer so-ver:. LF_E_SOLVE when the newest package with it is older than the one that was built
 * against. */
bool lf_libraries_version(const struct lf_scan_input *in, const char *soname, const char **ret,
			  struct lf_err *err) LF_MUST_CHECK;
