/*
 * Indexes that were read in this run. Not for other rooms.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "repo/repo.h"

/* Kept until the fetcher goes. */
struct lf_known_index {
	char *location;
	struct lf_buf bytes; /* the archive: verified again for each ring */
	struct lf_arena arena;
	struct lf_index index;
};

struct lf_known_index *lf_known_new(const char *location);
void lf_known_free(struct lf_known_index *k);
