/*
 * apko show-config: the configuration as apko understood it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/image.h>

#include <stdio.h>
#include <stdlib.h>

#include "apko/commands.h"
#include "apko/options.h"
#include "base/banned.h"

struct args {
	struct lf_image_options o;
	bool debug;
};

static const struct lf_opt opts[] = {
	APKO_OPT_BUILD_REPOSITORIES(struct args, o.build_repositories),
	APKO_OPT_CACHE_DIR(struct args, o.cache_dir),
	APKO_OPT_RETIRED_DEBUG(struct args, debug),
	APKO_OPT_KEYRING(struct args, o.keyring),
	APKO_OPT_OFFLINE(struct args, o.offline),
	APKO_OPT_REPOSITORIES(struct args, o.repositories),
	LF_OPT_END,
};

static bool run(struct lf_cli *cli, void *values, struct lf_err *err)
{
	struct lf_image_options *o = &((struct args *)values)->o;
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
	.size = sizeof(struct args),
	.args = {.min = 1, .max = 1},
	.run = run,
};
