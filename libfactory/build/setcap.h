/* File capabilities of packages. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <factory/ctx.h>

#include "recipe/recipe.h"
#include "tree/tree.h"

#define LF_SETCAP_LEN 24

/* Capability sets of one file. */
struct lf_caps {
	uint32_t permitted, inheritable;
	bool effective;
};

/* Adds what one `add:` map asks for. False for a name that is not allowed. */
bool lf_caps_add(struct lf_caps *caps, const struct lf_pairs *add, const char *path,
		 struct lf_err *err) LF_MUST_CHECK;
/* The value of the attribute security.capability (version 3). */
void lf_caps_encode(const struct lf_caps *caps, uint8_t out[LF_SETCAP_LEN]);

/* Sets the attribute on the files of a package. A file that is not there is a warning. */
bool lf_setcap_apply(const struct lf_ctx *ctx, const struct lf_unit *unit, struct lf_tree *tree,
		     struct lf_err *err) LF_MUST_CHECK;
