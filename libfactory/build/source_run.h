/*
 * What the files that do source steps share. Private to source_*.c.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "build/source_fetch.h"
#include "net/http.h"
#include "recipe/vars.h"

struct lf_source_run {
	const struct lf_source_fetch *f;
	const struct lf_ctx *ctx;
	const char *dest;
	int root; /* dest */
	struct lf_http *http;
	struct lf_vars vars;
	struct lf_arena *arena;
};

/* An input of a step with variables replaced; "" when it is absent. NULL on failure. */
const char *lf_source_input(const struct lf_source_run *f, const struct lf_step *step,
			    const char *name, struct lf_err *err) LF_MUST_CHECK;
/* A small number, or the default when the text is none; the same of "true" and anything else. */
unsigned lf_source_number(const char *text, unsigned otherwise);
bool lf_source_bool(const char *text, bool otherwise);
/* mkdir -p below the root, and the folder opened: neither ".." nor links lead out of it. -1 on
 * failure. */
int lf_source_open_dir(int root, const char *path, struct lf_err *err) LF_MUST_CHECK;

/* source_archive.c: a `fetch` step. */
bool lf_source_archive(const struct lf_source_run *f, const struct lf_step *step,
		       struct lf_err *err) LF_MUST_CHECK;
