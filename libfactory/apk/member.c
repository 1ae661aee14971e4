/*
 * A gzip member as a byte stream: the three calls of a reader over codec/gzip.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "apk/member.h"

#include "codec/gzip.h"

#include "base/banned.h"

static ssize_t read_member(struct lf_reader *r, void *p, size_t n, struct lf_err *err)
{
	return lf_gzip_read(((struct lf_member_reader *)r)->g, p, n, err);
}

void lf_member_reader_init(struct lf_member_reader *m, struct lf_gzip_in *g)
{
	*m = (struct lf_member_reader){.reader.read = read_member, .g = g};
}
