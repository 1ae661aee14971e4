/*
 * DSSE envelopes (github.com/secure-systems-lab/dsse, protocol v1): a payload with its type, signed
 * together, as JSON. Signatures are Ed25519.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "trust/ed25519.h"

/* Appends the envelope as one line with its newline; the same key and payload give the same line.
 */
void lf_dsse_sign(const struct lf_ed25519 *key, const char *type, struct lf_str payload,
		  struct lf_buf *out);

/* An envelope that was read. Nothing in it is to be trusted before lf_dsse_verify. */
struct lf_dsse {
	char *type;
	struct lf_buf payload;
	uint8_t (*sig)[LF_ED25519_SIG]; /* those that have the size of one */
	size_t n_sigs;
};

/* Exactly one envelope, blanks around it allowed; source names it in errors. */
bool lf_dsse_parse(struct lf_str json, const char *source, struct lf_dsse *ret,
		   struct lf_err *err) LF_MUST_CHECK;
/* The first of the keys that made one of the signatures; NULL with LF_E_SIGNATURE when none did.
 * The names of keys in an envelope are hints that nobody signed; they are not looked at. */
const struct lf_ed25519_public *lf_dsse_verify(const struct lf_dsse *d,
					       const struct lf_ed25519_public *keys, size_t n,
					       struct lf_err *err) LF_MUST_CHECK;
void lf_dsse_fini(struct lf_dsse *d);
