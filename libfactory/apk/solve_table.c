/*
 * The solver's tables: who is there, who provides what, who wants to come along. In: indexes; out:
 * candidates with their names as numbers, and lists by name in the order in which candidates are
 * considered.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "apk/solve_impl.h"

#include "base/banned.h"

uint32_t lf_solver_name(const struct lf_solver *s, struct lf_str name)
{
	return (uint32_t)(uintptr_t)lf_map_get(&s->ids, name) - 1;
}

static uint32_t intern(struct lf_solver *s, struct lf_str name)
{
	void **at = lf_map_at(&s->ids, name);

	if (!*at)
		*at = (void *)(uintptr_t)s->ids.n;
	return (uint32_t)(uintptr_t)*at - 1;
}

const struct lf_version *lf_lazy_get(struct lf_solver *s, struct lf_lazy_version *v)
{
	struct lf_version parsed;

	if (!v->parsed && lf_version_parse(v->text, &parsed, NULL)) {
		struct lf_version *kept = lf_new(&s->arena, struct lf_version);

		*kept = parsed;
		v->value = kept;
	}
	v->parsed = true;
	return v->value;
}

void lf_want_init(struct lf_solver *s, struct lf_str text, struct lf_want *ret)
{
	*ret = (struct lf_want){.name = LF_NO_NAME};
	lf_dep_parse(text, &s->arena, &ret->dep);
	ret->version.text = ret->dep.version;
	ret->name = lf_solver_name(s, ret->dep.name);
	/* a number without providers is an origin's, or stands for nothing */
	if (ret->name != LF_NO_NAME && !s->providers[ret->name].n)
		ret->name = LF_NO_NAME;
}

void lf_solve_wants(struct lf_solver *s, struct lf_cand *c)
{
	const struct lf_strv *depends = &c->pkg->depends;

	if (c->want)
		return;
	c->want = lf_new_n(&s->arena, struct lf_want, depends->n + 1);
	c->n_wants = (uint32_t)depends->n;
	for (size_t i = 0; i < depends->n; i++) {
		struct lf_str text = lf_str(depends->v[i]);
		bool conflict = lf_str_skip(&text, "!");

		lf_want_init(s, text, &c->want[i]);
		c->want[i].dep.conflict = conflict;
	}
}

static void add_provides(struct lf_solver *s, struct lf_cand *c)
{
	const struct lf_strv *provides = &c->pkg->provides;
	struct lf_dep dep;

	c->n_provides = (uint32_t)provides->n;
	c->provide = lf_new_n(&s->arena, struct lf_provide, provides->n);
	for (size_t i = 0; i < provides->n; i++) {
		lf_dep_parse(lf_str(provides->v[i]), &s->arena, &dep);
		c->provide[i] = (struct lf_provide){
			.text = dep.text,
			.version.text = dep.version,
			.name = intern(s, dep.name),
			.op = dep.op,
		};
	}
}

static void add_candidate(struct lf_solver *s, const struct lf_pkg *pkg,
			  const struct lf_solve_repo *repo)
{
	struct lf_cand *c = &s->cand[s->n_cands++];

	c->pkg = pkg;
	c->repo = repo;
	c->version.text = lf_str(pkg->version);
	c->name = intern(s, lf_str(pkg->name));
	c->origin = *pkg->origin ? intern(s, lf_str(pkg->origin)) : LF_NO_NAME;
	add_provides(s, c);
}

static void add_candidates(struct lf_solver *s, const struct lf_solve_input *in)
{
	size_t n = 0;

	for (size_t i = 0; i < in->n_repos; i++)
		n += in->repo[i].index->n;
	s->cand = lf_new_n(&s->arena, struct lf_cand, n);
	for (size_t i = 0; i < in->n_repos; i++)
		for (size_t j = 0; j < in->repo[i].index->n; j++)
			add_candidate(s, &in->repo[i].index->pkg[j], &in->repo[i]);
}

static void count_providers(struct lf_solver *s)
{
	for (size_t i = 0; i < s->n_cands; i++) {
		s->providers[s->cand[i].name].n++;
		for (size_t j = 0; j < s->cand[i].n_provides; j++)
			s->providers[s->cand[i].provide[j].name].n++;
	}
	for (size_t i = 0; i < s->ids.n; i++) {
		s->providers[i].v = lf_new_n(&s->arena, struct lf_cand *, s->providers[i].n);
		s->providers[i].n = 0;
	}
}

static void append(struct lf_cand_list *list, struct lf_cand *c)
{
	list->v[list->n++] = c;
}

/* Own names of all repositories come before all provides. */
static void list_providers(struct lf_solver *s)
{
	s->providers = lf_new_n(&s->arena, struct lf_cand_list, s->ids.n);
	count_providers(s);
	for (size_t i = 0; i < s->n_cands; i++)
		append(&s->providers[s->cand[i].name], &s->cand[i]);
	for (size_t i = 0; i < s->n_cands; i++)
		for (size_t j = 0; j < s->cand[i].n_provides; j++)
			append(&s->providers[s->cand[i].provide[j].name], &s->cand[i]);
}

static void add_install_if(struct lf_solver *s, const char *text, struct lf_cand *c)
{
	void **at = lf_map_at(&s->install_if, lf_str(text));
	struct lf_cand_list *list = *at;
	struct lf_cand **grown;

	if (!list)
		*at = list = lf_new(&s->arena, struct lf_cand_list);
	if (!(list->n & (list->n - 1))) { /* full at every power of two */
		grown = lf_new_n(&s->arena, struct lf_cand *, list->n ? 2 * (size_t)list->n : 1);
		if (list->n)
			memcpy(grown, list->v, list->n * sizeof(*grown));
		list->v = grown;
	}
	append(list, c);
}

static void list_install_if(struct lf_solver *s)
{
	for (size_t i = 0; i < s->n_cands; i++)
		for (size_t j = 0; j < s->cand[i].pkg->install_if.n; j++)
			add_install_if(s, s->cand[i].pkg->install_if.v[j], &s->cand[i]);
}

void lf_solver_init(struct lf_solver *s, const struct lf_solve_input *in)
{
	*s = (struct lf_solver){.now = 1};
	add_candidates(s, in);
	list_providers(s);
	list_install_if(s);
	s->selected = lf_new_n(&s->arena, struct lf_cand *, s->ids.n);
	s->existing = lf_new_n(&s->arena, struct lf_cand_slot, s->ids.n);
	s->origin = lf_new_n(&s->arena, struct lf_cand_slot, s->ids.n);
	s->listed = lf_new_n(&s->arena, struct lf_cand_slot, s->ids.n);
}

void lf_solver_fini(struct lf_solver *s)
{
	lf_map_fini(&s->ids);
	lf_map_fini(&s->install_if);
	lf_arena_fini(&s->arena);
}

struct lf_cand *lf_slot_get(const struct lf_solver *s, const struct lf_cand_slot *table,
			    uint32_t name)
{
	return name != LF_NO_NAME && table[name].stamp == s->now ? table[name].cand : NULL;
}

void lf_slot_set(const struct lf_solver *s, struct lf_cand_slot *table, uint32_t name,
		 struct lf_cand *c)
{
	if (name != LF_NO_NAME)
		table[name] = (struct lf_cand_slot){c, s->now};
}
