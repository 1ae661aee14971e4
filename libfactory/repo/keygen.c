/*
 * Making a key pair on disk. trust/ does the work; this is its public face, with upstream's words.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/sign.h>

#include "trust/ed25519.h"
#include "trust/key.h"

#include "base/banned.h"

static void tell(const struct lf_ctx *ctx, const char *path)
{
	lf_info(ctx, "wrote private key to %s", path);
	lf_info(ctx, "wrote public key to %s.pub", path);
}

bool lf_keygen(const struct lf_ctx *ctx, const char *path, int64_t bits, struct lf_err *err)
{
	if (bits >= 2048)
		lf_info(ctx, "generating keypair with a %lld bit prime, please wait...",
			(long long)bits);
	/* compat: upstream leaves the private key readable by all */
	if (!lf_key_generate(path, bits < 0 ? 0 : bits > 65536 ? 65536 : (unsigned)bits, err))
		return false;
	tell(ctx, path);
	return true;
}

bool lf_keygen_ed25519(const struct lf_ctx *ctx, const char *path, struct lf_err *err)
{
	if (!lf_ed25519_generate(path, err))
		return false;
	tell(ctx, path);
	return true;
}
