/*
 * Digests through libcrypto. Bytes in, fixed-size digests out. The algorithms are looked up once a
 * process: the lookup costs more than hashing a small file.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "trust/digest.h"

#include <pthread.h>
#include <stdlib.h>

#include <openssl/evp.h>

#include "base/fs.h"
#include "base/mem.h"
#include "trust/crypto.h"

#include "base/banned.h"

#define WINDOW ((size_t)64 << 10) /* stays in the second-level cache */

struct lf_digest {
	EVP_MD_CTX *ctx;
	const EVP_MD *md;
};

/* Made once, never changed afterwards. */
static pthread_once_t fetch_once = PTHREAD_ONCE_INIT;
static EVP_MD *fetched[LF_SHA512 + 1];

static void fetch_all(void)
{
	static const char *const names[] = {
		[LF_SHA1] = "SHA1", [LF_SHA256] = "SHA256", [LF_SHA512] = "SHA512"};

	for (size_t i = 0; i < LF_ARRAY_LEN(names); i++) {
		fetched[i] = EVP_MD_fetch(NULL, names[i], NULL);
		if (!fetched[i])
			abort(); /* a libcrypto without SHA cannot verify anything */
	}
}

const EVP_MD *lf_crypto_md(enum lf_hash hash)
{
	(void)pthread_once(&fetch_once, fetch_all);
	return fetched[hash];
}

size_t lf_hash_len(enum lf_hash hash)
{
	switch (hash) {
	case LF_SHA1:
		return LF_SHA1_LEN;
	case LF_SHA256:
		return LF_SHA256_LEN;
	case LF_SHA512:
		break;
	}
	return LF_HASH_MAX;
}

/* libcrypto's digest calls fail for want of memory only. */
static void check(int ok)
{
	if (!ok)
		abort();
}

static void start(struct lf_digest *d)
{
	check(EVP_DigestInit_ex2(d->ctx, d->md, NULL));
}

struct lf_digest *lf_digest_new(enum lf_hash hash)
{
	struct lf_digest *d = lf_alloc(sizeof(*d));

	d->md = lf_crypto_md(hash);
	d->ctx = EVP_MD_CTX_new();
	check(d->ctx != NULL);
	start(d);
	return d;
}

void lf_digest_add(struct lf_digest *d, const void *p, size_t n)
{
	if (n)
		check(EVP_DigestUpdate(d->ctx, p, n));
}

void lf_digest_final(struct lf_digest *d, uint8_t *out)
{
	check(EVP_DigestFinal_ex(d->ctx, out, NULL));
	start(d);
}

void lf_digest_free(struct lf_digest *d)
{
	if (!d)
		return;
	EVP_MD_CTX_free(d->ctx);
	lf_free(d);
}

void lf_digest_free_p(struct lf_digest **d)
{
	lf_digest_free(*d);
	*d = NULL;
}

void lf_hash_mem(enum lf_hash hash, const void *p, size_t n, uint8_t *out)
{
	check(EVP_Digest(p, n, out, NULL, lf_crypto_md(hash), NULL));
}

bool lf_hash_fd(enum lf_hash hash, int fd, uint8_t *out, struct lf_err *err)
{
	lf_auto_digest *d = lf_digest_new(hash);
	lf_auto_free uint8_t *window = lf_alloc(WINDOW);
	uint64_t at = 0;

	for (;;) {
		const ssize_t got = lf_pread_some(fd, window, WINDOW, at);

		if (got < 0)
			return lf_fail_errno(err, "read");
		if (got == 0)
			break;
		lf_digest_add(d, window, (size_t)got);
		at += (uint64_t)got;
	}
	lf_digest_final(d, out);
	return true;
}

static bool write_digest(struct lf_writer *w, const void *p, size_t n, struct lf_err *err)
{
	struct lf_digest_writer *d = (struct lf_digest_writer *)w;

	lf_digest_add(d->digest, p, n);
	d->n += n;
	return !d->dst || lf_write(d->dst, p, n, err);
}

static bool close_digest(struct lf_writer *w, struct lf_err *err)
{
	(void)w;
	(void)err;
	return true; /* the struct is its owner's */
}

void lf_digest_writer_init(struct lf_digest_writer *d, enum lf_hash hash, struct lf_writer *dst)
{
	*d = (struct lf_digest_writer){
		.w = {write_digest, close_digest}, .dst = dst, .digest = lf_digest_new(hash)};
}

void lf_digest_writer_fini(struct lf_digest_writer *d)
{
	lf_digest_free(d->digest);
	d->digest = NULL;
}
