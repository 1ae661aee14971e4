/*
 * Inflating with ISA-L. Compressed input in, bytes out; CRC-32 and length of the trailer are
 * verified by ISA-L itself.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <isa-l/igzip_lib.h>

#include "base/mem.h"
#include "codec/gzip_inflate.h"

#include "base/banned.h"

static void *new_isal(void)
{
	return lf_alloc(sizeof(struct inflate_state)); /* 87 KB; init sets what counts */
}

static void start_isal(void *z)
{
	struct inflate_state *s = z;

	isal_inflate_init(s);
	s->crc_flag = ISAL_GZIP_NO_HDR_VER; /* init clears it */
}

static uint32_t clamp(size_t n)
{
	return n < UINT32_MAX / 2 ? (uint32_t)n : UINT32_MAX / 2;
}

static enum lf_inflate_state step_isal(void *z, struct lf_inflate_io *io)
{
	struct inflate_state *s = z;
	const uint32_t n_in = clamp(io->n_in), n_out = clamp(io->n_out);

	s->next_in = (uint8_t *)(uintptr_t)io->in;
	s->avail_in = n_in;
	s->next_out = io->out;
	s->avail_out = n_out;
	const int rc = isal_inflate(s);
	io->in += n_in - s->avail_in;
	io->n_in -= n_in - s->avail_in;
	io->out += n_out - s->avail_out;
	io->n_out -= n_out - s->avail_out;
	if (rc == ISAL_INCORRECT_CHECKSUM)
		return LF_INFLATE_CHECKSUM;
	if (rc < 0)
		return LF_INFLATE_CORRUPT;
	return s->block_state == ISAL_BLOCK_FINISH ? LF_INFLATE_END : LF_INFLATE_MORE;
}

const struct lf_inflate_ops lf_inflate_isal = {
	.name = "isa-l",
	.new = new_isal,
	.start = start_isal,
	.step = step_isal,
	.free = lf_free,
};
