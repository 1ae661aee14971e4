/*
 * The version of a package: a file comes in, "NAME-VERSION-rEPOCH" goes out.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/recipe.h>

#include "recipe/recipe.h"

#include "base/banned.h"

bool lf_package_version(const struct lf_ctx *ctx, const char *config, char **ret,
			struct lf_err *err)
{
	const struct lf_recipe_options o = {0};
	lf_auto_arena arena = {0};
	lf_auto_buf text = {0};
	struct lf_recipe r;

	if (!lf_recipe_load(ctx, config, &o, &arena, &r, err))
		return false;
	lf_buf_printf(&text, "%s-%s", r.package.unit.name, lf_recipe_full_version(&r));
	*ret = lf_buf_detach(&text);
	lf_recipe_fini(&r);
	return true;
}
