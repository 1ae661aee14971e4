/*
 * SPDX documents that packages bring.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/vec.h"
#include "sbom/spdx.h"

#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	lf_auto_arena arena = {0};
	lf_auto_strv describes = {0};
	lf_auto_buf out = {0};
	struct lf_spdx doc;

	if (!lf_spdx_parse((struct lf_str){(const char *)data, size}, "x", &arena, &doc, &describes,
			   NULL))
		return 0;
	doc.describes = "";
	lf_spdx_print(&out, &doc);
	if (out.n == 0)
		abort();
	return 0;
}
