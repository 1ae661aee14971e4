/*
 * .pc files: a text is read or named as bad, and only names that pkg-config could mean come out.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "build/scan/scan.h"

#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_name(const char *name)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789_.-";

	if (!*name || name[strspn(name, allowed)])
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	lf_auto_arena arena = {0};
	LF_CLEANUP(lf_pc_fini) struct lf_pc pc = {0};
	const char *problem = NULL;

	if (!lf_pc_parse((struct lf_str){(const char *)data, size}, &arena, &pc, &problem)) {
		if (!problem)
			abort();
		return 0;
	}
	for (size_t kind = 0; kind < LF_PC_KINDS; kind++)
		for (size_t i = 0; i < pc.required[kind].n; i++)
			check_name(pc.required[kind].v[i]);
	return 0;
}
