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

/* The public half as SubjectPublicKeyInfo PEM, appended. */
bool lf_crypto_public_pem(EVP_PKEY *key, struct lf_buf *out, struct lf_err *err) LF_MUST_CHECK;
