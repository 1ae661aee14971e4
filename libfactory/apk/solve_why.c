/*
 * Why this package and this version: who asked for it, from the world down; which candidates there
 * were; by which rule this one won. In: what lf_solve_world takes and a name; out: lines of text.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/ctx.h>

#include "apk/solve_core.h"

#include "base/banned.h"

struct why {
	const struct lf_solve_input *in;
	struct lf_solution solution;
	const struct lf_pkg *target;
	struct lf_buf *out;
	struct lf_solver s;      /* tables only */
	struct lf_cand **member; /* the solution's candidates, in its order */
	size_t *parent;          /* by member: which one asked for it first; itself: the world */
	struct lf_str *asked;    /* by member: with which words; p NULL: not asked for */
	bool told;
};

/* ---- the chain from the world ---- */

static void find_members(struct why *w)
{
	struct lf_solution *s = &w->solution;

	w->member = lf_new_n(&w->s.arena, struct lf_cand *, s->n);
	w->parent = lf_new_n(&w->s.arena, size_t, s->n);
	w->asked = lf_new_n(&w->s.arena, struct lf_str, s->n);
	for (size_t i = 0; i < s->n; i++)
		for (size_t k = 0; k < w->s.n_cands && !w->member[i]; k++)
			if (w->s.cand[k].pkg == s->install[i].pkg)
				w->member[i] = &w->s.cand[k];
}

static void ask(struct why *w, struct lf_want *want, size_t parent, size_t *queue, size_t *n)
{
	for (size_t i = 0; i < w->solution.n; i++) {
		if (w->asked[i].p || !lf_solve_meets(&w->s, w->member[i], want))
			continue;
		w->asked[i] = want->dep.text;
		w->parent[i] = parent == LF_NO_CAND ? i : parent;
		queue[(*n)++] = i;
	}
}

/* Breadth first, so that the chains are short. */
static void find_chains(struct why *w)
{
	size_t *queue = lf_new_n(&w->s.arena, size_t, w->solution.n), n = 0;

	for (size_t i = 0; i < w->in->world.n; i++) {
		struct lf_want want;

		lf_want_init(&w->s, lf_str(w->in->world.v[i]), &want);
		ask(w, &want, LF_NO_CAND, queue, &n);
	}
	for (size_t at = 0; at < n; at++) {
		struct lf_cand *c = w->member[queue[at]];

		lf_solve_wants(&w->s, c);
		for (uint32_t k = 0; k < c->n_wants; k++)
			if (!c->want[k].dep.conflict)
				ask(w, &c->want[k], queue[at], queue, &n);
	}
}

static size_t number_of(const struct why *w, const struct lf_pkg *pkg)
{
	for (size_t i = 0; i < w->solution.n; i++)
		if (w->solution.install[i].pkg == pkg)
			return i;
	return LF_NO_CAND;
}

static void print_link(struct why *w, size_t member)
{
	struct lf_str asked = w->asked[member];

	if (w->parent[member] == member)
		lf_buf_printf(w->out, "  the world asks for " LF_STR_FMT "\n", LF_STR_ARG(asked));
	else
		lf_buf_printf(w->out, "  %s-%s needs " LF_STR_FMT "\n",
			      w->member[w->parent[member]]->pkg->name,
			      w->member[w->parent[member]]->pkg->version, LF_STR_ARG(asked));
}

static void print_chain(struct why *w, size_t member)
{
	size_t chain[64], n = 0;

	for (chain[n++] = member; w->parent[member] != member && n < LF_ARRAY_LEN(chain);)
		chain[n++] = member = w->parent[member];
	while (n)
		print_link(w, chain[--n]);
}

static void print_origin(struct why *w)
{
	const struct lf_strv *with = &w->target->install_if;
	size_t member = number_of(w, w->target);

	if (w->asked[member].p) {
		print_chain(w, member);
		return;
	}
	lf_buf_puts(w->out, "  nothing: it comes along with");
	for (size_t i = 0; i < with->n; i++)
		lf_buf_printf(w->out, " %s", with->v[i]);
	lf_buf_puts(w->out, " (install_if)\n");
}

/* ---- the candidates ---- */

static const char *rule_text(enum lf_rule rule)
{
	switch (rule) {
	case LF_RULE_NONE:
		return "equal, but later in the repositories";
	case LF_RULE_EXISTING:
		return "another was chosen already";
	case LF_RULE_ORIGIN:
		return "the other's origin was chosen already in that version";
	case LF_RULE_TAG:
		return "not in the repository that is asked for";
	case LF_RULE_NAME_VERSION:
		return "lower version under this name";
	case LF_RULE_VERSION:
		return "lower version";
	case LF_RULE_PRIORITY:
		return "lower provider priority";
	case LF_RULE_OWN_VERSION:
		return "lower version of its own";
	case LF_RULE_NAME:
		return "its name comes later";
	}
	return "";
}

static void print_loser(struct lf_solver *s, const struct lf_solve_pick *pick, struct lf_cand *c,
			struct lf_buf *out)
{
	enum lf_rule rule;
	int order = lf_solve_compare(s, pick->filter, pick->bare, pick->best, c, &rule);

	if (rule == LF_RULE_NAME_VERSION && pick->best->name == c->name)
		rule = LF_RULE_VERSION;
	if (order > 0)
		lf_buf_puts(out, "lost against one that lost (the order is not transitive)");
	else
		lf_buf_puts(out, rule_text(rule));
}

static void print_candidate(struct lf_solver *s, const struct lf_solve_pick *pick,
			    struct lf_cand *c, struct lf_buf *out)
{
	const struct lf_filter *f = pick->filter;

	lf_buf_printf(out, "  %s-%s%s%s: ", c->pkg->name, c->pkg->version, *c->repo->tag ? "@" : "",
		      c->repo->tag);
	if (c == pick->best)
		lf_buf_puts(out, "chosen");
	else if (c->strike != LF_STRIKE_NONE)
		lf_solve_print_strike(out, c);
	else if (!lf_filter_passes(s, f, c) && *c->repo->tag && !lf_str_is(f->allow, c->repo->tag))
		lf_buf_puts(out, "its repository is not asked for");
	else if (!lf_filter_passes(s, f, c))
		lf_buf_puts(out, "its version does not fit");
	else
		print_loser(s, pick, c, out);
	lf_buf_putc(out, '\n');
}

static void note_pick(void *data, struct lf_solver *s, const struct lf_solve_pick *pick)
{
	struct why *w = data;
	const struct lf_want *want = pick->filter->want;
	const struct lf_cand_list *list = &s->providers[want->name];

	if (w->told || pick->best->pkg != w->target)
		return;
	w->told = true;
	lf_buf_printf(w->out, "candidates for " LF_STR_FMT ":\n", LF_STR_ARG(want->dep.text));
	for (uint32_t i = 0; i < list->n; i++)
		if (!i || list->v[i] != list->v[i - 1])
			print_candidate(s, pick, list->v[i], w->out);
}

/* Where the complete search chose: what stands in the way in the end. */
static bool print_obstacle(struct why *w, struct lf_cand *c)
{
	for (size_t i = 0; i < w->solution.n; i++) {
		struct lf_cand *m = w->member[i];
		bool apart = lf_solve_clash(c, m) != LF_NO_NAME || lf_solve_bar(&w->s, c, m) ||
			     lf_solve_bar(&w->s, m, c);

		if (!apart || m->pkg == w->target)
			continue;
		lf_buf_printf(w->out, "cannot stand beside %s-%s", m->pkg->name, m->pkg->version);
		return true;
	}
	return false;
}

static void print_searched(struct why *w)
{
	size_t member = number_of(w, w->target);
	struct lf_want want;

	if (!w->asked[member].p)
		return;
	lf_want_init(&w->s, w->asked[member], &want);
	lf_buf_printf(w->out,
		      "candidates for " LF_STR_FMT " (by the complete search, since the first "
		      "choices do not fit together):\n",
		      LF_STR_ARG(want.dep.text));
	for (uint32_t i = 0; i < w->s.providers[want.name].n; i++) {
		struct lf_cand *c = w->s.providers[want.name].v[i];

		lf_buf_printf(w->out, "  %s-%s: ", c->pkg->name, c->pkg->version);
		if (c->pkg == w->target)
			lf_buf_puts(w->out, "chosen");
		else if (!lf_solve_meets(&w->s, c, &want))
			lf_buf_puts(w->out, "its version does not fit");
		else if (!print_obstacle(w, c))
			lf_buf_puts(w->out, "worse, or its own needs do not fit the rest");
		lf_buf_putc(w->out, '\n');
	}
}

/* ---- the whole ---- */

static const struct lf_solve_choice *find_target(struct why *w, const char *name)
{
	struct lf_want want;

	lf_want_init(&w->s, lf_str(name), &want);
	for (size_t i = 0; i < w->solution.n; i++)
		if (!strcmp(w->solution.install[i].pkg->name, name))
			return &w->solution.install[i];
	for (size_t i = 0; i < w->solution.n; i++)
		if (lf_solve_meets(&w->s, w->member[i], &want))
			return &w->solution.install[i];
	return NULL;
}

static bool fail_missing(struct why *w, const char *name, struct lf_err *err)
{
	struct lf_str near[LF_NEAR_MAX];
	uint32_t id = lf_solver_name(&w->s, lf_str(name));
	lf_auto_buf b = {0};

	if (id != LF_NO_NAME && w->s.providers[id].n)
		return lf_fail_new(err, LF_E_NOT_FOUND, "%s is not installed: nothing asks for it",
				   name);
	for (size_t i = 0, n = lf_near_names(&w->s, lf_str(name), near); i < n; i++)
		lf_buf_printf(&b, "%s" LF_STR_FMT, i ? ", " : "; there is ", LF_STR_ARG(near[i]));
	return lf_fail_new(err, LF_E_NOT_FOUND, "nothing is called %s%s", name, lf_buf_c(&b));
}

static bool explain(struct why *w, const char *name, struct lf_arena *arena, struct lf_err *err)
{
	struct lf_solve_watch watch = {note_pick, w};
	const struct lf_solve_choice *c;
	struct lf_solution again;

	find_members(w);
	find_chains(w);
	c = find_target(w, name);
	if (!c)
		return fail_missing(w, name, err);
	w->target = c->pkg;
	lf_buf_printf(w->out, "%s %s (%s)\nasked for by:\n", c->pkg->name, c->pkg->version,
		      c->repo->url);
	print_origin(w);
	if (w->solution.searched)
		print_searched(w);
	else
		return lf_solve_greedily(w->in, &watch, arena, &again, err);
	return true;
}

bool lf_solve_why(const struct lf_ctx *ctx, const struct lf_solve_input *in, const char *name,
		  struct lf_arena *arena, struct lf_buf *out, struct lf_err *err)
{
	struct why w = {.in = in, .out = out};
	bool ok;

	if (!lf_solve_world(ctx, in, arena, &w.solution, err))
		return false;
	lf_solver_init(&w.s, in);
	ok = explain(&w, name, arena, err);
	lf_solver_fini(&w.s);
	return ok;
}
