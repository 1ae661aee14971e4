/*
 * Two SHA-256 digests that advance together. SHA instructions wait for one another more than they
 * work: two independent streams on one core take hardly longer than the longer of them alone. A
 * processor without these instructions gets two ordinary digests.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "base/str.h"
#include "trust/digest.h"

struct lf_digest_pair;

struct lf_digest_pair *lf_digest_pair_new(void);
/* More bytes for the first and for the second; best when both are about as long. */
void lf_digest_pair_add(struct lf_digest_pair *d, struct lf_str first, struct lf_str second);
/* Both, and starts anew. */
void lf_digest_pair_final(struct lf_digest_pair *d, uint8_t first[LF_SHA256_LEN],
			  uint8_t second[LF_SHA256_LEN]);
void lf_digest_pair_free(struct lf_digest_pair *d);
