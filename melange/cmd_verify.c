/*
 * melange verify: checks packages, their signatures and SBOMs.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/package.h>

#include "melange/commands.h"

#include "base/banned.h"

struct args {
	struct lf_strv keys;
};

static const struct lf_opt opts[] = {
	LF_OPT_STRINGS('k', "keyring-append", struct args, keys, "local-melange.rsa.pub",
		       "public keys, one of which must have signed each package", .dir = "f"),
	LF_OPT_END,
};

static bool run(struct lf_cli *cli, void *values, struct lf_err *err)
{
	const struct args *a = values;
	const struct lf_strv files = {(const char **)cli->args, cli->n_args, cli->n_args};

	return lf_packages_verify(&cli->ctx, &files, &a->keys, err);
}

const struct lf_cmd melange_cmd_verify = {
	.name = "verify",
	.use = "verify",
	.about = "Verify packages, their signatures and SBOMs",
	.example = "  melange verify -k melange.rsa.pub package.apk",
	.opts = opts,
	.size = sizeof(struct args),
	.args = {.min = 1},
	.run = run,
};
