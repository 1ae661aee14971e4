/*
 * apko clean: removes the cache.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/machine.h>

#include "apko/commands.h"
#include "base/banned.h"

struct args {
	const char *cache_dir;
	bool dry_run;
};

static const struct lf_opt opts[] = {
	LF_OPT_STRING(0, "cache-dir", struct args, cache_dir, NULL,
		      "the cache (none: that in the user's cache directory)", .dir = "d"),
	LF_OPT_BOOL(0, "dry-run", struct args, dry_run, false, "only tell how large it is"),
	LF_OPT_END,
};

static bool run(struct lf_cli *cli, void *values, struct lf_err *err)
{
	const struct args *a = values;

	return lf_clean_cache(&cli->ctx, a->cache_dir, a->dry_run, err);
}

const struct lf_cmd apko_cmd_clean = {
	.name = "clean",
	.about = "Remove the cache of packages and indexes",
	.detail = "Removes the cache: all packages and indexes that were kept for the next time.\n"
		  "\n"
		  "Unless another is named it is dev.chainguard.go-apk in $XDG_CACHE_HOME or "
		  "~/.cache.",
	.example = "  apko clean\n"
		   "  apko clean --cache-dir /var/cache/apko\n"
		   "  apko clean --dry-run",
	.opts = opts,
	.size = sizeof(struct args),
	.run = run,
};
