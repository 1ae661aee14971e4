/*
 * Making keys: a new RSA pair on disk as `melange keygen` writes it (PKCS#1 and
 * SubjectPublicKeyInfo PEM), and public keys from the numbers of a JSON web key.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/encoder.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include "base/fs.h"
#include "base/mem.h"
#include "trust/crypto.h"
#include "trust/key.h"

#include "base/banned.h"

#define MIN_BITS 2048
#define MAX_BITS 16384

/* PEM by libcrypto's encoder; *ret is libcrypto's, to be wiped. */
static bool encode(EVP_PKEY *pkey, int selection, const char *structure, unsigned char **ret,
		   size_t *ret_n, struct lf_err *err)
{
	OSSL_ENCODER_CTX *ctx =
		OSSL_ENCODER_CTX_new_for_pkey(pkey, selection, "PEM", structure, NULL);

	const bool ok = ctx && OSSL_ENCODER_to_data(ctx, ret, ret_n);
	OSSL_ENCODER_CTX_free(ctx);
	return ok || lf_crypto_fail(err, LF_E_BUG, "print key");
}

bool lf_crypto_public_pem(EVP_PKEY *pkey, struct lf_buf *out, struct lf_err *err)
{
	unsigned char *pem = NULL;
	size_t n = 0;

	if (!encode(pkey, EVP_PKEY_PUBLIC_KEY, "SubjectPublicKeyInfo", &pem, &n, err))
		return false;
	lf_buf_add(out, pem, n);
	OPENSSL_free(pem);
	return true;
}

static bool write_private(EVP_PKEY *pkey, const char *structure, const char *path,
			  struct lf_err *err)
{
	unsigned char *pem = NULL;
	size_t n = 0;

	if (!encode(pkey, EVP_PKEY_KEYPAIR, structure, &pem, &n, err))
		return false;
	const bool ok = lf_write_file(path, pem, n, 0600, err);
	OPENSSL_clear_free(pem, n);
	return ok;
}

bool lf_crypto_write_pair(EVP_PKEY *pkey, const char *structure, const char *path,
			  struct lf_err *err)
{
	lf_auto_buf pem = {0}, public = {0};

	lf_buf_printf(&public, "%s.pub", path);
	return write_private(pkey, structure, path, err) && lf_crypto_public_pem(pkey, &pem, err) &&
	       lf_write_file(public.p, pem.p, pem.n, 0644, err);
}

bool lf_key_generate(const char *path, unsigned bits, struct lf_err *err)
{
	if (bits < MIN_BITS)
		return lf_fail_new(err, LF_E_USAGE,
				   "key size is less than %d bits, this is not considered safe",
				   MIN_BITS);
	if (bits > MAX_BITS)
		return lf_fail_new(err, LF_E_USAGE, "key size is more than %d bits", MAX_BITS);
	EVP_PKEY *pkey = EVP_RSA_gen(bits);
	if (!pkey)
		return lf_crypto_fail(err, LF_E_BUG, "generate key");
	const bool ok = lf_crypto_write_pair(pkey, "type-specific", path, err);
	EVP_PKEY_free(pkey);
	return ok;
}

static EVP_PKEY *make_public(const BIGNUM *n, const BIGNUM *e)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	OSSL_PARAM *params = NULL;
	EVP_PKEY *pkey = NULL;

	if (ctx && build && OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, n) &&
	    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, e))
		params = OSSL_PARAM_BLD_to_param(build);
	if (params && EVP_PKEY_fromdata_init(ctx) > 0)
		(void)EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_PUBLIC_KEY, params);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(build);
	EVP_PKEY_CTX_free(ctx);
	return pkey;
}

bool lf_key_public_from_numbers(struct lf_str modulus, struct lf_str exponent, struct lf_buf *out,
				struct lf_err *err)
{
	if (modulus.n > MAX_BITS / 8 || !modulus.n || exponent.n > 8 || !exponent.n)
		return lf_fail_new(err, LF_E_FORMAT, "public key numbers are out of range");
	BIGNUM *n = BN_bin2bn((const uint8_t *)modulus.p, (int)modulus.n, NULL);
	BIGNUM *e = BN_bin2bn((const uint8_t *)exponent.p, (int)exponent.n, NULL);
	EVP_PKEY *pkey = n && e ? make_public(n, e) : NULL;
	BN_free(n);
	BN_free(e);
	if (!pkey)
		return lf_crypto_fail(err, LF_E_FORMAT, "public key numbers");
	const bool ok = lf_crypto_public_pem(pkey, out, err);
	EVP_PKEY_free(pkey);
	return ok;
}
