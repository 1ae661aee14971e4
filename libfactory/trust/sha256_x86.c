/*
 * SHA-256 blocks with SHA instructions (FIPS 180-4; Intel's "SHA Extensions" tell how the state is
 * laid out: words A B E F in one register, C D G H in the other). A lane is one stream; the steps
 * of two lanes are written side by side and the processor overlaps them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "trust/sha256_x86.h"

#ifdef __x86_64__
#include <cpuid.h>
#include <immintrin.h>

#define SHA_CODE __attribute__((target("sha,sse4.1")))
#define SHA_STEP SHA_CODE __attribute__((always_inline)) static inline
#define ROUNDS   64

static const uint32_t constant[ROUNDS] __attribute__((aligned(16))) = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
	0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
	0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
	0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
	0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
	0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
	0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
	0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
	0xc67178f2,
};

struct lane {
	__m128i abef, cdgh;
	__m128i w[4]; /* the next 16 words of the schedule, a ring */
};

bool lf_sha256_x86_works(void)
{
	unsigned a, b, c, d;

	return __builtin_cpu_supports("sse4.1") && __get_cpuid_count(7, 0, &a, &b, &c, &d) &&
	       (b & bit_SHA);
}

/* The state in the order of its words, to and from the two registers. */
SHA_STEP void load_state(struct lane *l, const uint32_t h[8])
{
	const __m128i abcd = _mm_loadu_si128((const __m128i *)h);
	const __m128i efgh = _mm_loadu_si128((const __m128i *)(h + 4));
	const __m128i cdab = _mm_shuffle_epi32(abcd, 0xb1), hgfe = _mm_shuffle_epi32(efgh, 0x1b);

	l->abef = _mm_alignr_epi8(cdab, hgfe, 8);
	l->cdgh = _mm_blend_epi16(hgfe, cdab, 0xf0);
}

SHA_STEP void store_state(const struct lane *l, uint32_t h[8])
{
	const __m128i feba = _mm_shuffle_epi32(l->abef, 0x1b);
	const __m128i dchg = _mm_shuffle_epi32(l->cdgh, 0xb1);

	_mm_storeu_si128((__m128i *)h, _mm_blend_epi16(feba, dchg, 0xf0));
	_mm_storeu_si128((__m128i *)(h + 4), _mm_alignr_epi8(dchg, feba, 8));
}

SHA_STEP void load_block(struct lane *l, const uint8_t *p)
{
	const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);

	for (unsigned i = 0; i < 4; i++)
		l->w[i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)p + i), big_endian);
}

/* Rounds 4 i to 4 i + 3, and the words of 16 rounds later in place of the ones used. */
SHA_STEP void step(struct lane *l, unsigned i)
{
	__m128i *w = &l->w[i % 4];
	const __m128i next = l->w[(i + 1) % 4], far = l->w[(i + 2) % 4], last = l->w[(i + 3) % 4];
	const __m128i k = _mm_load_si128((const __m128i *)constant + i), wk = _mm_add_epi32(*w, k);

	l->cdgh = _mm_sha256rnds2_epu32(l->cdgh, l->abef, wk);
	l->abef = _mm_sha256rnds2_epu32(l->abef, l->cdgh, _mm_shuffle_epi32(wk, 0x0e));
	if (i >= 12)
		return;
	const __m128i sum =
		_mm_add_epi32(_mm_sha256msg1_epu32(*w, next), _mm_alignr_epi8(last, far, 4));

	*w = _mm_sha256msg2_epu32(sum, last);
}

SHA_STEP void add_state(struct lane *l, __m128i abef, __m128i cdgh)
{
	l->abef = _mm_add_epi32(l->abef, abef);
	l->cdgh = _mm_add_epi32(l->cdgh, cdgh);
}

SHA_CODE void lf_sha256_x86_one(uint32_t h[8], const uint8_t *p, size_t n_blocks)
{
	struct lane l;

	load_state(&l, h);
	for (; n_blocks; n_blocks--, p += LF_SHA256_BLOCK) {
		const __m128i abef = l.abef, cdgh = l.cdgh;

		load_block(&l, p);
#pragma GCC unroll 16
		for (unsigned i = 0; i < ROUNDS / 4; i++)
			step(&l, i);
		add_state(&l, abef, cdgh);
	}
	store_state(&l, h);
}

SHA_CODE void lf_sha256_x86_two(uint32_t h[8], const uint8_t *p, uint32_t h2[8], const uint8_t *p2,
				size_t n_blocks)
{
	struct lane l, l2;

	load_state(&l, h);
	load_state(&l2, h2);
	for (; n_blocks; n_blocks--, p += LF_SHA256_BLOCK, p2 += LF_SHA256_BLOCK) {
		const __m128i abef = l.abef, cdgh = l.cdgh, abef2 = l2.abef, cdgh2 = l2.cdgh;

		load_block(&l, p);
		load_block(&l2, p2);
#pragma GCC unroll 16
		for (unsigned i = 0; i < ROUNDS / 4; i++) {
			step(&l, i);
			step(&l2, i);
		}
		add_state(&l, abef, cdgh);
		add_state(&l2, abef2, cdgh2);
	}
	store_state(&l, h);
	store_state(&l2, h2);
}

#else

bool lf_sha256_x86_works(void)
{
	return false;
}

void lf_sha256_x86_one(uint32_t h[8], const uint8_t *p, size_t n_blocks)
{
	(void)h;
	(void)p;
	(void)n_blocks;
}

void lf_sha256_x86_two(uint32_t h[8], const uint8_t *p, uint32_t h2[8], const uint8_t *p2,
		       size_t n_blocks)
{
	(void)h;
	(void)p;
	(void)h2;
	(void)p2;
	(void)n_blocks;
}

#endif

#include "base/banned.h"
