/*
 * Repository indexes: `melange index` as a call, which a build uses too.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>

#include <factory/ctx.h>
#include <factory/list.h>

struct lf_index_options {
	struct lf_strv files; /* packages, in the order in which they are added */
	const char *output;   /* APKINDEX.tar.gz to write, by rename */
	const char *source;   /* where to merge from; a missing one is empty */
	bool merge;
	const char *arch; /* packages of other architectures are passed over with a warning; NULL or
			     "": none are */
	const char *signing_key; /* NULL or "": the index is not signed */
	const char *json;        /* a file for the same as JSON; NULL or "": none */
	bool remember; /* what packages say, in the system's cache, to read only new ones */
};

/* Adds packages to an index: a name and version that is there is replaced in its place. Nothing is
 * written on failure. */
LF_API bool lf_index_update(const struct lf_ctx *ctx, const struct lf_index_options *o,
			    struct lf_err *err) LF_MUST_CHECK;
