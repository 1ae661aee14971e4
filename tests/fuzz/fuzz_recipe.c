/*
 * Recipes: no YAML crashes the decoder, and what is decoded can be printed.
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
	lf_auto_buf out = {0};
	lf_auto_vars vars = {0};
	struct lf_recipe r = {0};
	struct lf_yaml *root = NULL;
	const struct lf_ctx ctx = {0};

	if (!lf_yaml_parse((struct lf_str){(const char *)data, size}, "x", &arena, &root, NULL) ||
	    !root || !lf_recipe_decode(root, &arena, &r, NULL))
		return 0;
	if (lf_vars_for_load(&r, true, &vars, NULL) && lf_recipe_unfold(&r, &vars, NULL)) {
		lf_recipe_replace(&r, &vars);
		(void)!lf_recipe_validate(&ctx, &r, NULL);
	}
	lf_recipe_json(&out, &r);
	lf_recipe_yaml(&out, &r);
	lf_recipe_fini(&r);
	return 0;
}
