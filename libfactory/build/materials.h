/*
 * What went into a package, for its provenance. SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "build/build.h"
#include "codec/json.h"
#include "repo/repo.h"

/* The packages of an environment in the order of their installation, each with the digest of its
 * file; text in the arena. */
struct lf_resource *lf_materials_environment(struct lf_package *const *package, size_t n,
					     struct lf_arena *arena);

/* Where the recipe is from, the sources of the main pipeline and of that of a subpackage, the
 * packages of the environment: resolvedDependencies of SLSA provenance. Steps whose condition is
 * false bring nothing. */
json_t *lf_materials_json(const struct lf_emit_input *in, const struct lf_output *out,
			  struct lf_arena *arena);
