/*
 * melange sign: signs packages on disk.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/sign.h>

#include "melange/commands.h"

#include "base/banned.h"

struct args {
	const char *signing_key;
};

static const struct lf_opt opts[] = {
	LF_OPT_STRING('k', "signing-key", struct args, signing_key, "local-melange.rsa",
		      "The signing key to use."),
	LF_OPT_END,
};

static bool run(struct lf_cli *cli, void *values, struct lf_err *err)
{
	const struct args *a = values;
	struct lf_strv files = {(const char **)cli->args, cli->n_args, cli->n_args};

	return lf_packages_sign(&cli->ctx, &files, a->signing_key, err);
}

const struct lf_cmd melange_cmd_sign = {
	.name = "sign",
	.use = "sign",
	.about = "Sign an APK package",
	.detail =
		"Signs an APK package on disk with the provided key. The package is replaced with "
		"the APK containing the new signature.",
	.example = "\n\t\tmelange sign [--signing-key=key.rsa] package.apk\n\n"
		   "\t\tmelange sign [--signing-key=key.rsa] *.apk\n\t\t",
	.opts = opts,
	.size = sizeof(struct args),
	.args = {.min = 1},
	.run = run,
};
