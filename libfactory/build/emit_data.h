/*
 * The data section of a package: a tree as one compressed member.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "build/build.h"
#include "trust/digest.h"

struct lf_data_section {
	uint64_t size;      /* compressed bytes written */
	uint64_t file_size; /* of all files and link targets: a part of the installed size */
	uint8_t sha256[LF_SHA256_LEN]; /* of the compressed bytes */
};

/* Writes the section to fd from its current offset. Every entry has this time; owners' names may be
 * NULL. faithful: attributes of directories and links, and hard links, are written too. */
bool lf_emit_data(const struct lf_ctx *ctx, struct lf_tree *tree, int64_t mtime,
		  const struct lf_names *names, bool faithful, int fd, struct lf_data_section *ret,
		  struct lf_err *err) LF_MUST_CHECK;
