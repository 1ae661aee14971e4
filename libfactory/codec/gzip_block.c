/*
 * Deflating a block with libdeflate, whose bytes depend on the input and the level alone.
 * libdeflate makes only streams that end; to join blocks in one member their last deflate block has
 * to lose its final bit. Where that bit is, zlib's inflater tells, which stops at each block
 * (docs/formats/gzip.md).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "codec/gzip_block.h"

#include <stdlib.h>

#include <libdeflate.h>
#include <zlib.h>

#include "base/mem.h"
#include "codec/gzip.h"

#include "base/banned.h"

#define WINDOW 65536

struct lf_deflater {
	struct libdeflate_compressor *c;
	z_stream z;
	uint8_t window[WINDOW]; /* inflated bytes nobody wants */
};

static void die(void)
{
	abort(); /* want of memory, as in base/mem.c */
}

struct lf_deflater *lf_deflater_new(int level)
{
	struct lf_deflater *d = lf_calloc(1, sizeof(*d));

	d->c = libdeflate_alloc_compressor(level);
	if (!d->c || inflateInit2(&d->z, -MAX_WBITS) != Z_OK)
		die();
	return d;
}

void lf_deflater_free(struct lf_deflater *d)
{
	if (!d)
		return;
	libdeflate_free_compressor(d->c);
	(void)inflateEnd(&d->z);
	lf_free(d);
}

void lf_deflate_whole(struct lf_deflater *d, const void *p, size_t n, struct lf_buf *out)
{
	const size_t bound = libdeflate_deflate_compress_bound(d->c, n);

	lf_buf_reserve(out, bound);
	out->n += libdeflate_deflate_compress(d->c, p, n, out->p + out->n, bound);
	out->p[out->n] = '\0';
}

/* The bits at which the last block begins and ends. */
static void find_last_block(struct lf_deflater *d, const uint8_t *p, size_t n, uint64_t *ret_begin,
			    uint64_t *ret_end)
{
	uint64_t begin = 0, end = 0;
	int rc;

	(void)inflateReset(&d->z);
	d->z.next_in = (Bytef *)(uintptr_t)p;
	d->z.avail_in = (uInt)n;
	do {
		d->z.next_out = d->window;
		d->z.avail_out = WINDOW;
		rc = inflate(&d->z, Z_BLOCK);
		if (d->z.data_type & 128) {
			begin = end;
			end = 8 * (uint64_t)(n - d->z.avail_in) - (d->z.data_type & 7);
		}
	} while (rc == Z_OK && !((d->z.data_type & 128) && (d->z.data_type & 64)));
	*ret_begin = begin;
	*ret_end = end;
}

void lf_deflate_open(struct lf_deflater *d, const void *p, size_t n, struct lf_buf *out)
{
	static const char stored[] = {0, 0, (char)0xff, (char)0xff};
	const size_t start = out->n;
	uint64_t begin, end;

	lf_deflate_whole(d, p, n, out);
	uint8_t *bytes = (uint8_t *)out->p + start;
	find_last_block(d, bytes, out->n - start, &begin, &end);
	bytes[begin / 8] &= (uint8_t) ~(1U << begin % 8);
	/* The empty stored block: three zero bits, which may not fit into what is left of the last
	 * byte, then its lengths. */
	lf_buf_fill(out, 0, (size_t)((end + 3 + 7) / 8) - (out->n - start));
	lf_buf_add(out, stored, sizeof(stored));
}

uint32_t lf_gzip_crc(const void *p, size_t n)
{
	return libdeflate_crc32(0, p, n);
}

static void put_le32(struct lf_buf *out, uint32_t n)
{
	for (unsigned shift = 0; shift < 32; shift += 8)
		lf_buf_putc(out, (char)(n >> shift & 0xff));
}

void lf_gzip_header(struct lf_buf *out, uint32_t mtime)
{
	lf_buf_add(out, "\x1f\x8b\x08\x00", 4);
	put_le32(out, mtime);
	lf_buf_add(out, "\x00\xff", 2);
}

void lf_gzip_trailer(struct lf_buf *out, uint32_t crc, uint64_t length)
{
	put_le32(out, crc);
	put_le32(out, (uint32_t)length);
}

void lf_gzip_member(const void *p, size_t n, int level, uint32_t mtime, struct lf_buf *out)
{
	struct lf_deflater *d = lf_deflater_new(level);

	lf_gzip_header(out, mtime);
	lf_deflate_whole(d, p, n, out);
	lf_gzip_trailer(out, lf_gzip_crc(p, n), n);
	lf_deflater_free(d);
}

/* Text-like bytes with repeats near and far. */
static void fill_sample(uint8_t *p, size_t n)
{
	uint32_t x = 1;

	for (size_t i = 0; i < n; i++) {
		x = x * 1103515245u + 12345u;
		if (i > 512 && x >> 29 != 0)
			p[i] = p[i - 1 - (x >> 16 & 0x1f0)];
		else
			p[i] = (uint8_t)(' ' + (x >> 24) % 64);
	}
}

void lf_gzip_print_compressor(int level, struct lf_buf *out)
{
	struct lf_deflater *d = lf_deflater_new(level);
	lf_auto_buf made = {0};
	uint8_t sample[8192];

	fill_sample(sample, sizeof(sample));
	lf_deflate_whole(d, sample, sizeof(sample), &made);
	lf_deflater_free(d);
	lf_buf_printf(out, "libdeflate %s level %d sample %zu %08x\n", LIBDEFLATE_VERSION_STRING,
		      level, made.n, lf_gzip_crc(made.p, made.n));
}
