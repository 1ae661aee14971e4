/*
 * UTF-8, one code point at a time, strict: no overlong forms, no surrogates, nothing above
 * U+10FFFF.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/* Cuts the next code point off *s, which must not be empty. False for a byte that is no UTF-8: that
 * one byte is cut off. */
bool lf_utf8_next(struct lf_str *s, uint32_t *ret);
bool lf_utf8_valid(struct lf_str s);
