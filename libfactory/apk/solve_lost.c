/*
 * Why candidates of a name never came into question for a request: each by its first reason, those
 * with the same reason on one line.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "apk/solve_core.h"

#include "base/banned.h"

#define MAX_NAMES 6

static bool is_version(struct lf_solver *s, struct lf_lazy_version *v)
{
	return lf_lazy_get(s, v) != NULL;
}

static bool is_option(const struct lf_problem *p, const struct lf_request *r,
		      const struct lf_cand *c)
{
	const struct lf_node *node = p->node_of[c - p->s->cand];

	for (uint32_t i = 0; node && i < r->n_options; i++)
		if (r->option[i] == node)
			return true;
	return false;
}

static const struct lf_provide *provide_of(const struct lf_cand *c, uint32_t name)
{
	for (uint32_t i = 0; i < c->n_provides; i++)
		if (c->provide[i].name == name)
			return &c->provide[i];
	return NULL;
}

/* The version under which a package has a name does not fit. */
static void print_misfit(struct lf_problem *p, const struct lf_request *r, struct lf_cand *c,
			 struct lf_buf *b)
{
	const struct lf_provide *provide = provide_of(c, r->want.name);

	if (c->name == r->want.name && !is_version(p->s, &c->version))
		lf_buf_puts(b, "no valid version");
	else if (c->name == r->want.name)
		lf_buf_printf(b, "not " LF_STR_FMT, LF_STR_ARG(r->want.dep.text));
	else if (!provide->version.text.n)
		lf_buf_printf(b, "provides " LF_STR_FMT " without a version",
			      LF_STR_ARG(r->want.dep.name));
	else
		lf_buf_printf(b, "provides " LF_STR_FMT ", not " LF_STR_FMT,
			      LF_STR_ARG(provide->text), LF_STR_ARG(r->want.dep.text));
}

void lf_lost_reason(struct lf_problem *p, const struct lf_request *r, struct lf_cand *c,
		    struct lf_buf *b)
{
	struct lf_want want = r->want;

	if (r->want.dep.op != LF_OP_ANY && !is_version(p->s, &want.version))
		lf_buf_printf(b, LF_STR_FMT " is no valid version",
			      LF_STR_ARG(r->want.dep.version));
	else if (!lf_solve_meets(p->s, c, &want))
		print_misfit(p, r, c, b);
	else if (c->strike == LF_STRIKE_ARCH)
		lf_buf_printf(b, "not there for %s", c->strike_text.p);
	else if (c->strike != LF_STRIKE_NONE)
		lf_solve_print_strike(b, c);
	else
		lf_buf_printf(b, "only in the repository @%s, which is not asked for",
			      c->repo->tag);
}

struct lost {
	struct lf_buf reason, names;
	unsigned n;
};

struct lost_vec {
	struct lost *v;
	size_t n, cap;
};

static struct lost *place_of(struct lost_vec *all, struct lf_buf *reason)
{
	for (size_t i = 0; i < all->n; i++)
		if (lf_str_eq(lf_buf_view(&all->v[i].reason), lf_buf_view(reason)))
			return &all->v[i];
	lf_vec_push(all, (struct lost){.reason = lf_take(*reason)});
	return &all->v[all->n - 1];
}

static void add(struct lost_vec *all, const struct lf_cand *c, struct lf_buf *reason)
{
	struct lost *l = place_of(all, reason);

	if (l->n++ < MAX_NAMES)
		lf_buf_printf(&l->names, "%s%s-%s", l->n > 1 ? ", " : "", c->pkg->name,
			      c->pkg->version);
}

static void print(struct lf_buf *out, struct lost *l)
{
	lf_buf_printf(out, "%s", lf_buf_c(&l->names));
	if (l->n > MAX_NAMES)
		lf_buf_printf(out, " and %u more", l->n - MAX_NAMES);
	lf_buf_printf(out, ": %s\n", lf_buf_c(&l->reason));
	lf_buf_fini(&l->names);
	lf_buf_fini(&l->reason);
}

void lf_lost_print(struct lf_problem *p, const struct lf_request *r, struct lf_buf *out)
{
	const struct lf_cand_list *list = &p->s->providers[r->want.name];
	struct lost_vec all = {0};

	for (uint32_t i = 0; i < list->n; i++) {
		lf_auto_buf reason = {0};

		if (is_option(p, r, list->v[i]) || (i && list->v[i] == list->v[i - 1]))
			continue;
		lf_lost_reason(p, r, list->v[i], &reason);
		add(&all, list->v[i], &reason);
	}
	for (size_t i = 0; i < all.n; i++)
		print(out, &all.v[i]);
	lf_vec_fini(&all);
}
