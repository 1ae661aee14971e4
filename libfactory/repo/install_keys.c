/*
 * `apko install-keys`: the keys that this machine's repositories announce, as files for apk.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/machine.h>

#include "base/fs.h"
#include "base/mem.h"
#include "net/url.h"
#include "repo/discover.h"

#include "base/banned.h"

#define MAX_LIST (1U << 20)

static bool write_key(const struct lf_ctx *ctx, const char *dir, const struct lf_announced_key *key,
		      const char *repository, struct lf_err *err)
{
	struct lf_ctx of_repository = *ctx;
	lf_auto_free char *path = lf_path_join(dir, key->name);
	lf_auto_free char *shown = lf_url_mask(repository);
	lf_auto_buf attrs = {0};

	if (!lf_write_file(path, key->pem.p, key->pem.n, 0644, err))
		return lf_fail(err, "failed to write key %s", key->name);
	lf_buf_printf(&attrs, "%s repo=%s", ctx->log_attrs ? ctx->log_attrs : "", shown);
	of_repository.log_attrs = attrs.p;
	lf_info(&of_repository, "wrote %s", path);
	return true;
}

static bool install_from(const struct lf_ctx *ctx, struct lf_fetcher *f, const char *dir,
			 const char *repository, struct lf_err *err)
{
	lf_auto_arena arena = {0};
	struct lf_announced_keys keys = {0};
	bool ok = lf_announced_by_set(f, repository, &arena, &keys, err) ||
		  lf_fail(err, "failed to perform key discovery");

	ok = ok && lf_mkdirs(dir, 0755, err);

	for (size_t i = 0; ok && i < keys.n; i++)
		ok = write_key(ctx, dir, &keys.v[i], repository, err);
	lf_vec_fini(&keys);
	return ok;
}

bool lf_install_keys(const struct lf_ctx *ctx, const char *dir, struct lf_err *err)
{
	lf_auto_free char *list = lf_path_join(dir, "repositories");
	lf_auto_free char *keys = lf_path_join(dir, "keys");
	lf_auto_arena arena = {0};
	lf_auto_buf text = {0};
	struct lf_str line;

	if (!lf_read_file(list, MAX_LIST, &text, err))
		return lf_fail(err, "could not open repositories file");
	lf_auto_fetcher *f = lf_fetcher_new(ctx, &(struct lf_repo_options){0}, err);

	if (!f)
		return false;
	for (struct lf_str rest = lf_buf_view(&text); lf_str_line(&rest, &line);)
		if (!install_from(ctx, f, keys, lf_arena_str(&arena, line), err))
			return false;
	return true;
}
