/*
 * Ed25519 keys, for attestations. Files are PEM: private keys PKCS#8 ("PRIVATE KEY"), public keys
 * SubjectPublicKeyInfo ("PUBLIC KEY"), as OpenSSL and others write them (RFC 8410). libsodium signs
 * and verifies. A signature depends on key and message only.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "trust/digest.h"

#define LF_ED25519_KEY 32
#define LF_ED25519_SIG 64

struct lf_ed25519_public {
	uint8_t key[LF_ED25519_KEY];
	char id[2 * LF_SHA256_LEN + 1]; /* SHA-256 of the DER form, hex: what cosign and others use
					   as a key's name */
};

struct lf_ed25519; /* a private key, in guarded memory */

/* NULL on failure; the message says what the file is instead. */
struct lf_ed25519 *lf_ed25519_load(const char *path, struct lf_err *err) LF_MUST_CHECK;
void lf_ed25519_free(struct lf_ed25519 *k); /* NULL is fine */
const struct lf_ed25519_public *lf_ed25519_public(const struct lf_ed25519 *k);
void lf_ed25519_sign(const struct lf_ed25519 *k, struct lf_str message,
		     uint8_t ret[LF_ED25519_SIG]);

bool lf_ed25519_parse_public(struct lf_str pem, const char *name, struct lf_ed25519_public *ret,
			     struct lf_err *err) LF_MUST_CHECK;
bool lf_ed25519_verify(const struct lf_ed25519_public *k, struct lf_str message,
		       const uint8_t sig[LF_ED25519_SIG]);

/* Makes a key pair and writes PATH (0600) and PATH.pub (0644), both by rename. */
bool lf_ed25519_generate(const char *path, struct lf_err *err) LF_MUST_CHECK;
