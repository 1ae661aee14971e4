/*
 * Java truststores.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdint.h>
#include <stdlib.h>

#include "image/certificates.h"

#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	lf_auto_arena arena = {0};
	lf_auto_buf out = {0};
	struct lf_certificate c = {.alias = "a", .der = LF_STR("der")};
	const struct lf_certificates list = {.v = &c, .n = 1};

	if (lf_truststore_add((struct lf_str){(const char *)data, size}, &list, 0, &arena, &out,
			      NULL) &&
	    out.n < 32)
		abort();
	return 0;
}
