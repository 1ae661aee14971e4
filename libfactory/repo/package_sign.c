/*
 * Signing packages that lie on disk: [signature] control data in, new signature and the same
 * control and data out, by rename. docs/formats/apk.md.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/sign.h>

#include "apk/archive.h"
#include "base/fs.h"
#include "base/pool.h"
#include "repo/index_sign.h"
#include "trust/key.h"

#include "base/banned.h"

struct item {
	const char *path, *key_name;
	const struct lf_key *key;
};

static bool copy_range(int from, uint64_t offset, uint64_t n, int to, struct lf_err *err)
{
	lf_auto_reader *r = lf_reader_range(from, offset, n);
	struct lf_writer *w = lf_writer_fd(to, false);
	lf_auto_err second = {0};
	bool ok = lf_copy(r, w, NULL, err);
	bool closed = lf_writer_close(w, ok ? err : &second);

	return ok && closed;
}

static bool make_signature(const struct item *i, int fd, const struct lf_apk *apk,
			   struct lf_buf *out, struct lf_err *err)
{
	lf_auto_buf control = {0};

	lf_buf_reserve(&control, (size_t)apk->control.size);
	if (!lf_pread_all(fd, control.p, (size_t)apk->control.size, apk->control.offset, err))
		return false;
	return lf_apk_signature(out, i->key, i->key_name, control.p, (size_t)apk->control.size,
				apk->first_mtime, err);
}

static bool replace(const struct item *i, int fd, const struct lf_apk *apk,
		    const struct lf_buf *signature, struct lf_err *err)
{
	lf_auto_out out = {0};

	return lf_out_replace(&out, i->path, err) &&
	       lf_write_all(out.fd, signature->p, signature->n, err) &&
	       copy_range(fd, apk->control.offset, apk->control.size + apk->data.size, out.fd,
			  err) &&
	       lf_out_commit(&out, err);
}

static bool sign_item(void *job, unsigned worker, struct lf_err *err)
{
	const struct item *i = job;
	lf_auto_fd fd = lf_open_read(i->path, err);
	lf_auto_arena arena = {0};
	lf_auto_buf signature = {0};
	struct lf_apk apk;

	(void)worker;
	if (fd < 0)
		return false;
	if (!lf_apk_open(fd, NULL, 0, &arena, &apk, err))
		return lf_fail(err, "splitting apk");
	if (strcmp(apk.first_name, ".PKGINFO") != 0)
		return lf_fail_new(err, LF_E_FORMAT, "unexpected file in control section: %s",
				   apk.first_name);
	return make_signature(i, fd, &apk, &signature, err) &&
	       replace(i, fd, &apk, &signature, err);
}

static bool sign_items(const struct lf_ctx *ctx, struct item *item, const struct lf_strv *files,
		       const char *key_path, struct lf_err *err)
{
	lf_auto_key *key = NULL;
	lf_auto_buf name = {0};

	for (size_t i = 0; i < files->n; i++)
		lf_info(ctx, "Processing apk %s", files->v[i]);
	key = lf_signing_key_load(key_path, err);
	if (!key)
		return false;
	lf_buf_str(&name, lf_path_base(lf_str(key_path)));
	for (size_t i = 0; i < files->n; i++)
		item[i] = (struct item){files->v[i], lf_buf_c(&name), key};
	return lf_parallel(lf_jobs(ctx), item, files->n, sizeof(*item), sign_item, err);
}

bool lf_packages_sign(const struct lf_ctx *ctx, const struct lf_strv *files, const char *key,
		      struct lf_err *err)
{
	lf_auto_free struct item *item = lf_calloc(files->n + 1, sizeof(*item));

	return sign_items(ctx, item, files, key, err);
}
