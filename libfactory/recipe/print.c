/*
 * A recipe as text: .melange.yaml as it is put into packages, and the JSON line of `melange
 * compile`. Order, names and what is left out come from the shapes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "config/print.h"
#include "recipe/recipe.h"
#include "recipe/shapes.h"

#include "base/banned.h"

void lf_recipe_yaml(struct lf_buf *out, const struct lf_recipe *r)
{
	struct lf_yaml_out y = {.out = out, .indent = 2};

	lf_shape_yaml(&y, &lf_shape_recipe, r);
}

void lf_recipe_json(struct lf_buf *out, const struct lf_recipe *r)
{
	lf_shape_json(out, &lf_shape_recipe, r);
	lf_buf_putc(out, '\n');
}
