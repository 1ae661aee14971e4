/*
 * Packages that come along (install_if). In: the packages listed for one item of the world; out:
 * the list with those behind it all of whose items are among the listed. docs/formats/solver.md.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "apk/solve_impl.h"
#include "base/vec.h"

#include "base/banned.h"

void lf_solve_list(struct lf_solver *s, struct lf_cand_vec *list)
{
	size_t n = 0;

	for (size_t i = 0; i < list->n; i++) {
		struct lf_cand *c = list->v[i];

		if (lf_slot_get(s, s->listed, c->name))
			continue;
		lf_slot_set(s, s->listed, c->name, c);
		list->v[n++] = c;
	}
	list->n = n;
}

static bool item_is_listed(struct lf_solver *s, const char *item)
{
	const struct lf_cand *c;
	struct lf_dep dep;

	if (lf_slot_get(s, s->listed, lf_solver_name(s, lf_str(item))))
		return true;
	lf_dep_parse(lf_str(item), &s->arena, &dep);
	c = lf_slot_get(s, s->listed, lf_solver_name(s, dep.name));
	return c && lf_str_eq(c->version.text, dep.version);
}

static bool is_triggered(struct lf_solver *s, const struct lf_cand *c)
{
	if (lf_slot_get(s, s->listed, c->name))
		return false;
	for (size_t i = 0; i < c->pkg->install_if.n; i++)
		if (!item_is_listed(s, c->pkg->install_if.v[i]))
			return false;
	return true;
}

/* compat: a plain name hides the keys that name a version. */
static const struct lf_cand_list *triggered_by(struct lf_solver *s, const struct lf_cand *c)
{
	const struct lf_cand_list *list = lf_map_get(&s->install_if, lf_str(c->pkg->name));
	const char *text;

	if (list)
		return list;
	text = lf_arena_printf(&s->arena, "%s=%s", c->pkg->name, c->pkg->version);
	return lf_map_get(&s->install_if, lf_str(text));
}

/* compat: they come without their own dependencies. The list grows while it is walked, so that one
 * can bring the next. */
void lf_solve_trigger(struct lf_solver *s, struct lf_cand_vec *list, lf_cand_fn *may, void *data)
{
	for (size_t i = 0; s->install_if.n && i < list->n; i++) {
		const struct lf_cand_list *found = triggered_by(s, list->v[i]);

		for (uint32_t j = 0; found && j < found->n; j++) {
			struct lf_cand *c = found->v[j];

			if (!is_triggered(s, c) || !may(data, c))
				continue;
			lf_slot_set(s, s->listed, c->name, c);
			lf_vec_push(list, c);
		}
	}
}
