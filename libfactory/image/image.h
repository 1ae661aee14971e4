/*
 * apko's way, seen from inside: one architecture's image in the making, and what the files of this
 * room do to it. The order of the steps is in assemble.c, the order of the whole run in build.c.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <factory/ctx.h>
#include <factory/image.h>

#include "base/arena.h"
#include "base/buf.h"
#include "config/config.h"
#include "image/base_image.h"
#include "image/moment.h"
#include "repo/repo.h"
#include "tree/tree.h"

/* What all architectures of a run share. The lists are those of the -append flags. */
struct lf_image_run {
	const struct lf_ctx *ctx;
	struct lf_fetcher *fetcher;
	struct lf_strv repositories, build_repositories, keyring, packages;
	struct lf_strv include_paths; /* where a base image may lie */
	struct lf_moment build_date;  /* SOURCE_DATE_EPOCH, else --build-date, else 0 */
	bool date_fixed; /* SOURCE_DATE_EPOCH is set: "created" does not follow the packages */
};

/* One architecture. */
struct lf_image {
	const struct lf_image_run *run;
	struct lf_ctx ctx;      /* logs with arch= */
	const char *arch, *oci; /* x86_64, amd64 */
	struct lf_arena arena;
	struct lf_image_config config;
	struct lf_base_image *base; /* or NULL */
	struct lf_keyring keyring;
	struct lf_strv lines; /* repositories to resolve from, sorted */
	struct lf_strv world; /* sorted */
	struct lf_repos repos;
	struct lf_solution solution;
	struct lf_package **package; /* solution.n of them, in install order */
	struct lf_tree *tree;
	const char *lockfile;     /* where the solution is from; NULL: solved */
	struct lf_str *record;    /* of each package: its text in the installed database */
	struct lf_moment created; /* the build date epoch */
};

/* Takes a copy of the configuration, validates it, loads keys, works out repositories and world. */
bool lf_image_init(struct lf_image *img, const struct lf_image_run *run,
		   const struct lf_image_config *config, const char *arch,
		   struct lf_err *err) LF_MUST_CHECK;
void lf_image_fini(struct lf_image *img); /* harmless twice and on a zeroed struct */

/* What the image's database holds: packages of the base, then the installed ones. */
size_t lf_image_n_installed(const struct lf_image *img);
const struct lf_pkg *lf_image_installed(const struct lf_image *img, size_t i);

/* Sorted, without doubles, in an array of its own. */
struct lf_strv lf_strv_union(const struct lf_strv *a, const struct lf_strv *b);

/* ---- resolve.c ---- */

/* Solves all architectures together. Errors: `for arch "amd64": …`, one a failing architecture. */
bool lf_images_resolve(struct lf_image *img, size_t n, struct lf_err *err) LF_MUST_CHECK;
/* Takes out of the solution what the base image has. */
void lf_image_drop_base(struct lf_image *img);
/* Why each architecture's solution has this package; nothing else comes of it. */
bool lf_images_explain(struct lf_image *img, size_t n, const char *name, struct lf_buf *out,
		       struct lf_err *err) LF_MUST_CHECK;
/* The configuration of this architecture with packages pinned to the solution, the flags' lists
 * merged in, and nothing that is only the index's. */
void lf_image_locked_config(const struct lf_image *img, struct lf_arena *arena,
			    struct lf_image_config *ret);
/* The same with other packages; takes over the list. */
void lf_image_config_of(const struct lf_image *img, struct lf_strv packages, struct lf_arena *arena,
			struct lf_image_config *ret);
/* Goes over to another configuration (the locked one) and solves its world anew, alone. */
bool lf_image_lock(struct lf_image *img, const struct lf_image_config *config,
		   struct lf_err *err) LF_MUST_CHECK;
/* Solves img->world alone. */
bool lf_image_solve(struct lf_image *img, struct lf_err *err) LF_MUST_CHECK;

/* ---- assemble.c: all of the following in order ---- */
bool lf_image_assemble(struct lf_image *img, struct lf_err *err) LF_MUST_CHECK;

bool lf_image_skeleton(struct lf_image *img, struct lf_err *err) LF_MUST_CHECK;
bool lf_image_install(struct lf_image *img, struct lf_err *err) LF_MUST_CHECK;
bool lf_image_link_database(struct lf_image *img, struct lf_err *err) LF_MUST_CHECK;
bool lf_image_accounts(struct lf_image *img, struct lf_err *err) LF_MUST_CHECK;
bool lf_image_paths(struct lf_image *img, struct lf_err *err) LF_MUST_CHECK;
bool lf_image_certificates(struct lf_image *img, struct lf_err *err) LF_MUST_CHECK;
bool lf_image_runtime_keyring(struct lf_image *img, struct lf_err *err) LF_MUST_CHECK;
bool lf_image_services(struct lf_image *img, struct lf_err *err) LF_MUST_CHECK;
bool lf_image_busybox(struct lf_image *img, struct lf_err *err) LF_MUST_CHECK;
bool lf_image_ldcache(struct lf_image *img, struct lf_err *err) LF_MUST_CHECK;

/* ---- root.c: small helpers on the tree ---- */

/* lf_tree_mkdirs with upstream's plain text: "path is not a directory". */
struct lf_node *lf_root_mkdirs(struct lf_image *img, const char *path, uint32_t mode,
			       struct lf_err *err) LF_MUST_CHECK;
/* A file that apko itself makes: lf_tree_write of a text. */
struct lf_node *lf_root_write(struct lf_image *img, const char *path, struct lf_str text,
			      uint32_t mode, struct lf_err *err) LF_MUST_CHECK;
/* A symbolic link with the time of its directory; the name must be free. */
struct lf_node *lf_root_symlink(struct lf_image *img, struct lf_node *dir, struct lf_str name,
				const char *target);
/* A whole text file of the image; empty and false when it is not there. */
bool lf_root_read(const struct lf_image *img, const char *path, struct lf_buf *ret);
/* The paths that match a shell pattern, in byte order; texts in the image's arena. */
void lf_root_glob(struct lf_image *img, const char *pattern, struct lf_strv *ret);
/* The directory part of a path of the image, in its arena; "" for the top. */
const char *lf_root_dirname(struct lf_image *img, const char *path);

/* ---- words.c ---- */

/* Splits a command as a shell would: quotes, backslashes, comments; no expansion. Words in the
 * arena, the array is the caller's. */
bool lf_shell_split(const char *text, struct lf_arena *arena, struct lf_strv *ret,
		    struct lf_err *err) LF_MUST_CHECK;
