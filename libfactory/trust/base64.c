/*
 * Base64 (RFC 4648). Reading is libsodium's, which is strict; written are digests and signatures,
 * thousands at a time, which need no secrecy of how long that takes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <sodium.h>

#include "trust/digest.h"

#include "base/banned.h"

/* Up to three bytes become four letters. */
static void put_group(char to[4], const uint8_t *p, size_t n)
{
	static const char letters[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const uint32_t bits = (uint32_t)p[0] << 16 | (n > 1 ? (uint32_t)p[1] << 8 : 0) |
			      (n > 2 ? (uint32_t)p[2] : 0);

	to[0] = letters[bits >> 18];
	to[1] = letters[bits >> 12 & 63];
	to[2] = n > 1 ? letters[bits >> 6 & 63] : '=';
	to[3] = n > 2 ? letters[bits & 63] : '=';
}

void lf_base64(struct lf_buf *out, const void *p, size_t n)
{
	lf_buf_reserve(out, (n + 2) / 3 * 4);
	for (size_t i = 0; i < n; i += 3) {
		put_group(out->p + out->n, (const uint8_t *)p + i, n - i);
		out->n += 4;
	}
	out->p[out->n] = '\0';
}

static bool decode(struct lf_str s, int variant, uint8_t *out, size_t max, size_t *ret_n)
{
	const char *end = NULL;
	size_t n = 0;

	if (sodium_base642bin(out, max, s.p, s.n, NULL, &n, &end, variant) || end != s.p + s.n)
		return false;
	*ret_n = n;
	return true;
}

bool lf_unbase64(struct lf_str s, uint8_t *out, size_t max, size_t *ret_n)
{
	return decode(s, sodium_base64_VARIANT_ORIGINAL, out, max, ret_n);
}

bool lf_unbase64url(struct lf_str s, uint8_t *out, size_t max, size_t *ret_n)
{
	return decode(s, sodium_base64_VARIANT_URLSAFE_NO_PADDING, out, max, ret_n);
}
