/*
 * The greedy solver's way through the dependencies of a package: the open item with the fewest
 * options, its best candidate, down into that. docs/formats/solver.md.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "apk/solve_greedy.h"
#include "base/vec.h"

#include "base/banned.h"

/* Real chains are some dozens deep; each level is a frame on the stack. */
#define MAX_DEPTH 2000

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

static struct lf_filter dependency_filter(struct lf_greedy *v, struct lf_want *want)
{
	return (struct lf_filter){
		.want = want,
		.allow = v->allow,
		.prefer = LF_STR(""),
		.installed = lf_slot_get(&v->s, v->s.existing, want->name),
	};
}

struct lf_cand *lf_greedy_guided(struct lf_greedy *v, const struct lf_cand *pkg, size_t item)
{
	size_t parent = pkg ? (size_t)(pkg - v->s.cand) : LF_NO_CAND;
	size_t choice = v->guide->choice(v->guide->data, parent, item);

	return choice == LF_NO_CAND ? NULL : &v->s.cand[choice];
}

/* A guide knows that all can be met: what is left to ask is in which order. */
static enum verdict judge_guided(struct lf_greedy *v, struct lf_cand *pkg, struct lf_want *want,
				 size_t *ret_options)
{
	struct lf_filter f = dependency_filter(v, want);
	size_t options;

	if (!lf_greedy_guided(v, pkg, (size_t)(want - pkg->want)) || v->s.selected[want->name])
		return DROP;
	options = lf_filter_count(&v->s, &f);
	*ret_options = options ? options : 1;
	return KEEP;
}

/* Is this item of pkg's depends met, still open (with how many options), or a dead end? */
static enum verdict judge(struct lf_greedy *v, struct lf_cand *pkg, struct lf_want *want,
			  size_t *ret_options, struct lf_err *err)
{
	struct lf_cand *selected;
	struct lf_filter f;

	if (v->guide)
		return judge_guided(v, pkg, want, ret_options);
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
static bool pick_want(struct lf_greedy *v, struct lf_cand *pkg, bool *done, struct lf_want **ret,
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

static bool select_name(struct lf_greedy *v, struct lf_cand *pkg, uint32_t name, struct lf_err *err)
{
	const struct lf_cand *other = v->s.selected[name];

	if (other && v->guide)
		return true;
	if (other)
		return lf_fail_new(err, LF_E_SOLVE,
				   "selecting package %s-%s.apk conflicts with %s-%s.apk on "
				   "\"" LF_STR_FMT "\"",
				   pkg->pkg->name, pkg->pkg->version, other->pkg->name,
				   other->pkg->version, LF_STR_ARG(v->s.ids.entry[name].key));
	v->s.selected[name] = pkg;
	return true;
}

static bool select_package(struct lf_greedy *v, struct lf_cand *pkg, struct lf_err *err)
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
static void note_conflicts(struct lf_greedy *v, const struct lf_cand *pkg, bool *done)
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

void lf_greedy_tell(struct lf_greedy *v, const struct lf_cand *parent, const struct lf_filter *f,
		    bool bare, struct lf_cand *best)
{
	if (v->watch)
		v->watch->chose(v->watch->data, &v->s,
				&(struct lf_solve_pick){parent, f, bare, best});
}

void lf_greedy_remember(struct lf_greedy *v, struct lf_cand *c)
{
	lf_slot_set(&v->s, v->s.existing, c->name, c);
	lf_slot_set(&v->s, v->s.origin, c->origin, c);
}

/* Chooses for one item and goes down into the choice. */
static bool walk_want(struct lf_greedy *v, struct lf_cand *pkg, struct lf_want *want,
		      unsigned depth, struct lf_err *err)
{
	struct lf_filter f = dependency_filter(v, want);
	struct lf_cand *best = v->guide ? lf_greedy_guided(v, pkg, (size_t)(want - pkg->want))
					: lf_solve_best(&v->s, &f, false);
	size_t from = v->list.n;

	lf_greedy_tell(v, pkg, &f, false, best);
	lf_solve_conflicts(&v->s, best);
	if (!select_package(v, pkg, err))
		return false;
	if (!lf_greedy_walk(v, best, depth + 1, err)) {
		lf_auto_err inner = {0};

		lf_err_move(&inner, err);
		return lf_fail_new(err, inner.class,
				   "solving \"" LF_STR_FMT "\" constraint: resolving \"%s-%s.apk\" "
				   "deps:\n%s",
				   LF_STR_ARG(want->dep.name), best->pkg->name, best->pkg->version,
				   lf_err_text(&inner));
	}
	for (; from < v->list.n; from++)
		lf_greedy_remember(v, v->list.v[from]);
	lf_vec_push(&v->list, best);
	return true;
}

static bool walk_wants(struct lf_greedy *v, struct lf_cand *pkg, unsigned depth, struct lf_err *err)
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
bool lf_greedy_walk(struct lf_greedy *v, struct lf_cand *pkg, unsigned depth, struct lf_err *err)
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
