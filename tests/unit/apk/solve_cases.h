/*
 * What the tests of the solvers share: the cases with upstream's results and their repositories,
 * and small indexes written in a line.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "golden.h"

#include "apk/arch.h"
#include "apk/solve.h"
#include "base/map.h"
#include "codec/json.h"

#define MAX_REPOS 8
#define INDEX_MAX (300 << 20)

/* Indexes are read once for all cases. */
struct world {
	struct lf_arena arena;
	struct lf_map indexes; /* "repo/arch" → struct lf_index, NULL when absent */
};

static inline struct lf_index *parse(struct lf_arena *a, struct lf_str text, const char *name)
{
	struct lf_index *index = lf_new(a, struct lf_index);
	lf_auto_err err = {0};

	if (!lf_index_parse(text, a, index, &err))
		fail_msg("%s: %s", name, lf_err_text(&err));
	return index;
}

static inline struct lf_index *load_index(struct lf_arena *a, const char *name)
{
	struct lf_index *index = lf_new(a, struct lf_index);
	struct lf_str bytes;
	lf_auto_err err = {0};

	if (golden_find(a, lf_arena_printf(a, "solver/repos/%s/APKINDEX", name), &bytes))
		return parse(a, bytes, name);
	bytes = golden(a, lf_arena_printf(a, "solver/repos/%s/APKINDEX.tar.gz", name));
	if (!lf_index_read(bytes.p, bytes.n, INDEX_MAX, name, a, index, &err))
		fail_msg("%s: %s", name, lf_err_text(&err));
	return index;
}

static inline const struct lf_index *index_of(struct world *w, const char *repo, const char *arch)
{
	const char *name = lf_arena_printf(&w->arena, "%s/%s", repo, arch);
	void **at = lf_map_at(&w->indexes, lf_str(name));

	if (!*at)
		*at = load_index(&w->arena, name);
	return *at;
}

static inline void set_repo(struct world *w, struct lf_arena *a, const char *line, const char *arch,
			    struct lf_solve_repo *ret)
{
	struct lf_str rest = lf_str(line), tag = lf_str("");

	if (lf_str_skip(&rest, "@"))
		tag = lf_str_cut(&rest, ' ');
	ret->tag = lf_arena_str(a, tag);
	ret->url = lf_arena_str(a, rest);
	ret->index = index_of(w, ret->url, arch);
}

static inline struct lf_solve_repo *repos_of(struct world *w, struct lf_arena *a, const json_t *c,
					     const char *arch, size_t *ret_n)
{
	const json_t *list = json_object_get(c, "repos");
	const char *one = json_string_value(json_object_get(c, "repo"));
	struct lf_solve_repo *repo = lf_new_n(a, struct lf_solve_repo, MAX_REPOS);

	*ret_n = list ? json_array_size(list) : 1;
	assert_in_range(*ret_n, 1, MAX_REPOS);
	for (size_t i = 0; i < *ret_n; i++)
		set_repo(w, a, list ? json_string_value(json_array_get(list, i)) : one, arch,
			 &repo[i]);
	return repo;
}

static inline struct lf_strv strings_of(struct lf_arena *a, const json_t *list)
{
	struct lf_strv v = {0};

	v.n = v.cap = json_array_size(list);
	v.v = lf_new_n(a, const char *, v.n);
	for (size_t i = 0; i < v.n; i++)
		v.v[i] = json_string_value(json_array_get(list, i));
	return v;
}

/* The input of a case; what it points to lies in the arena, the case and w. */
static inline struct lf_solve_input input_of(struct world *w, struct lf_arena *a, const json_t *c)
{
	struct lf_solve_input in = {0};
	struct lf_str archs = lf_str(json_string_value(json_object_get(c, "arch")));
	const char *first = lf_arena_str(a, lf_str_cut(&archs, ','));
	struct lf_solve_other *other = lf_new(a, struct lf_solve_other);

	in.repo = repos_of(w, a, c, first, &in.n_repos);
	in.world = strings_of(a, json_object_get(c, "world"));
	if (archs.p) {
		other->arch = lf_arch_oci(lf_arena_str(a, archs));
		other->repo = repos_of(w, a, c, lf_arena_str(a, archs), &other->n_repos);
		in.other = other;
		in.n_others = 1;
	}
	return in;
}

static inline int set_up(void **state)
{
	*state = lf_calloc(1, sizeof(struct world));
	return 0;
}

static inline int tear_down(void **state)
{
	struct world *w = *state;

	for (size_t i = 0; i < w->indexes.n; i++)
		if (w->indexes.entry[i].value)
			lf_index_fini(w->indexes.entry[i].value);
	lf_map_fini(&w->indexes);
	lf_arena_fini(&w->arena);
	lf_free(w);
	return 0;
}

/* ---- small indexes ---- */

static inline void add_list(struct lf_buf *b, char letter, struct lf_str s)
{
	if (s.n)
		lf_buf_printf(b, "%c:" LF_STR_FMT "\n", letter, LF_STR_ARG(s));
}

static inline struct lf_index *small_index(struct lf_arena *a, const char *text)
{
	lf_auto_buf b = {0};
	struct lf_str rest = lf_str(text), record, field;

	while (rest.p && rest.n) {
		record = lf_str_cut(&rest, ';');
		field = lf_str_cut(&record, '|');
		add_list(&b, 'P', lf_str_cut(&field, ' '));
		add_list(&b, 'V', field);
		add_list(&b, 'D', lf_str_cut(&record, '|'));
		add_list(&b, 'p', lf_str_cut(&record, '|'));
		add_list(&b, 'i', lf_str_cut(&record, '|'));
		lf_buf_putc(&b, '\n');
	}
	return parse(a, lf_buf_view(&b), "small");
}
