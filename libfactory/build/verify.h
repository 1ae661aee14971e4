/*
 * The checks of melange verify, from inside. SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "build/published.h"
#include "trust/ed25519.h"
#include "trust/key.h"

/* Looks for the provenance beside a package, and whether it is about this file (of this digest)
 * and about the environment that the package's configuration records. With keys it must be there
 * and be signed by one of them. *ret_note says what was found; text in the arena. */
bool lf_verify_provenance(const struct lf_ctx *ctx, const struct lf_published *p,
			  const uint8_t sha256[LF_SHA256_LEN], const struct lf_ed25519_public *keys,
			  size_t n_keys, struct lf_arena *arena, const char **ret_note,
			  struct lf_err *err) LF_MUST_CHECK;

/* The archive with provenance as upstream writes it, beside a package: signed by a key of the ring,
 * about this package's data section. *ret_found false: it is not there. *ret_note is whose
 * signature it has; text in the arena. */
bool lf_verify_attestation(const struct lf_ctx *ctx, const struct lf_published *p,
			   const struct lf_keyring *ring, struct lf_arena *arena, bool *ret_found,
			   const char **ret_note, struct lf_err *err) LF_MUST_CHECK;
