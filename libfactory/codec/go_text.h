/*
 * Text as literals of Go: compiled `if:` conditions, messages and templates hold such text.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

/* In double quotes, as Go's strconv.Quote writes it: \" \\ \a \b \f \n \r \t \v, \xNN for other
 * control characters and invalid bytes, \uNNNN and \UNNNNNNNN for code points that do not print. */
void lf_quote(struct lf_buf *out, struct lf_str s);
/* The same with only ASCII in it. */
void lf_quote_ascii(struct lf_buf *out, struct lf_str s);
/* One code point in single quotes. */
void lf_quote_rune(struct lf_buf *out, uint32_t c, bool ascii);
/* What a literal with its quotes ("...", `...` or '.') says. False when it is none. */
bool lf_unquote(struct lf_buf *out, struct lf_str literal);

/* Would Go's unicode.IsPrint take it? The table holds the blanks, formats, private and
 * non-characters, and lets unassigned ones pass. */
bool lf_rune_prints(uint32_t c);
/* As UTF-8; what is no code point is written as U+FFFD. */
void lf_rune_put(struct lf_buf *out, uint32_t c);
