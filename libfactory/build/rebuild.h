/*
 * Building a published package once more, from the inside. SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "build/published.h"

/* What a package says of how it was made; texts in the arena, never NULL. */
struct lf_origin {
	const char *config;      /* path of the configuration, as it was given */
	const char *config_text; /* .melange.yaml */
	const char *commit, *license, *repo_url, *namespace;
	char date[40];
	bool strip_origin_name;
};

/* LF_E_NOT_FOUND when it does not carry its configuration or its SBOM. */
bool lf_origin_read(const struct lf_ctx *ctx, const struct lf_published *p, struct lf_arena *arena,
		    struct lf_origin *ret, struct lf_err *err) LF_MUST_CHECK;

/* Appends what differs between two packages, a line or a diff each; nothing when their contents are
 * equal. */
bool lf_published_compare(const struct lf_published *old, const struct lf_published *new,
			  struct lf_buf *out, struct lf_err *err) LF_MUST_CHECK;
