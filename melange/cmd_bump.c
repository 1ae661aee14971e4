/*
 * melange bump: another version for a recipe.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/sources.h>

#include "melange/commands.h"

#include "base/banned.h"

struct args {
	const char *expected_commit;
};

static const struct lf_opt opts[] = {
	LF_OPT_STRING(0, "expected-commit", struct args, expected_commit, NULL,
		      "commit that git-checkout steps shall expect"),
	LF_OPT_END,
};

static bool run(struct lf_cli *cli, void *values, struct lf_err *err)
{
	const struct args *a = values;

	return lf_bump(&cli->ctx, cli->args[0], cli->args[1], a->expected_commit, err);
}

const struct lf_cmd melange_cmd_bump = {
	.name = "bump",
	.use = "bump CONFIG VERSION",
	.about = "Update a Melange YAML file to reflect a new package version",
	.detail =
		"Update a Melange YAML file to reflect a new package version.\n\nThe epoch starts "
		"again at 0, or goes up by one when the version stays. The files of\nfetch steps "
		"are fetched and their checksums replaced. Everything else in the file stays\nas "
		"it is.",
	.example = "  melange bump config.yaml 1.2.3.4",
	.opts = opts,
	.size = sizeof(struct args),
	.args = {.min = 2},
	.run = run,
};
