/*
 * cpio in the "newc" form (magic 070701), which a kernel unpacks as its first root: written as
 * upstream's library does. upstream: u-root pkg/cpio.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

struct lf_cpio_entry {
	const char *name;
	uint32_t mode; /* with the bits of its type, S_IFREG and so on */
	uint32_t devmajor, devminor;
	uint64_t size; /* of the content, or of a link's target */
};

/* Header and name, padded. The content and lf_cpio_pad zero bytes are the caller's. Inode, owner,
 * time and number of links are 0. False for what the format cannot hold. */
bool lf_cpio_header(struct lf_buf *out, const struct lf_cpio_entry *e,
		    struct lf_err *err) LF_MUST_CHECK;
/* Zero bytes that follow `size` bytes. */
size_t lf_cpio_pad(uint64_t size);
/* The record that ends an archive. */
void lf_cpio_end(struct lf_buf *out);
