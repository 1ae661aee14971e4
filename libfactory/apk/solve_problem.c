/*
 * From a world and the tables of the solver to nodes, requests and facts. A tagged repository may
 * be used by the items of the world that name the tag and by whatever they can lead to; which nodes
 * that are is worked out in rounds, until no round finds another.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "apk/solve_problem.h"

#include "base/banned.h"

#define MAX_TAGS 64

/* ---- tags ---- */

static uint64_t bit_of(const struct lf_problem *p, struct lf_str tag)
{
	for (size_t i = 0; i < p->tag.n; i++)
		if (lf_str_is(tag, p->tag.v[i]))
			return UINT64_C(1) << i;
	return 0;
}

/* The tags of the world; others cannot be used at all. */
static bool number_tags(struct lf_problem *p, const struct lf_want *world, size_t n,
			struct lf_err *err)
{
	for (size_t i = 0; i < n; i++) {
		struct lf_str tag = world[i].dep.tag;

		if (!tag.n || bit_of(p, tag))
			continue;
		if (p->tag.n == MAX_TAGS)
			return lf_fail_new(err, LF_E_LIMIT, "the world names more than %d tags",
					   MAX_TAGS);
		lf_strv_add(&p->tag, lf_arena_str(&p->s->arena, tag));
	}
	return true;
}

static bool tag_fits(const struct lf_problem *p, const struct lf_cand *c, uint64_t tags)
{
	const char *tag = c->repo->tag;

	return !*tag || (bit_of(p, lf_str(tag)) & tags);
}

/* ---- nodes and requests ---- */

static struct lf_node *get_node(struct lf_problem *p, struct lf_cand *c)
{
	struct lf_node **at = &p->node_of[c - p->s->cand];

	if (!*at) {
		*at = lf_new(&p->s->arena, struct lf_node);
		(*at)->cand = c;
		(*at)->tags = p->tags_of[c - p->s->cand];
		(*at)->var = (uint32_t)p->node.n;
		lf_vec_push(&p->node, *at);
	}
	return *at;
}

/* A node that was there already keeps its tags in this round. */
static void grow_tags(struct lf_problem *p, struct lf_node *node, uint64_t tags)
{
	uint64_t *all = &p->tags_of[node->cand - p->s->cand];

	if (!(tags & ~*all))
		return;
	*all |= tags;
	if (node->need)
		p->again = true;
	else
		node->tags = *all;
}

static bool is_option(struct lf_problem *p, struct lf_request *r, struct lf_cand *c, bool of_world)
{
	const struct lf_node *node = p->node_of[c - p->s->cand];

	if (c->strike != LF_STRIKE_NONE || (node && node->stamp == p->stamp))
		return false;
	return (tag_fits(p, c, r->tags) || (!of_world && node && node->top)) &&
	       lf_solve_meets(p->s, c, &r->want);
}

static void find_options(struct lf_problem *p, struct lf_request *r, bool of_world)
{
	const struct lf_cand_list *list;

	if (r->want.name == LF_NO_NAME)
		return;
	list = &p->s->providers[r->want.name];
	r->option = lf_new_n(&p->s->arena, struct lf_node *, list->n);
	p->stamp++;
	for (uint32_t i = 0; i < list->n; i++) {
		struct lf_node *node;

		if (!is_option(p, r, list->v[i], of_world))
			continue;
		node = get_node(p, list->v[i]);
		node->stamp = p->stamp;
		node->top = node->top || of_world;
		r->option[r->n_options++] = node;
	}
}

/* Where this request is kept. */
static struct lf_request **place_of(struct lf_problem *p, const struct lf_want *want, uint64_t tags)
{
	struct lf_str text = want->dep.text;

	if (!tags)
		return (struct lf_request **)lf_map_at(&p->by_text, text);
	text = lf_str(lf_arena_printf(&p->s->arena, "%016jx" LF_STR_FMT, (uintmax_t)tags,
				      LF_STR_ARG(text)));
	return (struct lf_request **)lf_map_at(&p->by_tags, text);
}

static struct lf_request *new_request(struct lf_problem *p, const struct lf_want *want,
				      uint64_t tags, bool of_world)
{
	struct lf_request *r = lf_new(&p->s->arena, struct lf_request);

	r->want = *want;
	r->tags = tags;
	find_options(p, r, of_world);
	lf_vec_push(&p->request, r);
	for (uint32_t i = 0; tags && i < r->n_options; i++)
		grow_tags(p, r->option[i], tags);
	return r;
}

static struct lf_request *get_request(struct lf_problem *p, const struct lf_want *want,
				      uint64_t tags)
{
	struct lf_request **at = place_of(p, want, tags);

	if (!*at)
		*at = new_request(p, want, tags, false);
	return *at;
}

static void expand(struct lf_problem *p, struct lf_node *node)
{
	struct lf_cand *c = node->cand;

	lf_solve_wants(p->s, c);
	node->need = lf_new_n(&p->s->arena, struct lf_request *, c->n_wants + 1);
	node->order = lf_new_n(&p->s->arena, uint32_t, c->n_wants);
	for (uint32_t i = 0; i < c->n_wants; i++)
		if (!c->want[i].dep.conflict && !lf_solve_meets(p->s, c, &c->want[i]))
			node->need[i] = get_request(p, &c->want[i], node->tags);
}

static void forget_round(struct lf_problem *p)
{
	for (size_t i = 0; i < p->node.n; i++)
		p->node_of[p->node.v[i]->cand - p->s->cand] = NULL;
	p->node.n = 0;
	p->request.n = 0;
	lf_map_fini(&p->by_text);
	lf_map_fini(&p->by_tags);
	p->again = false;
}

static void explore(struct lf_problem *p, const struct lf_want *want)
{
	do {
		forget_round(p);
		for (size_t i = 0; i < p->n_world; i++)
			p->world[i] = new_request(p, &want[i], bit_of(p, want[i].dep.tag), true);
		for (size_t i = 0; i < p->node.n; i++)
			expand(p, p->node.v[i]);
	} while (p->again);
	for (size_t i = 0; i < p->request.n; i++)
		p->request.v[i]->var = (uint32_t)(p->node.n + i);
}

/* ---- facts ---- */

static void add_bars(struct lf_problem *p, struct lf_node *node, uint32_t item)
{
	struct lf_want *want = &node->cand->want[item];
	const struct lf_cand_list *list;

	if (want->name == LF_NO_NAME)
		return;
	list = &p->s->providers[want->name];
	for (uint32_t i = 0; i < list->n; i++) {
		struct lf_node *other = p->node_of[list->v[i] - p->s->cand];

		if (other && other != node && lf_solve_meets(p->s, other->cand, want))
			lf_vec_push(&p->fact,
				    (struct lf_fact){LF_FACT_BAR, NULL, node, other, item});
	}
}

static void add_facts(struct lf_problem *p)
{
	for (size_t i = 0; i < p->n_world; i++)
		lf_vec_push(&p->fact,
			    (struct lf_fact){LF_FACT_WORLD, p->world[i], NULL, NULL, (uint32_t)i});
	for (size_t i = 0; i < p->request.n; i++)
		lf_vec_push(&p->fact, (struct lf_fact){LF_FACT_OPTIONS, p->request.v[i]});
	for (size_t i = 0; i < p->node.n; i++) {
		struct lf_node *node = p->node.v[i];

		for (uint32_t k = 0; k < node->cand->n_wants; k++) {
			if (node->need[k])
				lf_vec_push(&p->fact, (struct lf_fact){LF_FACT_NEED, node->need[k],
								       node, NULL, k});
			else if (node->cand->want[k].dep.conflict)
				add_bars(p, node, k);
		}
	}
}

static void add_clash(struct lf_problem *p, uint32_t name)
{
	const struct lf_cand_list *list = &p->s->providers[name];
	struct lf_clash clash = {.name = name};
	bool alone = false;

	clash.member = lf_new_n(&p->s->arena, struct lf_sat_member, list->n);
	p->stamp++;
	for (uint32_t i = 0; i < list->n; i++) {
		struct lf_node *node = p->node_of[list->v[i] - p->s->cand];
		bool shared;

		if (!node || node->stamp == p->stamp)
			continue;
		node->stamp = p->stamp;
		shared = lf_solve_hold(node->cand, name) == LF_HOLD_SHARED;
		alone = alone || !shared;
		clash.member[clash.n++] = (struct lf_sat_member){node->var, shared};
	}
	if (alone && clash.n > 1)
		lf_vec_push(&p->clash, clash);
}

static void add_clash_once(struct lf_problem *p, uint32_t name, bool *done)
{
	if (!done[name] && p->s->providers[name].n > 1)
		add_clash(p, name);
	done[name] = true;
}

static void add_clashes(struct lf_problem *p)
{
	bool *done = lf_new_n(&p->s->arena, bool, p->s->ids.n);

	for (size_t i = 0; i < p->node.n; i++) {
		const struct lf_cand *c = p->node.v[i]->cand;

		add_clash_once(p, c->name, done);
		for (uint32_t k = 0; k < c->n_provides; k++)
			add_clash_once(p, c->provide[k].name, done);
	}
}

/* ---- the whole ---- */

bool lf_problem_init(struct lf_problem *p, struct lf_solver *s, const struct lf_strv *world,
		     struct lf_err *err)
{
	struct lf_want *want = lf_new_n(&s->arena, struct lf_want, world->n);

	*p = (struct lf_problem){.s = s, .n_world = world->n};
	for (size_t i = 0; i < world->n; i++)
		lf_want_init(s, lf_str(world->v[i]), &want[i]);
	if (!number_tags(p, want, world->n, err))
		return false;
	p->world = lf_new_n(&s->arena, struct lf_request *, world->n);
	p->node_of = lf_new_n(&s->arena, struct lf_node *, s->n_cands);
	p->tags_of = lf_new_n(&s->arena, uint64_t, s->n_cands);
	explore(p, want);
	add_facts(p);
	add_clashes(p);
	return true;
}

void lf_problem_fini(struct lf_problem *p)
{
	lf_vec_fini(&p->node);
	lf_vec_fini(&p->request);
	lf_vec_fini(&p->fact);
	lf_vec_fini(&p->clash);
	lf_map_fini(&p->by_text);
	lf_map_fini(&p->by_tags);
	lf_strv_fini(&p->tag);
}

uint32_t lf_problem_vars(const struct lf_problem *p)
{
	return (uint32_t)(p->node.n + p->request.n);
}

static void add_options(const struct lf_request *r, struct lf_sat *sat)
{
	uint32_t *literal = lf_calloc(r->n_options + 1, sizeof(*literal));

	literal[0] = LF_SAT_NO(r->var);
	for (uint32_t i = 0; i < r->n_options; i++)
		literal[i + 1] = LF_SAT_YES(r->option[i]->var);
	lf_sat_add(sat, literal, r->n_options + 1);
	lf_free(literal);
}

void lf_problem_add_fact(const struct lf_fact *fact, struct lf_sat *sat)
{
	uint32_t pair[2];

	switch (fact->kind) {
	case LF_FACT_WORLD:
		pair[0] = LF_SAT_YES(fact->request->var);
		lf_sat_add(sat, pair, 1);
		return;
	case LF_FACT_OPTIONS:
		add_options(fact->request, sat);
		return;
	case LF_FACT_NEED:
		pair[0] = LF_SAT_NO(fact->node->var);
		pair[1] = LF_SAT_YES(fact->request->var);
		lf_sat_add(sat, pair, 2);
		return;
	case LF_FACT_BAR:
		pair[0] = LF_SAT_NO(fact->node->var);
		pair[1] = LF_SAT_NO(fact->other->var);
		lf_sat_add(sat, pair, 2);
		return;
	}
}

void lf_problem_rules(const struct lf_problem *p, struct lf_sat *sat)
{
	for (size_t i = 0; i < p->fact.n; i++)
		lf_problem_add_fact(&p->fact.v[i], sat);
	for (size_t i = 0; i < p->clash.n; i++)
		lf_sat_add_exclusive(sat, p->clash.v[i].member, p->clash.v[i].n);
}
