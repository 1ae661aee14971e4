/*
 * From the name of a source to the files of its layers.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>

#include <factory/err.h>
#include <factory/list.h>

#include "base/arena.h"

struct lf_erofs_layers {
	struct lf_strv paths; /* lowest first; texts in the arena */
	bool is_layout;       /* an image's layers, not a single file */
};

bool lf_erofs_find_layers(const char *source, const char *arch, struct lf_arena *arena,
			  struct lf_erofs_layers *ret, struct lf_err *err) LF_MUST_CHECK;
