/*
 * melange sign-index: signs the index of a repository.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/sign.h>

#include "melange/commands.h"

#include "base/banned.h"

struct args {
	bool force;
	const char *signing_key;
};

static const struct lf_opt opts[] = {
	LF_OPT_BOOL('f', "force", struct args, force, false,
		    "when toggled, overwrites the specified index with a new index using the "
		    "provided signature"),
	LF_OPT_STRING(0, "signing-key", struct args, signing_key, "melange.rsa",
		      "the signing key to use"),
	LF_OPT_END,
};

static bool run(struct lf_cli *cli, void *values, struct lf_err *err)
{
	const struct args *a = values;

	return lf_index_sign(&cli->ctx, cli->args[0], a->signing_key, a->force, err);
}

const struct lf_cmd melange_cmd_sign_index = {
	.name = "sign-index",
	.use = "sign-index",
	.about = "Sign an APK index",
	.detail = "Sign an APK index.",
	.example = "\n    # Re-sign an index with the same signature\n"
		   "    melange sign-index [--signing-key=key.rsa] <APKINDEX.tar.gz>\n\n"
		   "    # Sign a new index with a new signature\n"
		   "    melange sign-index [--signing-key=key.rsa] <APKINDEX.tar.gz> --force\n    ",
	.opts = opts,
	.size = sizeof(struct args),
	.args = {.min = 1},
	.run = run,
};
