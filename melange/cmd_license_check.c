/*
 * melange license-check: licence files against what a configuration says.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/sources.h>

#include "melange/commands.h"

#include "base/banned.h"

static const struct lf_opt opts[] = {
	LF_OPT_BOOL(0, "fix", struct lf_license_check_options, fix, false,
		    "write what was found into the configuration"),
	LF_OPT_STRING(0, "format", struct lf_license_check_options, format, "flat",
		      "how --fix writes it: 'simple' (one entry for all) or 'flat' (one for each "
		      "file)",
		      .dir = "flat simple"),
	LF_OPT_STRING(0, "scan-type", struct lf_license_check_options, scan_type, "shallow",
		      "where to look: 'shallow' (top directory + one level) or 'deep' (entire "
		      "tree)",
		      .dir = "deep shallow"),
	LF_OPT_STRING(0, "workdir", struct lf_license_check_options, workdir, NULL,
		      "directory for the sources", .dir = "d"),
	LF_OPT_END,
};

static bool run(struct lf_cli *cli, void *values, struct lf_err *err)
{
	struct lf_license_check_options *o = values;

	o->path = cli->args[0];
	return lf_license_check(&cli->ctx, o, err);
}

const struct lf_cmd melange_cmd_license_check = {
	.name = "license-check",
	.use = "license-check FILE|DIRECTORY|APK",
	.about = "Gather and check licensing data",
	.detail = "Check a melange source, source tree or APK for license data correctness.\n\nThe "
		  "sources of a configuration (.yaml) or package (.apk) are fetched first. What "
		  "differs\nis told; it is no failure.",
	.example = "  melange license-check vim.yaml",
	.opts = opts,
	.size = sizeof(struct lf_license_check_options),
	.args = {.min = 1},
	.run = run,
};
