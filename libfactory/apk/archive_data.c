/*
 * The data section of an .apk: inflated into a plain tar while its digest is taken and the checksum
 * that each file carries is compared, all in one pass. docs/formats/apk.md.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "apk/archive.h"
#include "codec/gzip.h"
#include "codec/tar_list.h"

#include "base/banned.h"

#define DEFAULT_MAX ((uint64_t)16 << 30)
#define CHUNK       65536

/* Digests what passes from src. */
struct digest_reader {
	struct lf_reader reader;
	struct lf_reader *src;
	struct lf_digest *digest;
};

static ssize_t read_digested(struct lf_reader *r, void *p, size_t n, struct lf_err *err)
{
	struct digest_reader *d = (struct digest_reader *)r;
	ssize_t got = lf_read(d->src, p, n, err);

	if (got > 0)
		lf_digest_add(d->digest, p, (size_t)got);
	return got;
}

/* Copies what passes from src to out. */
struct copy_reader {
	struct lf_reader reader;
	struct lf_reader *src;
	struct lf_writer *out;
	uint64_t n;
};

static ssize_t read_copied(struct lf_reader *r, void *p, size_t n, struct lf_err *err)
{
	struct copy_reader *c = (struct copy_reader *)r;
	ssize_t got = lf_read(c->src, p, n, err);

	if (got > 0 && !lf_write(c->out, p, (size_t)got, err))
		return -1;
	if (got > 0)
		c->n += (uint64_t)got;
	return got;
}

bool lf_apk_checksum(const struct lf_tar_entry *e, uint8_t ret[LF_SHA1_LEN])
{
	size_t n;

	for (size_t i = 0; i < e->n_pax; i++) {
		struct lf_str v = e->pax[i].value;

		if (!lf_str_is(e->pax[i].key, "APK-TOOLS.checksum.SHA1"))
			continue;
		if (lf_str_skip(&v, "Q1"))
			return lf_unbase64(v, ret, LF_SHA1_LEN, &n) && n == LF_SHA1_LEN;
		return lf_unhex(v, ret, LF_SHA1_LEN);
	}
	return false;
}

static bool check_file(struct lf_tar_in *tar, const struct lf_tar_entry *e,
		       struct lf_digest *digest, struct lf_err *err)
{
	uint8_t want[LF_SHA1_LEN], got[LF_SHA1_LEN], chunk[CHUNK];
	char want_hex[2 * LF_SHA1_LEN + 1], got_hex[2 * LF_SHA1_LEN + 1];
	ssize_t n;

	if (e->type != '0' || !lf_apk_checksum(e, want))
		return true;
	while ((n = lf_tar_read(tar, chunk, sizeof(chunk), err)) > 0)
		lf_digest_add(digest, chunk, (size_t)n);
	lf_digest_final(digest, got);
	if (n < 0)
		return lf_fail(err, "hashing %s", e->name);
	if (!memcmp(want, got, sizeof(want)))
		return true;
	lf_hex(want, sizeof(want), want_hex);
	lf_hex(got, sizeof(got), got_hex);
	return lf_fail_new(err, LF_E_SIGNATURE, "checksum mismatch: %s header was %s, computed %s",
			   e->name, want_hex, got_hex);
}

static bool check_files(struct lf_reader *plain, struct lf_buf *list, struct lf_err *err)
{
	lf_auto_arena arena = {0};
	lf_auto_digest *digest = lf_digest_new(LF_SHA1);
	struct lf_tar_in *tar = lf_tar_in_new(plain, &arena);
	struct lf_tar_entry e;
	bool more = true, ok = true;

	while (ok && more) {
		ok = lf_tar_next(tar, &e, &more, err);
		if (!ok || !more)
			break;
		if (list)
			lf_tar_list_add(list, &e);
		ok = check_file(tar, &e, digest, err);
	}
	lf_tar_in_free(tar);
	return ok || lf_fail(err, "checking sums");
}

static bool drain(struct lf_reader *r, struct lf_err *err)
{
	uint8_t chunk[CHUNK];
	ssize_t n;

	do {
		n = lf_read(r, chunk, sizeof(chunk), err);
	} while (n > 0);
	return n == 0;
}

static bool check_datahash(const struct lf_apk *apk, const uint8_t got[LF_SHA256_LEN],
			   struct lf_err *err)
{
	uint8_t want[LF_SHA256_LEN];
	char hex[2 * LF_SHA256_LEN + 1];

	if (!lf_unhex(lf_str(apk->pkg.datahash), want, sizeof(want)))
		return lf_fail_new(err, LF_E_FORMAT, "package \"%s\" has malformed datahash \"%s\"",
				   apk->pkg.name, apk->pkg.datahash);
	if (!memcmp(want, got, sizeof(want)))
		return true;
	lf_hex(got, LF_SHA256_LEN, hex);
	return lf_fail_new(err, LF_E_SIGNATURE,
			   "package \"%s\" data hash mismatch: expected %s, got %s", apk->pkg.name,
			   apk->pkg.datahash, hex);
}

/* compressed → digest → inflate → limit → copy → tar */
static bool unpack(struct lf_reader *range, struct lf_digest *digest, uint64_t max,
		   struct lf_writer *out, struct lf_buf *list, uint64_t *ret_size,
		   struct lf_err *err)
{
	struct digest_reader digested = {{read_digested, NULL}, range, digest};
	lf_auto_reader *plain = lf_gzip_reader(&digested.reader);
	lf_auto_reader *limited = lf_reader_limit(plain, max ? max : DEFAULT_MAX);
	struct copy_reader copied = {{read_copied, NULL}, limited, out, 0};

	if (!check_files(&copied.reader, list, err) || !drain(&copied.reader, err) ||
	    !drain(&digested.reader, err))
		return false;
	*ret_size = copied.n;
	return true;
}

bool lf_apk_unpack_listed(int fd, const struct lf_apk *apk, uint64_t max_data, int out_fd,
			  struct lf_buf *list, uint64_t *ret_size, struct lf_err *err)
{
	lf_auto_reader *range = lf_reader_range(fd, apk->data.offset, apk->data.size);
	lf_auto_digest *digest = lf_digest_new(LF_SHA256);
	struct lf_writer *out = lf_writer_fd(out_fd, false);
	uint8_t got[LF_SHA256_LEN];
	lf_auto_err ignored = {0};
	uint64_t size;

	if (!unpack(range, digest, max_data, out, list, &size, err)) {
		if (!lf_writer_close(out, &ignored)) /* the first error counts */
			lf_err_fini(&ignored);
		return false;
	}
	if (!lf_writer_close(out, err))
		return false;
	lf_digest_final(digest, got);
	if (!check_datahash(apk, got, err))
		return false;
	*ret_size = size;
	return true;
}

bool lf_apk_unpack_data(int fd, const struct lf_apk *apk, uint64_t max_data, int out_fd,
			uint64_t *ret_size, struct lf_err *err)
{
	return lf_apk_unpack_listed(fd, apk, max_data, out_fd, NULL, ret_size, err);
}
