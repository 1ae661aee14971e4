/*
 * Conditions: no text crashes the evaluator, and what is refused has a reason.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdint.h>
#include <stdlib.h>

#include "recipe/recipe.h"

#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	lf_auto_arena arena = {0};
	lf_auto_err err = {0};
	bool value;

	if (!lf_cond_eval(lf_arena_dup(&arena, (const char *)data, size), &value, &err) &&
	    !*lf_err_text(&err))
		abort();
	return 0;
}
