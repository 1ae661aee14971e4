/*
 * Ranges: a subpackage with `range: NAME` stands for one subpackage for each item of that entry of
 * `data`. Items come in byte order of their keys.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "recipe/load.h"
#include "recipe/shapes.h"

#include "base/mem.h"

#include "base/banned.h"

/* Ranges multiply; nobody means that many. */
#define MAX_SUBPACKAGES 20000

typedef LF_VEC(struct lf_subpackage) subpackage_list;

/* Of two entries of one name the later one counts. */
static const struct lf_pairs *find_data(const struct lf_recipe *r, const char *name)
{
	for (size_t i = r->n_data; i-- > 0;) {
		if (!strcmp(r->data[i].name, name))
			return &r->data[i].items;
	}
	return NULL;
}

/* The subpackage is decoded anew for each item: so none shares a list with another. */
static bool add_range(const struct lf_recipe *r, const struct lf_vars *v,
		      const struct lf_pairs *items, const struct lf_yaml *node,
		      subpackage_list *out, struct lf_err *err)
{
	for (size_t i = 0; i < items->n; i++) {
		lf_auto_vars scope = {.parent = v};
		struct lf_subpackage s;

		lf_vars_set(&scope, "range.key", items->v[i].key);
		lf_vars_set(&scope, "range.value", items->v[i].value);
		if (!lf_subpackage_decode(node, r->arena, &s, err))
			return false;
		s.range = "";
		lf_subpackage_replace(&s, &scope, r->arena);
		lf_vec_push(out, s);
	}
	return true;
}

static bool unfold_one(const struct lf_recipe *r, const struct lf_vars *v, size_t index,
		       subpackage_list *out, struct lf_err *err)
{
	struct lf_subpackage *s = &r->subpackage[index];

	if (!*s->range) {
		lf_subpackage_replace(s, v, r->arena);
		lf_vec_push(out, *s);
		*s = (struct lf_subpackage){0};
		return true;
	}
	const struct lf_pairs *items = find_data(r, s->range);
	if (!items)
		return lf_fail_at(err, s->unit.node,
				  "subpackages[%zu] (\"%s\") specified undefined range: \"%s\"",
				  index, s->unit.name, s->range);
	if (items->n + out->n > MAX_SUBPACKAGES)
		return lf_fail_new(err, LF_E_LIMIT, "more than %d subpackages", MAX_SUBPACKAGES);
	return add_range(r, v, items, s->unit.node, out, err);
}

/* What was pushed is the recipe's, what is left of the former list is freed. */
static void take_over(struct lf_recipe *r, const subpackage_list *list)
{
	for (size_t i = 0; i < r->n_subpackages; i++)
		lf_shape_fini(&lf_shape_subpackage, &r->subpackage[i]);
	r->subpackage = lf_new_n(r->arena, struct lf_subpackage, list->n);
	if (list->n)
		memcpy(r->subpackage, list->v, list->n * sizeof(*list->v));
	r->n_subpackages = list->n;
	for (size_t i = 0; i < r->n_data; i++)
		lf_vec_fini(&r->data[i].items);
	r->n_data = 0;
}

bool lf_recipe_unfold(struct lf_recipe *r, const struct lf_vars *v, struct lf_err *err)
{
	subpackage_list out = {0};
	bool ok = true;

	for (size_t i = 0; i < r->n_data; i++)
		lf_pairs_sort(&r->data[i].items);
	for (size_t i = 0; ok && i < r->n_subpackages; i++)
		ok = unfold_one(r, v, i, &out, err);
	take_over(r, &out);
	lf_vec_fini(&out);
	return ok;
}
