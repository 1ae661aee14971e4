/*
 * Signing an index that lies on disk: a signature member is put in front of its bytes. In: the file
 * and a key file; out: the file, replaced by rename. docs/formats/index.md.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "repo/index_sign.h"

#include <factory/sign.h>

#include "apk/archive.h"
#include "base/fs.h"
#include "codec/gzip.h"
#include "codec/tar.h"
#include "trust/key.h"

#include "base/banned.h"

#define MAX_INDEX    ((size_t)1 << 30)
#define MAX_UNPACKED ((uint64_t)300 << 20)
#define LEVEL        6

struct lf_key *lf_signing_key_load(const char *path, struct lf_err *err)
{
	struct lf_key *key = lf_key_load_private(path, err);

	if (!key)
		lf_fail(err, "reading key file");
	return key;
}

bool lf_index_append_signature(const struct lf_ctx *ctx, const char *name, const char *key_path,
			       struct lf_str index, struct lf_buf *out, struct lf_err *err)
{
	lf_auto_key *key = NULL;
	lf_auto_buf base = {0};

	lf_info(ctx, "signing index %s with key %s", name, key_path);
	key = lf_signing_key_load(key_path, err);
	lf_buf_str(&base, lf_path_base(lf_str(key_path)));
	if (!key || !lf_apk_signature(out, key, lf_buf_c(&base), index.p, index.n, 0, err))
		return lf_fail(err, "unable to sign index");
	lf_info(ctx, "appending signature RSA256 to index %s", name);
	return true;
}

/* ---- what is in the file ---- */

struct content {
	struct lf_tar_in *tar;
	bool is_signed;
	struct lf_buf kept; /* tar of APKINDEX and DESCRIPTION, entries as they were */
};

static bool keep_entry(struct content *c, const struct lf_tar_entry *e, struct lf_err *err)
{
	lf_auto_buf bytes = {0};

	if (lf_starts(e->name, ".SIGN.RSA"))
		c->is_signed = true;
	if (strcmp(e->name, "APKINDEX") != 0 && strcmp(e->name, "DESCRIPTION") != 0)
		return true;
	if (!lf_tar_read_all(c->tar, MAX_UNPACKED, &bytes, err))
		return false;
	lf_tar_file(&c->kept, e, bytes.p);
	return true;
}

static bool read_entries(struct content *c, struct lf_err *err)
{
	struct lf_tar_entry e;
	bool more;

	for (;;) {
		if (!lf_tar_next(c->tar, &e, &more, err))
			return false;
		if (!more)
			return true;
		if (!keep_entry(c, &e, err))
			return false;
	}
}

static bool read_content(struct lf_str file, struct content *c, struct lf_err *err)
{
	lf_auto_reader *src = lf_reader_mem(file.p, file.n);
	lf_auto_reader *plain = lf_gzip_reader(src);
	lf_auto_reader *limited = lf_reader_limit(plain, MAX_UNPACKED);
	lf_auto_arena arena = {0};
	bool ok;

	c->tar = lf_tar_in_new(limited, &arena);
	ok = read_entries(c, err);
	lf_tar_in_free(c->tar);
	return ok;
}

/* ---- writing ---- */

/* Signature and index; name is what the log calls it. */
static bool write_signed(const struct lf_ctx *ctx, const char *path, const char *name,
			 const char *key, struct lf_str index, struct lf_err *err)
{
	lf_auto_buf out = {0};

	if (!lf_index_append_signature(ctx, name, key, index, &out, err))
		return false;
	lf_buf_str(&out, index);
	lf_info(ctx, "writing signed index to %s", name);
	if (!lf_write_file(path, out.p, out.n, 0666, err))
		return false;
	lf_info(ctx, "signed index %s with key %s", name, key);
	return true;
}

static bool pack_and_sign(const struct lf_ctx *ctx, const char *path, const char *key,
			  struct content *c, struct lf_err *err)
{
	lf_auto_buf packed = {0};
	lf_auto_buf name = {0};

	lf_tar_end(&c->kept);
	lf_gzip_member(c->kept.p, c->kept.n, LEVEL, LF_GZIP_ZERO_TIME, &packed);
	/* the words are upstream's, which writes a second file first */
	lf_buf_printf(&name, "%s.new", path);
	if (!write_signed(ctx, path, lf_buf_c(&name), key, lf_buf_view(&packed), err))
		return false;
	lf_info(ctx, "Replacing existing signed index (%s) with signed index with key %s", path,
		key);
	return true;
}

bool lf_index_sign(const struct lf_ctx *ctx, const char *path, const char *key, bool force,
		   struct lf_err *err)
{
	lf_auto_buf file = {0};
	struct content c = {.is_signed = false};
	bool ok;

	if (!lf_read_file(path, MAX_INDEX, &file, err))
		return lf_fail(err, "cannot open index file %s", path);
	ok = read_content(lf_buf_view(&file), &c, err);
	if (!ok)
		lf_fail(err, "cannot read index file %s", path);
	else if (force)
		ok = pack_and_sign(ctx, path, key, &c, err);
	else if (c.is_signed)
		lf_info(ctx, "index %s is already signed, doing nothing", path);
	else
		ok = write_signed(ctx, path, path, key, lf_buf_view(&file), err);
	lf_buf_fini(&c.kept);
	return ok;
}
