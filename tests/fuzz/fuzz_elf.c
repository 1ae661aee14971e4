/*
 * ELF: any bytes are either read or no ELF.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "codec/elf.h"

#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	lf_auto_arena arena = {0};
	struct lf_elf elf;
	bool is_elf;
	size_t total = 0;

	if (!lf_elf_read_mem(data, size, &arena, &elf, &is_elf, NULL))
		abort();
	if (!is_elf)
		return 0;
	for (size_t i = 0; i < elf.needed.n; i++)
		total += strlen(elf.needed.v[i]);
	for (size_t i = 0; i < elf.sections.n; i++)
		total += strlen(elf.sections.v[i]);
	total += elf.interp ? strlen(elf.interp) : 0;
	return total == SIZE_MAX;
}
