/* .melangeignore: which source files stay out of the workspace. SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/vec.h"

/* The patterns of a file's text, in the arena. */
struct lf_ignore {
	struct lf_strv patterns;
};

void lf_ignore_parse(struct lf_ignore *ret, struct lf_str text, struct lf_arena *arena);
/* Is the file at this path, relative to the source directory, left out? */
bool lf_ignore_match(const struct lf_ignore *i, const char *path);
void lf_ignore_fini(struct lf_ignore *i);
