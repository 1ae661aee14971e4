/*
 * A world without a solution, explained: what cannot hold together, once more for the rest of the
 * world when that has no solution either, then what would help.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "apk/solve_core.h"

#include "base/banned.h"

#define MAX_CORES 3
#define NOBODY    UINT8_MAX

struct failure {
	struct lf_search *search;
	const struct lf_strv *world;
	uint8_t *blamed; /* by item: by which core */
	uint8_t n_cores;
	bool rest_is_fine;
};

/* The items that no core but this one blames, and which of them it does. */
static struct lf_strv part_of(const struct failure *f, uint8_t core, bool *ret_blamed)
{
	struct lf_strv part = {0};

	for (size_t i = 0; i < f->world->n; i++) {
		if (f->blamed[i] != NOBODY && f->blamed[i] != core)
			continue;
		if (ret_blamed)
			ret_blamed[part.n] = f->blamed[i] == core;
		lf_strv_add(&part, f->world->v[i]);
	}
	return part;
}

/* The search was over part: its items as items of the whole. */
static void blame(struct failure *f, const struct lf_core *core)
{
	size_t item = 0;

	for (size_t i = 0; i < f->world->n; i++) {
		if (f->blamed[i] != NOBODY)
			continue;
		for (size_t k = 0; k < core->fact.n; k++)
			if (core->fact.v[k].kind == LF_FACT_WORLD && core->fact.v[k].item == item)
				f->blamed[i] = f->n_cores;
		item++;
	}
	f->n_cores++;
}

/* True when the rest of the world has no solution either. */
static bool search_rest(struct failure *f)
{
	enum lf_sat_result result = LF_SAT_GAVE_UP;
	lf_auto_strv rest = part_of(f, NOBODY, NULL);

	if (!lf_search_run(f->search, &rest, LF_SEARCH_STEPS, &result, NULL))
		return false;
	f->rest_is_fine = result == LF_SAT_SOLVED;
	return result == LF_SAT_UNSOLVABLE;
}

static void tell_cores(struct failure *f, struct lf_buf *out)
{
	do {
		struct lf_core core;

		lf_buf_puts(out, f->n_cores ? "besides:\n" : "why there is no solution:\n");
		lf_core_find(&core, f->search);
		lf_core_print(&core, &f->search->problem, out);
		blame(f, &core);
		lf_core_fini(&core);
	} while (search_rest(f) && f->n_cores < MAX_CORES);
}

/* For each core as if the others were mended. */
static void tell_advice(struct failure *f, struct lf_buf *out)
{
	bool *blamed = lf_calloc(f->world->n, sizeof(*blamed)), found = true;

	lf_buf_puts(out, "what would help:\n");
	for (uint8_t i = 0; i < f->n_cores; i++) {
		lf_auto_strv part = part_of(f, i, blamed);

		if (i)
			lf_buf_puts(out, "and\n");
		found = lf_advise(f->search, &part, blamed, out) && found;
		if (!found)
			lf_buf_puts(out, "  more than one change of the world\n");
	}
	lf_free(blamed);
}

void lf_failure_explain(struct lf_search *search, struct lf_buf *out)
{
	const struct lf_strv *world = &search->in->world;
	struct failure f = {.search = search, .world = world};

	f.blamed = lf_calloc(world->n, sizeof(*f.blamed));
	for (size_t i = 0; i < world->n; i++)
		f.blamed[i] = NOBODY;
	tell_cores(&f, out);
	if (f.rest_is_fine)
		tell_advice(&f, out);
	lf_free(f.blamed);
	out->p[--out->n] = '\0';
}
