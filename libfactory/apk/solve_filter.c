/*
 * Which candidates may be chosen: the filter of a constraint, and the striking off of what
 * constraints and choices rule out. Nothing that is struck off comes back, which is all the search
 * there is. docs/formats/solver.md.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "apk/solve_impl.h"

#include "base/banned.h"

/* ---- the filter ---- */

static bool same_url(const struct lf_cand *a, const struct lf_cand *b)
{
	return a == b || (!strcmp(a->repo->url, b->repo->url) && a->name == b->name &&
			  lf_str_eq(a->version.text, b->version.text));
}

static bool tag_passes(const struct lf_filter *f, const struct lf_cand *c)
{
	const char *tag = c->repo->tag;

	return !*tag || lf_str_is(f->allow, tag) || lf_str_is(f->prefer, tag) ||
	       (f->installed && same_url(c, f->installed));
}

/* compat: any versioned provides will do, whatever its name. */
static bool version_passes(struct lf_solver *s, struct lf_want *want, struct lf_cand *c)
{
	const struct lf_version *required = lf_lazy_get(s, &want->version);
	const struct lf_version *actual = lf_lazy_get(s, &c->version);

	if (!required || !actual)
		return false;
	if (lf_version_satisfies(actual, want->dep.op, required))
		return true;
	for (uint32_t i = 0; i < c->n_provides; i++) {
		struct lf_provide *p = &c->provide[i];

		if (!p->version.text.n)
			continue;
		actual = lf_lazy_get(s, &p->version);
		if (actual && lf_version_satisfies(actual, want->dep.op, required))
			return true;
	}
	return false;
}

bool lf_filter_passes(struct lf_solver *s, const struct lf_filter *f, struct lf_cand *c)
{
	return c->strike == LF_STRIKE_NONE && tag_passes(f, c) &&
	       (f->want->dep.op == LF_OP_ANY || version_passes(s, f->want, c));
}

size_t lf_filter_count(struct lf_solver *s, const struct lf_filter *f)
{
	const struct lf_cand_list *list = &s->providers[f->want->name];
	size_t n = 0;

	for (uint32_t i = 0; i < list->n; i++)
		n += lf_filter_passes(s, f, list->v[i]);
	return n;
}

/* ---- striking off ---- */

static void strike(struct lf_cand *c, enum lf_strike why, struct lf_str text)
{
	c->strike = why;
	c->strike_text = text;
}

static void exclude(struct lf_solver *s, struct lf_want *want)
{
	const struct lf_filter f = {.want = want, .prefer = want->dep.tag};
	const struct lf_cand_list *list = &s->providers[want->name];

	for (uint32_t i = 0; i < list->n; i++)
		if (lf_filter_passes(s, &f, list->v[i]))
			strike(list->v[i], LF_STRIKE_EXCLUDED, want->dep.text);
}

static void constrain_own(struct lf_solver *s, const struct lf_want *want,
			  const struct lf_version *required, struct lf_cand *c)
{
	const struct lf_version *actual = lf_lazy_get(s, &c->version);

	if (!actual)
		strike(c, LF_STRIKE_VERSION_INVALID, want->dep.text);
	else if (!lf_version_satisfies(actual, want->dep.op, required))
		strike(c, LF_STRIKE_VERSION, want->dep.text);
}

/* compat: a provides without a version is left alone. */
static void constrain_provides(struct lf_solver *s, const struct lf_want *want,
			       const struct lf_version *required, struct lf_cand *c)
{
	for (uint32_t i = 0; i < c->n_provides; i++) {
		struct lf_provide *p = &c->provide[i];
		const struct lf_version *actual;

		if (p->name != want->name || !p->version.text.n)
			continue;
		actual = lf_lazy_get(s, &p->version);
		if (actual && lf_version_satisfies(actual, want->dep.op, required))
			continue;
		strike(c, actual ? LF_STRIKE_PROVIDES : LF_STRIKE_PROVIDES_INVALID, want->dep.text);
		c->strike_provide = p;
	}
}

static void constrain(struct lf_solver *s, struct lf_want *want, const struct lf_version *required)
{
	const struct lf_cand_list *list = &s->providers[want->name];

	for (uint32_t i = 0; i < list->n; i++) {
		if (list->v[i]->name == want->name)
			constrain_own(s, want, required, list->v[i]);
		else
			constrain_provides(s, want, required, list->v[i]);
	}
}

bool lf_solve_constrain(struct lf_solver *s, struct lf_want *want, size_t n, struct lf_err *err)
{
	for (size_t i = 0; i < n; i++) {
		const struct lf_version *required;
		struct lf_version ignored;

		if (want[i].name == LF_NO_NAME)
			continue;
		if (want[i].dep.conflict) {
			exclude(s, &want[i]);
			continue;
		}
		if (want[i].dep.op == LF_OP_ANY)
			continue;
		required = lf_lazy_get(s, &want[i].version);
		if (!required && !lf_version_parse(want[i].version.text, &ignored, err))
			return lf_fail(err, "parsing constraint \"" LF_STR_FMT "\"",
				       LF_STR_ARG(want[i].dep.text));
		constrain(s, &want[i], required);
	}
	return true;
}

/* Can q stand beside something else that provides this name without a version? */
static bool is_unversioned(const struct lf_cand *q, uint32_t name)
{
	if (q->name == name)
		return false;
	for (uint32_t i = 0; i < q->n_provides; i++)
		if (q->provide[i].name == name)
			return !q->provide[i].version.text.n;
	return false;
}

void lf_solve_conflicts(struct lf_solver *s, struct lf_cand *chosen)
{
	for (uint32_t i = 0; i < chosen->n_provides; i++) {
		const struct lf_provide *p = &chosen->provide[i];
		const struct lf_cand_list *list = &s->providers[p->name];

		for (uint32_t j = 0; j < list->n; j++) {
			struct lf_cand *q = list->v[j];

			if (q == chosen || q->strike != LF_STRIKE_NONE ||
			    (!p->version.text.n && is_unversioned(q, p->name)))
				continue;
			strike(q, LF_STRIKE_PROVIDED, s->ids.entry[p->name].key);
			q->strike_by = chosen;
		}
	}
}

static struct lf_str identity(struct lf_arena *a, const struct lf_pkg *pkg)
{
	return lf_str(lf_arena_printf(a, "%s\n%s", pkg->name, pkg->version));
}

static void strike_missing(struct lf_solver *s, const struct lf_solve_other *other)
{
	lf_auto_arena a = {0};
	lf_auto_map there = {0};

	for (size_t i = 0; i < other->n_repos; i++)
		for (size_t j = 0; j < other->repo[i].index->n; j++)
			(void)lf_map_at(&there, identity(&a, &other->repo[i].index->pkg[j]));
	for (size_t i = 0; i < s->n_cands; i++)
		if (s->cand[i].strike == LF_STRIKE_NONE &&
		    !lf_map_has(&there, identity(&a, s->cand[i].pkg)))
			strike(&s->cand[i], LF_STRIKE_ARCH, lf_str(other->arch));
}

void lf_solve_archs(struct lf_solver *s, const struct lf_solve_input *in)
{
	for (size_t i = 0; i < in->n_others; i++)
		strike_missing(s, &in->other[i]);
}

/* ---- reasons ---- */

static void print_version_error(struct lf_buf *b, struct lf_str version)
{
	lf_auto_err err = {0};
	struct lf_version v;

	if (!lf_version_parse(version, &v, &err))
		lf_buf_puts(b, lf_err_text(&err));
}

void lf_solve_print_strike(struct lf_buf *b, const struct lf_cand *c)
{
	const struct lf_pkg *pkg = c->pkg;
	struct lf_str text = c->strike_text;

	switch (c->strike) {
	case LF_STRIKE_NONE:
		return;
	case LF_STRIKE_ARCH:
		lf_buf_printf(b, "package \"%s-%s.apk\" not available for arch \"" LF_STR_FMT "\"",
			      pkg->name, pkg->version, LF_STR_ARG(text));
		return;
	case LF_STRIKE_EXCLUDED:
		lf_buf_printf(b, "excluded by !" LF_STR_FMT, LF_STR_ARG(text));
		return;
	case LF_STRIKE_VERSION_INVALID:
		lf_buf_printf(b, "parsing version \"%s\" failed: ", pkg->version);
		print_version_error(b, c->version.text);
		return;
	case LF_STRIKE_VERSION:
		lf_buf_printf(b, "\"%s\" does not satisfy \"" LF_STR_FMT "\"", pkg->version,
			      LF_STR_ARG(text));
		return;
	case LF_STRIKE_PROVIDES_INVALID:
		lf_buf_printf(b, "parsing \"" LF_STR_FMT "\": ",
			      LF_STR_ARG(c->strike_provide->version.text));
		print_version_error(b, c->strike_provide->version.text);
		return;
	case LF_STRIKE_PROVIDES:
		lf_buf_printf(b,
			      "\"%s-%s.apk\" provides \"" LF_STR_FMT
			      "\" which does not satisfy \"" LF_STR_FMT "\"",
			      pkg->name, pkg->version, LF_STR_ARG(c->strike_provide->text),
			      LF_STR_ARG(text));
		return;
	case LF_STRIKE_PROVIDED:
		lf_buf_printf(b, "%s-%s.apk already provides " LF_STR_FMT, c->strike_by->pkg->name,
			      c->strike_by->pkg->version, LF_STR_ARG(text));
		return;
	case LF_STRIKE_INSTALLED:
		lf_buf_printf(b, "it does not go with " LF_STR_FMT ", which is installed",
			      LF_STR_ARG(text));
		return;
	}
}

static void print_reasons(struct lf_buf *b, const struct lf_cand_list *list)
{
	for (uint32_t i = 0; i < list->n; i++) {
		const struct lf_cand *c = list->v[i];

		if (c->strike == LF_STRIKE_NONE)
			continue;
		lf_buf_printf(b, "%s  %s-%s.apk disqualified because ", b->n ? "\n" : "",
			      c->pkg->name, c->pkg->version);
		lf_solve_print_strike(b, c);
	}
}

bool lf_solve_fail(struct lf_solver *s, const struct lf_want *want, struct lf_err *err)
{
	lf_auto_buf b = {0};

	if (want->name == LF_NO_NAME)
		return lf_fail_new(err, LF_E_SOLVE,
				   "solving \"" LF_STR_FMT
				   "\" constraint: nothing provides \"" LF_STR_FMT "\"",
				   LF_STR_ARG(want->dep.text), LF_STR_ARG(want->dep.name));
	print_reasons(&b, &s->providers[want->name]);
	return lf_fail_new(err, LF_E_SOLVE, "solving \"" LF_STR_FMT "\" constraint: %s",
			   LF_STR_ARG(want->dep.text), b.n ? lf_buf_c(&b) : "not in indexes");
}
