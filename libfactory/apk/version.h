/*
 * Versions and their order as apko has them (reference: docs/formats/version.md). Pure.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <factory/err.h>

#include "base/str.h"

#define LF_VERSION_PARTS 32

struct lf_version {
	int64_t part[LF_VERSION_PARTS];
	uint8_t n_parts;
	char letter;       /* 0 when none */
	uint8_t pre, post; /* kind, in rank order; 0 when none */
	int64_t pre_number, post_number, revision;
};

enum lf_op { LF_OP_ANY, LF_OP_EQ, LF_OP_LT, LF_OP_GT, LF_OP_LE, LF_OP_GE, LF_OP_FUZZY };

/* False with upstream's words: "invalid version V, could not parse". */
bool lf_version_parse(struct lf_str text, struct lf_version *ret, struct lf_err *err) LF_MUST_CHECK;
/* <0, 0, >0 */
int lf_version_cmp(const struct lf_version *a, const struct lf_version *b);
/* Does `actual` satisfy `op required`? */
bool lf_version_satisfies(const struct lf_version *actual, enum lf_op op,
			  const struct lf_version *required);

/* One dependency or provides text. Views into the text, except version after the "so:" rewrite,
 * which lives in the arena. */
struct lf_dep {
	struct lf_str text; /* as given, without a leading "!" */
	struct lf_str name, version, tag;
	enum lf_op op;
	bool conflict; /* text began with "!" (cut only when asked to) */
};

struct lf_arena;
/* Never fails: what does not match the grammar is a name. */
void lf_dep_parse(struct lf_str text, struct lf_arena *arena, struct lf_dep *ret);
