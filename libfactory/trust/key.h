/*
 * RSA keys: files, signing, verifying. Private keys are PKCS#1 ("RSA PRIVATE KEY") or PKCS#8
 * ("PRIVATE KEY") PEM; public keys are SubjectPublicKeyInfo PEM. Signatures are PKCS#1 v1.5 over
 * SHA-1 ("RSA") or SHA-256 ("RSA256"), as the APK format demands.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "trust/digest.h"

struct lf_key; /* private or public */

/* NULL on failure; the message says what kind of file it is instead ("FILE: is a public key", "is
 * encrypted", ...). */
struct lf_key *lf_key_load_private(const char *path, struct lf_err *err) LF_MUST_CHECK;
/* The same from memory; the text is not wiped. */
struct lf_key *lf_key_parse_private(struct lf_str pem, const char *name,
				    struct lf_err *err) LF_MUST_CHECK;
struct lf_key *lf_key_parse_public(struct lf_str pem, const char *name,
				   struct lf_err *err) LF_MUST_CHECK;
void lf_key_free(struct lf_key *k);
void lf_key_free_p(struct lf_key **k);
#define lf_auto_key __attribute__((cleanup(lf_key_free_p))) struct lf_key

/* Signs a finished SHA-256; the signature is appended to out. */
bool lf_key_sign(const struct lf_key *k, const uint8_t sha256[LF_SHA256_LEN], struct lf_buf *out,
		 struct lf_err *err) LF_MUST_CHECK;
/* Checks a signature over a finished digest of the given kind (LF_SHA1 or LF_SHA256). False with
 * LF_E_SIGNATURE "verify PKCS1v15 signature: crypto/rsa: verification error". */
bool lf_key_verify(const struct lf_key *k, enum lf_hash hash, const uint8_t *digest,
		   const void *sig, size_t n, struct lf_err *err) LF_MUST_CHECK;
/* Makes a key pair and writes PATH (0600) and PATH.pub (0644), both by rename. bits below 2048 are
 * refused with upstream's words. */
bool lf_key_generate(const char *path, unsigned bits, struct lf_err *err) LF_MUST_CHECK;

/* The PEM text ("PUBLIC KEY") of an RSA key given by its big-endian numbers, appended to out. */
bool lf_key_public_from_numbers(struct lf_str modulus, struct lf_str exponent, struct lf_buf *out,
				struct lf_err *err) LF_MUST_CHECK;

/* A set of named public keys: file base name → PEM text. */
struct lf_keyring_entry {
	const char *name; /* base name of the file or URL */
	struct lf_str pem;
	struct lf_key *key; /* NULL when the PEM is not a usable key */
};

struct lf_keyring {
	struct lf_keyring_entry *entry;
	size_t n, cap;
};

/* name and pem are copied. A later entry of the same name replaces the former one. Text that is no
 * key is kept (it goes into the image) but cannot verify. */
void lf_keyring_add(struct lf_keyring *r, const char *name, struct lf_str pem);
/* Exact name, else the name without ".rsa.pub". NULL when there is none. */
const struct lf_keyring_entry *lf_keyring_find(const struct lf_keyring *r, struct lf_str name);
void lf_keyring_fini(struct lf_keyring *r);
