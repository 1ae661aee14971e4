/*
 * melange verify: checks packages, their signatures, SBOMs and provenance.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/package.h>

#include <stdio.h>

#include "melange/commands.h"

#include "base/banned.h"

static const struct lf_opt opts[] = {
	LF_OPT_STRINGS('k', "keyring-append", struct lf_packages_verify_options, keys,
		       "local-melange.rsa.pub",
		       "public keys, one of which must have signed each package", .dir = "f"),
	LF_OPT_STRINGS(0, "provenance-key", struct lf_packages_verify_options, provenance_keys,
		       NULL,
		       "Ed25519 public keys, one of which must have signed the provenance of each "
		       "package",
		       .dir = "f"),
	LF_OPT_END,
};

static bool run(struct lf_cli *cli, void *values, struct lf_err *err)
{
	struct lf_packages_verify_options *o = values;
	lf_auto_free char *lines = NULL;
	bool ok;

	o->files = (struct lf_strv){(const char **)cli->args, cli->n_args, cli->n_args};
	ok = lf_packages_verify(&cli->ctx, o, &lines, err);
	fputs(lines, stdout);
	return ok;
}

const struct lf_cmd melange_cmd_verify = {
	.name = "verify",
	.use = "verify",
	.about = "Verify packages, their signatures, SBOMs and provenance",
	.example = "  melange verify -k melange.rsa.pub package.apk",
	.opts = opts,
	.size = sizeof(struct lf_packages_verify_options),
	.args = {.min = 1},
	.run = run,
};
