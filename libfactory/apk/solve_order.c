/*
 * Which of two candidates is better, and the best of those that pass a filter.
 * docs/formats/solver.md. The relation is not transitive, so the best is what one pass from left to
 * right leaves, the earlier of equals.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "apk/solve_impl.h"

#include "base/banned.h"

/* <0: a is better. */
static int prefer(bool a, bool b)
{
	return (int)b - (int)a;
}

static bool is_existing(const struct lf_solver *s, const struct lf_cand *c)
{
	const struct lf_cand *e = lf_slot_get(s, s->existing, c->name);

	return e && lf_str_eq(e->version.text, c->version.text);
}

static bool has_known_origin(const struct lf_solver *s, const struct lf_cand *c)
{
	const struct lf_cand *o = lf_slot_get(s, s->origin, c->origin);

	return o && lf_str_eq(o->version.text, c->version.text);
}

/* Higher is better; one that is no version loses, a first. */
static int newer(struct lf_solver *s, struct lf_lazy_version *a, struct lf_lazy_version *b)
{
	const struct lf_version *va = lf_lazy_get(s, a), *vb = lf_lazy_get(s, b);

	if (!va)
		return 1;
	if (!vb)
		return -1;
	return lf_version_cmp(vb, va);
}

/* The version under which c has this name. */
static struct lf_lazy_version *version_of_name(struct lf_cand *c, uint32_t name)
{
	if (c->name == name)
		return &c->version;
	for (uint32_t i = 0; i < c->n_provides; i++)
		if (c->provide[i].name == name)
			return &c->provide[i].version;
	return NULL;
}

static int newer_name(struct lf_solver *s, struct lf_cand *a, struct lf_cand *b, uint32_t name)
{
	struct lf_lazy_version *va = version_of_name(a, name), *vb = version_of_name(b, name);

	if (!va || !vb || !va->text.n || !vb->text.n || lf_str_eq(va->text, vb->text))
		return 0;
	return newer(s, va, vb);
}

static int by_priority(const struct lf_pkg *a, const struct lf_pkg *b)
{
	return (a->provider_priority < b->provider_priority) -
	       (a->provider_priority > b->provider_priority);
}

static int newer_own(struct lf_solver *s, struct lf_cand *a, struct lf_cand *b)
{
	return lf_str_eq(a->version.text, b->version.text) ? 0 : newer(s, &a->version, &b->version);
}

static int compare(struct lf_solver *s, const struct lf_filter *f, bool bare, struct lf_cand *a,
		   struct lf_cand *b)
{
	int c = 0;

	if (!bare) {
		c = prefer(is_existing(s, a), is_existing(s, b));
		c = c ? c : prefer(has_known_origin(s, a), has_known_origin(s, b));
	}
	c = c ? c : prefer(lf_str_is(f->prefer, a->repo->tag), lf_str_is(f->prefer, b->repo->tag));
	c = c ? c : newer_name(s, a, b, f->want->name);
	if (!c && a->name == b->name)
		c = newer_own(s, a, b);
	c = c ? c : by_priority(a->pkg, b->pkg);
	c = c ? c : newer_own(s, a, b);
	return c ? c : strcmp(a->pkg->name, b->pkg->name);
}

struct lf_cand *lf_solve_best(struct lf_solver *s, const struct lf_filter *f, bool bare)
{
	const struct lf_cand_list *list = &s->providers[f->want->name];
	struct lf_cand *best = NULL;

	for (uint32_t i = 0; i < list->n; i++) {
		struct lf_cand *c = list->v[i];

		if (lf_filter_passes(s, f, c) && (!best || compare(s, f, bare, c, best) < 0))
			best = c;
	}
	return best;
}
