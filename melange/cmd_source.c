/*
 * melange source: sources to work on, and the work as patches.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/sources.h>

#include "melange/commands.h"

#include "base/banned.h"

static const struct lf_opt opts[] = {
	LF_OPT_STRING('o', "output", struct lf_source_options, output, "./source",
		      "directory in which sources are", .dir = "d"),
	LF_OPT_STRING(0, "source-dir", struct lf_source_options, source_dir, NULL,
		      "directory of patches and other sources (default: that of the package's name "
		      "beside the configuration)",
		      .dir = "d"),
	LF_OPT_END,
};

static bool run_get(struct lf_cli *cli, void *values, struct lf_err *err)
{
	struct lf_source_options *o = values;

	o->config = cli->args[0];
	return lf_source_get(&cli->ctx, o, err);
}

static const struct lf_cmd cmd_get = {
	.name = "get",
	.use = "get [config.yaml]",
	.about = "Extract source code from melange configuration",
	.detail = "Clone the git repository that a configuration checks out, with its patches as "
		  "commits.",
	.example = "  melange source get vim.yaml -o ./src",
	.size = sizeof(struct lf_source_options),
	.args = {.min = 1, .max = 1},
	.run = run_get,
};

static bool run_pop(struct lf_cli *cli, void *values, struct lf_err *err)
{
	struct lf_source_options *o = values;

	o->config = cli->args[0];
	return lf_source_pop(&cli->ctx, o, err);
}

static const struct lf_cmd cmd_pop = {
	.name = "pop",
	.use = "pop [config.yaml]",
	.about = "Generate patches from modified source and update melange configuration",
	.detail = "Make patches of the commits on top of the expected one, beside the "
		  "configuration, and\nlet one git-am step in it apply them.",
	.example = "  melange source pop apk-tools.yaml",
	.size = sizeof(struct lf_source_options),
	.args = {.min = 1, .max = 1},
	.run = run_pop,
};

static const struct lf_cmd *const commands[] = {&cmd_get, &cmd_pop, NULL};

const struct lf_cmd melange_cmd_source = {
	.name = "source",
	.about = "Manage melange source code",
	.detail = "Commands for the source code that configurations are about.",
	.opts = opts,
	.size = sizeof(struct lf_source_options),
	.shares_opts = true,
	.sub = commands,
};
