/*
 * Is an index signed by a key we know? In: the bytes of the archive and a keyring; out: yes, or why
 * not. The first gzip member holds the signatures, everything behind it is what they sign.
 * docs/formats/index.md.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/ctx.h>

#include "apk/member.h"
#include "apk/package.h"
#include "codec/gzip.h"
#include "codec/tar.h"
#include "trust/key.h"

#include "base/banned.h"

#define MAX_MEMBER     (10 << 20)
#define MAX_SIGNATURE  65536
#define MAX_SIGNATURES 64

struct signature {
	const char *file;  /* .SIGN.RSA256.x.rsa.pub */
	struct lf_str key; /* x.rsa.pub */
	struct lf_str bytes;
	bool usable; /* a kind that is checked */
	enum lf_hash hash;
};

struct verifying {
	const struct lf_ctx *ctx;
	const struct lf_keyring *keys;
	struct lf_arena arena;
	struct signature sig[MAX_SIGNATURES];
	size_t n;
	uint64_t signed_from; /* offset of the signed bytes */
};

/* .SIGN.<kind>.<something>.rsa.pub; compat: DSA and RSA512 are known but never checked. */
static bool parse_name(const char *name, struct signature *ret)
{
	static const struct {
		const char *prefix;
		bool usable;
		enum lf_hash hash;
	} kinds[] = {
		{".SIGN.DSA.", false, LF_SHA1},
		{".SIGN.RSA.", true, LF_SHA1},
		{".SIGN.RSA256.", true, LF_SHA256},
		{".SIGN.RSA512.", false, LF_SHA512},
	};

	for (size_t i = 0; i < LF_ARRAY_LEN(kinds); i++) {
		struct lf_str key = lf_str(name);

		if (!lf_str_skip(&key, kinds[i].prefix))
			continue;
		*ret = (struct signature){
			.file = name, .key = key, .usable = kinds[i].usable, .hash = kinds[i].hash};
		return lf_str_ends(key, ".rsa.pub");
	}
	return false;
}

static bool read_signature(struct verifying *v, struct lf_tar_in *tar, const char *name,
			   struct lf_err *err)
{
	lf_auto_buf bytes = {0};
	struct signature *s = &v->sig[v->n];

	if (v->n == MAX_SIGNATURES)
		return lf_fail_new(err, LF_E_LIMIT, "more than %d signatures", MAX_SIGNATURES);
	if (!parse_name(name, s))
		return lf_fail_new(err, LF_E_SIGNATURE,
				   "failed to find key name in signature file name: %s%s", name,
				   lf_starts(name, ".SIGN.") ? "" : " (the index is not signed)");
	if (!lf_tar_read_all(tar, MAX_SIGNATURE, &bytes, err))
		return false;
	s->bytes = (struct lf_str){lf_arena_dup(&v->arena, lf_buf_c(&bytes), bytes.n), bytes.n};
	v->n++;
	return true;
}

static bool read_entries(struct verifying *v, struct lf_tar_in *tar, struct lf_err *err)
{
	struct lf_tar_entry e;
	bool more;

	for (;;) {
		if (!lf_tar_next(tar, &e, &more, err))
			return false;
		if (!more)
			return true;
		if (!read_signature(v, tar, e.name, err))
			return false;
	}
}

/* The signatures of the first member, and where it ends. */
static bool read_member(struct verifying *v, struct lf_gzip_in *g, struct lf_err *err)
{
	struct lf_member_reader member;
	lf_auto_reader *limited = NULL;
	struct lf_tar_in *tar;
	lf_auto_buf rest = {0};
	bool more, ok;

	if (!lf_gzip_next(g, &more, err))
		return lf_fail(err, "unable to create gzip reader for repository index");
	if (!more)
		return lf_fail_new(err, LF_E_FORMAT,
				   "unable to create gzip reader for repository index: EOF");
	lf_member_reader_init(&member, g);
	limited = lf_reader_limit(&member.reader, MAX_MEMBER);
	tar = lf_tar_in_new(limited, &v->arena);
	ok = read_entries(v, tar, err) && lf_read_all(limited, MAX_MEMBER, &rest, err);
	lf_tar_in_free(tar);
	v->signed_from = lf_gzip_offset(g);
	return ok;
}

static bool read_signatures(struct verifying *v, const void *p, size_t n, struct lf_err *err)
{
	lf_auto_reader *src = lf_reader_mem(p, n);
	struct lf_gzip_in *g = lf_gzip_in_new(src);
	bool ok = read_member(v, g, err);

	lf_gzip_in_free(g);
	return ok;
}

static bool check_key_names(const struct lf_keyring *keys, struct lf_err *err)
{
	if (!keys || !keys->n)
		return lf_fail_new(err, LF_E_SIGNATURE, "no keys provided to verify signature");
	for (size_t i = 0; i < keys->n; i++)
		if (strchr(keys->entry[i].name, '/'))
			return lf_fail_new(err, LF_E_SIGNATURE, "invalid keyname \"%s\"",
					   keys->entry[i].name);
	return true;
}

static bool no_known_key(const struct lf_keyring *keys, struct lf_err *err)
{
	lf_auto_strv names = {0};
	lf_auto_buf list = {0};

	for (size_t i = 0; i < keys->n; i++)
		lf_strv_add(&names, keys->entry[i].name);
	lf_strv_sort(&names);
	for (size_t i = 0; i < names.n; i++)
		lf_buf_printf(&list, "%s%s", i ? " " : "", names.v[i]);
	return lf_fail_new(err, LF_E_SIGNATURE,
			   "no signature with known key (one of: [%s]) found in repository index",
			   lf_buf_c(&list));
}

/* A key text that is no key says why. */
static bool verify_by(const struct lf_keyring_entry *entry, const struct signature *s,
		      const uint8_t *digest, struct lf_err *err)
{
	lf_auto_key *parsed = NULL;

	if (entry->key)
		return lf_key_verify(entry->key, s->hash, digest, s->bytes.p, s->bytes.n, err);
	if (lf_str_search(entry->pem, LF_STR("-----BEGIN ")) < 0)
		return lf_fail_new(err, LF_E_FORMAT, "no PEM block found");
	parsed = lf_key_parse_public(entry->pem, entry->name, err);
	return parsed && lf_key_verify(parsed, s->hash, digest, s->bytes.p, s->bytes.n, err);
}

/* One good signature is enough. */
static bool verify_any(struct verifying *v, const uint8_t *p, size_t n, struct lf_err *err)
{
	uint8_t digest[LF_HASH_MAX];
	bool known = false;

	for (size_t i = 0; i < v->n; i++) {
		const struct signature *s = &v->sig[i];
		const struct lf_keyring_entry *entry = lf_keyring_find(v->keys, s->key);
		lf_auto_err why = {0};

		if (!entry) {
			lf_warn(v->ctx, "skipping signature %s due to missing keyfile: " LF_STR_FMT,
				s->file, LF_STR_ARG(s->key));
			continue;
		}
		if (!s->usable)
			continue;
		known = true;
		lf_hash_mem(s->hash, p, n, digest);
		if (verify_by(entry, s, digest, &why))
			return true;
		lf_warn(v->ctx, "failed to verify signature for keyfile " LF_STR_FMT ": %s",
			LF_STR_ARG(s->key), lf_err_text(&why));
	}
	if (!known)
		return no_known_key(v->keys, err);
	return lf_fail_new(err, LF_E_SIGNATURE,
			   "signature verification failed for repository index, for all provided "
			   "keys");
}

bool lf_index_verify(const struct lf_ctx *ctx, const void *p, size_t n,
		     const struct lf_keyring *keys, struct lf_err *err)
{
	struct verifying v = {.ctx = ctx, .keys = keys};
	bool ok;

	if (!check_key_names(keys, err))
		return false;
	ok = read_signatures(&v, p, n, err) &&
	     verify_any(&v, (const uint8_t *)p + v.signed_from, n - (size_t)v.signed_from, err);
	lf_arena_fini(&v.arena);
	return ok;
}
