/*
 * What the dependency scan reads in files of a package: shebangs, kernel images and modules.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>

#include "build/scan/kernel_text.h"
#include "build/scan/scan.h"

#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	lf_auto_arena arena = {0};
	struct lf_str bytes = {(const char *)data, size};
	const char *program, *problem;

	(void)lf_shebang_parse(lf_str_sub(bytes, 0, 80), &arena, &program, &problem);
	(void)lf_kernel_image_version(bytes, &arena);
	(void)lf_kernel_module_version(bytes, &arena);
	return 0;
}
