/*
 * Regular expressions of var-transforms: RE2 syntax, run by pcre2 with limits on time and depth.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"

/* text with every match of pattern replaced. The template knows $1, ${1}, $name, ${name} and $$; a
 * group that does not exist is empty. NULL on failure: "error parsing regexp: …", or LF_E_LIMIT
 * when matching takes too long. */
const char *lf_regex_replace(const char *pattern, const char *text, const char *template,
			     struct lf_arena *arena, struct lf_err *err) LF_MUST_CHECK;

/* The pattern as pcre2 must see it to mean what RE2 means; what RE2 refuses (back references,
 * look-around, possessive repetition) is refused. */
bool lf_regex_translate(struct lf_buf *out, const char *pattern, struct lf_err *err) LF_MUST_CHECK;
