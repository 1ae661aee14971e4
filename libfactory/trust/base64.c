/*
 * Base64 (RFC 4648) by libsodium, which is strict and takes the same time for all bytes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <sodium.h>

#include "trust/digest.h"

#include "base/banned.h"

void lf_base64(struct lf_buf *out, const void *p, size_t n)
{
	const size_t room = sodium_base64_encoded_len(n, sodium_base64_VARIANT_ORIGINAL);

	lf_buf_reserve(out, room);
	sodium_bin2base64(out->p + out->n, room, p, n, sodium_base64_VARIANT_ORIGINAL);
	out->n += room - 1;
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
