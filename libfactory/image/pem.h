/*
 * PEM blocks (RFC 7468), as Go's encoding/pem reads and writes them: text around blocks is skipped,
 * lines of 64 characters are written. Headers within a block are not supported: no certificate or
 * public key has them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"

/* The next block of *text: its label and its bytes (appended to der). False when there is none. */
bool lf_pem_next(struct lf_str *text, struct lf_str *ret_label, struct lf_buf *der);
void lf_pem_print(struct lf_buf *out, const char *label, struct lf_str der);
