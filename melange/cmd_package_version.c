/*
 * melange package-version: prints NAME-VERSION-rEPOCH, without a newline.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/recipe.h>

#include <stdio.h>

#include "melange/commands.h"

#include "base/banned.h"

static bool run(struct lf_cli *cli, void *values, struct lf_err *err)
{
	lf_auto_free char *text = NULL;

	(void)values;
	if (!lf_package_version(&cli->ctx, cli->args[0], &text, err))
		return false;
	fputs(text, stdout);
	return true;
}

const struct lf_cmd melange_cmd_package_version = {
	.name = "package-version",
	.use = "package-version CONFIG",
	.about = "Report the target package for a YAML configuration file",
	.detail = "Report the target package for a YAML configuration file.\n\nThe result is the "
		  "name "
		  "of the package that a build of the file makes, with its version and epoch.",
	.example = "  melange package-version config.yaml",
	.args = {.min = 1},
	.run = run,
};
