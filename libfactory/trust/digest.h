/*
 * Digests by libcrypto, which uses the CPU's SHA instructions; algorithms are fetched once per
 * process.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/stream.h"

enum lf_hash { LF_SHA1, LF_SHA256, LF_SHA512 };
#define LF_SHA1_LEN   20
#define LF_SHA256_LEN 32
#define LF_HASH_MAX   64

struct lf_digest; /* running */

struct lf_digest *lf_digest_new(enum lf_hash hash);
void lf_digest_add(struct lf_digest *d, const void *p, size_t n);
/* Finishes into out (lf_hash_len bytes) and starts anew. */
void lf_digest_final(struct lf_digest *d, uint8_t *out);
void lf_digest_free(struct lf_digest *d);
void lf_digest_free_p(struct lf_digest **d);
#define lf_auto_digest __attribute__((cleanup(lf_digest_free_p))) struct lf_digest

size_t lf_hash_len(enum lf_hash hash);
void lf_hash_mem(enum lf_hash hash, const void *p, size_t n, uint8_t *out);
bool lf_hash_fd(enum lf_hash hash, int fd, uint8_t *out, struct lf_err *err) LF_MUST_CHECK;

/* Passes everything on to dst (not owned) and digests it; counts bytes. */
struct lf_digest_writer {
	struct lf_writer w;
	struct lf_writer *dst; /* NULL: only digest */
	struct lf_digest *digest;
	uint64_t n;
};
void lf_digest_writer_init(struct lf_digest_writer *d, enum lf_hash hash, struct lf_writer *dst);
void lf_digest_writer_fini(struct lf_digest_writer *d);

/* Standard base64 with padding, appended; and back (strict), false on bad input or more than max
 * bytes. */
void lf_base64(struct lf_buf *out, const void *p, size_t n);
bool lf_unbase64(struct lf_str s, uint8_t *out, size_t max, size_t *ret_n);
/* The URL-safe alphabet without padding, as JSON web keys have it. */
bool lf_unbase64url(struct lf_str s, uint8_t *out, size_t max, size_t *ret_n);
