/*
 * The solver: from a world to an ordered list of packages, by upstream's greedy choices without
 * going back. In: the world and the indexes; out: packages in install order, or the constraint that
 * could not be met and why. The rules are those of docs/formats/solver.md; solve_table.c,
 * solve_filter.c and solve_order.c hold the parts.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "apk/solve_impl.h"
#include "base/vec.h"

#include "base/banned.h"

/* Real chains are some dozens deep; each level is a frame on the stack. */
#define MAX_DEPTH 2000

struct solve {
	struct lf_solver s;
	struct lf_cand_vec top;                /* chosen for the world, in order */
	struct lf_cand_vec install;            /* the result */
	struct lf_cand_vec list;               /* of the world item at hand */
	bool *is_top, *is_installed, *in_path; /* by name */
	struct lf_str allow;                   /* tag of the world item at hand */
	struct lf_map conflicts;
	const struct lf_solve_watch *watch;
};

/* ---- dependencies of one package ---- */

enum verdict { DROP, KEEP, FAIL };

static bool provides_itself(const struct lf_cand *pkg, const struct lf_want *want)
{
	for (uint32_t i = 0; i < pkg->n_provides; i++)
		if (pkg->provide[i].name == want->name ||
		    lf_str_eq(pkg->provide[i].text, want->dep.text))
			return true;
	return false;
}

static bool own_version_satisfies(struct lf_solver *s, struct lf_cand *c, struct lf_want *want)
{
	const struct lf_version *actual, *required;

	if (want->dep.op == LF_OP_ANY)
		return true;
	actual = lf_lazy_get(s, &c->version);
	required = lf_lazy_get(s, &want->version);
	return actual && required && lf_version_satisfies(actual, want->dep.op, required);
}

/* compat: the operator of the provides counts here, not the one that is asked with. */
static bool selected_satisfies(struct lf_solver *s, struct lf_cand *c, struct lf_want *want)
{
	const struct lf_version *required, *actual;

	if (own_version_satisfies(s, c, want))
		return true;
	required = lf_lazy_get(s, &want->version);
	for (uint32_t i = 0; required && i < c->n_provides; i++) {
		struct lf_provide *p = &c->provide[i];

		if (p->name != want->name || !p->version.text.n)
			continue;
		actual = lf_lazy_get(s, &p->version);
		if (actual && lf_version_satisfies(actual, p->op, required))
			return true;
	}
	return false;
}

static bool fail_selected(const struct lf_cand *c, const struct lf_want *want, struct lf_err *err)
{
	return lf_fail_new(err, LF_E_SOLVE,
			   "we already selected \"%s=%s\" which conflicts with \"" LF_STR_FMT "\"",
			   c->pkg->name, c->pkg->version, LF_STR_ARG(want->dep.text));
}

static struct lf_filter dependency_filter(struct solve *v, struct lf_want *want)
{
	return (struct lf_filter){
		.want = want,
		.allow = v->allow,
		.prefer = LF_STR(""),
		.installed = lf_slot_get(&v->s, v->s.existing, want->name),
	};
}

/* Is this item of pkg's depends met, still open (with how many options), or a dead end? */
static enum verdict judge(struct solve *v, struct lf_cand *pkg, struct lf_want *want,
			  size_t *ret_options, struct lf_err *err)
{
	struct lf_cand *selected;
	struct lf_filter f;

	if (want->name == LF_NO_NAME)
		return lf_solve_fail(&v->s, want, err) ? DROP : FAIL;
	if (provides_itself(pkg, want) ||
	    (pkg->name == want->name && own_version_satisfies(&v->s, pkg, want)))
		return DROP;
	selected = v->s.selected[want->name];
	if (selected) {
		if (selected_satisfies(&v->s, selected, want))
			return DROP;
		(void)fail_selected(selected, want, err);
		return FAIL;
	}
	f = dependency_filter(v, want);
	*ret_options = lf_filter_count(&v->s, &f);
	if (*ret_options)
		return KEEP;
	(void)lf_solve_fail(&v->s, want, err);
	return FAIL;
}

/* The open item with the fewest options, the smallest text of those. *ret NULL when none is open.
 */
static bool pick_want(struct solve *v, struct lf_cand *pkg, bool *done, struct lf_want **ret,
		      struct lf_err *err)
{
	size_t fewest = 0, options = 0;
	struct lf_want *picked = NULL;

	for (uint32_t i = 0; i < pkg->n_wants; i++) {
		struct lf_want *want = &pkg->want[i];
		enum verdict verdict;

		if (done[i])
			continue;
		verdict = judge(v, pkg, want, &options, err);
		if (verdict == FAIL)
			return false;
		done[i] = verdict == DROP;
		if (!done[i] &&
		    (!picked || options < fewest ||
		     (options == fewest && lf_str_cmp(want->dep.text, picked->dep.text) < 0))) {
			picked = want;
			fewest = options;
		}
	}
	*ret = picked;
	return true;
}

static bool select_name(struct solve *v, struct lf_cand *pkg, uint32_t name, struct lf_err *err)
{
	const struct lf_cand *other = v->s.selected[name];

	if (other)
		return lf_fail_new(err, LF_E_SOLVE,
				   "selecting package %s-%s.apk conflicts with %s-%s.apk on "
				   "\"" LF_STR_FMT "\"",
				   pkg->pkg->name, pkg->pkg->version, other->pkg->name,
				   other->pkg->version, LF_STR_ARG(v->s.ids.entry[name].key));
	v->s.selected[name] = pkg;
	return true;
}

static bool select_package(struct solve *v, struct lf_cand *pkg, struct lf_err *err)
{
	if (v->s.selected[pkg->name] == pkg)
		return true;
	if (!select_name(v, pkg, pkg->name, err))
		return false;
	for (uint32_t i = 0; i < pkg->n_provides; i++) {
		uint32_t name = pkg->provide[i].name;

		/* compat: upstream lets a package that provides its own name stand in its own way
		 */
		if (pkg->provide[i].version.text.n && v->s.selected[name] != pkg &&
		    !select_name(v, pkg, name, err))
			return false;
	}
	return true;
}

/* Conflicts are noted once, in the order in which they are met, and count as done. */
static void note_conflicts(struct solve *v, const struct lf_cand *pkg, bool *done)
{
	for (uint32_t i = 0; i < pkg->n_wants; i++) {
		if (pkg->want[i].dep.conflict) {
			done[i] = true;
			(void)lf_map_at(&v->conflicts, pkg->want[i].dep.text);
		}
	}
}

static void finish_text(const struct lf_cand *pkg, bool *done, struct lf_str text)
{
	for (uint32_t i = 0; i < pkg->n_wants; i++)
		if (lf_str_eq(pkg->want[i].dep.text, text))
			done[i] = true;
}

static void tell_choice(struct solve *v, const struct lf_cand *parent, const struct lf_filter *f,
			bool bare, struct lf_cand *best)
{
	if (v->watch)
		v->watch->chose(v->watch->data, &v->s,
				&(struct lf_solve_pick){parent, f, bare, best});
}

static void remember(struct solve *v, struct lf_cand *c)
{
	lf_slot_set(&v->s, v->s.existing, c->name, c);
	lf_slot_set(&v->s, v->s.origin, c->origin, c);
}

static bool walk(struct solve *v, struct lf_cand *pkg, unsigned depth, struct lf_err *err);

/* Chooses for one item and goes down into the choice. */
static bool walk_want(struct solve *v, struct lf_cand *pkg, struct lf_want *want, unsigned depth,
		      struct lf_err *err)
{
	struct lf_filter f = dependency_filter(v, want);
	struct lf_cand *best = lf_solve_best(&v->s, &f, false);
	size_t from = v->list.n;

	tell_choice(v, pkg, &f, false, best);
	lf_solve_conflicts(&v->s, best);
	if (!select_package(v, pkg, err))
		return false;
	if (!walk(v, best, depth + 1, err)) {
		lf_auto_err inner = {0};

		lf_err_move(&inner, err);
		return lf_fail_new(err, inner.class,
				   "solving \"" LF_STR_FMT "\" constraint: resolving \"%s-%s.apk\" "
				   "deps:\n%s",
				   LF_STR_ARG(want->dep.name), best->pkg->name, best->pkg->version,
				   lf_err_text(&inner));
	}
	for (; from < v->list.n; from++)
		remember(v, v->list.v[from]);
	lf_vec_push(&v->list, best);
	return true;
}

static bool walk_wants(struct solve *v, struct lf_cand *pkg, unsigned depth, struct lf_err *err)
{
	bool *done = lf_new_n(&v->s.arena, bool, pkg->n_wants);
	struct lf_want *want = NULL;

	note_conflicts(v, pkg, done);
	for (;;) {
		if (!pick_want(v, pkg, done, &want, err))
			return false;
		if (!want)
			return true;
		finish_text(pkg, done, want->dep.text);
		if (!walk_want(v, pkg, want, depth, err))
			return false;
	}
}

/* Appends everything that pkg needs and that is not there yet to v->list. */
static bool walk(struct solve *v, struct lf_cand *pkg, unsigned depth, struct lf_err *err)
{
	bool ok;

	if (v->in_path[pkg->name])
		return true;
	if (depth > MAX_DEPTH)
		return lf_fail_new(err, LF_E_LIMIT, "dependencies are nested deeper than %d levels",
				   MAX_DEPTH);
	lf_solve_wants(&v->s, pkg);
	if (!lf_solve_constrain(&v->s, pkg->want, pkg->n_wants, err))
		return lf_fail(err, "constraining deps");
	v->in_path[pkg->name] = true;
	ok = walk_wants(v, pkg, depth, err);
	v->in_path[pkg->name] = false;
	return ok;
}

/* ---- the world ---- */

static void add_top(struct solve *v, struct lf_cand *c)
{
	if (v->is_top[c->name])
		return;
	v->is_top[c->name] = true;
	lf_vec_push(&v->top, c);
}

/* A package chosen for the world replaces an earlier choice of its name. */
static void set_top(struct solve *v, struct lf_cand *c)
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
static bool pick_item(struct solve *v, struct lf_want *world, size_t n, const bool *done,
		      struct lf_want **ret, struct lf_err *err)
{
	size_t fewest = 0, options;
	struct lf_want *picked = NULL;

	for (size_t i = 0; i < n; i++) {
		struct lf_filter f = world_filter(&world[i]);

		if (done[i])
			continue;
		options = world[i].name == LF_NO_NAME ? 0 : lf_filter_count(&v->s, &f);
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

static bool choose_top(struct solve *v, struct lf_want *world, size_t n, struct lf_err *err)
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
		best = lf_solve_best(&v->s, &f, true);
		tell_choice(v, NULL, &f, true, best);
		set_top(v, best);
		for (size_t i = 0; i < n; i++)
			done[i] = done[i] || lf_str_eq(world[i].dep.text, want->dep.text);
		lf_solve_conflicts(&v->s, best);
	}
}

static void start_item(struct solve *v, const struct lf_want *want)
{
	v->s.now++;
	v->list.n = 0;
	v->allow = want->dep.tag;
	for (size_t i = 0; i < v->top.n; i++)
		remember(v, v->top.v[i]);
}

/* compat: names that are there already are passed over, whatever their version. */
static void install(struct solve *v, struct lf_cand *c)
{
	if (v->is_installed[c->name])
		return;
	v->is_installed[c->name] = true;
	lf_vec_push(&v->install, c);
	add_top(v, c);
}

static bool resolve_item(struct solve *v, struct lf_want *want, struct lf_err *err)
{
	struct lf_filter f = world_filter(want);
	struct lf_cand *best = want->name == LF_NO_NAME ? NULL : lf_solve_best(&v->s, &f, true);

	if (!best) {
		(void)lf_solve_fail(&v->s, want, err);
		return lf_fail(err, "solving \"" LF_STR_FMT "\" constraint",
			       LF_STR_ARG(want->dep.text));
	}
	tell_choice(v, NULL, &f, true, best);
	start_item(v, want);
	if (!walk(v, best, 0, err)) {
		lf_auto_err inner = {0};

		lf_err_move(&inner, err);
		return lf_fail_new(err, inner.class,
				   "solving \"" LF_STR_FMT "\" constraint: resolving \"%s-%s.apk\" "
				   "deps:\n%s",
				   LF_STR_ARG(want->dep.text), best->pkg->name, best->pkg->version,
				   lf_err_text(&inner));
	}
	lf_solve_list(&v->s, &v->list);
	lf_solve_trigger(&v->s, &v->list, NULL, NULL);
	for (size_t i = 0; i < v->list.n; i++)
		install(v, v->list.v[i]);
	install(v, best);
	return true;
}

static bool solve_world(struct solve *v, const struct lf_solve_input *in, struct lf_err *err)
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
		if (!resolve_item(v, &world[i], err))
			return false;
	return true;
}

/* ---- the result ---- */

static void give_result(const struct solve *v, struct lf_arena *arena, struct lf_solution *ret)
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

static void init(struct solve *v, const struct lf_solve_input *in)
{
	*v = (struct solve){.is_top = NULL};
	lf_solver_init(&v->s, in);
	v->is_top = lf_new_n(&v->s.arena, bool, v->s.ids.n);
	v->is_installed = lf_new_n(&v->s.arena, bool, v->s.ids.n);
	v->in_path = lf_new_n(&v->s.arena, bool, v->s.ids.n);
}

static void fini(struct solve *v)
{
	lf_vec_fini(&v->top);
	lf_vec_fini(&v->install);
	lf_vec_fini(&v->list);
	lf_map_fini(&v->conflicts);
	lf_solver_fini(&v->s);
}

bool lf_solve_greedily(const struct lf_solve_input *in, const struct lf_solve_watch *watch,
		       struct lf_arena *arena, struct lf_solution *ret, struct lf_err *err)
{
	struct lf_solution solution = {0};
	struct solve v;
	bool ok;

	init(&v, in);
	v.watch = watch;
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

bool lf_solve(const struct lf_solve_input *in, struct lf_arena *arena, struct lf_solution *ret,
	      struct lf_err *err)
{
	return lf_solve_greedily(in, NULL, arena, ret, err);
}
