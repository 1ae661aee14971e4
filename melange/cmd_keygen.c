/*
 * melange keygen: makes a key pair for signing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/sign.h>

#include <string.h>

#include "melange/commands.h"

#include "base/banned.h"

struct args {
	int64_t key_size;
	const char *type;
};

static const struct lf_opt opts[] = {
	LF_OPT_INT(0, "key-size", struct args, key_size, "4096",
		   "the size of the prime to calculate (in bits)"),
	LF_OPT_STRING(0, "type", struct args, type, "rsa",
		      "the type of the key: rsa for packages and indexes, ed25519 for provenance",
		      .dir = "rsa ed25519"),
	LF_OPT_END,
};

static bool run(struct lf_cli *cli, void *values, struct lf_err *err)
{
	const struct args *a = values;

	const char *path = cli->n_args ? cli->args[0] : NULL;

	if (strcmp(a->type, "ed25519") == 0)
		return lf_keygen_ed25519(&cli->ctx, path ? path : "melange.ed25519", err);
	if (strcmp(a->type, "rsa") == 0)
		return lf_keygen(&cli->ctx, path ? path : "melange.rsa", a->key_size, err);
	return lf_fail_new(err, LF_E_USAGE, "unknown type of key: %s (rsa or ed25519)", a->type);
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
