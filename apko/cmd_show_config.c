/*
 * apko show-config: the configuration as apko understood it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/image.h>

#include <stdio.h>
#include <stdlib.h>

#include "apko/commands.h"
#include "base/banned.h"

static const struct lf_opt opts[] = {
	LF_OPT_STRINGS('b', "build-repository-append", struct lf_image_options, build_repositories,
		       NULL, "path to extra repositories to include"),
	LF_OPT_STRING(
		0, "cache-dir", struct lf_image_options, cache_dir, NULL,
		"directory to use for caching apk packages and indexes (default '' means to use "
		"system-defined cache directory)",
		.dir = "d"),
	LF_OPT_STRINGS('k', "keyring-append", struct lf_image_options, keyring, NULL,
		       "path to extra keys to include in the keyring"),
	LF_OPT_BOOL(0, "offline", struct lf_image_options, offline, false,
		    "do not use network to fetch packages (cache must be pre-populated)"),
	LF_OPT_STRINGS('r', "repository-append", struct lf_image_options, repositories, NULL,
		       "path to extra repositories to include"),
	LF_OPT_END,
};

static bool run(struct lf_cli *cli, void *values, struct lf_err *err)
{
	struct lf_image_options *o = values;
	char *text;

	o->config = cli->args[0];
	if (!lf_image_show_config(&cli->ctx, o, &text, err))
		return false;
	(void)fputs(text, stdout);
	free(text);
	return true;
}

const struct lf_cmd apko_cmd_show_config = {
	.name = "show-config",
	.use = "show-config <config.yaml>",
	.about = "Print the configuration used by apko",
	.detail = "Print the configuration used by apko, after includes, defaults and checks.\n"
		  "\n"
		  "The result is a YAML document.",
	.example = "  apko show-config <config.yaml>",
	.opts = opts,
	.size = sizeof(struct lf_image_options),
	.args = {.min = 1, .max = 1},
	.run = run,
};
