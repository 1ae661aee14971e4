/*
 * SPDX 2.3 documents as values: what package and image SBOMs have in common. Texts are NULL or ""
 * when absent and live in the arena of whoever fills the document; the arrays are in the document's
 * own arena.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"

#define LF_SPDX_DOCUMENT "SPDXRef-DOCUMENT"
#define LF_SPDX_NONE     "NOASSERTION"

struct lf_spdx_checksum {
	const char *algorithm, *value;
};

struct lf_spdx_ref {
	const char *category, *locator, *type;
};

struct lf_spdx_package {
	const char *id, *name, *version;
	const char *license_concluded, *license_declared, *description, *download_location;
	const char *originator, *supplier, *source_info, *copyright, *attribution, *purpose;
	struct lf_spdx_checksum *checksum;
	size_t n_checksums;
	struct lf_spdx_ref *ref;
	size_t n_refs;
};

struct lf_spdx_relationship {
	const char *element, *type, *related;
};

struct lf_spdx_license {
	const char *id, *text;
};

struct lf_spdx {
	const char *name, *namespace, *license_list_version;
	int64_t created;
	const char *creator[2];
	const char *describes;
	struct lf_spdx_package *package;
	size_t n_packages;
	struct lf_spdx_relationship *relationship;
	size_t n_relationships;
	struct lf_spdx_license *license; /* hasExtractedLicensingInfos */
	size_t n_licenses;
	struct lf_arena *arena;
};

/* Arrays in the arena of the document. The package is filled in through the pointer, which is valid
 * until the next package is added. */
struct lf_spdx_package *lf_spdx_add_package(struct lf_spdx *d);
void lf_spdx_add_checksum(struct lf_spdx *d, struct lf_spdx_package *p, const char *algorithm,
			  const char *value);
void lf_spdx_add_ref(struct lf_spdx *d, struct lf_spdx_package *p, const char *category,
		     const char *locator, const char *type);
void lf_spdx_relate(struct lf_spdx *d, const char *element, const char *type, const char *related);
void lf_spdx_add_license(struct lf_spdx *d, const char *id, const char *text);
bool lf_spdx_has_license(const struct lf_spdx *d, const char *id);
/* Reads a document; documentDescribes goes to its own list (its array is the caller's). Text and
 * arrays in the arena. */
struct lf_strv;
bool lf_spdx_parse(struct lf_str json, const char *source, struct lf_arena *arena,
		   struct lf_spdx *ret, struct lf_strv *ret_describes,
		   struct lf_err *err) LF_MUST_CHECK;
/* The document as JSON, two spaces deep, with a final newline. */
void lf_spdx_print(struct lf_buf *out, const struct lf_spdx *d);
