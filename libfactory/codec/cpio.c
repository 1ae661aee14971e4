/*
 * Records of cpio archives: see cpio.h. A record is a header of fourteen fields in hex, the name
 * with its final NUL, the content; name and content are padded to four bytes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "codec/cpio.h"

#include "base/banned.h"

#define MAGIC       "070701"
#define HEADER_SIZE 110

size_t lf_cpio_pad(uint64_t size)
{
	return (size_t)(-size & 3);
}

static void put_record(struct lf_buf *out, const struct lf_cpio_entry *e)
{
	const size_t name = strlen(e->name) + 1;
	const uint32_t field[] = {
		0, /* inode */
		e->mode,
		0, /* owner */
		0, /* group */
		0, /* links */
		0, /* time */
		(uint32_t)e->size,
		0, /* device it lies on */
		0,
		e->devmajor,
		e->devminor,
		(uint32_t)name,
		0, /* checksum */
	};

	lf_buf_puts(out, MAGIC);
	for (size_t i = 0; i < sizeof(field) / sizeof(field[0]); i++)
		lf_buf_printf(out, "%08X", field[i]);
	lf_buf_add(out, e->name, name);
	lf_buf_fill(out, '\0', lf_cpio_pad(HEADER_SIZE + name));
}

bool lf_cpio_header(struct lf_buf *out, const struct lf_cpio_entry *e, struct lf_err *err)
{
	if (e->size > UINT32_MAX)
		return lf_fail_new(err, LF_E_LIMIT, "%s: %ju bytes are too many for a cpio archive",
				   e->name, (uintmax_t)e->size);
	put_record(out, e);
	return true;
}

void lf_cpio_end(struct lf_buf *out)
{
	put_record(out, &(struct lf_cpio_entry){.name = "TRAILER!!!"});
}
