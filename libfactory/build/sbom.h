/*
 * The SBOM of a package. SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "build/build.h"
#include "sbom/spdx.h"

/* What all parts of one document share. */
struct lf_sbom {
	const struct lf_emit_input *in;
	struct lf_arena *arena;
	struct lf_spdx doc;
	const char *organization; /* "Organization: Wolfi" */
	const char *license;      /* declared, of the whole package; "" when none */
	const char *apk_id;
};

/* "SPDXRef-Package-" and the escaped text, in the arena. */
const char *lf_sbom_id(struct lf_sbom *s, const char *text);
/* A package that nothing is known about but this. */
struct lf_spdx_package *lf_sbom_package(struct lf_sbom *s, const char *id, const char *name,
					const char *version);
/* "Organization: " and the text in title case. */
const char *lf_sbom_organization(struct lf_arena *arena, struct lf_str name);

/* sbom_sources.c: the sources that the steps of a pipeline fetch, with their relationships. */
void lf_sbom_sources(struct lf_sbom *s, const struct lf_steps *pipeline);
/* sbom_licenses.c: the declared license, and the texts of those that the list does not have. */
bool lf_sbom_licenses(struct lf_sbom *s, bool warn, const char *workspace,
		      struct lf_err *err) LF_MUST_CHECK;
