/*
 * The linters from inside: a table of names, and what each of them leaves when it finds something.
 * lint.c chooses, runs and logs them; results.c writes the results file.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "build/build.h"
#include "codec/json.h"

struct lf_linter;

/* One run of one linter over one package. */
struct lf_lint {
	const struct lf_ctx *ctx;
	const struct lf_output *out;
	const char *name; /* of the package */
	struct lf_arena *arena;
	const struct lf_linter *linter;
	/* what was found: nothing while message is empty */
	struct lf_buf message; /* the first line, and perhaps more */
	json_t *details;       /* NULL: none */
	struct lf_strv items;  /* one log line each, text in the arena */
};

typedef bool lf_lint_fn(struct lf_lint *l, struct lf_err *err);
/* Does the linter mind this entry of the tree? */
typedef bool lf_lint_match(const struct lf_node *n, const char *path);

enum lf_lint_default { LF_LINT_OFF, LF_LINT_WARN, LF_LINT_REQUIRE };

struct lf_linter {
	const char *name;
	enum lf_lint_default by_default;
	lf_lint_fn *run;
	lf_lint_match *match; /* for run = lf_lint_paths */
	/* for lf_lint_paths: {P} package, {N} count, {s} plural */
	const char *message;
	const char *exempt[2]; /* suffixes of package names that are let off */
	const char *explain;
};

/* By name; NULL when unknown. */
const struct lf_linter *lf_linter_find(const char *name);

/* Any non-directory that match minds: a finding with the details {"paths": [...]}. paths.c */
bool lf_lint_paths(struct lf_lint *l, struct lf_err *err);
/* The finding itself, from the linter's message and a list of paths. */
void lf_lint_found_paths(struct lf_lint *l, const struct lf_strv *paths);
void lf_lint_message(struct lf_lint *l, size_t n);
/* A log line for one detail. */
void lf_lint_item(struct lf_lint *l, const char *fmt, ...) LF_PRINTF(2, 3);
bool lf_lint_below(const char *path, const char *dir);
/* A regular file; on disk or, in a package, a hard link. */
bool lf_lint_is_file(const struct lf_node *n);
#define LF_LINT_SBOM_DIR "var/lib/db/sbom"

lf_lint_match lf_lint_dev, lf_lint_infodir, lf_lint_la, lf_lint_varempty, lf_lint_cuda, lf_lint_dll,
	lf_lint_dylib, lf_lint_shared_object, lf_lint_maninfo, lf_lint_object, lf_lint_opt,
	lf_lint_pkgconf_file, lf_lint_sbom, lf_lint_srv, lf_lint_archive, lf_lint_usrlocal,
	lf_lint_documentation;
lf_lint_fn lf_lint_lddcheck, lf_lint_pkgconf, lf_lint_tempdir, lf_lint_usrmerge,
	lf_lint_empty;                                                        /* layout.c */
lf_lint_fn lf_lint_setuidgid, lf_lint_worldwrite;                             /* modes.c */
lf_lint_fn lf_lint_binaryarch, lf_lint_strip;                                 /* binary.c */
lf_lint_fn lf_lint_nonlinux, lf_lint_unsupportedarch;                         /* platform.c */
lf_lint_fn lf_lint_duplicate;                                                 /* duplicate.c */
lf_lint_fn lf_lint_python_docs, lf_lint_python_test, lf_lint_python_multiple; /* python.c */

/* "30 kB", "2.0 kB": decimal units, one decimal below 10. */
const char *lf_lint_size(struct lf_arena *arena, uint64_t bytes);

/* The findings of one package, for the results file: {linter: [{message, explain, details}]}. Its
 * name has the full version, in it stands the recorded one. results.c */
void lf_lint_result_add(json_t *findings, const struct lf_lint *l);
bool lf_lint_result_write(const struct lf_ctx *ctx, const char *out_dir, const char *name,
			  const char *full_version, const char *recorded_version, const char *arch,
			  const json_t *findings, struct lf_err *err) LF_MUST_CHECK;
