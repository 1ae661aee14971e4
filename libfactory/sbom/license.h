/*
 * SPDX license expressions: is a text one, and what stands for it when it is not.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/str.h"

/* In byte order of their lower-case forms. */
extern const char *const lf_license_ids[];
extern const size_t lf_n_license_ids;
extern const char *const lf_license_exception_ids[];
extern const size_t lf_n_license_exception_ids;

/* "MIT OR (GPL-2.0-only WITH Classpath-exception-2.0 AND LicenseRef-x)": operators in upper case,
 * identifiers of the list in any. At most 64 parentheses deep. */
bool lf_license_is_valid(struct lf_str text);
/* The identifier that stands for a text that is no expression: LicenseRef- and what of it may stand
 * there, or the beginning of its digest when nothing may. In the arena. */
const char *lf_license_ref(struct lf_arena *arena, struct lf_str text);
