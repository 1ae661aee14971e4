/*
 * An index as JSON. SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "apk/package.h"

/* The records as an index file would hold them, in its order, with a final newline.
 * docs/formats/index.md. */
void lf_index_print_json(struct lf_buf *out, const struct lf_index *index);
