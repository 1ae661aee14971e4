/*
 * Provenance of a package. SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "build/build.h"
#include "trust/digest.h"

/* Writes how the package came to be, beside it:
 *
 *   NAME-VERSION.attest.tar.gz      as upstream: about the data section, signed like a package
 *   NAME-VERSION.apk.intoto.jsonl   about the .apk file, in an envelope signed by the key for that
 *   NAME-VERSION.apk.intoto.json    instead of it when there is no such key: the bare statement
 *
 * datahash is that of the data section in hex, sha256 that of the whole file. */
bool lf_emit_provenance(const struct lf_emit_input *in, const struct lf_output *out,
			const char *datahash, const uint8_t sha256[LF_SHA256_LEN],
			struct lf_arena *arena, struct lf_err *err) LF_MUST_CHECK;

/* What stands behind the name of the package's file. */
#define LF_PROVENANCE_SIGNED   ".intoto.jsonl"
#define LF_PROVENANCE_UNSIGNED ".intoto.json"
/* What stands in place of its ".apk", and the name of the file in that archive. */
#define LF_ATTESTATION_ARCHIVE ".attest.tar.gz"
#define LF_ATTESTATION_FILE    ".attestation"
