/*
 * What gzip reading needs of a decompressor: raw deflate and the 8-byte trailer behind it, checked.
 * ISA-L and zlib each are one; they give the same bytes, ISA-L in half the time.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum lf_inflate_state {
	LF_INFLATE_MORE, /* needs input or room */
	LF_INFLATE_END,  /* trailer read and right; the input stands exactly behind it */
	LF_INFLATE_CORRUPT,
	LF_INFLATE_CHECKSUM,
};

struct lf_inflate_io {
	const uint8_t *in;
	size_t n_in;
	uint8_t *out;
	size_t n_out;
};

struct lf_inflate_ops {
	const char *name;
	void *(*new)(void);
	/* Before each member, behind its header. */
	void (*start)(void *z);
	/* Goes as far as input and room allow; moves all four fields. */
	enum lf_inflate_state (*step)(void *z, struct lf_inflate_io *io);
	void (*free)(void *z);
};

extern const struct lf_inflate_ops lf_inflate_zlib;
extern const struct lf_inflate_ops lf_inflate_isal; /* only where it was built in */
/* ISA-L if built in, else zlib. */
const struct lf_inflate_ops *lf_inflate_best(void);

struct lf_reader;
struct lf_gzip_in;
/* As lf_gzip_in_new with a decompressor of choice; for tests. */
struct lf_gzip_in *lf_gzip_in_new_with(struct lf_reader *src, const struct lf_inflate_ops *ops);
