/*
 * The solver: from a world to an ordered list of packages, by upstream's greedy choices without
 * going back. In: the world and the indexes; out: packages in install order, or the constraint that
 * could not be met and why. The rules are those of docs/formats/solver.md; solve_depends.c,
 * solve_table.c, solve_filter.c and solve_order.c hold the parts. With a guide the choices are
 * somebody else's, and only their order is worked out.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "apk/solve_greedy.h"
#include "base/vec.h"

#include "base/banned.h"

/* ---- the world ---- */

static void add_top(struct lf_greedy *v, struct lf_cand *c)
{
	if (v->is_top[c->name])
		return;
	v->is_top[c->name] = true;
	lf_vec_push(&v->top, c);
}

/* A package chosen for the world replaces an earlier choice of its name. */
static void set_top(struct lf_greedy *v, struct lf_cand *c)
{
	for (size_t i = 0; v->is_top[c->name] && i < v->top.n; i++)
		if (v->top.v[i]->name == c->name)
			v->top.v[i] = c;
	add_top(v, c);
}

static struct lf_filter world_filter(struct lf_want *want)
{
	return (struct lf_filter){.want = want, .allow = LF_STR(""), .prefer = want->dep.tag};
}

/* The item with the fewest candidates, the first of those. *ret NULL when all are done. */
static bool pick_item(struct lf_greedy *v, struct lf_want *world, size_t n, const bool *done,
		      struct lf_want **ret, struct lf_err *err)
{
	size_t fewest = 0, options;
	struct lf_want *picked = NULL;

	for (size_t i = 0; i < n; i++) {
		struct lf_filter f = world_filter(&world[i]);

		if (done[i])
			continue;
		options = world[i].name == LF_NO_NAME ? 0 : lf_filter_count(&v->s, &f);
		options = v->guide && !options ? 1 : options;
		if (!options)
			return lf_solve_fail(&v->s, &world[i], err);
		if (!picked || options < fewest) {
			picked = &world[i];
			fewest = options;
		}
	}
	*ret = picked;
	return true;
}

static struct lf_cand *best_top(struct lf_greedy *v, const struct lf_filter *f, size_t item)
{
	if (v->guide)
		return lf_greedy_guided(v, NULL, item);
	return f->want->name == LF_NO_NAME ? NULL : lf_solve_best(&v->s, f, true);
}

static bool choose_top(struct lf_greedy *v, struct lf_want *world, size_t n, struct lf_err *err)
{
	bool *done = lf_new_n(&v->s.arena, bool, n);
	struct lf_want *want = NULL;
	struct lf_filter f;
	struct lf_cand *best;

	for (;;) {
		if (!pick_item(v, world, n, done, &want, err))
			return false;
		if (!want)
			return true;
		f = world_filter(want);
		best = best_top(v, &f, (size_t)(want - world));
		lf_greedy_tell(v, NULL, &f, true, best);
		set_top(v, best);
		for (size_t i = 0; i < n; i++)
			done[i] = done[i] || lf_str_eq(world[i].dep.text, want->dep.text);
		lf_solve_conflicts(&v->s, best);
	}
}

static void start_item(struct lf_greedy *v, const struct lf_want *want)
{
	v->s.now++;
	v->list.n = 0;
	v->allow = want->dep.tag;
	for (size_t i = 0; i < v->top.n; i++)
		lf_greedy_remember(v, v->top.v[i]);
}

/* compat: names that are there already are passed over, whatever their version. */
static void install(struct lf_greedy *v, struct lf_cand *c)
{
	if (v->is_installed[c->name])
		return;
	v->is_installed[c->name] = true;
	lf_vec_push(&v->install, c);
	add_top(v, c);
}

static bool may_come(void *data, struct lf_cand *c)
{
	struct lf_greedy *v = data;

	return !v->guide || v->guide->may_come(v->guide->data, (size_t)(c - v->s.cand));
}

static void install_all(struct lf_greedy *v, struct lf_cand *best)
{
	lf_solve_list(&v->s, &v->list);
	lf_solve_trigger(&v->s, &v->list, may_come, v);
	for (size_t i = 0; i < v->list.n; i++)
		install(v, v->list.v[i]);
	install(v, best);
}

static bool resolve_item(struct lf_greedy *v, struct lf_want *want, size_t item, struct lf_err *err)
{
	struct lf_filter f = world_filter(want);
	struct lf_cand *best = best_top(v, &f, item);

	if (!best) {
		(void)lf_solve_fail(&v->s, want, err);
		return lf_fail(err, "solving \"" LF_STR_FMT "\" constraint",
			       LF_STR_ARG(want->dep.text));
	}
	lf_greedy_tell(v, NULL, &f, true, best);
	start_item(v, want);
	if (!lf_greedy_walk(v, best, 0, err)) {
		lf_auto_err inner = {0};

		lf_err_move(&inner, err);
		return lf_fail_new(err, inner.class,
				   "solving \"" LF_STR_FMT "\" constraint: resolving \"%s-%s.apk\" "
				   "deps:\n%s",
				   LF_STR_ARG(want->dep.text), best->pkg->name, best->pkg->version,
				   lf_err_text(&inner));
	}
	install_all(v, best);
	return true;
}

static bool solve_world(struct lf_greedy *v, const struct lf_solve_input *in, struct lf_err *err)
{
	size_t n = in->world.n;
	struct lf_want *world = lf_new_n(&v->s.arena, struct lf_want, n);

	for (size_t i = 0; i < n; i++)
		lf_want_init(&v->s, lf_str(in->world.v[i]), &world[i]);
	lf_solve_archs(&v->s, in);
	if (!lf_solve_constrain(&v->s, world, n, err))
		return lf_fail(err, "constraining initial packages");
	if (!choose_top(v, world, n, err))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!resolve_item(v, &world[i], i, err))
			return false;
	return true;
}

/* ---- the result ---- */

static void give_result(const struct lf_greedy *v, struct lf_arena *arena, struct lf_solution *ret)
{
	const char **conflict = lf_new_n(arena, const char *, v->conflicts.n);

	ret->install = lf_new_n(arena, struct lf_solve_choice, v->install.n);
	ret->n = v->install.n;
	for (size_t i = 0; i < v->install.n; i++) {
		ret->install[i].pkg = v->install.v[i]->pkg;
		ret->install[i].repo = v->install.v[i]->repo;
	}
	for (size_t i = 0; i < v->conflicts.n; i++)
		conflict[i] = lf_arena_str(arena, v->conflicts.entry[i].key);
	ret->conflicts = (struct lf_strv){conflict, v->conflicts.n, v->conflicts.n};
}

/* What is installed already (a base image) is only looked at here. */
static bool check_installed(const struct lf_solve_input *in, const struct lf_strv *conflicts,
			    struct lf_err *err)
{
	for (size_t i = 0; i < conflicts->n; i++)
		for (size_t j = 0; j < in->n_installed; j++)
			if (!strcmp(conflicts->v[i], in->installed[j].name))
				return lf_fail_new(err, LF_E_SOLVE,
						   "cannot install due to conflict with %s",
						   conflicts->v[i]);
	return true;
}

static void init(struct lf_greedy *v, const struct lf_solve_input *in)
{
	*v = (struct lf_greedy){.is_top = NULL};
	lf_solver_init(&v->s, in);
	v->is_top = lf_new_n(&v->s.arena, bool, v->s.ids.n);
	v->is_installed = lf_new_n(&v->s.arena, bool, v->s.ids.n);
	v->in_path = lf_new_n(&v->s.arena, bool, v->s.ids.n);
}

static void fini(struct lf_greedy *v)
{
	lf_vec_fini(&v->top);
	lf_vec_fini(&v->install);
	lf_vec_fini(&v->list);
	lf_map_fini(&v->conflicts);
	lf_solver_fini(&v->s);
}

static bool run(const struct lf_solve_input *in, const struct lf_solve_watch *watch,
		const struct lf_guide *guide, struct lf_arena *arena, struct lf_solution *ret,
		struct lf_err *err)
{
	struct lf_solution solution = {0};
	struct lf_greedy v;
	bool ok;

	init(&v, in);
	v.watch = watch;
	v.guide = guide;
	ok = solve_world(&v, in, err);
	if (ok) {
		give_result(&v, arena, &solution);
		ok = check_installed(in, &solution.conflicts, err);
	}
	fini(&v);
	if (ok)
		*ret = solution;
	return ok;
}

bool lf_solve_greedily(const struct lf_solve_input *in, const struct lf_solve_watch *watch,
		       struct lf_arena *arena, struct lf_solution *ret, struct lf_err *err)
{
	return run(in, watch, NULL, arena, ret, err);
}

bool lf_solve_guided(const struct lf_solve_input *in, const struct lf_guide *guide,
		     struct lf_arena *arena, struct lf_solution *ret, struct lf_err *err)
{
	return run(in, NULL, guide, arena, ret, err);
}

bool lf_solve(const struct lf_solve_input *in, struct lf_arena *arena, struct lf_solution *ret,
	      struct lf_err *err)
{
	return run(in, NULL, NULL, arena, ret, err);
}
