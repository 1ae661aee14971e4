/*
 * Words of strangers (replies of servers, output of helper programs) in messages for people.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "base/buf.h"

/* On one line, without control characters, at most max bytes; trimmed. Appended. */
void lf_foreign_print(struct lf_buf *out, struct lf_str s, size_t max);
