/*
 * Reading gzip (RFC 1952, docs/formats/gzip.md): members one by one with exact boundaries, headers
 * checked here, so that it does not matter which library inflates. Compressed bytes in from a
 * reader, plain bytes out; a tap sees the compressed bytes for digests.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include <libdeflate.h>

#include "base/mem.h"
#include "codec/gzip.h"
#include "codec/gzip_inflate.h"

#include "base/banned.h"

#define INPUT      65536
#define MAX_HEADER (1U << 18) /* name, comment and extra field of foreign files */

enum { FLAG_HCRC = 2, FLAG_EXTRA = 4, FLAG_NAME = 8, FLAG_COMMENT = 16, FLAG_RESERVED = 0xe0 };

enum place { BEFORE, INSIDE, BEHIND };

struct lf_gzip_in {
	struct lf_reader *src;
	const struct lf_inflate_ops *ops;
	void *z;
	uint64_t offset; /* of the first byte not consumed */
	size_t at, n;    /* in input */
	bool src_end;
	enum place place;
	void (*tap)(void *data, const void *p, size_t n);
	void *tap_data;
	struct lf_buf header; /* of the current member until a tap or a read takes it */
	uint8_t input[INPUT];
};

struct lf_gzip_in *lf_gzip_in_new_with(struct lf_reader *src, const struct lf_inflate_ops *ops)
{
	struct lf_gzip_in *g = lf_alloc(sizeof(*g));

	memset(g, 0, offsetof(struct lf_gzip_in, input));
	g->src = src;
	g->ops = ops;
	g->z = ops->new ();
	return g;
}

const struct lf_inflate_ops *lf_inflate_best(void)
{
#ifdef LF_HAVE_ISAL
	return &lf_inflate_isal;
#else
	return &lf_inflate_zlib;
#endif
}

struct lf_gzip_in *lf_gzip_in_new(struct lf_reader *src)
{
	return lf_gzip_in_new_with(src, lf_inflate_best());
}

void lf_gzip_in_free(struct lf_gzip_in *g)
{
	if (!g)
		return;
	g->ops->free(g->z);
	lf_buf_fini(&g->header);
	lf_free(g);
}

uint64_t lf_gzip_offset(const struct lf_gzip_in *g)
{
	return g->offset;
}

void lf_gzip_tap(struct lf_gzip_in *g, void (*tap)(void *data, const void *p, size_t n), void *data)
{
	g->tap = tap;
	g->tap_data = data;
	if (tap && g->header.n) {
		tap(data, g->header.p, g->header.n);
		lf_buf_clear(&g->header);
	}
}

/* Makes sure that input is there; g->src_end when there is none. */
static bool fill(struct lf_gzip_in *g, struct lf_err *err)
{
	if (g->at < g->n || g->src_end)
		return true;
	const ssize_t got = lf_read(g->src, g->input, INPUT, err);
	if (got < 0)
		return false;
	g->at = 0;
	g->n = (size_t)got;
	g->src_end = got == 0;
	return true;
}

static bool cut_short(struct lf_err *err)
{
	return lf_fail_new(err, LF_E_FORMAT, "unexpected EOF");
}

static bool bad_header(struct lf_err *err)
{
	return lf_fail_new(err, LF_E_FORMAT, "gzip: invalid header");
}

/* ---- header ---- */

static bool take_byte(struct lf_gzip_in *g, uint8_t *ret, struct lf_err *err)
{
	if (!fill(g, err))
		return false;
	if (g->src_end)
		return cut_short(err);
	if (g->header.n == MAX_HEADER)
		return lf_fail_new(err, LF_E_LIMIT, "gzip: header is longer than %u bytes",
				   MAX_HEADER);
	*ret = g->input[g->at++];
	g->offset++;
	lf_buf_putc(&g->header, (char)*ret);
	return true;
}

static bool take_text(struct lf_gzip_in *g, struct lf_err *err)
{
	uint8_t byte;

	do {
		if (!take_byte(g, &byte, err))
			return false;
	} while (byte);
	return true;
}

static bool take_le16(struct lf_gzip_in *g, unsigned *ret, struct lf_err *err)
{
	uint8_t low, high;

	if (!take_byte(g, &low, err) || !take_byte(g, &high, err))
		return false;
	*ret = (unsigned)high << 8 | low;
	return true;
}

static bool take_extra(struct lf_gzip_in *g, struct lf_err *err)
{
	unsigned n;
	uint8_t byte;

	if (!take_le16(g, &n, err))
		return false;
	while (n--) {
		if (!take_byte(g, &byte, err))
			return false;
	}
	return true;
}

static bool take_header_crc(struct lf_gzip_in *g, struct lf_err *err)
{
	const uint32_t crc = libdeflate_crc32(0, g->header.p, g->header.n);
	unsigned stored;

	if (!take_le16(g, &stored, err))
		return false;
	return stored == (crc & 0xffff) || bad_header(err);
}

static bool take_header(struct lf_gzip_in *g, struct lf_err *err)
{
	uint8_t fixed[10];

	for (size_t i = 0; i < sizeof(fixed); i++) {
		if (!take_byte(g, &fixed[i], err))
			return false;
	}
	/* ISA-L does not mind reserved flags, zlib does: settled here, so that both read the same
	 * files. */
	if (fixed[0] != 0x1f || fixed[1] != 0x8b || fixed[2] != 8 || (fixed[3] & FLAG_RESERVED))
		return bad_header(err);
	return (!(fixed[3] & FLAG_EXTRA) || take_extra(g, err)) &&
	       (!(fixed[3] & FLAG_NAME) || take_text(g, err)) &&
	       (!(fixed[3] & FLAG_COMMENT) || take_text(g, err)) &&
	       (!(fixed[3] & FLAG_HCRC) || take_header_crc(g, err));
}

/* ---- body ---- */

static bool fail_state(struct lf_gzip_in *g, enum lf_inflate_state state, struct lf_err *err)
{
	if (state == LF_INFLATE_CHECKSUM)
		return lf_fail_new(err, LF_E_FORMAT, "gzip: invalid checksum");
	return lf_fail_new(err, LF_E_FORMAT, "flate: corrupt input before offset %llu",
			   (unsigned long long)g->offset);
}

/* One step of the inflater; *ret_made bytes came out. */
static bool step(struct lf_gzip_in *g, void *p, size_t n, size_t *ret_made, struct lf_err *err)
{
	struct lf_inflate_io io = {g->input + g->at, g->n - g->at, p, n};

	const enum lf_inflate_state state = g->ops->step(g->z, &io);
	const size_t used = g->n - g->at - io.n_in;
	if (g->tap && used)
		g->tap(g->tap_data, g->input + g->at, used);
	g->at += used;
	g->offset += used;
	*ret_made = n - io.n_out;
	if (state == LF_INFLATE_END) {
		g->place = BEHIND;
		return true;
	}
	if (state != LF_INFLATE_MORE)
		return fail_state(g, state, err);
	/* A cut file is no error to ISA-L: nothing more comes in and nothing more comes out. */
	return used || *ret_made || !g->src_end || cut_short(err);
}

ssize_t lf_gzip_read(struct lf_gzip_in *g, void *p, size_t n, struct lf_err *err)
{
	size_t made = 0;

	lf_buf_clear(&g->header);
	while (n && g->place == INSIDE && !made) {
		if (!fill(g, err) || !step(g, p, n, &made, err))
			return -1;
	}
	return (ssize_t)made;
}

static bool skip_rest(struct lf_gzip_in *g, struct lf_err *err)
{
	uint8_t trash[16384];
	ssize_t got;

	do {
		got = lf_gzip_read(g, trash, sizeof(trash), err);
	} while (got > 0);
	return got == 0;
}

bool lf_gzip_next(struct lf_gzip_in *g, bool *ret_more, struct lf_err *err)
{
	if (!skip_rest(g, err) || !fill(g, err))
		return false;
	*ret_more = !g->src_end;
	if (g->src_end)
		return true;
	if (!take_header(g, err))
		return false;
	if (g->tap) {
		g->tap(g->tap_data, g->header.p, g->header.n);
		lf_buf_clear(&g->header);
	}
	g->ops->start(g->z);
	g->place = INSIDE;
	return true;
}

/* ---- all members as one stream ---- */

struct all {
	struct lf_reader r;
	struct lf_gzip_in *g;
	bool started, end;
};

/* An empty file is not gzip: Go says EOF. */
static bool next_of_all(struct all *a, struct lf_err *err)
{
	bool more;

	if (!lf_gzip_next(a->g, &more, err))
		return false;
	if (!more && !a->started)
		return lf_fail_new(err, LF_E_FORMAT, "EOF");
	a->started = true;
	a->end = !more;
	return true;
}

static ssize_t read_all_members(struct lf_reader *r, void *p, size_t n, struct lf_err *err)
{
	struct all *a = (struct all *)r;

	while (n && !a->end) {
		const ssize_t got = lf_gzip_read(a->g, p, n, err);

		if (got)
			return got;
		if (!next_of_all(a, err))
			return -1;
	}
	return 0;
}

static void close_all(struct lf_reader *r)
{
	struct all *a = (struct all *)r;

	lf_gzip_in_free(a->g);
	lf_free(a);
}

struct lf_reader *lf_gzip_reader(struct lf_reader *src)
{
	struct all *a = lf_calloc(1, sizeof(*a));

	a->r = (struct lf_reader){read_all_members, close_all};
	a->g = lf_gzip_in_new(src);
	return &a->r;
}
