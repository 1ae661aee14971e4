/*
 * The data of a package as a file: its plain tar, the list of the tar's entries, and a foot that
 * says how long both are, so that a file which lost its end is not taken for a package.
 * docs/formats/cache.md. Not for other rooms.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdint.h>

#include "base/buf.h"

/* Behind the tar of that size, which is in the file already. */
bool lf_data_file_end(int fd, uint64_t tar_size, const struct lf_buf *list,
		      struct lf_err *err) LF_MUST_CHECK;
/* Are foot and list whole? */
bool lf_data_file_check(int fd, uint64_t *ret_tar_size, uint64_t *ret_list_size,
			struct lf_err *err) LF_MUST_CHECK;
