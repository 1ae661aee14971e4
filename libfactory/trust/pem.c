/*
 * Keys as PEM text: what kind of key a file holds is settled by its PEM label first, so that a
 * wrong file is named for what it is. Private key text lives in guarded memory and is wiped.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <sodium.h>

#include "base/fs.h"
#include "trust/crypto.h"

#include "base/banned.h"

#define MAX_PEM 65536

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

/* True for a private key; otherwise the error says why it cannot be one for us. */
static bool check_label(struct lf_str pem, const struct lf_crypto_kind *kind, struct lf_err *err)
{
	const struct lf_str label = find_label(pem);

	if (!label.n)
		return lf_fail_new(err, LF_E_FORMAT, "no PEM data in it");
	if (lf_str_is(label, "ENCRYPTED PRIVATE KEY") ||
	    lf_str_search(pem, LF_STR("Proc-Type: 4,ENCRYPTED")) >= 0)
		return lf_fail_new(err, LF_E_FORMAT,
				   "key is encrypted but no passphrase was provided");
	if (lf_str_ends(label, "PUBLIC KEY"))
		return lf_fail_new(err, LF_E_FORMAT, "is a public key, a private key is needed");
	if (lf_str_is(label, "PRIVATE KEY") ||
	    (kind->id == EVP_PKEY_RSA && lf_str_is(label, "RSA PRIVATE KEY")))
		return true;
	return lf_fail_new(err, LF_E_FORMAT, "is not an %s private key", kind->name);
}

static int refuse_passphrase(char *buf, int size, int writing, void *data)
{
	(void)buf;
	(void)size;
	(void)writing;
	(void)data;
	return -1;
}

/* Takes over the key. */
static EVP_PKEY *check_kind(EVP_PKEY *pkey, const struct lf_crypto_kind *kind, const char *half,
			    struct lf_err *err)
{
	if (!pkey) {
		lf_auto_buf what = {0};
		lf_buf_printf(&what, "parse %s key", half);
		lf_crypto_fail(err, LF_E_FORMAT, lf_buf_c(&what));
		return NULL;
	}
	if (EVP_PKEY_get_base_id(pkey) == kind->id)
		return pkey;
	EVP_PKEY_free(pkey);
	lf_fail_new(err, LF_E_FORMAT, "is not an %s %s key", kind->name, half);
	return NULL;
}

static EVP_PKEY *parse_private(struct lf_str pem, const struct lf_crypto_kind *kind,
			       struct lf_err *err)
{
	if (!check_label(pem, kind, err))
		return NULL;
	BIO *bio = BIO_new_mem_buf(pem.p, (int)pem.n);
	EVP_PKEY *pkey = bio ? PEM_read_bio_PrivateKey(bio, NULL, refuse_passphrase, NULL) : NULL;
	BIO_free(bio);
	return check_kind(pkey, kind, "private", err);
}

static bool read_secret(int fd, char *p, size_t *ret_n, struct lf_err *err)
{
	size_t n = 0;

	for (;;) {
		const ssize_t got = lf_read_some(fd, p + n, MAX_PEM - n);

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

EVP_PKEY *lf_crypto_load_private(const char *path, const struct lf_crypto_kind *kind,
				 struct lf_err *err)
{
	lf_auto_fd fd = lf_open_read(path, err);
	EVP_PKEY *key = NULL;
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
		key = parse_private((struct lf_str){secret, n}, kind, err);
	if (!key)
		lf_fail(err, "%s", path);
	sodium_free(secret);
	return key;
}

EVP_PKEY *lf_crypto_parse_private(struct lf_str pem, const char *name,
				  const struct lf_crypto_kind *kind, struct lf_err *err)
{
	EVP_PKEY *key = parse_private(pem, kind, err);

	if (!key)
		lf_fail(err, "%s", name);
	return key;
}

EVP_PKEY *lf_crypto_parse_public(struct lf_str pem, const char *name,
				 const struct lf_crypto_kind *kind, struct lf_err *err)
{
	if (!lf_str_is(find_label(pem), "PUBLIC KEY") || pem.n > MAX_PEM) {
		lf_fail_new(err, LF_E_FORMAT, "%s: is not a public key in PEM form", name);
		return NULL;
	}
	BIO *bio = BIO_new_mem_buf(pem.p, (int)pem.n);
	EVP_PKEY *pkey = bio ? PEM_read_bio_PUBKEY(bio, NULL, refuse_passphrase, NULL) : NULL;
	BIO_free(bio);
	pkey = check_kind(pkey, kind, "public", err);
	if (!pkey)
		lf_fail(err, "%s", name);
	return pkey;
}
