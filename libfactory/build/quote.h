/* Quoting for the shell. SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/buf.h"

/* The word as /bin/sh reads it back; quotes only where they are needed. */
void lf_shell_quote(struct lf_buf *out, const char *word);
