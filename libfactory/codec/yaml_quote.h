/*
 * What single-quoted text means; inside the YAML reader.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "base/arena.h"

/* raw is what stands between the outer quotes. Quotes are doubled in it; a line break is a blank,
 * several are one less. */
struct lf_str lf_yaml_unquote(struct lf_str raw, struct lf_arena *arena);
