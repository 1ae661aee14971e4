/*
 * RSA keys: PEM in, signatures and verdicts out.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "trust/key.h"

#include <openssl/err.h>
#include <openssl/rsa.h>

#include "base/mem.h"
#include "trust/crypto.h"

#include "base/banned.h"

struct lf_key {
	EVP_PKEY *pkey;
};

void lf_key_free(struct lf_key *k)
{
	if (!k)
		return;
	EVP_PKEY_free(k->pkey);
	lf_free(k);
}

void lf_key_free_p(struct lf_key **k)
{
	lf_key_free(*k);
	*k = NULL;
}

static const struct lf_crypto_kind rsa = {EVP_PKEY_RSA, "RSA"};

static struct lf_key *take(EVP_PKEY *pkey)
{
	struct lf_key *k;

	if (!pkey)
		return NULL;
	k = lf_alloc(sizeof(*k));
	k->pkey = pkey;
	return k;
}

struct lf_key *lf_key_load_private(const char *path, struct lf_err *err)
{
	return take(lf_crypto_load_private(path, &rsa, err));
}

struct lf_key *lf_key_parse_private(struct lf_str pem, const char *name, struct lf_err *err)
{
	return take(lf_crypto_parse_private(pem, name, &rsa, err));
}

struct lf_key *lf_key_parse_public(struct lf_str pem, const char *name, struct lf_err *err)
{
	return take(lf_crypto_parse_public(pem, name, &rsa, err));
}

/* ---- signing and verifying ---- */

static bool prepare(EVP_PKEY_CTX *ctx, enum lf_hash hash)
{
	return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) > 0 &&
	       EVP_PKEY_CTX_set_signature_md(ctx, lf_crypto_md(hash)) > 0;
}

bool lf_key_sign(const struct lf_key *k, const uint8_t sha256[LF_SHA256_LEN], struct lf_buf *out,
		 struct lf_err *err)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(k->pkey, NULL);
	size_t n = (size_t)EVP_PKEY_get_size(k->pkey);

	lf_buf_reserve(out, n);
	const bool ok =
		ctx && EVP_PKEY_sign_init(ctx) > 0 && prepare(ctx, LF_SHA256) &&
		EVP_PKEY_sign(ctx, (uint8_t *)out->p + out->n, &n, sha256, LF_SHA256_LEN) > 0;
	EVP_PKEY_CTX_free(ctx);
	if (!ok)
		return lf_crypto_fail(err, LF_E_SIGNATURE, "sign");
	out->n += n;
	out->p[out->n] = '\0';
	return true;
}

bool lf_key_verify(const struct lf_key *k, enum lf_hash hash, const uint8_t *digest,
		   const void *sig, size_t n, struct lf_err *err)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(k->pkey, NULL);

	const bool ok = ctx && EVP_PKEY_verify_init(ctx) > 0 && prepare(ctx, hash) &&
			EVP_PKEY_verify(ctx, sig, n, digest, lf_hash_len(hash)) > 0;
	EVP_PKEY_CTX_free(ctx);
	ERR_clear_error();
	return ok || lf_fail_new(err, LF_E_SIGNATURE,
				 "verify PKCS1v15 signature: crypto/rsa: verification error");
}
