/*
 * Which package goes to which layer: by origin, joined where packages replace each other, largest
 * first, at most `budget` groups; and what each layer's tar holds. Directories are everybody's: a
 * layer repeats those above its files.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "image/layer.h"

#include <string.h>

#include "apk/version.h"
#include "base/mem.h"
#include "base/vec.h"
#include "base/banned.h"

struct group {
	uint64_t size;
	const char *greatest; /* name of a package in it */
	uint32_t id;          /* of its packages in `of` */
};

struct grouping {
	struct lf_image *img;
	uint32_t n;   /* packages */
	uint32_t *of; /* group id of each package */
	struct group *group;
	size_t n_groups;
};

static const struct lf_pkg *package(const struct grouping *g, uint32_t i)
{
	return &g->img->package[i]->apk.pkg;
}

static void join(struct grouping *g, uint32_t a, uint32_t b)
{
	uint32_t from = g->of[b], to = g->of[a];

	for (uint32_t i = 0; i < g->n; i++)
		if (g->of[i] == from)
			g->of[i] = to;
}

/* Unlike when files meet, a version in `replaces` counts here. */
static bool replaces(const struct lf_pkg *other, const struct lf_dep *dep)
{
	struct lf_version actual, required;

	if (!lf_str_is(dep->name, other->name))
		return false;
	if (dep->op == LF_OP_ANY)
		return true;
	return lf_version_parse(lf_str(other->version), &actual, NULL) &&
	       lf_version_parse(dep->version, &required, NULL) &&
	       lf_version_satisfies(&actual, dep->op, &required);
}

static void join_replaced(struct grouping *g, uint32_t i)
{
	const struct lf_strv *list = &package(g, i)->replaces;

	for (size_t k = 0; k < list->n; k++) {
		struct lf_dep dep;

		lf_dep_parse(lf_str(list->v[k]), &g->img->arena, &dep);
		for (uint32_t j = 0; j < g->n; j++)
			if (replaces(package(g, j), &dep))
				join(g, i, j);
	}
}

static void partition(struct grouping *g)
{
	for (uint32_t i = 0; i < g->n; i++) {
		g->of[i] = i;
		for (uint32_t j = 0; j < i; j++)
			if (strcmp(package(g, i)->origin, package(g, j)->origin) == 0) {
				g->of[i] = g->of[j];
				break;
			}
	}
	for (uint32_t i = 0; i < g->n; i++)
		join_replaced(g, i);
}

static int larger_first(const void *x, const void *y)
{
	const struct group *a = x, *b = y;

	if (a->size != b->size)
		return a->size > b->size ? -1 : 1;
	return strcmp(a->greatest, b->greatest);
}

static void measure(struct grouping *g)
{
	for (uint32_t i = 0; i < g->n; i++) {
		const struct lf_pkg *p = package(g, i);
		size_t k = 0;

		while (k < g->n_groups && g->group[k].id != g->of[i])
			k++;
		if (k == g->n_groups)
			g->group[g->n_groups++] = (struct group){.greatest = "", .id = g->of[i]};
		g->group[k].size += p->installed_size;
		if (strcmp(p->name, g->group[k].greatest) > 0)
			g->group[k].greatest = p->name;
	}
	qsort(g->group, g->n_groups, sizeof(*g->group), larger_first);
}

/* Numbers the groups by size; those beyond the budget are one. */
static size_t number(struct grouping *g, int64_t budget, uint32_t *number_of)
{
	size_t n = g->n_groups, last;

	if ((uint64_t)budget < n)
		n = budget > 1 ? (size_t)budget : 1;
	last = n ? n - 1 : 0;
	for (uint32_t i = 0; i < g->n; i++)
		for (size_t k = 0; k < g->n_groups; k++)
			if (g->group[k].id == g->of[i])
				number_of[i] = (uint32_t)(k < last ? k : last);
	return n;
}

static int by_name(const void *x, const void *y, void *data)
{
	const struct grouping *g = data;

	return strcmp(package(g, *(const uint32_t *)x)->name,
		      package(g, *(const uint32_t *)y)->name);
}

static void list_members(struct grouping *g, struct lf_layering *l, size_t k)
{
	uint32_t *list = lf_new_n(&g->img->arena, uint32_t, g->n + 1);
	size_t n = 0;

	for (uint32_t i = 0; i < g->n; i++)
		if (l->group[i] == k)
			list[n++] = i;
	qsort_r(list, n, sizeof(*list), by_name, g);
	list[n] = UINT32_MAX;
	l->member[k] = list;
}

static void tell(const struct lf_image *img, const struct lf_layering *l, int64_t budget)
{
	lf_info(&img->ctx, "Building %zu layers with budget %jd", l->n_layers - 1,
		(intmax_t)budget);
	for (size_t k = 0; k + 1 < l->n_layers; k++) {
		lf_info(&img->ctx, "  layer[%zu]:", k);
		for (const uint32_t *m = l->member[k]; *m != UINT32_MAX; m++)
			lf_info(&img->ctx, "    - %s=%s", img->package[*m]->apk.pkg.name,
				img->package[*m]->apk.pkg.version);
	}
}

bool lf_layering_wanted(const struct lf_image_config *c)
{
	return c->layering.set && (*c->layering.strategy || c->layering.budget != 0);
}

bool lf_layering_check(const struct lf_image_config *c, struct lf_err *err)
{
	if (!lf_layering_wanted(c))
		return true;
	if (strcmp(c->layering.strategy, "origin") != 0)
		return lf_fail_new(err, LF_E_CONFIG, "unrecognized layering strategy \"%s\"",
				   c->layering.strategy);
	if (c->contents.has_baseimage)
		return lf_fail_new(err, LF_E_CONFIG, "layering with \"baseimage\" is unsupported");
	if (c->layering.budget < 0)
		return lf_fail_new(err, LF_E_CONFIG, "layering budget %jd is negative",
				   (intmax_t)c->layering.budget);
	return true;
}

void lf_layering_make(struct lf_image *img, struct lf_layering *ret)
{
	const struct lf_image_config *c = &img->config;
	struct grouping g = {.img = img, .n = (uint32_t)img->solution.n};

	*ret = (struct lf_layering){.n_layers = 1};
	if (!lf_layering_wanted(c))
		return;
	g.of = lf_new_n(&img->arena, uint32_t, g.n);
	g.group = lf_new_n(&img->arena, struct group, g.n);
	ret->group = lf_new_n(&img->arena, uint32_t, g.n);
	partition(&g);
	measure(&g);
	ret->n_layers = number(&g, c->layering.budget, ret->group) + 1;
	ret->member = lf_new_n(&img->arena, uint32_t *, ret->n_layers);
	for (size_t k = 0; k + 1 < ret->n_layers; k++)
		list_members(&g, ret, k);
	tell(img, ret, c->layering.budget);
}
