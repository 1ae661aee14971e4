/*
 * Ed25519 keys: libcrypto knows the PEM forms, libsodium signs and verifies.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "trust/ed25519.h"

#include <string.h>

#include <sodium.h>

#include "trust/crypto.h"

#include "base/banned.h"

static const struct lf_crypto_kind ed25519 = {EVP_PKEY_ED25519, "Ed25519"};

struct lf_ed25519 {
	struct lf_ed25519_public public;
	uint8_t secret[crypto_sign_SECRETKEYBYTES];
};

/* Fills in the name of a key: the digest of its DER form, which is a fixed head and the key. */
static void set_id(struct lf_ed25519_public *k)
{
	static const uint8_t head[] = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03,
				       0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};
	uint8_t der[sizeof(head) + LF_ED25519_KEY], sha256[LF_SHA256_LEN];

	memcpy(der, head, sizeof(head));
	memcpy(der + sizeof(head), k->key, LF_ED25519_KEY);
	lf_hash_mem(LF_SHA256, der, sizeof(der), sha256);
	lf_hex(sha256, sizeof(sha256), k->id);
}

static bool take_seed(EVP_PKEY *pkey, struct lf_ed25519 *k, struct lf_err *err)
{
	uint8_t seed[crypto_sign_SEEDBYTES];
	size_t n = sizeof(seed);
	bool ok = EVP_PKEY_get_raw_private_key(pkey, seed, &n) > 0 && n == sizeof(seed) &&
		  !crypto_sign_seed_keypair(k->public.key, k->secret, seed);

	sodium_memzero(seed, sizeof(seed));
	set_id(&k->public);
	return ok || lf_crypto_fail(err, LF_E_FORMAT, "private key");
}

struct lf_ed25519 *lf_ed25519_load(const char *path, struct lf_err *err)
{
	EVP_PKEY *pkey = lf_crypto_load_private(path, &ed25519, err);
	struct lf_ed25519 *k;

	if (!pkey)
		return NULL;
	k = sodium_malloc(sizeof(*k));
	if (!k) {
		lf_fail_errno(err, "%s: guarded memory", path);
	} else if (!take_seed(pkey, k, err)) {
		lf_fail(err, "%s", path);
		sodium_free(k);
		k = NULL;
	}
	EVP_PKEY_free(pkey);
	return k;
}

void lf_ed25519_free(struct lf_ed25519 *k)
{
	sodium_free(k);
}

const struct lf_ed25519_public *lf_ed25519_public(const struct lf_ed25519 *k)
{
	return &k->public;
}

void lf_ed25519_sign(const struct lf_ed25519 *k, struct lf_str message, uint8_t ret[LF_ED25519_SIG])
{
	(void)crypto_sign_detached(ret, NULL, (const uint8_t *)message.p, message.n, k->secret);
}

bool lf_ed25519_parse_public(struct lf_str pem, const char *name, struct lf_ed25519_public *ret,
			     struct lf_err *err)
{
	EVP_PKEY *pkey = lf_crypto_parse_public(pem, name, &ed25519, err);
	size_t n = LF_ED25519_KEY;
	bool ok;

	if (!pkey)
		return false;
	ok = EVP_PKEY_get_raw_public_key(pkey, ret->key, &n) > 0 && n == LF_ED25519_KEY;
	EVP_PKEY_free(pkey);
	if (!ok && !lf_crypto_fail(err, LF_E_FORMAT, "public key"))
		return lf_fail(err, "%s", name);
	set_id(ret);
	return true;
}

bool lf_ed25519_verify(const struct lf_ed25519_public *k, struct lf_str message,
		       const uint8_t sig[LF_ED25519_SIG])
{
	return sodium_init() >= 0 &&
	       !crypto_sign_verify_detached(sig, (const uint8_t *)message.p, message.n, k->key);
}

bool lf_ed25519_generate(const char *path, struct lf_err *err)
{
	EVP_PKEY *pkey = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	bool ok;

	if (!pkey)
		return lf_crypto_fail(err, LF_E_BUG, "generate key");
	ok = lf_crypto_write_pair(pkey, "PrivateKeyInfo", path, err);
	EVP_PKEY_free(pkey);
	return ok;
}
