/*
 * melange keygen: makes a key pair for signing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/sign.h>

#include "melange/commands.h"

#include "base/banned.h"

struct args {
	int64_t key_size;
};

static const struct lf_opt opts[] = {
	LF_OPT_INT(0, "key-size", struct args, key_size, "4096",
		   "the size of the prime to calculate (in bits)"),
	LF_OPT_END,
};

static bool run(struct lf_cli *cli, void *values, struct lf_err *err)
{
	const struct args *a = values;

	return lf_keygen(&cli->ctx, cli->n_args ? cli->args[0] : "melange.rsa", a->key_size, err);
}

const struct lf_cmd melange_cmd_keygen = {
	.name = "keygen",
	.use = "keygen",
	.about = "Generate a key for package signing",
	.detail = "Generate a key for package signing.",
	.example = "  melange keygen [key.rsa]",
	.opts = opts,
	.size = sizeof(struct args),
	.args = {.max = 1},
	.run = run,
};
