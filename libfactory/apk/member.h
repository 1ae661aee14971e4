/*
 * One gzip member of a stream as a byte stream of its own, for what reads from a lf_reader.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "base/stream.h"

struct lf_gzip_in;

/* On the caller's stack; g stays the caller's; nothing to close. */
struct lf_member_reader {
	struct lf_reader reader;
	struct lf_gzip_in *g;
};

void lf_member_reader_init(struct lf_member_reader *m, struct lf_gzip_in *g);
