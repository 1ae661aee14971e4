/*
 * Names for software in documents: package URLs, SPDX identifiers.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

struct lf_purl_qualifier {
	const char *key, *value; /* left out when the value is NULL or "" */
};

struct lf_purl {
	const char *type, *namespace, *name, *version,
		*subpath; /* namespace, version, subpath: NULL or "" when none */
	const struct lf_purl_qualifier *qualifier; /* sorted by key */
	size_t n_qualifiers;
};

/* "pkg:apk/wolfi/curl@8-r0?arch=x86_64". */
void lf_purl_print(struct lf_buf *out, const struct lf_purl *p);

/* A text as part of an SPDX identifier: letters, digits, "-" and "." stay, ":" becomes "-", and so
 * does "/" when slash_too; every other character becomes "C" and its code point (65533 for bytes
 * that are not UTF-8). */
void lf_spdx_id(struct lf_buf *out, const char *text, bool slash_too);
