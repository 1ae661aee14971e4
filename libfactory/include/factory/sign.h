/*
 * Keys and signatures: making a key pair, signing packages and indexes on disk.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>

#include <factory/ctx.h>
#include <factory/list.h>

/* Makes an RSA key pair: PATH, which only its owner may read, and PATH.pub. Fewer than 2048 bits
 * are refused. */
LF_API bool lf_keygen(const struct lf_ctx *ctx, const char *path, int64_t bits,
		      struct lf_err *err) LF_MUST_CHECK;

/* The same for an Ed25519 key pair, which signs provenance; PKCS#8 and SubjectPublicKeyInfo. */
LF_API bool lf_keygen_ed25519(const struct lf_ctx *ctx, const char *path,
			      struct lf_err *err) LF_MUST_CHECK;

/* Signs packages in place, each by rename; a signature that is there is replaced, control and data
 * stay as they are. */
LF_API bool lf_packages_sign(const struct lf_ctx *ctx, const struct lf_strv *files, const char *key,
			     struct lf_err *err) LF_MUST_CHECK;

/* Signs an index in place. One that is signed is left alone, unless force: then it is packed anew
 * and only this signature is in it. */
LF_API bool lf_index_sign(const struct lf_ctx *ctx, const char *path, const char *key, bool force,
			  struct lf_err *err) LF_MUST_CHECK;
