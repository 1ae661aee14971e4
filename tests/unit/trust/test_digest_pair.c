/* Pairs of digests against single ones: lengths around a block, cuts anywhere.
 * SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "trust/digest_pair.h"

#include "base/banned.h"

#define MAX 1000

static void fill(uint8_t *p, size_t n, uint32_t seed)
{
	for (size_t i = 0; i < n; i++)
		p[i] = (uint8_t)((seed = seed * 1664525u + 1013904223u) >> 24);
}

static void check(const uint8_t *got, const uint8_t *p, size_t n)
{
	uint8_t want[LF_SHA256_LEN];

	lf_hash_mem(LF_SHA256, p, n, want);
	if (memcmp(got, want, sizeof(want)) != 0)
		fail_msg("%zu bytes have another digest", n);
}

/* In parts of so many bytes; the shorter one is done first. */
static void add_in_parts(struct lf_digest_pair *d, struct lf_str a, size_t part_a, struct lf_str b,
			 size_t part_b)
{
	while (a.n || b.n) {
		const size_t n_a = a.n < part_a ? a.n : part_a, n_b = b.n < part_b ? b.n : part_b;

		lf_digest_pair_add(d, lf_str_sub(a, 0, n_a), lf_str_sub(b, 0, n_b));
		a = lf_str_sub(a, n_a, a.n);
		b = lf_str_sub(b, n_b, b.n);
	}
}

static void equals_two_digests(void **state)
{
	static const size_t lengths[] = {0, 1, 55, 56, 57, 63, 64, 65, 119, 120, 128, 500, MAX};
	static const size_t parts[] = {1, 7, 63, 64, 65, 130, MAX};
	uint8_t a[MAX], b[MAX], got_a[LF_SHA256_LEN], got_b[LF_SHA256_LEN];
	struct lf_digest_pair *d = lf_digest_pair_new(); /* final starts anew */

	(void)state;
	fill(a, MAX, 1);
	fill(b, MAX, 2);
	for (size_t i = 0; i < LF_ARRAY_LEN(lengths) * LF_ARRAY_LEN(lengths); i++) {
		const size_t n_a = lengths[i % LF_ARRAY_LEN(lengths)];
		const size_t n_b = lengths[i / LF_ARRAY_LEN(lengths)];

		for (size_t k = 0; k < LF_ARRAY_LEN(parts); k++) {
			add_in_parts(d, (struct lf_str){(const char *)a, n_a}, parts[k],
				     (struct lf_str){(const char *)b, n_b},
				     parts[(k + i) % LF_ARRAY_LEN(parts)]);
			lf_digest_pair_final(d, got_a, got_b);
			check(got_a, a, n_a);
			check(got_b, b, n_b);
		}
	}
	lf_digest_pair_free(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equals_two_digests),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
