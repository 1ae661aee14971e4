/*
 * in-toto statements (v1): a predicate about artifacts that are named by their digests. What is in
 * the predicate is its maker's business, but for the resolved dependencies of SLSA provenance,
 * which are read too. docs/formats/provenance.md.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "codec/json.h"

#define LF_INTOTO_TYPE    "https://in-toto.io/Statement/v1"
#define LF_INTOTO_PAYLOAD "application/vnd.in-toto+json" /* as payload of an envelope */
#define LF_SLSA_PREDICATE "https://slsa.dev/provenance/v1"

struct lf_resource_digest {
	const char *algorithm, *value; /* "sha256", "sha512", "gitCommit"; hex */
};

/* An artifact ("resource descriptor"). Texts are NULL or "" when absent and live in an arena. */
struct lf_resource {
	const char *name, *uri, *version; /* the version is an annotation */
	struct lf_resource_digest *digest;
	size_t n_digests;
};

/* The value of this algorithm, NULL when there is none. */
const char *lf_resource_digest(const struct lf_resource *r, const char *algorithm);
json_t *lf_resource_json(const struct lf_resource *r);
/* Takes over the predicate. */
json_t *lf_statement_json(const struct lf_resource *subject, const char *predicate_type,
			  json_t *predicate);

/* A statement that was read. */
struct lf_statement {
	const char *predicate_type;
	struct lf_resource *subject, *dependency; /* of SLSA provenance: resolvedDependencies */
	size_t n_subjects, n_dependencies;
};

/* One of its subjects has this SHA-256 (hex). */
bool lf_statement_has_subject(const struct lf_statement *s, const char *sha256);

/* Texts and arrays in the arena; source names it in errors. */
bool lf_statement_parse(struct lf_str json, const char *source, struct lf_arena *arena,
			struct lf_statement *ret, struct lf_err *err) LF_MUST_CHECK;
/* The same for upstream's form, which has type for _type and predicate_type for predicateType. */
bool lf_attestation_parse(struct lf_str json, const char *source, struct lf_arena *arena,
			  struct lf_statement *ret, struct lf_err *err) LF_MUST_CHECK;
