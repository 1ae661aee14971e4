/*
 * The cut of a layer's tar into pieces, each of which becomes a gzip member and is kept by content.
 * Where it cuts depends on the tree alone, never on what a cache holds, since the compressed bytes
 * of a layer follow from it; and it depends on as little around the place as possible, so that two
 * layers that differ somewhere share the pieces of everything else (docs/formats/gzip.md).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "tree/tree.h"

/* No piece of content is larger. A run of small entries may be, by what its last entry has. */
#define LF_CUT_SLICE ((uint64_t)512 << 10)

struct lf_cut;

/* What a piece consists of, in order. */
struct lf_cut_ops {
	bool (*entry)(struct lf_cut *c, const struct lf_tar_entry *e, struct lf_err *err);
	/* All of the last entry's content, or a slice of it; and so many zeros behind it. */
	bool (*content)(struct lf_cut *c, const struct lf_blob *b, uint64_t offset, uint64_t n,
			size_t pad, struct lf_err *err);
	bool (*trailer)(struct lf_cut *c, struct lf_err *err); /* the end of the tar */
	bool (*end)(struct lf_cut *c, struct lf_err *err);     /* of a piece */
};

/* First member of what uses it. */
struct lf_cut {
	struct lf_tar_sink sink;
	const struct lf_cut_ops *ops;
	uint64_t n; /* bytes in the piece so far, a header counted as one block */
};

void lf_cut_init(struct lf_cut *c, const struct lf_cut_ops *ops);
