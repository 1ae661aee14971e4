/*
 * Foreign compressed bytes (gzip, xz, zstd; recognised by their magic) as a stream, by libarchive's
 * filters.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "base/stream.h"

/* Bytes are not copied and must outlive the stream. Damaged input is an LF_E_FORMAT error of read.
 * What follows the compressed part is ignored. NULL when p does not start as one of the formats. */
struct lf_reader *lf_unpack_mem(const void *p, size_t n);
