/*
 * The dependency scan from inside: what its generators share. Each generator looks at the tree of
 * one package and adds to the lists; scan.c runs them in order and merges what they found with what
 * the recipe declares.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "build/build.h"

struct lf_scan {
	const struct lf_scan_input *in;
	const struct lf_ctx *ctx;
	struct lf_output *out;
	struct lf_tree *tree;   /* of out */
	struct lf_arena *arena; /* of all text in the lists */
	struct lf_strv lib_dirs;
	struct lf_strv runtime, provides, vendored; /* generated */
};

/* The generators. False only when the tree cannot be read. */
bool lf_scan_ld_so_conf(struct lf_scan *s, struct lf_err *err); /* fills lib_dirs */
bool lf_scan_shlib(struct lf_scan *s, struct lf_err *err);
bool lf_scan_commands(struct lf_scan *s, struct lf_err *err);
bool lf_scan_docs(struct lf_scan *s, struct lf_err *err);
bool lf_scan_pkgconf(struct lf_scan *s, struct lf_err *err);
bool lf_scan_perl(struct lf_scan *s, struct lf_err *err);
bool lf_scan_python(struct lf_scan *s, struct lf_err *err);
bool lf_scan_ruby(struct lf_scan *s, struct lf_err *err);
bool lf_scan_shebang(struct lf_scan *s, struct lf_err *err);
bool lf_scan_kernel(struct lf_scan *s, struct lf_err *err);

/* The entry as text in the arena, added to a list. */
void lf_scan_add(struct lf_scan *s, struct lf_strv *list, const char *fmt, ...) LF_PRINTF(3, 4);

/* What a path from this folder leads to, links followed; NULL when it leads nowhere. follow.c */
const struct lf_node *lf_scan_follow(const struct lf_tree *t, const struct lf_node *dir,
				     const char *path);
/* The folder of path is exactly this one; a final "/" of dir does not matter. */
bool lf_scan_in_dir(const char *path, const char *dir);
/* … one of these. */
bool lf_scan_in_dirs(const char *path, const struct lf_strv *dirs);
/* path lies somewhere below dir. */
bool lf_scan_below(const char *path, const char *dir);

/* What declared runtime dependencies do to the language generators. */
const char *lf_scan_declared(const struct lf_scan *s, const char *exact, const char *prefix);

/* Plain functions of text, for tests. */

/* The interpreter that "#!…" in the first bytes of a file names; "" when there is none that
 * matters. False: *ret_problem says what is wrong with it. */
bool lf_shebang_parse(struct lf_str head, struct lf_arena *arena, const char **ret,
		      const char **ret_problem);
/* The names that a .pc file requires, by kind of line; false with what upstream's parser says. */
enum lf_pc_kind { LF_PC_REQUIRES, LF_PC_PRIVATE, LF_PC_INTERNAL, LF_PC_KINDS };
struct lf_pc {
	struct lf_strv required[LF_PC_KINDS];
};
bool lf_pc_parse(struct lf_str text, struct lf_arena *arena, struct lf_pc *ret,
		 const char **ret_problem);
void lf_pc_fini(struct lf_pc *pc);
/* Final runtime and provides of a package from declared and generated entries; also applies
 * options. All lists are sorted and unique afterwards. */
void lf_scan_merge(const struct lf_unit *unit, struct lf_scan *s, struct lf_dependencies *ret);
