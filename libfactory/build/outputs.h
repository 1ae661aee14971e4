/* The packages of a build: what the steps left in melange-out. SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>

#include "apk/package.h"
#include "build/build.h"

/* Whose files become root's in the packages. */
struct lf_owner_map {
	uint32_t uid, gid; /* of the user and group `build` */
	bool faithful; /* directories and links keep what upstream loses; names of one file stay so
			*/
	bool foreign;  /* the steps ran as another user of this machine: */
	uint32_t host_uid, host_gid; /* what is owned by these was theirs */
};

/* The user and group named build of the configuration; without one: 0. */
struct lf_owner_map lf_owner_map_make(const struct lf_image_config *c);

/* The tree of one package: owners, modes and attributes as the package will have them. *ret is the
 * caller's to free. NULL on failure. */
struct lf_tree *lf_output_read(const char *workspace, const char *name,
			       const struct lf_owner_map *owners, struct lf_err *err) LF_MUST_CHECK;

/* What directories add to the installed size, the root included. */
uint64_t lf_output_directory_size(struct lf_tree *tree);

/* What the configuration and the scan say of a package: all of .PKGINFO but for arch, commit, size,
 * maintainer, builddate and datahash. Lists are shared with recipe and out. */
void lf_output_pkginfo(const struct lf_recipe *recipe, const struct lf_output *out,
		       struct lf_arena *arena, struct lf_pkginfo *ret);

/* Frees what reading and scanning put into it. */
void lf_output_fini(struct lf_output *o);
