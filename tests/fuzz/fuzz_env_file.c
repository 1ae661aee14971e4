/*
 * Environment files: no text crashes the parser.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdint.h>

#include "recipe/load.h"

#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	lf_auto_arena arena = {0};
	struct lf_pairs pairs = {0};

	(void)!lf_env_file_parse((struct lf_str){(const char *)data, size}, &arena, &pairs, NULL);
	lf_vec_fini(&pairs);
	return 0;
}
