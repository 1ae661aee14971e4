/*
 * What would help: single changes to the items of the world that are to blame, each tried with the
 * whole search before it is told.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "apk/solve_core.h"

#include "base/banned.h"

#define MAX_ITEMS 6
#define MAX_STEPS (LF_SEARCH_STEPS / 20) /* of each try */

struct advising {
	struct lf_search *search;
	const struct lf_strv *world;
	size_t item; /* to be changed */
	struct lf_arena arena;
	struct lf_buf *out;
	bool found;
};

/* With the item as text (NULL: without it); true when that has a solution. */
static bool try_with(struct advising *a, const char *text)
{
	const struct lf_strv *world = a->world;
	lf_auto_strv changed = {0};
	enum lf_sat_result result;

	for (size_t i = 0; i < world->n; i++) {
		const char *one = i == a->item ? text : world->v[i];

		if (one)
			lf_strv_add(&changed, one);
	}
	return lf_search_run(a->search, &changed, MAX_STEPS, &result, NULL) &&
	       result == LF_SAT_SOLVED;
}

/* After a try that worked. */
static void advise_instead(struct advising *a, const char *text)
{
	const struct lf_pkg *p = a->search->problem.world[a->item]->choice->cand->pkg;

	a->found = true;
	lf_buf_printf(a->out, "  ask for %s instead of %s: there is %s-%s\n", text,
		      a->world->v[a->item], p->name, p->version);
}

static void try_instead(struct advising *a, const char *text)
{
	if (strcmp(text, a->world->v[a->item]) != 0 && try_with(a, text))
		advise_instead(a, text);
}

/* Another name, or the tag of a repository that has it. */
static void try_names(struct advising *a, const struct lf_want *want)
{
	struct lf_str near[LF_NEAR_MAX];
	size_t n = lf_near_names(&a->search->s, want->dep.name, near);

	for (size_t i = 0; i < n; i++)
		try_instead(a, lf_arena_str(&a->arena, near[i]));
}

static void try_tags(struct advising *a, const struct lf_want *want)
{
	const struct lf_cand_list *list = &a->search->s.providers[want->name];
	const char *last = "";

	for (uint32_t i = 0; i < list->n; i++) {
		const char *tag = list->v[i]->repo->tag;

		if (!*tag || !strcmp(tag, last))
			continue;
		last = tag;
		try_instead(a, lf_arena_printf(&a->arena, LF_STR_FMT "@%s",
					       LF_STR_ARG(want->dep.text), tag));
	}
}

static void advise_item(struct advising *a)
{
	const char *text = a->world->v[a->item];
	struct lf_want want;

	lf_want_init(&a->search->s, lf_str(text), &want);
	if (want.name == LF_NO_NAME) {
		try_names(a, &want);
	} else {
		if (want.dep.op != LF_OP_ANY)
			try_instead(a, lf_arena_printf(&a->arena, LF_STR_FMT "%s" LF_STR_FMT,
						       LF_STR_ARG(want.dep.name),
						       want.dep.tag.n ? "@" : "",
						       LF_STR_ARG(want.dep.tag)));
		if (!want.dep.tag.n)
			try_tags(a, &want);
	}
	if (try_with(a, NULL)) {
		lf_buf_printf(a->out, "  leave out %s\n", text);
		a->found = true;
	}
}

bool lf_advise(struct lf_search *search, const struct lf_strv *world, const bool *blamed,
	       struct lf_buf *out)
{
	struct advising a = {.search = search, .world = world, .out = out};
	size_t n = 0;

	for (a.item = 0; a.item < world->n && n < MAX_ITEMS; a.item++) {
		if (!blamed[a.item])
			continue;
		n++;
		advise_item(&a);
	}
	lf_arena_fini(&a.arena);
	return a.found;
}
