/*
 * An .apk file, member by member: signature, control, and where the data lies. In: a descriptor;
 * out: the package record, the control files and the ranges of the members. Nothing of the data is
 * looked at (archive_data.c does). docs/formats/apk.md.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <sys/stat.h>

#include "apk/archive.h"
#include "apk/member.h"
#include "codec/gzip.h"
#include "trust/key.h"

#include "base/banned.h"

#define DEFAULT_MAX ((uint64_t)10 << 20)

/* A member: where it is, what it holds, and the digests of its compressed bytes. */
struct section {
	struct lf_apk_member at;
	struct lf_buf tar;
	uint8_t sha1[LF_SHA1_LEN], sha256[LF_SHA256_LEN];
};

struct opening {
	struct lf_gzip_in *g;
	uint64_t max;
	uint64_t size; /* of the file */
	const struct lf_pkg *expected;
	struct lf_arena *arena;
	struct lf_digest *sha1, *sha256;
	struct section first, second;
};

static void add_digests(void *data, const void *p, size_t n)
{
	struct opening *o = data;

	lf_digest_add(o->sha1, p, n);
	lf_digest_add(o->sha256, p, n);
}

/* The current member to its end. */
static bool read_section(struct opening *o, uint64_t from, struct section *s, struct lf_err *err)
{
	struct lf_member_reader member;

	lf_member_reader_init(&member, o->g);
	if (!lf_read_all(&member.reader, o->max, &s->tar, err))
		return false;
	s->at = (struct lf_apk_member){from, lf_gzip_offset(o->g) - from};
	lf_digest_final(o->sha1, s->sha1);
	lf_digest_final(o->sha256, s->sha256);
	return true;
}

static bool next_section(struct opening *o, struct section *s, bool *ret_more, struct lf_err *err)
{
	uint64_t from = lf_gzip_offset(o->g);

	if (!lf_gzip_next(o->g, ret_more, err))
		return lf_fail(err, "creating gzip reader");
	return !*ret_more || read_section(o, from, s, err);
}

/* ---- what is in the sections ---- */

struct entries {
	struct lf_reader *src;
	struct lf_tar_in *tar;
};

static void open_entries(struct entries *e, const struct lf_buf *tar, struct lf_arena *arena)
{
	e->src = lf_reader_mem(tar->p, tar->n);
	e->tar = lf_tar_in_new(e->src, arena);
}

static void close_entries(struct entries *e)
{
	lf_tar_in_free(e->tar);
	lf_reader_close(e->src);
}

static bool content_of(struct opening *o, struct lf_tar_in *tar, struct lf_str *ret,
		       struct lf_err *err)
{
	lf_auto_buf b = {0};

	if (!lf_tar_read_all(tar, o->max, &b, err))
		return false;
	*ret = (struct lf_str){lf_arena_dup(o->arena, lf_buf_c(&b), b.n), b.n};
	return true;
}

/* The first entry of the first member tells whether it is a signature: *ret_signed. */
static bool read_signature(struct opening *o, struct lf_apk *apk, bool *ret_signed,
			   struct lf_err *err)
{
	struct entries in;
	struct lf_tar_entry e;
	bool more, ok;

	*ret_signed = false;
	open_entries(&in, &o->first.tar, o->arena);
	ok = lf_tar_next(in.tar, &e, &more, err);
	if (ok && more && lf_starts(e.name, ".SIGN.")) {
		*ret_signed = true;
		apk->signature_name = e.name;
		apk->signature = o->first.at;
		memcpy(apk->signature_sha1, o->first.sha1, LF_SHA1_LEN);
		ok = content_of(o, in.tar, &apk->signature_bytes, err);
	}
	close_entries(&in);
	return ok;
}

static bool add_control_file(struct opening *o, struct lf_apk *apk, struct lf_tar_in *tar,
			     const struct lf_tar_entry *e, size_t *cap, struct lf_err *err)
{
	struct lf_apk_control_file *grown;

	if (apk->n_files == *cap) {
		*cap = *cap ? 2 * *cap : 8;
		grown = lf_new_n(o->arena, struct lf_apk_control_file, *cap);
		if (apk->n_files)
			memcpy(grown, apk->file, apk->n_files * sizeof(*grown));
		apk->file = grown;
	}
	grown = &apk->file[apk->n_files++];
	*grown = (struct lf_apk_control_file){
		.name = e->name,
		.mode = e->mode,
		.uid = e->uid,
		.gid = e->gid,
		.uname = e->uname,
		.gname = e->gname,
		.mtime = e->mtime,
	};
	return content_of(o, tar, &grown->content, err);
}

/* compat: a file of this name that comes again replaces the former one. */
static bool read_control_entries(struct opening *o, struct lf_apk *apk, struct lf_tar_in *tar,
				 struct lf_err *err)
{
	struct lf_tar_entry e;
	size_t cap = 0;
	bool more;

	for (bool first = true;; first = false) {
		if (!lf_tar_next(tar, &e, &more, err))
			return false;
		if (!more)
			return true;
		if (first) {
			apk->first_name = e.name;
			apk->first_mtime = e.mtime;
		}
		if (!strcmp(e.name, ".PKGINFO") ? !content_of(o, tar, &apk->pkginfo, err)
						: !add_control_file(o, apk, tar, &e, &cap, err))
			return false;
	}
}

/* The files of a section, and what signatures sign. */
static bool read_files(struct opening *o, const struct section *s, struct lf_apk *apk,
		       struct lf_err *err)
{
	struct entries in;
	bool ok;

	open_entries(&in, &s->tar, o->arena);
	ok = read_control_entries(o, apk, in.tar, err);
	close_entries(&in);
	apk->control = s->at;
	memcpy(apk->pkg.checksum, s->sha1, LF_SHA1_LEN);
	memcpy(apk->control_sha256, s->sha256, LF_SHA256_LEN);
	return ok;
}

static bool read_control(struct opening *o, const struct section *s, struct lf_apk *apk,
			 struct lf_err *err)
{
	if (!read_files(o, s, apk, err))
		return false;
	if (!apk->pkginfo.p)
		return lf_fail_new(err, LF_E_FORMAT, "no .PKGINFO in the control section");
	if (!lf_pkginfo_parse(apk->pkginfo, o->arena, &apk->pkg, err))
		return lf_fail(err, "parsing .PKGINFO");
	apk->pkg.size = o->size;
	apk->pkg.has_checksum = true;
	memcpy(apk->pkg.checksum, s->sha1, LF_SHA1_LEN);
	return true;
}

static bool check_control(const struct section *s, const struct lf_pkg *expected,
			  struct lf_err *err)
{
	char want[2 * LF_SHA1_LEN + 1], got[2 * LF_SHA1_LEN + 1];

	if (!expected ||
	    (expected->has_checksum && !memcmp(expected->checksum, s->sha1, LF_SHA1_LEN)))
		return true;
	lf_hex(expected->checksum, expected->has_checksum ? LF_SHA1_LEN : 0, want);
	lf_hex(s->sha1, LF_SHA1_LEN, got);
	return lf_fail_new(err, LF_E_SIGNATURE,
			   "package \"%s\" control hash mismatch: expected %s, got %s",
			   expected->name, want, got);
}

static bool open_first(struct opening *o, struct lf_apk *apk, bool *ret_signed, struct lf_err *err)
{
	bool more;

	if (!next_section(o, &o->first, &more, err))
		return false;
	if (!more)
		return lf_fail_new(err, LF_E_FORMAT, "creating gzip reader: EOF");
	return read_signature(o, apk, ret_signed, err);
}

static bool open_members(struct opening *o, struct lf_apk *apk, struct lf_err *err)
{
	const struct section *control = &o->first;
	bool is_signed, two = false;
	uint64_t end;

	if (!open_first(o, apk, &is_signed, err))
		return false;
	if (is_signed) {
		if (!next_section(o, &o->second, &two, err))
			return false;
		/* compat: of two members the first is the control section, whatever it holds */
		if (two && o->second.at.offset + o->second.at.size < o->size)
			control = &o->second;
	}
	if (!check_control(control, o->expected, err))
		return false;
	end = control->at.offset + control->at.size;
	if (end >= o->size || (is_signed && control == &o->first))
		return lf_fail_new(err, LF_E_FORMAT, "invalid number of tar streams: %d",
				   is_signed && two ? 2 : 1);
	apk->data = (struct lf_apk_member){end, o->size - end};
	return read_control(o, control, apk, err);
}

static bool open_section(struct opening *o, struct lf_apk *apk, struct lf_err *err)
{
	const struct section *s = &o->first;
	bool is_signed, two = false;

	if (!open_first(o, apk, &is_signed, err) ||
	    (is_signed && !next_section(o, &o->second, &two, err)))
		return false;
	if (two)
		s = &o->second;
	if (is_signed != two || s->at.offset + s->at.size != o->size)
		return lf_fail_new(err, LF_E_FORMAT, "not one section and its signature");
	return read_files(o, s, apk, err);
}

/* Opens the members by one of the two above. */
static bool open_fd(struct opening *o, int fd,
		    bool (*opener)(struct opening *o, struct lf_apk *apk, struct lf_err *err),
		    struct lf_apk *ret, struct lf_err *err)
{
	lf_auto_reader *src = NULL;
	struct lf_apk apk = {0};
	struct stat st;
	bool ok;

	if (fstat(fd, &st) != 0)
		return lf_fail_errno(err, "stat");
	o->size = (uint64_t)st.st_size;
	src = lf_reader_range(fd, 0, o->size);
	o->g = lf_gzip_in_new(src);
	o->sha1 = lf_digest_new(LF_SHA1);
	o->sha256 = lf_digest_new(LF_SHA256);
	lf_gzip_tap(o->g, add_digests, o);
	ok = opener(o, &apk, err);
	lf_gzip_in_free(o->g);
	lf_digest_free(o->sha1);
	lf_digest_free(o->sha256);
	lf_buf_fini(&o->first.tar);
	lf_buf_fini(&o->second.tar);
	if (ok)
		*ret = apk;
	return ok;
}

bool lf_apk_open_expecting(int fd, const struct lf_pkg *expected, uint64_t max_control,
			   struct lf_arena *arena, struct lf_apk *ret, struct lf_err *err)
{
	struct opening o = {.max = max_control ? max_control : DEFAULT_MAX,
			    .expected = expected,
			    .arena = arena};

	return open_fd(&o, fd, open_members, ret, err);
}

bool lf_apk_open_section(int fd, uint64_t max, struct lf_arena *arena, struct lf_apk *ret,
			 struct lf_err *err)
{
	struct opening o = {.max = max, .arena = arena};

	return open_fd(&o, fd, open_section, ret, err);
}

bool lf_apk_open(int fd, const char *name, uint64_t max_control, struct lf_arena *arena,
		 struct lf_apk *ret, struct lf_err *err)
{
	if (lf_apk_open_expecting(fd, NULL, max_control, arena, ret, err))
		return true;
	return name && *name ? lf_fail(err, "%s", name) : false;
}

/* .SIGN.<RSA|RSA256>.<key>: the digest that is signed; NULL for other kinds. */
static const uint8_t *signed_digest(const struct lf_apk *apk, struct lf_str *ret_key,
				    enum lf_hash *ret_hash)
{
	struct lf_str name = lf_str(apk->signature_name);

	*ret_hash = LF_SHA256;
	*ret_key = name;
	if (lf_str_skip(ret_key, ".SIGN.RSA256."))
		return apk->control_sha256;
	*ret_hash = LF_SHA1;
	return lf_str_skip(ret_key, ".SIGN.RSA.") ? apk->pkg.checksum : NULL;
}

bool lf_apk_verify(const struct lf_apk *apk, const struct lf_keyring *keys, struct lf_err *err)
{
	const struct lf_keyring_entry *entry;
	const uint8_t *digest;
	struct lf_str key;
	enum lf_hash hash;

	if (!apk->signature_name)
		return lf_fail_new(err, LF_E_SIGNATURE, "package is not signed");
	digest = signed_digest(apk, &key, &hash);
	if (!digest)
		return lf_fail_new(err, LF_E_SIGNATURE, "unknown kind of signature: %s",
				   apk->signature_name);
	entry = lf_keyring_find(keys, key);
	if (!entry || !entry->key)
		return lf_fail_new(err, LF_E_SIGNATURE, "no usable key for signature %s",
				   apk->signature_name);
	return lf_key_verify(entry->key, hash, digest, apk->signature_bytes.p,
			     apk->signature_bytes.n, err);
}

const struct lf_apk_control_file *lf_apk_control_file(const struct lf_apk *apk, const char *name)
{
	for (size_t i = 0; i < apk->n_files; i++)
		if (!strcmp(apk->file[i].name, name))
			return &apk->file[i];
	return NULL;
}
