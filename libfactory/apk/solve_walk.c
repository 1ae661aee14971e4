/*
 * The walk that both the search and the order of its result go by: depth first from the items of
 * the world over what is chosen for each request, the request with the fewest options first, the
 * smallest text of those, as the greedy solver walks.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "apk/solve_problem.h"

#include "base/banned.h"

void lf_walk_start(struct lf_walk *w, struct lf_problem *p, const struct lf_sat *sat)
{
	w->p = p;
	w->sat = sat;
	w->frame.n = 0;
	p->stamp++;
}

void lf_walk_fini(struct lf_walk *w)
{
	lf_vec_fini(&w->frame);
}

uint32_t lf_walk_count(struct lf_walk *w, struct lf_request *r)
{
	if (r->count_stamp == w->p->stamp)
		return r->count;
	r->count_stamp = w->p->stamp;
	r->count = 0;
	for (uint32_t i = 0; i < r->n_options; i++)
		r->count += lf_sat_value(w->sat, r->option[i]->var) >= 0;
	return r->count;
}

struct lf_node *lf_walk_best(struct lf_walk *w, struct lf_request *r, int value, bool of_world)
{
	struct lf_filter f = {.want = &r->want, .prefer = of_world ? r->want.dep.tag : LF_STR("")};
	struct lf_node *best = NULL;

	for (uint32_t i = 0; i < r->n_options; i++) {
		struct lf_node *o = r->option[i];

		if (lf_sat_value(w->sat, o->var) == value &&
		    (!best ||
		     lf_solve_compare(w->p->s, &f, of_world, o->cand, best->cand, NULL) < 0))
			best = o;
	}
	return best;
}

static struct lf_node *visited_option(const struct lf_walk *w, const struct lf_request *r)
{
	for (uint32_t i = 0; i < r->n_options; i++)
		if (r->option[i]->stamp == w->p->stamp &&
		    lf_sat_value(w->sat, r->option[i]->var) > 0)
			return r->option[i];
	return NULL;
}

struct lf_node *lf_walk_choice(struct lf_walk *w, struct lf_request *r, bool of_world)
{
	if (r->choice_stamp == w->p->stamp)
		return r->choice;
	r->choice_stamp = w->p->stamp;
	r->choice = visited_option(w, r);
	if (!r->choice)
		r->choice = lf_walk_best(w, r, 1, of_world);
	return r->choice;
}

static bool comes_before(struct lf_walk *w, const struct lf_node *node, uint32_t a, uint32_t b)
{
	uint32_t na = lf_walk_count(w, node->need[a]), nb = lf_walk_count(w, node->need[b]);

	return na < nb || (na == nb && lf_str_cmp(node->need[a]->want.dep.text,
						  node->need[b]->want.dep.text) < 0);
}

/* The requests of a node in the order in which they are walked; how many. Insertion sort: the lists
 * are short, and sorted by text in most indexes. */
static uint32_t sort_needs(struct lf_walk *w, struct lf_node *node)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < node->cand->n_wants; i++) {
		uint32_t at = n;

		if (!node->need[i])
			continue;
		n++;
		for (; at && comes_before(w, node, i, node->order[at - 1]); at--)
			node->order[at] = node->order[at - 1];
		node->order[at] = i;
	}
	return n;
}

void lf_walk_from(struct lf_walk *w, struct lf_node *node)
{
	if (node->stamp == w->p->stamp)
		return;
	node->stamp = w->p->stamp;
	node->n_order = sort_needs(w, node);
	lf_vec_push(&w->frame, (struct lf_walk_frame){node, 0, true});
}

enum lf_walk_event lf_walk_next(struct lf_walk *w)
{
	while (w->frame.n) {
		struct lf_walk_frame *top = &w->frame.v[w->frame.n - 1];
		struct lf_node *choice;

		w->node = top->node;
		if (top->fresh) {
			top->fresh = false;
			return LF_WALK_ENTER;
		}
		if (top->next == top->node->n_order) {
			w->frame.n--;
			return LF_WALK_LEAVE;
		}
		w->request = top->node->need[top->node->order[top->next++]];
		choice = lf_walk_choice(w, w->request, false);
		if (!choice)
			return LF_WALK_OPEN;
		lf_walk_from(w, choice);
	}
	return LF_WALK_END;
}
