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
		      "directory containing the apk cache (defaults to system cache directory)",
		      .dir = "d"),
	LF_OPT_BOOL(0, "dry-run", struct args, dry_run, false, "show cache size without deleting"),
	LF_OPT_END,
};

static bool run(struct lf_cli *cli, void *values, struct lf_err *err)
{
	const struct args *a = values;

	return lf_clean_cache(&cli->ctx, a->cache_dir, a->dry_run, err);
}

const struct lf_cmd apko_cmd_clean = {
	.name = "clean",
	.about = "Clean the apko cache directory",
	.detail =
		"Clean the apko cache directory by removing all cached APK packages and APKINDEX "
		"files.\n"
		"\n"
		"If no cache directory is specified, the user's is used: dev.chainguard.go-apk in\n"
		"$XDG_CACHE_HOME or ~/.cache.",
	.example = "  apko clean\n"
		   "  apko clean --cache-dir /custom/cache/path\n"
		   "  apko clean --dry-run",
	.opts = opts,
	.size = sizeof(struct args),
	.run = run,
};
