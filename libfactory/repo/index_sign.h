/*
 * The signature of an index, for whoever writes one. SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "base/buf.h"

#include <factory/ctx.h>

struct lf_key;

/* The private key of a file; the error begins "reading key file". */
struct lf_key *lf_signing_key_load(const char *path, struct lf_err *err) LF_MUST_CHECK;
/* The signature member over the bytes of an index archive, appended to out, with upstream's words
 * in the log: name is the index. */
bool lf_index_append_signature(const struct lf_ctx *ctx, const char *name, const char *key_path,
			       struct lf_str index, struct lf_buf *out,
			       struct lf_err *err) LF_MUST_CHECK;
