/*
 * Text in double quotes as Go's strconv.Quote writes it. Compiled `if:` conditions and messages
 * hold such text.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "base/buf.h"

/* Escapes: \" \\ \a \b \f \n \r \t \v, \xNN for other control characters and invalid bytes, \uNNNN
 * and \UNNNNNNNN for code points that do not print. */
void lf_quote(struct lf_buf *out, struct lf_str s);
