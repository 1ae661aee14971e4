/*
 * RSA keys: PEM in, signatures and verdicts out. What kind of key a file holds is settled by its
 * PEM label first, so that a wrong file is named for what it is. Private key text lives in guarded
 * memory and is wiped.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "trust/key.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <sodium.h>

#include "base/fs.h"
#include "base/mem.h"
#include "trust/crypto.h"

#include "base/banned.h"

#define MAX_PEM 65536

struct lf_key {
	EVP_PKEY *pkey;
};

bool lf_crypto_fail(struct lf_err *err, enum lf_class class, const char *what)
{
	const char *reason = ERR_reason_error_string(ERR_peek_last_error());

	if (reason)
		lf_fail_new(err, class, "%s: %s", what, reason);
	else
		lf_fail_new(err, class, "%s", what);
	ERR_clear_error();
	return false;
}

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

/* ---- what is in the file ---- */

/* The label of the first PEM block, empty when there is none. */
static struct lf_str find_label(struct lf_str pem)
{
	const ptrdiff_t at = lf_str_search(pem, LF_STR("-----BEGIN "));

	if (at < 0)
		return LF_STR("");
	struct lf_str rest = lf_str_sub(pem, (size_t)at + 11, pem.n);
	const ptrdiff_t end = lf_str_search(rest, LF_STR("-----"));
	return lf_str_sub(rest, 0, end < 0 ? 0 : (size_t)end);
}

/* Why this cannot be a private key for us; NULL when it can. */
static const char *find_objection(struct lf_str pem)
{
	const struct lf_str label = find_label(pem);

	if (!label.n)
		return "no PEM data in it";
	if (lf_str_is(label, "ENCRYPTED PRIVATE KEY") ||
	    lf_str_search(pem, LF_STR("Proc-Type: 4,ENCRYPTED")) >= 0)
		return "key is encrypted but no passphrase was provided";
	if (lf_str_ends(label, "PUBLIC KEY"))
		return "is a public key, a private key is needed";
	if (!lf_str_is(label, "RSA PRIVATE KEY") && !lf_str_is(label, "PRIVATE KEY"))
		return "is not an RSA private key";
	return NULL;
}

static int refuse_passphrase(char *buf, int size, int writing, void *data)
{
	(void)buf;
	(void)size;
	(void)writing;
	(void)data;
	return -1;
}

static struct lf_key *take(EVP_PKEY *pkey)
{
	struct lf_key *k = lf_alloc(sizeof(*k));

	k->pkey = pkey;
	return k;
}

static struct lf_key *parse_private(struct lf_str pem, const char *path, struct lf_err *err)
{
	const char *objection = find_objection(pem);

	if (objection) {
		lf_fail_new(err, LF_E_FORMAT, "%s: %s", path, objection);
		return NULL;
	}
	BIO *bio = BIO_new_mem_buf(pem.p, (int)pem.n);
	EVP_PKEY *pkey = bio ? PEM_read_bio_PrivateKey(bio, NULL, refuse_passphrase, NULL) : NULL;
	BIO_free(bio);
	if (!pkey) {
		lf_crypto_fail(err, LF_E_FORMAT, "parse private key");
		lf_fail(err, "%s", path);
		return NULL;
	}
	if (EVP_PKEY_get_base_id(pkey) != EVP_PKEY_RSA) {
		EVP_PKEY_free(pkey);
		lf_fail_new(err, LF_E_FORMAT, "%s: is not an RSA private key", path);
		return NULL;
	}
	return take(pkey);
}

static bool read_secret(int fd, char *p, size_t *ret_n, struct lf_err *err)
{
	size_t n = 0;

	for (;;) {
		const ssize_t got = read(fd, p + n, MAX_PEM - n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return lf_fail_errno(err, "read");
		if (got == 0)
			break;
		n += (size_t)got;
		if (n == MAX_PEM)
			return lf_fail_new(err, LF_E_LIMIT, "is too large for a key");
	}
	*ret_n = n;
	return true;
}

struct lf_key *lf_key_load_private(const char *path, struct lf_err *err)
{
	lf_auto_fd fd = lf_open_read(path, err);
	struct lf_key *key = NULL;
	size_t n = 0;

	if (fd < 0)
		return NULL;
	/* Without working guarded memory (a limit on locked pages, say) the load fails rather than
	 * leaving the key about. */
	char *secret = sodium_init() < 0 ? NULL : sodium_malloc(MAX_PEM);
	if (!secret) {
		lf_fail_errno(err, "%s: guarded memory", path);
		return NULL;
	}
	if (read_secret(fd, secret, &n, err))
		key = parse_private((struct lf_str){secret, n}, path, err);
	else
		lf_fail(err, "%s", path);
	sodium_free(secret);
	return key;
}

struct lf_key *lf_key_parse_public(struct lf_str pem, const char *name, struct lf_err *err)
{
	if (!lf_str_is(find_label(pem), "PUBLIC KEY") || pem.n > MAX_PEM) {
		lf_fail_new(err, LF_E_FORMAT, "%s: is not a public key in PEM form", name);
		return NULL;
	}
	BIO *bio = BIO_new_mem_buf(pem.p, (int)pem.n);
	EVP_PKEY *pkey = bio ? PEM_read_bio_PUBKEY(bio, NULL, refuse_passphrase, NULL) : NULL;
	BIO_free(bio);
	if (!pkey) {
		lf_crypto_fail(err, LF_E_FORMAT, "parse public key");
		lf_fail(err, "%s", name);
		return NULL;
	}
	if (EVP_PKEY_get_base_id(pkey) != EVP_PKEY_RSA) {
		EVP_PKEY_free(pkey);
		lf_fail_new(err, LF_E_FORMAT, "%s: is not an RSA public key", name);
		return NULL;
	}
	return take(pkey);
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
