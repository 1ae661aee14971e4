/*
 * Cloning by the git program. A clone goes into a folder that may hold files already (those of a
 * recipe), which `git clone` refuses, so its parts are done one by one.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "build/checkout.h"

#include "base/fs.h"
#include "base/proc.h"
#include "image/git.h"

#include "base/banned.h"

static void log_line(void *data, int stream, struct lf_str line)
{
	(void)stream; /* git tells its progress on standard error */
	lf_info(data, "%.*s", (int)line.n, line.p);
}

bool lf_run_logged(const struct lf_ctx *ctx, const char *dir, const char *const *argv,
		   const struct lf_str *input, struct lf_err *err)
{
	const struct lf_proc p = {
		.argv = argv,
		.dir = dir,
		.line = log_line,
		.line_data = (void *)(uintptr_t)ctx,
		.input = input ? *input : LF_STR(""),
	};

	return lf_proc_run(ctx, &p, err);
}

static bool is_given(const char *s)
{
	return s && *s;
}

/* A commit that cannot be taken for an option or a range. */
static bool is_hex(struct lf_str s, size_t least)
{
	for (size_t i = 0; i < s.n; i++)
		if (!strchr("0123456789abcdefABCDEF", s.p[i]))
			return false;
	return s.n >= least && s.n <= 64;
}

static bool fetch(const struct lf_ctx *ctx, const struct lf_checkout *c, struct lf_err *err)
{
	const char *dir = c->destination;

	return lf_mkdirs(dir, 0777, err) && lf_run(ctx, dir, err, "git", "init", "-q") &&
	       lf_run(ctx, dir, err, "git", "remote", "add", "--", "origin", c->repository) &&
	       lf_run(ctx, dir, err, "git", "fetch", "-q", "--tags", "origin");
}

static bool clone_repository(const struct lf_ctx *ctx, const struct lf_checkout *c,
			     struct lf_err *err)
{
	lf_auto_free char *git = lf_path_join(c->destination, ".git");
	bool fresh = !lf_exists(c->destination);

	if (!is_given(c->repository) || *c->repository == '-')
		return lf_fail_new(err, LF_E_CONFIG, "repository is required");
	lf_info(ctx, "Cloning %s to %s", c->repository, c->destination);
	if (lf_exists(git))
		return lf_fail_new(err, LF_E_CONFIG,
				   "failed to clone repository: repository already exists");
	if (fetch(ctx, c, err))
		return true;
	if (fresh)
		(void)lf_remove_all(c->destination, NULL);
	return lf_fail(err, "failed to clone repository");
}

static bool check_out(const struct lf_ctx *ctx, const struct lf_checkout *c, struct lf_err *err)
{
	const char *dir = c->destination, *commit = c->commit;

	if (!is_given(commit))
		return lf_run(ctx, dir, err, "git", "remote", "set-head", "origin", "-a") &&
		       lf_run(ctx, dir, err, "git", "checkout", "-q", "-f", "--detach",
			      "refs/remotes/origin/HEAD");
	lf_info(ctx, "Checking out commit %s", commit);
	if (!is_hex(lf_str(commit), 40))
		return lf_fail_new(err, LF_E_CONFIG,
				   "failed to checkout commit %s: it is no commit id", commit);
	return lf_run(ctx, dir, err, "git", "checkout", "-q", "-f", "--detach", commit) ||
	       lf_fail(err, "failed to checkout commit %s", commit);
}

/* "[branch/]commit: comment" */
static bool pick(const struct lf_ctx *ctx, const char *dir, struct lf_str line, struct lf_err *err)
{
	ptrdiff_t colon = lf_str_find(line, ':');
	struct lf_str spec =
		colon < 0 ? LF_STR("")
			  : lf_path_base(lf_str_trim(lf_str_sub(line, 0, (size_t)colon)));
	lf_auto_buf commit = {0};

	if (!is_hex(spec, 4))
		return lf_fail_new(err, LF_E_CONFIG,
				   "failed to parse cherry-picks: invalid cherry-pick format "
				   "(expected '[branch/]commit: comment'): " LF_STR_FMT,
				   LF_STR_ARG(line));
	lf_buf_str(&commit, spec);
	lf_info(ctx, "Cherry-picking %s", commit.p);
	return lf_run(ctx, dir, err, "git", "cherry-pick", "--no-gpg-sign", "-x", commit.p) ||
	       lf_fail(err, "failed to apply cherry-picks: failed to cherry-pick %s", commit.p);
}

static bool pick_all(const struct lf_ctx *ctx, const struct lf_checkout *c, struct lf_err *err)
{
	struct lf_str rest = lf_str(c->cherry_picks), line;

	if (rest.n)
		lf_info(ctx, "Applying cherry-picks");
	while (lf_str_line(&rest, &line)) {
		line = lf_str_trim(line);
		if (line.n && *line.p != '#' && !pick(ctx, c->destination, line, err))
			return false;
	}
	return true;
}

static bool patch_all(const struct lf_ctx *ctx, const struct lf_checkout *c, struct lf_err *err)
{
	struct lf_str rest = lf_str(c->patches), word;

	if (rest.n)
		lf_info(ctx, "Applying patches");
	while (lf_str_word(&rest, &word)) {
		lf_auto_buf name = {0};

		lf_buf_str(&name, word);
		lf_auto_free char *path =
			*name.p == '/' ? lf_strdup(name.p) : lf_path_join(c->patch_dir, name.p);

		if (!lf_checkout_patch(ctx, c->destination, path, err))
			return lf_fail(err, "failed to apply patches");
	}
	return true;
}

bool lf_checkout(const struct lf_ctx *ctx, const struct lf_checkout *c, struct lf_err *err)
{
	lf_auto_free char *head = NULL;

	if (!clone_repository(ctx, c, err) || !check_out(ctx, c, err))
		return false;
	head = lf_git_head(c->destination, err);
	if (!head)
		return lf_fail(err, "failed to get HEAD");
	lf_info(ctx, "Checked out commit %s", head);
	if (c->submodules) {
		lf_info(ctx, "Initializing submodules");
		if (!lf_run(ctx, c->destination, err, "git", "submodule", "update", "--init",
			    "--recursive"))
			return lf_fail(err, "failed to initialize submodules");
	}
	return pick_all(ctx, c, err) && patch_all(ctx, c, err);
}
