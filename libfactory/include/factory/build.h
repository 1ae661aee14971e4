/*
 * Building packages and testing them: `melange build` and `melange test` as calls. A plain value
 * says what the flags say; texts may be NULL or "" for "not given". Nothing is owned.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <factory/builtins.h>
#include <factory/ctx.h>
#include <factory/list.h>

struct lf_build_options {
	const char
		*config; /* "" looks for .melange.yaml, .melange.yml, melange.yaml, melange.yml */
	const char *config_text; /* what it says, instead of what the file says; NULL: the file */
	const char *const *args; /* the arguments as the first log line shows them */
	size_t n_args;
	const struct lf_builtins *builtins;

	/* what to build, and for what */
	struct lf_strv archs; /* any spelling; "host"; empty or "all": every known one */
	struct lf_strv build_options, env_files;
	const char *vars_file, *libc_flavor;
	const char *pipeline_dir;
	struct lf_strv pipeline_dirs;
	const char *build_date; /* RFC 3339; SOURCE_DATE_EPOCH beats it, unless: */
	bool fixed_date;
	const char *git_commit, *git_repo_url, *license, *namespace;

	/* the environment */
	struct lf_strv repositories, keyring, packages;
	bool ignore_signatures;
	bool verify_packages; /* each package's own signature by a key of the keyring */
	const char *apk_cache_dir;

	/* the sandbox */
	const char *runner; /* "": bubblewrap */
	const char *workspace_dir, *source_dir, *cache_dir;
	const char *cpu, *cpumodel, *memory, *disk;
	int64_t timeout_ns;                             /* 0: as the configuration says */
	bool empty_workspace, debug, interactive, keep; /* keep: --rm=false */

	/* what comes out */
	const char *out_dir, *signing_key, *dependency_log;
	const char *provenance_key; /* an Ed25519 key; given, provenance is wanted */
	struct lf_strv lint_require, lint_warn;
	bool generate_index, generate_provenance, create_build_log, persist_lint_results,
		strip_origin_name;
	bool faithful_metadata; /* all that the sandbox saw, as upstream does not */
};

/* Builds for every architecture, in parallel (one after another when interactive). Nothing is left
 * behind: neither directories nor processes, also after a failure or a cancelled context. */
LF_API bool lf_build(const struct lf_ctx *ctx, const struct lf_build_options *o,
		     struct lf_err *err) LF_MUST_CHECK;

/* Tests the packages of a recipe, for every architecture: each test of it in a fresh environment
 * that holds the package (from the repositories of o) and what the test asks for. Of o counts what
 * concerns recipe, environment and sandbox; source_dir "" leaves the workspace empty; build_options
 * are those of --test-option, packages are added to every test's. package, unless NULL or "", is
 * installed in the place of the recipe's main package. False when a test fails; those behind it are
 * not run. Nothing is left behind. */
LF_API bool lf_test(const struct lf_ctx *ctx, const struct lf_build_options *o, const char *package,
		    struct lf_err *err) LF_MUST_CHECK;
