/*
 * Two texts as a unified diff, as Go's tools print it ("diff OLD NEW", then patch's format): lines
 * that are unique in both hold the texts together.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "base/buf.h"

/* Appends the diff; nothing when the texts are equal. */
void lf_diff_unified(struct lf_buf *out, const char *old_name, struct lf_str old,
		     const char *new_name, struct lf_str new);
