/*
 * A patch onto a repository: as a mail when it is one, otherwise as a change that is committed
 * here.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "build/checkout.h"

#include "base/fs.h"

#include "base/banned.h"

#define MAX_PATCH ((size_t)64 << 20)

/* patch(1) takes what is a little out of place. */
static bool apply_by_patch(const struct lf_ctx *ctx, const char *dir, const char *patch,
			   struct lf_err *err)
{
	static const char *const argv[] = {"patch", "-p1", "--fuzz=2", NULL};
	lf_auto_buf text = {0};

	lf_info(ctx, "git apply failed, falling back to patch -p1");
	if (!lf_read_file(patch, MAX_PATCH, &text, err))
		return false;
	struct lf_str input = lf_buf_view(&text);

	return lf_run_logged(ctx, dir, argv, &input, err) ||
	       lf_fail(err, "patch %s cannot be applied (tried git am, git apply, and patch -p1)",
		       patch);
}

static bool apply(const struct lf_ctx *ctx, const char *dir, const char *patch, struct lf_err *err)
{
	lf_info(ctx, "Checking if patch can be applied with git apply");
	if (!lf_run(ctx, dir, NULL, "git", "apply", "--check", "--", patch))
		return apply_by_patch(ctx, dir, patch, err);
	return lf_run(ctx, dir, err, "git", "apply", "--", patch) ||
	       lf_fail(err, "failed to apply patch %s", patch);
}

/* The subject is the file's name, so that a patch made of it has that name again. */
static bool commit(const struct lf_ctx *ctx, const char *dir, const char *patch, struct lf_err *err)
{
	struct lf_str name = lf_path_base(lf_str(patch));
	lf_auto_buf subject = {0};

	if (lf_str_ends(name, ".patch"))
		name.n -= strlen(".patch");
	lf_buf_str(&subject, name);
	if (!lf_run(ctx, dir, err, "git", "add", "-A"))
		return lf_fail(err, "failed to stage changes for patch %s", patch);
	return lf_run(ctx, dir, err, "git", "commit", "-q", "--no-gpg-sign", "-m",
		      lf_buf_c(&subject)) ||
	       lf_fail(err, "failed to commit patch %s", patch);
}

bool lf_checkout_patch(const struct lf_ctx *ctx, const char *repository, const char *patch,
		       struct lf_err *err)
{
	lf_auto_err why = {0};

	lf_info(ctx, "Applying patch %s", patch);
	if (!lf_exists(patch))
		return lf_fail_new(err, LF_E_NOT_FOUND, "open %s: no such file or directory",
				   patch);
	if (lf_run(ctx, repository, &why, "git", "am", "-q", "--no-gpg-sign", "--", patch))
		return true;
	if (why.class == LF_E_CANCELLED || why.class == LF_E_NOT_FOUND) {
		lf_err_move(err, &why);
		return false;
	}
	lf_info(ctx, "git am failed, aborting to clean up");
	/* there may be nothing to abort */
	(void)!lf_run(ctx, repository, NULL, "git", "am", "--abort");
	if (!apply(ctx, repository, patch, err) || !commit(ctx, repository, patch, err))
		return false;
	lf_info(ctx, "Applied patch %s using git apply + commit", patch);
	return true;
}
