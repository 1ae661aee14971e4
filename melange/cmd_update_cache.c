/*
 * melange update-cache: fills the cache with what a recipe fetches.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/sources.h>

#include "melange/commands.h"

#include "base/banned.h"

struct args {
	const char *cache_dir;
};

static const struct lf_opt opts[] = {
	LF_OPT_STRING(0, "cache-dir", struct args, cache_dir, "/var/cache/melange",
		      "directory that keeps what builds fetch", .dir = "d"),
	LF_OPT_END,
};

static bool run(struct lf_cli *cli, void *values, struct lf_err *err)
{
	const struct args *a = values;

	return lf_update_cache(&cli->ctx, cli->args[0], a->cache_dir, err);
}

const struct lf_cmd melange_cmd_update_cache = {
	.name = "update-cache",
	.use = "update-cache CONFIG",
	.about = "Update a source artifact cache",
	.detail =
		"Update a source artifact cache: the files of the fetch steps of a configuration, "
		"by\ntheir checksums.",
	.example = "  melange update-cache --cache-dir ./melange-cache config.yaml",
	.opts = opts,
	.size = sizeof(struct args),
	.args = {.min = 1},
	.run = run,
};
