/*
 * A writer that passes everything on, tells how far it is, and stops when the user asked to.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <factory/ctx.h>

#include "base/stream.h"

struct lf_guard {
	struct lf_writer w;
	struct lf_writer *dst; /* not owned */
	const struct lf_ctx *ctx;
	const char *what;
	uint64_t done, total; /* bytes; total may be a guess */
};

void lf_guard_init(struct lf_guard *g, const struct lf_ctx *ctx, const char *what, uint64_t total,
		   struct lf_writer *dst);
/* The same for n bytes that do not pass through. */
bool lf_guard_step(struct lf_guard *g, uint64_t n, struct lf_err *err) LF_MUST_CHECK;
/* Ends the progress line. */
void lf_guard_end(struct lf_guard *g);
