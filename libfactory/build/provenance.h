/*
 * Provenance of a package. SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "build/build.h"

/* Writes OUT/ARCH/NAME-VERSION.attest.tar.gz: how the package with this data digest came to be. */
bool lf_emit_provenance(const struct lf_emit_input *in, const char *name, const char *version,
			const char *datahash, struct lf_arena *arena,
			struct lf_err *err) LF_MUST_CHECK;
