/*
 * Inflating with zlib, where ISA-L is not available. Compressed input in, bytes out; the trailer is
 * gathered and compared here.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdbool.h>

#include <libdeflate.h>
#include <zlib.h>

#include "base/mem.h"
#include "codec/gzip_inflate.h"

#include "base/banned.h"

#define TRAILER 8

struct state {
	z_stream z;
	bool body_done;
	uint32_t crc, length;
	uint8_t trailer[TRAILER];
	size_t n_trailer;
};

static void *new_zlib(void)
{
	struct state *s = lf_calloc(1, sizeof(*s));

	/* Fails only for want of memory; start and step then report a corrupt stream. */
	(void)inflateInit2(&s->z, -MAX_WBITS);
	return s;
}

static void start_zlib(void *z)
{
	struct state *s = z;

	(void)inflateReset(&s->z);
	s->body_done = false;
	s->crc = s->length = 0;
	s->n_trailer = 0;
}

static uint32_t read_le32(const uint8_t *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static enum lf_inflate_state take_trailer(struct state *s, struct lf_inflate_io *io)
{
	while (io->n_in && s->n_trailer < TRAILER) {
		s->trailer[s->n_trailer++] = *io->in++;
		io->n_in--;
	}
	if (s->n_trailer < TRAILER)
		return LF_INFLATE_MORE;
	if (read_le32(s->trailer) != s->crc || read_le32(s->trailer + 4) != s->length)
		return LF_INFLATE_CHECKSUM;
	return LF_INFLATE_END;
}

static uInt clamp(size_t n)
{
	return n < UINT32_MAX / 2 ? (uInt)n : UINT32_MAX / 2;
}

static enum lf_inflate_state step_zlib(void *z, struct lf_inflate_io *io)
{
	struct state *s = z;

	if (s->body_done)
		return take_trailer(s, io);
	const uInt n_in = clamp(io->n_in), n_out = clamp(io->n_out);
	s->z.next_in = (Bytef *)(uintptr_t)io->in;
	s->z.avail_in = n_in;
	s->z.next_out = io->out;
	s->z.avail_out = n_out;
	const int rc = inflate(&s->z, Z_NO_FLUSH);
	const uInt made = n_out - s->z.avail_out;
	s->crc = libdeflate_crc32(s->crc, io->out, made);
	s->length += made;
	io->in += n_in - s->z.avail_in;
	io->n_in -= n_in - s->z.avail_in;
	io->out += made;
	io->n_out -= made;
	if (rc == Z_STREAM_END) {
		s->body_done = true;
		return take_trailer(s, io);
	}
	return rc == Z_OK || rc == Z_BUF_ERROR ? LF_INFLATE_MORE : LF_INFLATE_CORRUPT;
}

static void free_zlib(void *z)
{
	struct state *s = z;

	(void)inflateEnd(&s->z);
	lf_free(s);
}

const struct lf_inflate_ops lf_inflate_zlib = {
	.name = "zlib",
	.new = new_zlib,
	.start = start_zlib,
	.step = step_zlib,
	.free = free_zlib,
};
