/*
 * One block of input as raw deflate that can stand anywhere in a member.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

/* Scratch memory of one worker. */
struct lf_deflater;
struct lf_deflater *lf_deflater_new(int level);
void lf_deflater_free(struct lf_deflater *d);

/* A whole deflate stream, ended by its final block. */
void lf_deflate_whole(struct lf_deflater *d, const void *p, size_t n, struct lf_buf *out);
/* The same without an end: no block is final and an empty stored block brings it to a byte's edge,
 * so that more blocks may follow. */
void lf_deflate_open(struct lf_deflater *d, const void *p, size_t n, struct lf_buf *out);

/* CRC-32 of n bytes. */
uint32_t lf_gzip_crc(const void *p, size_t n);
/* The 10 fixed bytes of a header: no name, XFL 0, OS 255. */
void lf_gzip_header(struct lf_buf *out, uint32_t mtime);
void lf_gzip_trailer(struct lf_buf *out, uint32_t crc, uint64_t length);
