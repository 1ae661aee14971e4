/*
 * PEM blocks.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdint.h>
#include <stdlib.h>

#include "image/pem.h"

#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct lf_str text = {(const char *)data, size}, label;

	for (;;) {
		lf_auto_buf der = {0};
		const size_t left = text.n;

		if (!lf_pem_next(&text, &label, &der))
			return 0;
		if (text.n >= left)
			abort();
	}
	return 0;
}
