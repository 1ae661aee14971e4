/*
 * The installed database (usr/lib/apk/db/installed), scripts.tar and triggers, as apko writes them.
 * Pure.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "apk/archive.h"

/* One path of a package as its data section has it. */
struct lf_apk_path {
	const char *path;        /* clean, no leading or final slash; "" the root */
	char type;               /* tar type: '0' '1' '2' '5' … */
	uint32_t mode, uid, gid; /* as in the package */
	bool has_sha1;
	uint8_t sha1[LF_SHA1_LEN];
	bool dropped; /* not owned at the end: left out */
};

/* The record with its final blank line. paths in any order; sorted here. False for what upstream
 * refuses (root entry with other than 0755 0:0, empty name). */
bool lf_installed_print(struct lf_buf *out, const struct lf_pkg *pkg,
			const struct lf_apk_path *path, size_t n, struct lf_err *err) LF_MUST_CHECK;
/* A database read back: of each package of the index its paths, in their order. */
struct lf_installed_paths {
	struct lf_apk_path *v;
	size_t n;
};
struct lf_installed {
	struct lf_index index;
	struct lf_installed_paths *paths; /* index.n of them */
};
bool lf_installed_parse(struct lf_str text, struct lf_arena *arena, struct lf_installed *ret,
			struct lf_err *err) LF_MUST_CHECK;
void lf_installed_fini(struct lf_installed *db); /* the arrays; texts are the arena's */

/* Scripts of a package appended as tar entries (no end blocks). */
void lf_installed_scripts(struct lf_buf *out, const struct lf_apk *apk, int64_t mtime);
void lf_installed_triggers(struct lf_buf *out, const struct lf_pkg *pkg);
