/*
 * Raw YAML text, inside the reader: which is taken at all, and what stands between single quotes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <factory/err.h>

#include "base/arena.h"

bool lf_yaml_check_text(struct lf_str text, const char *file, struct lf_err *err) LF_MUST_CHECK;

/* raw is what stands between the outer quotes. Quotes are doubled in it; a line break is a blank,
 * several are one less. */
struct lf_str lf_yaml_unquote(struct lf_str raw, struct lf_arena *arena);
