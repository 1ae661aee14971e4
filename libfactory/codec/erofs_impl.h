/*
 * What writer and reader of EROFS have in common. Private to codec.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "codec/erofs.h"

#define LF_EROFS_MAGIC      0xE0F5E1E2u
#define LF_EROFS_SUPER_AT   1024
#define LF_EROFS_SUPER_SIZE 128
#define LF_EROFS_DIRENT     12
#define LF_EROFS_XATTR_HEAD 12
#define LF_EROFS_XATTR_SLOT 4

/* Prefixes of attribute names by their number; NULL: not assigned, or not Linux's. The two of
 * access lists are whole names. */
struct lf_erofs_prefix {
	const char *text;
	bool whole;
};

#define LF_EROFS_N_PREFIXES 7
extern const struct lf_erofs_prefix lf_erofs_prefixes[LF_EROFS_N_PREFIXES];
