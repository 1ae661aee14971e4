/*
 * apko install-keys: keys for the repositories of this machine.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/machine.h>

#include "apko/commands.h"
#include "base/banned.h"

static bool run(struct lf_cli *cli, void *values, struct lf_err *err)
{
	(void)values;
	return lf_install_keys(&cli->ctx, "/etc/apk", err);
}

const struct lf_cmd apko_cmd_install_keys = {
	.name = "install-keys",
	.about = "Install the keys that the repositories of this machine announce",
	.detail = "Asks each repository of /etc/apk/repositories for its keys, and writes them to "
		  "/etc/apk/keys.",
	.example = "apko install-keys",
	.args = {.max = -1},
	.run = run,
};
