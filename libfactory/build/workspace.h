/* The workspace: the host directory that steps see as /home/build.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>

#include <factory/ctx.h>

#include "recipe/recipe.h"

/* Writes the compiler files that put the package's metadata into every ELF file (see
 * compiler_files.c). */
bool lf_workspace_write_compiler_files(const char *workspace, const char *metadata,
				       struct lf_err *err) LF_MUST_CHECK;
/* The metadata as JSON, as upstream prints it: nothing is escaped. In the arena. */
const char *lf_package_metadata(const struct lf_recipe *r, const char *full_version,
				const char *namespace, const char *arch, struct lf_arena *arena);

/* Copies the regular files of source_dir, without those that .melangeignore names if that is to
 * count. A missing source_dir is fine. */
bool lf_workspace_populate(const struct lf_ctx *ctx, const char *workspace, const char *source_dir,
			   bool ignore, struct lf_err *err) LF_MUST_CHECK;

/* Makes WORKSPACE/melange-out/NAME, whatever the steps have done to melange-out; links are refused.
 */
bool lf_workspace_make_output(const char *workspace, const char *name,
			      struct lf_err *err) LF_MUST_CHECK;
