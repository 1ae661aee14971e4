/* What a build is going to do, the same for all its architectures.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <factory/build.h>

#include "base/arena.h"
#include "build/sandbox.h"
#include "recipe/recipe.h"
#include "trust/ed25519.h"
#include "trust/key.h"

/* Every text is set ("" when there is nothing), relative ones as given. */
struct lf_build_plan {
	const struct lf_build_options *o;
	const char *config, *source_dir, *out_dir, *namespace, *license, *commit, *repo_url;
	const struct lf_runner *runner;
	struct lf_strv archs; /* apk's spellings, in the order of the OCI names */
	int64_t source_date_epoch;
	struct lf_key *key; /* NULL: unsigned */
	const char *key_name;
	bool provenance;
	struct lf_ed25519 *provenance_key; /* NULL: provenance is not signed */
	const char *cache_dir;             /* real path; NULL: none */
	bool versioned_libraries;          /* so-ver: depends are made */
	bool test;                         /* melange test: packages are tested, none is made */
	const char *package; /* what the main test installs; "": the package of the recipe */
};

/* Looks at options, environment variables and the repository around the configuration; nothing is
 * made. */
bool lf_build_plan_make(const struct lf_ctx *ctx, const struct lf_build_options *o,
			struct lf_arena *arena, struct lf_build_plan *ret,
			struct lf_err *err) LF_MUST_CHECK;
/* The same for tests. */
bool lf_test_plan_make(const struct lf_ctx *ctx, const struct lf_build_options *o,
		       const char *package, struct lf_arena *arena, struct lf_build_plan *ret,
		       struct lf_err *err) LF_MUST_CHECK;
void lf_build_plan_fini(struct lf_build_plan *p);

/* The parts, apart for tests. */

/* Architectures as flags name them → apk's spellings, unique, sorted by OCI name. Empty, or "all":
 * every known one. */
void lf_plan_archs(const struct lf_strv *given, struct lf_strv *ret);
/* SOURCE_DATE_EPOCH (its value, NULL when unset) over --build-date. */
bool lf_plan_date(const struct lf_ctx *ctx, const char *variable, const char *build_date,
		  int64_t *ret, struct lf_err *err) LF_MUST_CHECK;
/* HTTP_AUTH (its value, NULL when unset) has the form that the repository code wants. */
bool lf_plan_check_http_auth(const char *value, struct lf_err *err) LF_MUST_CHECK;
/* The configuration: the given path, or the first of the usual names in the current directory.
 * NULL: "melange.yaml is missing". */
const char *lf_plan_config(const struct lf_ctx *ctx, const char *given,
			   struct lf_err *err) LF_MUST_CHECK;
/* The given commit, or HEAD of the repository that holds the configuration, or "unknown" with a
 * warning. */
const char *lf_plan_commit(const struct lf_ctx *ctx, const char *given, const char *config,
			   struct lf_arena *arena);
