/*
 * melange's way, seen from inside: what the files of this room hand to each other. The public face
 * is <factory/build.h>.
 *
 *   plan → workspace → environment (an apko image as a directory) → sandbox runs the steps →
 * destdir trees → setcap, lint, SBOM → scan → emit → index
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <factory/ctx.h>

#include "base/arena.h"
#include "base/vec.h"
#include "recipe/recipe.h"
#include "tree/tree.h"

struct lf_ed25519;
struct lf_libraries;
struct lf_resource;

/* One package of a build, main or sub: the tree the pipelines left in melange-out/NAME and what the
 * emitter needs. */
struct lf_output {
	const struct lf_unit *unit;
	bool is_main;
	const struct lf_steps *test_pipeline; /* for linters */
	const struct lf_steps *pipeline;      /* for sources in the SBOM */
	struct lf_tree *tree;    /* owners remapped, xattrs, modes: what the package will hold */
	uint64_t directory_size; /* st_size summed over directories, for installed size */
	struct lf_dependencies found; /* what the scan itself found, sorted: the dependency log */
	struct lf_dependencies
		generated; /* filled by scan: runtime, provides; declared ones merged */
	struct lf_strv vendored;
};

/* ---- scan/scan.h: the dependency scan ---- */
struct lf_scan_input {
	const struct lf_ctx *ctx;
	struct lf_arena *arena;
	struct lf_output *output; /* all outputs of the build, main first */
	size_t n_outputs;
	const char *full_version;             /* "1.2.3-r4" */
	const struct lf_libraries *libraries; /* for so-ver: depends; NULL: none are made */
};
/* Fills output->generated and output->vendored of in->output[i], merged with the declared
 * dependencies: final lists, sorted, unique. */
bool lf_scan(const struct lf_scan_input *in, size_t i, struct lf_err *err) LF_MUST_CHECK;

/* ---- lint/lint.h ---- */
struct lf_lint_options {
	struct lf_strv require, warn; /* linter names */
	bool persist;
	const char *out_dir; /* OUT/ARCH */
	const char
		*log_suffix; /* behind "linting apk: NAME", e.g. " (size: 30 kB)"; NULL: nothing */
	const char *recorded_version; /* of the package in its results file; NULL: the same */
};
/* Adds the names of the linters that are on by default. */
void lf_lint_defaults(struct lf_strv *require, struct lf_strv *warn);
/* False when a required linter finds something: "linter "L" failed: …" lines. Findings of warning
 * linters are logged. */
bool lf_lint(const struct lf_ctx *ctx, const struct lf_lint_options *o, const struct lf_output *out,
	     const char *full_version, const char *arch, struct lf_arena *arena,
	     struct lf_err *err) LF_MUST_CHECK;

/* ---- emit.c ---- */
struct lf_emit_input {
	const struct lf_ctx *ctx;
	const struct lf_recipe *recipe;
	const char *arch, *namespace, *commit;
	const char *melange_yaml; /* text of .melange.yaml */
	int64_t source_date_epoch;
	bool strip_origin_name;
	const struct lf_key *key; /* NULL: unsigned */
	const char *key_name;     /* base name of the key file */
	const char *out_dir;      /* OUT/ARCH */
	bool generate_provenance, faithful;
	const struct lf_ed25519 *provenance_key; /* NULL: a bare statement */
	const struct lf_resource *environment;   /* what it was built in, for provenance */
	size_t n_environment;
	const struct lf_names *names;   /* owners' names, from the guest's accounts */
	const char *license, *repo_url; /* of the configuration file: --license, --git-repo-url */
};
/* Writes OUT/ARCH/NAME-VERSION-rEPOCH.apk by rename. */
bool lf_emit(const struct lf_emit_input *in, struct lf_output *out, struct lf_arena *arena,
	     struct lf_err *err) LF_MUST_CHECK;
/* Puts the SBOM into the tree of out, before it is scanned, measured and emitted. main is the main
 * package of the build (out itself, or the one that out is a subpackage of); workspace holds
 * license files. */
bool lf_emit_sbom(const struct lf_emit_input *in, const struct lf_output *main,
		  struct lf_output *out, const char *workspace, struct lf_arena *arena,
		  struct lf_err *err) LF_MUST_CHECK;
