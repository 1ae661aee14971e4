/*
 * Provenance beside packages: envelopes, and the statements in them or by themselves.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/mem.h"
#include "sbom/statement.h"
#include "trust/dsse.h"

#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_statement(struct lf_str json)
{
	lf_auto_arena arena = {0};
	struct lf_statement s;

	if (!lf_statement_parse(json, "x", &arena, &s, NULL) &&
	    !lf_attestation_parse(json, "x", &arena, &s, NULL))
		return;
	if (!s.n_subjects)
		abort();
	for (size_t i = 0; i < s.n_dependencies; i++)
		json_decref(lf_resource_json(&s.dependency[i]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct lf_ed25519_public key;
	struct lf_str text = {(const char *)data, size};
	LF_CLEANUP(lf_dsse_fini) struct lf_dsse d = {0};

	read_statement(text);
	if (!lf_dsse_parse(text, "x", &d, NULL))
		return 0;
	read_statement(lf_buf_view(&d.payload));
	if (lf_dsse_verify(&d, &key, 1, NULL) != NULL && d.n_sigs == 0)
		abort();
	return 0;
}
