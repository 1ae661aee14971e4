/*
 * When packages can stand together, strictly: what a package has, what it keeps others from having,
 * whom it excludes. The greedy solver is laxer here and there (solve_filter.c); the complete search
 * and all that judges results goes by these.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "apk/solve_problem.h"

#include "base/banned.h"

static bool satisfies(struct lf_solver *s, struct lf_lazy_version *actual, struct lf_want *want)
{
	const struct lf_version *a = lf_lazy_get(s, actual), *r = lf_lazy_get(s, &want->version);

	return a && r && lf_version_satisfies(a, want->dep.op, r);
}

bool lf_solve_meets(struct lf_solver *s, struct lf_cand *c, struct lf_want *want)
{
	bool any = want->dep.op == LF_OP_ANY;

	if (want->name == LF_NO_NAME)
		return false;
	if (c->name == want->name && (any || satisfies(s, &c->version, want)))
		return true;
	for (uint32_t i = 0; i < c->n_provides; i++) {
		struct lf_provide *p = &c->provide[i];

		if (p->name == want->name &&
		    (any || (p->version.text.n && satisfies(s, &p->version, want))))
			return true;
	}
	return false;
}

enum lf_hold lf_solve_hold(const struct lf_cand *c, uint32_t name)
{
	enum lf_hold hold = c->name == name ? LF_HOLD_ALONE : LF_HOLD_NOT;

	for (uint32_t i = 0; hold != LF_HOLD_ALONE && i < c->n_provides; i++)
		if (c->provide[i].name == name)
			hold = c->provide[i].version.text.n ? LF_HOLD_ALONE : LF_HOLD_SHARED;
	return hold;
}

static bool cannot_share(const struct lf_cand *a, const struct lf_cand *b, uint32_t name)
{
	enum lf_hold ha = lf_solve_hold(a, name), hb = lf_solve_hold(b, name);

	return ha != LF_HOLD_NOT && hb != LF_HOLD_NOT &&
	       (ha == LF_HOLD_ALONE || hb == LF_HOLD_ALONE);
}

uint32_t lf_solve_clash(const struct lf_cand *a, const struct lf_cand *b)
{
	if (a == b)
		return LF_NO_NAME;
	if (cannot_share(a, b, a->name))
		return a->name;
	for (uint32_t i = 0; i < a->n_provides; i++)
		if (cannot_share(a, b, a->provide[i].name))
			return a->provide[i].name;
	return LF_NO_NAME;
}

struct lf_want *lf_solve_bar(struct lf_solver *s, struct lf_cand *a, struct lf_cand *b)
{
	if (a == b)
		return NULL;
	lf_solve_wants(s, a);
	for (uint32_t i = 0; i < a->n_wants; i++)
		if (a->want[i].dep.conflict && lf_solve_meets(s, b, &a->want[i]))
			return &a->want[i];
	return NULL;
}

static bool excludes(const struct lf_pkg *pkg, const char *name)
{
	for (size_t i = 0; i < pkg->depends.n; i++)
		if (pkg->depends.v[i][0] == '!' && !strcmp(pkg->depends.v[i] + 1, name))
			return true;
	return false;
}

void lf_solve_beside_installed(struct lf_solver *s, const struct lf_solve_input *in)
{
	for (size_t i = 0; i < in->n_installed; i++) {
		for (size_t j = 0; j < s->n_cands; j++) {
			if (!excludes(s->cand[j].pkg, in->installed[i].name))
				continue;
			s->cand[j].strike = LF_STRIKE_INSTALLED;
			s->cand[j].strike_text = lf_str(in->installed[i].name);
		}
	}
}
