/*
 * apko lock, and resolve, its old name: the packages of an image, exactly, as a file.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/image.h>

#include <string.h>

#include "apko/commands.h"
#include "apko/options.h"
#include "base/banned.h"

struct args {
	struct lf_image_options o;
	const char *output;
	bool debug;
};

static const struct lf_opt opts[] = {
	APKO_OPT_ARCH(struct args, o.archs),
	APKO_OPT_BUILD_REPOSITORIES(struct args, o.build_repositories),
	APKO_OPT_CACHE_DIR(struct args, o.cache_dir),
	APKO_OPT_RETIRED_DEBUG(struct args, debug),
	APKO_OPT_IGNORE_SIGNATURES(struct args, o.ignore_signatures),
	APKO_OPT_INCLUDE_PATHS(struct args, o.include_paths),
	APKO_OPT_KEYRING(struct args, o.keyring),
	LF_OPT_STRING(0, "output", struct args, output, NULL,
		      "file to write (none: beside the configuration)"),
	APKO_OPT_REPOSITORIES(struct args, o.repositories),
	LF_OPT_END,
};

/* The configuration's path with another extension. */
static const char *default_output(struct lf_cli *cli, const char *config, const char *extension)
{
	struct lf_str path = lf_str(config);
	ptrdiff_t dot = lf_str_rfind(path, '.'), slash = lf_str_rfind(path, '/');

	if (dot > slash)
		path.n = (size_t)dot;
	return lf_arena_printf(&cli->arena, LF_STR_FMT ".%s", LF_STR_ARG(path), extension);
}

static bool write_lock(struct lf_cli *cli, struct args *a, const char *extension,
		       struct lf_err *err)
{
	a->o.config = cli->args[0];
	if (!*a->output)
		a->output = default_output(cli, a->o.config, extension);
	return lf_image_write_lock(&cli->ctx, &a->o, a->output, err);
}

static bool run_lock(struct lf_cli *cli, void *values, struct lf_err *err)
{
	return write_lock(cli, values, "lock.json", err);
}

static bool run_resolve(struct lf_cli *cli, void *values, struct lf_err *err)
{
	return write_lock(cli, values, "resolved.json", err);
}

const struct lf_cmd apko_cmd_lock = {
	.name = "lock",
	.about = "Write the packages and versions of an image to a lock file",
	.detail = "Chooses the packages of an image and writes them to a lock file, from which\n"
		  "`apko build --lockfile` makes the same image again.",
	.example = "apko lock <config.yaml>",
	.hidden = true,
	.opts = opts,
	.size = sizeof(struct args),
	.args = {.min = 1},
	.run = run_lock,
};

const struct lf_cmd apko_cmd_resolve = {
	.name = "resolve",
	.about = "Write the packages and versions of an image to a lock file",
	.example = "apko resolve <config.yaml>",
	.hidden = true,
	.deprecated = "Please use `lock` command. The `resolve` command will get removed in the "
		      "future versions.",
	.opts = opts,
	.size = sizeof(struct args),
	.args = {.min = 1},
	.run = run_resolve,
};
