/*
 * The inner loop of SHA-256 with the SHA instructions of x86-64, for one stream and for two.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LF_SHA256_BLOCK 64

/* Has this processor the instructions? Nothing else here may be called if not. */
bool lf_sha256_x86_works(void);
/* Hashes so many whole blocks into the state h. */
void lf_sha256_x86_one(uint32_t h[8], const uint8_t *p, size_t n_blocks);
/* As many of each. */
void lf_sha256_x86_two(uint32_t h[8], const uint8_t *p, uint32_t h2[8], const uint8_t *p2,
		       size_t n_blocks);
