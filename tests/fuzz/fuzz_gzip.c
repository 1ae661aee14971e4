/*
 * Any bytes as gzip: both inflaters must agree on every member, and damage must never crash.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "codec/gzip.h"
#include "codec/gzip_inflate.h"

#include "base/banned.h"

#define MAX_OUTPUT (1U << 22)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool inflate_all(const uint8_t *data, size_t size, const struct lf_inflate_ops *ops,
			struct lf_buf *out)
{
	lf_auto_reader *r = lf_reader_mem(data, size);
	struct lf_gzip_in *g = lf_gzip_in_new_with(r, ops);
	lf_auto_err err = {0};
	char piece[4096];
	ssize_t got = 0;
	bool more = false;

	while (got >= 0 && lf_gzip_next(g, &more, &err) && more) {
		while ((got = lf_gzip_read(g, piece, sizeof(piece), &err)) > 0 &&
		       out->n < MAX_OUTPUT)
			lf_buf_add(out, piece, (size_t)got);
		lf_buf_printf(out, "|%llu|", (unsigned long long)lf_gzip_offset(g));
		if (got > 0)
			break;
	}
	lf_gzip_in_free(g);
	return err.class == LF_E_NONE;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	lf_auto_buf a = {0}, b = {0};

	const bool ok_a = inflate_all(data, size, lf_inflate_best(), &a);
	const bool ok_b = inflate_all(data, size, &lf_inflate_zlib, &b);
	/* Which damaged streams are refused may differ; what both accept may not. */
	if (ok_a && ok_b && (a.n != b.n || memcmp(lf_buf_c(&a), lf_buf_c(&b), a.n) != 0))
		abort();
	return 0;
}
