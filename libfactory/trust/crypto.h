/*
 * What the files of this room share of libcrypto. Not for other rooms.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <openssl/evp.h>

#include "trust/digest.h"

/* The algorithm, looked up once a process. */
const EVP_MD *lf_crypto_md(enum lf_hash hash);

/* An error with libcrypto's own reason behind the text; empties libcrypto's queue. */
bool lf_crypto_fail(struct lf_err *err, enum lf_class class, const char *what);

/* A kind of key by libcrypto's number, and what messages call it. */
struct lf_crypto_kind {
	int id;
	const char *name;
};

/* A private key from a PEM file or text, a public one from PEM text; NULL on failure, which says
 * what the file (or name) is instead. */
EVP_PKEY *lf_crypto_load_private(const char *path, const struct lf_crypto_kind *kind,
				 struct lf_err *err) LF_MUST_CHECK;
EVP_PKEY *lf_crypto_parse_private(struct lf_str pem, const char *name,
				  const struct lf_crypto_kind *kind,
				  struct lf_err *err) LF_MUST_CHECK;
EVP_PKEY *lf_crypto_parse_public(struct lf_str pem, const char *name,
				 const struct lf_crypto_kind *kind,
				 struct lf_err *err) LF_MUST_CHECK;

/* Writes PATH (0600) in the given structure ("type-specific", "PrivateKeyInfo"), and PATH.pub
 * (0644), both by rename. */
bool lf_crypto_write_pair(EVP_PKEY *pkey, const char *structure, const char *path,
			  struct lf_err *err) LF_MUST_CHECK;

/* The public half as SubjectPublicKeyInfo PEM, appended. */
bool lf_crypto_public_pem(EVP_PKEY *key, struct lf_buf *out, struct lf_err *err) LF_MUST_CHECK;
