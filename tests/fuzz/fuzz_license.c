/*
 * Licence texts: whatever the bytes are, what is found is in order and within bounds, each once.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdint.h>
#include <stdlib.h>

#include "sbom/license_detect.h"

#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct lf_licenses found;

	lf_license_detect((struct lf_str){(const char *)data, size}, &found);
	for (size_t i = 0; i < found.n; i++) {
		double c = found.v[i].confidence;

		if (c < LF_LICENSE_PROBABLE || c > 1 || (i && c > found.v[i - 1].confidence))
			abort();
		for (size_t k = 0; k < i; k++)
			if (found.v[k].license == found.v[i].license)
				abort();
	}
	return 0;
}
