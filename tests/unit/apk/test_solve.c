/*
 * The solver: small cases of our own that hold each rule once, and the shared cases, a JSON object
 * a line, of which every list, its order and every error text must be met.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "solve_cases.h"

#include "base/banned.h"

struct answer {
	struct lf_solution solution;
	struct lf_err err;
	bool ok;
};

static void solve_case(struct world *w, struct lf_arena *a, const json_t *c, struct answer *ret)
{
	struct lf_solve_input in = input_of(w, a, c);

	ret->ok = lf_solve(&in, a, &ret->solution, &ret->err);
}

static const char *choice_text(struct lf_arena *a, const struct lf_solve_choice *c, bool with_repo)
{
	return lf_arena_printf(a, "%s=%s%s%s", c->pkg->name, c->pkg->version, with_repo ? " " : "",
			       with_repo ? c->repo->url : "");
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* With the lines in byte order, for errors whose lines have no order of their own. */
static const char *sorted_lines(struct lf_arena *a, const char *text)
{
	lf_auto_strv v = {0};
	lf_auto_buf b = {0};
	struct lf_str rest = lf_str(text), line;

	while (lf_str_line(&rest, &line))
		lf_strv_add(&v, lf_arena_str(a, line));
	qsort(v.v, v.n, sizeof(*v.v), by_bytes);
	for (size_t i = 0; i < v.n; i++)
		lf_buf_printf(&b, "%s\n", v.v[i]);
	return lf_arena_str(a, lf_buf_view(&b));
}

static bool same_error(struct lf_arena *a, const json_t *c, const char *got)
{
	const char *want = json_string_value(json_object_get(c, "error"));

	if (json_is_true(json_object_get(c, "error_lines_any_order")))
		return !strcmp(sorted_lines(a, got), sorted_lines(a, want));
	return !strcmp(got, want);
}

static bool same_list(struct lf_arena *a, const json_t *want, const struct lf_solution *got,
		      bool with_repo)
{
	if (json_array_size(want) != got->n)
		return false;
	for (size_t i = 0; i < got->n; i++)
		if (strcmp(json_string_value(json_array_get(want, i)),
			   choice_text(a, &got->install[i], with_repo)))
			return false;
	return true;
}

static bool same_conflicts(const json_t *want, const struct lf_strv *got)
{
	if (json_array_size(want) != got->n)
		return false;
	for (size_t i = 0; i < got->n; i++)
		if (strcmp(json_string_value(json_array_get(want, i)), got->v[i]))
			return false;
	return true;
}

static const char *describe(struct lf_arena *a, const struct answer *got, bool with_repo)
{
	lf_auto_buf b = {0};

	if (!got->ok)
		lf_buf_puts(&b, lf_err_text(&got->err));
	for (size_t i = 0; got->ok && i < got->solution.n; i++)
		lf_buf_printf(&b, "%s, ", choice_text(a, &got->solution.install[i], with_repo));
	return lf_arena_str(a, lf_buf_view(&b));
}

static bool check_case(struct world *w, const json_t *c, struct lf_str line)
{
	lf_auto_arena a = {0};
	struct answer got = {0};
	bool with_repo = json_object_get(c, "repos") != NULL, ok;

	solve_case(w, &a, c, &got);
	if (json_object_get(c, "error"))
		ok = !got.ok && same_error(&a, c, lf_err_text(&got.err));
	else
		ok = got.ok &&
		     same_list(&a, json_object_get(c, "install"), &got.solution, with_repo) &&
		     same_conflicts(json_object_get(c, "conflicts"), &got.solution.conflicts);
	if (!ok)
		print_message("case " LF_STR_FMT "\n got %s\n", LF_STR_ARG(line),
			      describe(&a, &got, with_repo));
	lf_err_fini(&got.err);
	return ok;
}

static void check_file(void **state, const char *name)
{
	struct world *w = *state;
	lf_auto_arena a = {0};
	struct lf_str text = golden(&a, name), line;
	size_t bad = 0;

	while (lf_str_line(&text, &line)) {
		lf_auto_err err = {0};
		lf_auto_json *c = lf_json_parse(line, name, &err);

		if (!c)
			fail_msg("%s", lf_err_text(&err));
		bad += !check_case(w, c, line);
	}
	assert_int_equal(bad, 0);
}

static void solves_the_shared_mini_cases(void **state)
{
	check_file(state, "solver/mini.jsonl");
}

static void solves_the_shared_alpine_cases(void **state)
{
	check_file(state, "solver/alpine.jsonl");
}

/* Upstream gives several answers here: ours must be one of them as a set, or be allowed by some
 * reason. */
static bool is_among(struct lf_arena *a, const json_t *c, const struct answer *got, bool with_repo)
{
	const json_t *lists = json_object_get(c, "alternatives");
	size_t i;
	const json_t *list;

	json_array_foreach(json_object_get(c, "alternative_errors"), i,
			   list) if (!got->ok &&
				     !strcmp(sorted_lines(a, json_string_value(list)),
					     sorted_lines(a, lf_err_text(&got->err)))) return true;
	json_array_foreach(lists, i, list)
	{
		lf_auto_strv want = {0}, have = {0};
		bool same;

		for (size_t j = 0; j < json_array_size(list); j++)
			lf_strv_add(&want, json_string_value(json_array_get(list, j)));
		for (size_t j = 0; got->ok && j < got->solution.n; j++)
			lf_strv_add(&have, choice_text(a, &got->solution.install[j], with_repo));
		lf_strv_sort(&want);
		lf_strv_sort(&have);
		same = want.n == have.n;
		for (size_t j = 0; same && j < want.n; j++)
			same = !strcmp(want.v[j], have.v[j]);
		if (same)
			return true;
	}
	return false;
}

static void gives_one_of_upstreams_unstable_answers(void **state)
{
	lf_auto_arena a = {0};
	struct lf_str text = golden(&a, "solver/unstable.jsonl"), line;
	size_t bad = 0;

	while (lf_str_line(&text, &line)) {
		lf_auto_err err = {0};
		lf_auto_json *c = lf_json_parse(line, "unstable", &err);
		bool with_repo = json_object_get(c, "repos") != NULL;
		struct answer got = {0};

		solve_case(*state, &a, c, &got);
		if (!is_among(&a, c, &got, with_repo)) {
			print_message("case %.200s\n got %s\n", line.p,
				      describe(&a, &got, with_repo));
			bad++;
		}
		lf_err_fini(&got.err);
	}
	assert_int_equal(bad, 0);
}

/* ---- cases of our own ---- */

struct own_case {
	const char *index; /* records: "name version|depends|provides|install_if;" */
	const char *world; /* separated by blanks */
	const char *want;  /* names=versions, or "! error" */
};

static void check_own(const struct own_case *c)
{
	lf_auto_arena a = {0};
	lf_auto_buf got = {0};
	lf_auto_strv world = {0};
	struct lf_index *index = small_index(&a, c->index);
	struct lf_solve_repo repo = {.tag = "", .url = "r/x86_64", .index = index};
	struct lf_solve_input in = {.repo = &repo, .n_repos = 1};
	struct lf_str rest = lf_str(c->world), word;
	struct answer answer = {0};

	while (lf_str_word(&rest, &word))
		lf_strv_add(&world, lf_arena_str(&a, word));
	in.world = world;
	answer.ok = lf_solve(&in, &a, &answer.solution, &answer.err);
	if (!answer.ok)
		lf_buf_printf(&got, "! %s", lf_err_text(&answer.err));
	for (size_t i = 0; answer.ok && i < answer.solution.n; i++)
		lf_buf_printf(&got, "%s%s", i ? " " : "",
			      choice_text(&a, &answer.solution.install[i], false));
	assert_string_equal(lf_buf_c(&got), c->want);
	lf_err_fini(&answer.err);
	lf_index_fini(index);
}

static void solves_small_worlds(void **state)
{
	static const struct own_case cases[] = {
		{"a 1||;", "", ""},
		{"a 1||;", "a", "a=1"},
		{"a 1||;a 2||;", "a", "a=2"},
		{"a 1||;a 2||;", "a<2", "a=1"},
		{"a 1|b c|;b 1||;c 1|b|;", "a", "b=1 c=1 a=1"},
		{"a 1|b|;b 1|a|;", "a", "b=1 a=1"},
		{"a 1|x|;b 1||x=2;c 1||x=1;", "a", "b=1 a=1"},
		{"a 1|b|;b 1||;d 1|||a b;d-doc 1|||b;", "a", "b=1 d-doc=1 a=1"},
		{"a 1|!b|;b 1||;", "a b",
		 "! solving \"b\" constraint: solving \"b\" constraint:   b-1.apk disqualified "
		 "because "
		 "excluded by !b"},
		{"a 1||;", "nope", "! solving \"nope\" constraint: nothing provides \"nope\""},
		{"a 1|nope|;", "a",
		 "! solving \"a\" constraint: resolving \"a-1.apk\" deps:\nsolving \"nope\" "
		 "constraint: nothing provides \"nope\""},
		{"a 1||;", "a>1",
		 "! solving \"a>1\" constraint:   a-1.apk disqualified because \"1\" does not "
		 "satisfy "
		 "\"a>1\""},
		{"a 1||;", "a=x",
		 "! constraining initial packages: parsing constraint \"a=x\": invalid version x, "
		 "could "
		 "not parse"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		check_own(&cases[i]);
}

/* A chain that is longer than any stack would like is refused. */
static void limits_the_depth(void **state)
{
	lf_auto_arena a = {0};
	lf_auto_buf b = {0};
	struct lf_index *index;
	struct lf_solve_repo repo = {.tag = "", .url = "r"};
	const char *world[] = {"p0"};
	struct lf_solve_input in = {.repo = &repo, .n_repos = 1, .world = {world, 1, 1}};
	struct lf_solution s;
	lf_auto_err err = {0};

	(void)state;
	for (int i = 0; i < 50000; i++)
		lf_buf_printf(&b, "p%d 1|p%d|;", i, i + 1);
	index = small_index(&a, lf_buf_c(&b));
	repo.index = index;
	assert_false(lf_solve(&in, &a, &s, &err));
	assert_int_equal(err.class, LF_E_LIMIT);
	lf_index_fini(index);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(solves_small_worlds),
		cmocka_unit_test(limits_the_depth),
		cmocka_unit_test(solves_the_shared_mini_cases),
		cmocka_unit_test(solves_the_shared_alpine_cases),
		cmocka_unit_test(gives_one_of_upstreams_unstable_answers),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
