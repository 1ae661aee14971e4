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

static int by_tag(const struct lf_filter *f, const struct lf_cand *a, const struct lf_cand *b)
{
	return prefer(lf_str_is(f->prefer, a->repo->tag), lf_str_is(f->prefer, b->repo->tag));
}

static int by_rule(struct lf_solver *s, const struct lf_filter *f, enum lf_rule rule,
		   struct lf_cand *a, struct lf_cand *b)
{
	switch (rule) {
	case LF_RULE_NONE:
		break;
	case LF_RULE_EXISTING:
		return prefer(is_existing(s, a), is_existing(s, b));
	case LF_RULE_ORIGIN:
		return prefer(has_known_origin(s, a), has_known_origin(s, b));
	case LF_RULE_TAG:
		return by_tag(f, a, b);
	case LF_RULE_NAME_VERSION:
		return newer_name(s, a, b, f->want->name);
	case LF_RULE_VERSION:
		return a->name == b->name ? newer_own(s, a, b) : 0;
	case LF_RULE_PRIORITY:
		return by_priority(a->pkg, b->pkg);
	case LF_RULE_OWN_VERSION:
		return newer_own(s, a, b);
	case LF_RULE_NAME:
		return strcmp(a->pkg->name, b->pkg->name);
	}
	return 0;
}

int lf_solve_compare(struct lf_solver *s, const struct lf_filter *f, bool bare, struct lf_cand *a,
		     struct lf_cand *b, enum lf_rule *ret_rule)
{
	for (enum lf_rule rule = bare ? LF_RULE_TAG : LF_RULE_EXISTING; rule <= LF_RULE_NAME;
	     rule++) {
		int c = by_rule(s, f, rule, a, b);

		if (!c)
			continue;
		if (ret_rule)
			*ret_rule = rule;
		return c;
	}
	if (ret_rule)
		*ret_rule = LF_RULE_NONE;
	return 0;
}

struct lf_cand *lf_solve_best(struct lf_solver *s, const struct lf_filter *f, bool bare)
{
	const struct lf_cand_list *list = &s->providers[f->want->name];
	struct lf_cand *best = NULL;

	for (uint32_t i = 0; i < list->n; i++) {
		struct lf_cand *c = list->v[i];

		if (lf_filter_passes(s, f, c) &&
		    (!best || lf_solve_compare(s, f, bare, c, best, NULL) < 0))
			best = c;
	}
	return best;
}
