/* Any bytes as tar: read every entry; what is read must be writable and read back the same.
 * SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "codec/tar.h"
#include "codec/tar_format.h"

#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_and_read_back(const struct lf_tar_entry *e)
{
	lf_auto_arena arena = {0};
	lf_auto_buf out = {0};
	lf_auto_err err = {0};
	struct lf_tar_entry back;
	bool more;

	lf_tar_header(&out, e);
	lf_auto_reader *r = lf_reader_mem(out.p, out.n);
	struct lf_tar_in *t = lf_tar_in_new(r, &arena);
	if (!lf_tar_next(t, &back, &more, &err) || !more)
		abort();
	if (strcmp(back.linkname, e->linkname) != 0 || back.uid != e->uid || back.mtime != e->mtime)
		abort();
	if (e->name[0] && strcmp(back.name, e->name) != 0)
		abort();
	lf_tar_in_free(t);
}

/* With right sums in every block the fuzzer gets past the first header. */
static void fix_sums(uint8_t *p, size_t n)
{
	for (; n >= LF_TAR_BLOCK; p += LF_TAR_BLOCK, n -= LF_TAR_BLOCK) {
		unsigned sum = 0;

		memset(p + LF_TAR_AT_SUM, ' ', 8);
		for (size_t i = 0; i < LF_TAR_BLOCK; i++)
			sum += p[i];
		for (unsigned i = 0; i < 6; i++)
			p[LF_TAR_AT_SUM + 5 - i] = (uint8_t)('0' + (sum >> 3 * i & 7));
	}
}

static void read_archive(const uint8_t *data, size_t size)
{
	lf_auto_arena arena = {0};
	lf_auto_reader *r = lf_reader_mem(data, size);
	struct lf_tar_in *t = lf_tar_in_new(r, &arena);
	struct lf_tar_entry e;
	lf_auto_err err = {0};
	bool more;

	while (lf_tar_next(t, &e, &more, &err) && more) {
		uint8_t piece[100];

		if (lf_tar_read(t, piece, sizeof(piece), &err) < 0)
			break;
		if (e.type >= '0' && e.type <= '6')
			write_and_read_back(&e);
	}
	lf_tar_in_free(t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	lf_auto_free uint8_t *fixed = lf_alloc(size + 1);

	read_archive(data, size);
	if (size)
		memcpy(fixed, data, size);
	fix_sums(fixed, size);
	read_archive(fixed, size);
	return 0;
}
