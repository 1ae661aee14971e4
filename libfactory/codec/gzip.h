/*
 * gzip (RFC 1952), member by member. Reading: ISA-L (or zlib), the boundary of each member is known
 * exactly, CRC and length are verified, reserved header bits refused. Writing: a fixed-byte
 * compressor (libdeflate) in blocks that are each a member, computed in parallel and written in
 * order, or one single member for apk sections. The bytes depend on the content alone: not on
 * threads, CPU or buffer sizes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/stream.h"

struct lf_gzip_in;

/* Reads compressed bytes from src (not owned), member by member. */
struct lf_gzip_in *lf_gzip_in_new(struct lf_reader *src);
/* Decompressed bytes of the current member; 0 at its end, which the CRC and the length then vouch
 * for. Go's words on failure: "gzip: invalid header", "gzip: invalid checksum", "unexpected EOF".
 */
ssize_t lf_gzip_read(struct lf_gzip_in *g, void *p, size_t n, struct lf_err *err) LF_MUST_CHECK;
/* Goes to the next member (skipping what is left of the current one, still verified). *ret_more
 * false at the end of src. The first member too is current only after one call of this. */
bool lf_gzip_next(struct lf_gzip_in *g, bool *ret_more, struct lf_err *err) LF_MUST_CHECK;
/* Compressed bytes consumed so far: exactly behind the trailer once a member's end was read. */
uint64_t lf_gzip_offset(const struct lf_gzip_in *g);
/* Called with each piece of compressed input as it is consumed, for digests; NULL to stop. Set
 * right after lf_gzip_next, before the first read, it also gets the member's header; it has all of
 * the member once lf_gzip_read returned 0. */
void lf_gzip_tap(struct lf_gzip_in *g, void (*tap)(void *data, const void *p, size_t n),
		 void *data);
void lf_gzip_in_free(struct lf_gzip_in *g);

/* All members as one stream; an empty src is an error ("EOF"). src is not owned. */
struct lf_reader *lf_gzip_reader(struct lf_reader *src);

/* Compresses n bytes into one member with the given MTIME field, appended to out. level 1-12
 * (libdeflate). */
void lf_gzip_member(const void *p, size_t n, int level, uint32_t mtime, struct lf_buf *out);

/* The compressor as text, for the names of what is kept compressed: its version, the level, and a
 * sum of what it makes of a sample, since the library that is loaded may be another version than
 * the one that was compiled with. */
void lf_gzip_print_compressor(int level, struct lf_buf *out);

/* Go's zero time cut to 32 bits, which upstream leaves in the headers of control, data and layers.
 */
#define LF_GZIP_ZERO_TIME 0x886e0900u

/*
 * A stream of members of 1 MiB input each, compressed by n_workers threads, written in order to dst
 * (not owned; close of this stream does not close it). Close writes at least one member. As one
 * single member (`single`): blocks are joined inside one member with raw deflate, as apk sections
 * need it (an apk reader splits at members).
 */
struct lf_writer *lf_gzip_writer(struct lf_writer *dst, unsigned n_workers, int level,
				 uint32_t mtime, bool single);
