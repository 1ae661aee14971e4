/*
 * A pair of SHA-256 digests: see digest_pair.h. Bytes that fill no block wait in the lane; whole
 * blocks are hashed where they are, two by two as long as both lanes have some.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "trust/digest_pair.h"

#include <string.h>

#include "base/mem.h"
#include "trust/sha256_x86.h"

#include "base/banned.h"

#define BLOCK ((size_t)LF_SHA256_BLOCK)

struct lane {
	uint32_t h[8];
	uint64_t n; /* bytes so far; n % BLOCK of them wait */
	uint8_t wait[LF_SHA256_BLOCK];
};

struct lf_digest_pair {
	struct lane lane[2];
	struct lf_digest *plain[2]; /* NULL: the lanes are used */
};

static void start(struct lane *l)
{
	static const uint32_t h[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
				      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

	memcpy(l->h, h, sizeof(h));
	l->n = 0;
}

struct lf_digest_pair *lf_digest_pair_new(void)
{
	struct lf_digest_pair *d = lf_calloc(1, sizeof(*d));
	const bool fast = lf_sha256_x86_works();

	for (unsigned i = 0; i < 2; i++) {
		start(&d->lane[i]);
		d->plain[i] = fast ? NULL : lf_digest_new(LF_SHA256);
	}
	return d;
}

static const uint8_t *skip(struct lf_str *s, size_t n)
{
	const uint8_t *p = (const uint8_t *)s->p;

	s->p += n;
	s->n -= n;
	return p;
}

/* Completes the block that waits, as far as s goes. */
static void complete(struct lane *l, struct lf_str *s)
{
	const size_t waiting = l->n % BLOCK;
	const size_t n = s->n < BLOCK - waiting ? s->n : BLOCK - waiting;

	if (!waiting || !n)
		return;
	memcpy(l->wait + waiting, skip(s, n), n);
	l->n += n;
	if (waiting + n == BLOCK)
		lf_sha256_x86_one(l->h, l->wait, 1);
}

static void add_blocks(struct lane *l, struct lf_str *s)
{
	const size_t n = s->n - s->n % BLOCK;

	if (!n)
		return;
	lf_sha256_x86_one(l->h, skip(s, n), n / BLOCK);
	l->n += n;
}

static void add_blocks_of_both(struct lane *l, struct lf_str *s)
{
	const size_t both = s[0].n < s[1].n ? s[0].n : s[1].n, n = both - both % BLOCK;

	if (!n)
		return;
	const uint8_t *first = skip(&s[0], n), *second = skip(&s[1], n);

	lf_sha256_x86_two(l[0].h, first, l[1].h, second, n / BLOCK);
	l[0].n += n;
	l[1].n += n;
}

/* The rest, less than a block. */
static void wait_for_more(struct lane *l, struct lf_str *s)
{
	if (s->n)
		memcpy(l->wait, s->p, s->n);
	l->n += s->n;
}

void lf_digest_pair_add(struct lf_digest_pair *d, struct lf_str first, struct lf_str second)
{
	struct lf_str s[2] = {first, second};

	if (d->plain[0]) {
		lf_digest_add(d->plain[0], first.p, first.n);
		lf_digest_add(d->plain[1], second.p, second.n);
		return;
	}
	complete(&d->lane[0], &s[0]);
	complete(&d->lane[1], &s[1]);
	add_blocks_of_both(d->lane, s);
	for (unsigned i = 0; i < 2; i++) {
		add_blocks(&d->lane[i], &s[i]);
		wait_for_more(&d->lane[i], &s[i]);
	}
}

static void put_big_endian(uint8_t *p, uint64_t n, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		p[i] = (uint8_t)(n >> 8 * (bytes - 1 - i));
}

/* FIPS 180-4, 5.1.1: a one bit, zeros, the length in bits. */
static void finish(struct lane *l, uint8_t ret[LF_SHA256_LEN])
{
	const uint64_t bits = 8 * l->n;
	uint8_t end[2 * LF_SHA256_BLOCK] = {0};
	const size_t waiting = l->n % BLOCK, n = waiting < BLOCK - 8 ? BLOCK : 2 * BLOCK;

	memcpy(end, l->wait, waiting);
	end[waiting] = 0x80;
	put_big_endian(end + n - 8, bits, 8);
	lf_sha256_x86_one(l->h, end, n / BLOCK);
	for (unsigned i = 0; i < 8; i++)
		put_big_endian(ret + 4 * i, l->h[i], 4);
	start(l);
}

void lf_digest_pair_final(struct lf_digest_pair *d, uint8_t first[LF_SHA256_LEN],
			  uint8_t second[LF_SHA256_LEN])
{
	uint8_t *const ret[2] = {first, second};

	for (unsigned i = 0; i < 2; i++) {
		if (d->plain[i])
			lf_digest_final(d->plain[i], ret[i]);
		else
			finish(&d->lane[i], ret[i]);
	}
}

void lf_digest_pair_free(struct lf_digest_pair *d)
{
	if (!d)
		return;
	lf_digest_free(d->plain[0]);
	lf_digest_free(d->plain[1]);
	lf_free(d);
}
