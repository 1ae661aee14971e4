/*
 * The complete search: small worlds in which the greedy solver runs into a wall, and all shared
 * cases solved both ways, each result judged by a checker of its own (sound.h). The counts are
 * those of docs/solver.md, and so are the cases that only the complete search solves
 * (script/solver-table prints them).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/ctx.h>

#include "base/fs.h"
#include "solve_cases.h"
#include "sound.h"

#include "base/banned.h"

/* ---- the shared cases, both ways ---- */

struct counts {
	size_t cases;
	size_t both, both_same, both_same_set; /* greedy and complete found something */
	size_t greedy_unsound, greedy_only;    /* greedy's result is no sound installation; alone */
	size_t complete_only, neither;
};

struct pair {
	struct lf_solution greedy, complete;
	bool greedy_ok, complete_ok;
	struct lf_err greedy_err, complete_err;
};

static bool has(const struct lf_solution *s, const struct lf_pkg *p)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->install[i].pkg == p)
			return true;
	return false;
}

static bool same_set(const struct lf_solution *a, const struct lf_solution *b)
{
	for (size_t i = 0; i < a->n; i++)
		if (!has(b, a->install[i].pkg))
			return false;
	return a->n == b->n;
}

static bool same_order(const struct lf_solution *a, const struct lf_solution *b)
{
	for (size_t i = 0; i < a->n && i < b->n; i++)
		if (a->install[i].pkg != b->install[i].pkg)
			return false;
	return a->n == b->n;
}

static void tell(const char *what, struct lf_str line, const char *why)
{
	print_message("%s: " LF_STR_FMT "\n  %s\n", what, (int)(line.n > 300 ? 300 : line.n),
		      line.p, why);
}

static void count_both(struct counts *n, const struct pair *p)
{
	n->both++;
	n->both_same += same_order(&p->greedy, &p->complete);
	n->both_same_set += same_set(&p->greedy, &p->complete);
}

/* True when the complete result is sound, or rightly absent. */
static bool judge(struct counts *n, const struct lf_solve_input *in, const struct pair *p,
		  struct lf_str line)
{
	lf_auto_buf why = {0}, greedy_why = {0};
	bool greedy_sound = p->greedy_ok && sound(in, p->greedy.install, p->greedy.n, &greedy_why);

	n->cases++;
	n->greedy_unsound += p->greedy_ok && !greedy_sound;
	n->greedy_only += p->greedy_ok && !p->complete_ok;
	n->complete_only += !p->greedy_ok && p->complete_ok;
	n->neither += !p->greedy_ok && !p->complete_ok;
	if (p->greedy_ok && p->complete_ok)
		count_both(n, p);
	if (p->complete_ok && !sound(in, p->complete.install, p->complete.n, &why)) {
		tell("UNSOUND", line, lf_buf_c(&why));
		return false;
	}
	if (greedy_sound && !p->complete_ok) {
		tell("MISSED", line, lf_err_text(&p->complete_err));
		return false;
	}
	return true;
}

/* The innermost cause, for a cell of a table: each run of white space is a blank. */
static void add_cause(struct lf_buf *row, const char *text)
{
	const char *last = strrchr(text, '\n');
	struct lf_str rest = lf_str(last ? last : text), word;

	while (lf_str_word(&rest, &word))
		lf_buf_printf(row, LF_STR_FMT "%s", LF_STR_ARG(word),
			      lf_str_trim(rest).n ? " " : "");
}

/* The row of docs/solver.md for a case that only the complete search solves. */
static void print_row(const struct lf_solve_input *in, const json_t *c, const struct pair *p,
		      struct lf_buf *row)
{
	lf_buf_puts(row, "| ");
	for (size_t i = 0; i < in->n_repos; i++)
		lf_buf_printf(row, "%s%s", i ? ", " : "",
			      json_string_value(json_object_get(c, "repo"))
				      ? json_string_value(json_object_get(c, "repo"))
				      : in->repo[i].url);
	lf_buf_puts(row, " | `");
	for (size_t i = 0; i < in->world.n; i++)
		lf_buf_printf(row, "%s%s", i ? " " : "", in->world.v[i]);
	lf_buf_puts(row, "` | ");
	add_cause(row, lf_err_text(&p->greedy_err));
	lf_buf_printf(row, " | %zu |\n", p->complete.n);
}

static bool is_in_the_docs(struct lf_arena *a, const struct lf_buf *row)
{
	const char *source = getenv("FACTORY_SOURCE");
	lf_auto_buf text = {0};

	if (!lf_read_file(lf_arena_printf(a, "%s/docs/solver.md", source ? source : "."), 1 << 20,
			  &text, NULL))
		fail_msg("no docs/solver.md");
	return lf_str_search(lf_buf_view(&text), lf_buf_view(row)) >= 0;
}

/* SOLVER_TABLE: print the row instead. */
static bool check_row(const struct lf_solve_input *in, const json_t *c, const struct pair *p)
{
	lf_auto_arena a = {0};
	lf_auto_buf row = {0};

	print_row(in, c, p, &row);
	if (getenv("SOLVER_TABLE")) {
		printf("%s", lf_buf_c(&row));
		return true;
	}
	if (is_in_the_docs(&a, &row))
		return true;
	print_message("not in docs/solver.md: %s", lf_buf_c(&row));
	return false;
}

static bool solve_both(struct world *w, struct counts *n, struct lf_str line)
{
	lf_auto_arena a = {0};
	lf_auto_err err = {0};
	lf_auto_json *c = lf_json_parse(line, "case", &err);
	struct lf_solve_input in = input_of(w, &a, c);
	struct pair p = {0};
	bool ok;

	p.greedy_ok = lf_solve(&in, &a, &p.greedy, &p.greedy_err);
	p.complete_ok = lf_solve_complete(&in, &a, &p.complete, &p.complete_err);
	ok = judge(n, &in, &p, line);
	if (!p.greedy_ok && p.complete_ok)
		ok = check_row(&in, c, &p) && ok;
	lf_err_fini(&p.greedy_err);
	lf_err_fini(&p.complete_err);
	return ok;
}

static void check_file(void **state, const char *name, const struct counts *want)
{
	lf_auto_arena a = {0};
	struct lf_str text = golden(&a, name), line;
	struct counts n = {0};
	size_t bad = 0;

	while (lf_str_line(&text, &line))
		bad += !solve_both(*state, &n, line);
	print_message("%s: %zu cases; both %zu (same order %zu, same set %zu), greedy only %zu "
		      "(unsound results %zu), complete only %zu, neither %zu\n",
		      name, n.cases, n.both, n.both_same, n.both_same_set, n.greedy_only,
		      n.greedy_unsound, n.complete_only, n.neither);
	assert_int_equal(bad, 0);
	assert_memory_equal(&n, want, sizeof(n));
}

static void solves_the_mini_cases_both_ways(void **state)
{
	const struct counts want = {
		.cases = 252,
		.both = 195,
		.both_same = 188,
		.both_same_set = 188,
		.greedy_only = 7,
		.greedy_unsound = 13,
		.complete_only = 5,
		.neither = 45,
	};

	check_file(state, "solver/mini.jsonl", &want);
}

static void solves_the_alpine_cases_both_ways(void **state)
{
	const struct counts want = {
		.cases = 405,
		.both = 293,
		.both_same = 293,
		.both_same_set = 293,
		.complete_only = 12,
		.neither = 100,
	};

	check_file(state, "solver/alpine.jsonl", &want);
}

/* ---- cases of our own ---- */

struct own_case {
	const char *index; /* see small_index */
	const char *world;
	const char *want; /* names=versions in order; or the error from the second line on */
	const char *log;  /* what is said, or NULL */
};

static void keep_log(void *data, enum lf_level level, const char *text, const char *attrs)
{
	assert_int_equal(level, LF_LOG_WARN);
	assert_string_equal(attrs, "");
	lf_buf_puts(data, text);
}

static void print_install(struct lf_buf *b, const struct lf_solution *s)
{
	for (size_t i = 0; i < s->n; i++)
		lf_buf_printf(b, "%s%s=%s", i ? " " : "", s->install[i].pkg->name,
			      s->install[i].pkg->version);
}

/* Upstream's words are a matter of test_solve.c. */
static const char *below_first_lines(const char *text)
{
	const char *why = strstr(text, "\nwhy ");

	return why ? why + 1 : text;
}

static void check_own(const struct own_case *c)
{
	lf_auto_arena a = {0};
	lf_auto_buf got = {0}, log = {0};
	lf_auto_strv world = {0};
	lf_auto_err err = {0};
	struct lf_index *index = small_index(&a, c->index);
	struct lf_solve_repo repo = {.tag = "", .url = "r/x86_64", .index = index};
	struct lf_solve_input in = {.repo = &repo, .n_repos = 1};
	struct lf_ctx ctx = {.log = keep_log, .log_data = &log};
	struct lf_str rest = lf_str(c->world), word;
	struct lf_solution s;

	while (lf_str_word(&rest, &word))
		lf_strv_add(&world, lf_arena_str(&a, word));
	in.world = world;
	if (lf_solve_world(&ctx, &in, &a, &s, &err))
		print_install(&got, &s);
	else
		lf_buf_puts(&got, below_first_lines(lf_err_text(&err)));
	assert_string_equal(lf_buf_c(&got), c->want);
	assert_string_equal(lf_buf_c(&log), c->log ? c->log : "");
	lf_index_fini(index);
}

#define FOUND  "the first choices do not fit together ("
#define OTHERS "), a complete search found others that do: "

static void searches_where_greed_fails(void **state)
{
	static const struct own_case cases[] = {
		/* nothing to search for */
		{"a 1||;", "a", "a=1", NULL},
		/* the newest of one stands in the way of another's need */
		{"a 1|c|;b 1|c<2|;c 1|l|;c 2|l|;l 1||;", "a b", "l=1 c=1 a=1 b=1",
		 FOUND "we already selected \"c=2\" which conflicts with \"c<2\"" OTHERS
		       "c-1 instead of c-2"},
		/* the best of a name has a need that nothing meets */
		{"a 1||;a 2|nope|;", "a", "a=1",
		 FOUND "solving \"nope\" constraint: nothing provides \"nope\"" OTHERS
		       "a-1 instead of a-2"},
		{"x 2|!w|v|;y 1||v|;w 1||;", "v w", "y=1 w=1",
		 FOUND "solving \"w\" constraint: solving \"w\" constraint:   w-1.apk "
		       "disqualified because excluded by !w" OTHERS "y-1 instead of x-2"},
		/* nothing of it is needed any more */
		{"a 1||;a 2|b|;b 1|nope|;", "a", "a=1",
		 FOUND "solving \"nope\" constraint: nothing provides \"nope\"" OTHERS
		       "a-1 instead of a-2, without b-1"},
		/* compat: the greedy solver tests with the operator of the provides */
		{"a 1|b x>=2|;b 1|l x>=1|;x 3|l|v=3|;l 1||;", "a", "l=1 x=3 b=1 a=1", NULL},
		{"a 1|b pc:v>=1|;b 1|x|;x 0|l|pc:v=2|;l 1||;", "a", "l=1 x=0 b=1 a=1",
		 FOUND "we already selected \"x=0\" which conflicts with \"pc:v>=1\"" OTHERS
		       "with the same choices"},
		/* what comes along does so only with all that it needs */
		{"a 2|nope|;a 1|b c|;b 1||;c 1||;b-c 1|||b c;b-d 1|nope||b c;", "a",
		 "b=1 c=1 b-c=1 a=1",
		 FOUND "solving \"nope\" constraint: nothing provides \"nope\"" OTHERS
		       "a-1 instead of a-2"},
	};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++)
		check_own(&cases[i]);
}

static void explains_what_has_no_solution(void **state)
{
	static const struct own_case cases[] = {
		{"bash 5.1-r2||;", "bash>6",
		 "why there is no solution:\n"
		 "  the world asks for bash>6\n"
		 "    bash-5.1-r2: not bash>6\n"
		 "what would help:\n"
		 "  ask for bash instead of bash>6: there is bash-5.1-r2\n"
		 "  leave out bash>6",
		 NULL},
		{"nodejs 1||;nodejs-doc 1||;", "nodjs",
		 "why there is no solution:\n"
		 "  the world asks for nodjs\n"
		 "    nothing is called nodjs; there is nodejs\n"
		 "what would help:\n"
		 "  ask for nodejs instead of nodjs: there is nodejs-1\n"
		 "  leave out nodjs",
		 NULL},
		{"php81 1||;x 1||;", "php8 x",
		 "why there is no solution:\n"
		 "  the world asks for php8\n"
		 "    nothing is called php8; there is php81\n"
		 "what would help:\n"
		 "  ask for php81 instead of php8: there is php81-1\n"
		 "  leave out php8",
		 NULL},
		{"app 1|lib<2|;app 2|lib>=2|;lib 1||;lib 2||;lib 3||;", "app=2 lib=1",
		 "why there is no solution:\n"
		 "  the world asks for app=2\n"
		 "    app-2 needs lib>=2\n"
		 "      lib-2, lib-3 cannot stand beside lib-1: one version of lib only\n"
		 "      lib-1: not lib>=2\n"
		 "    app-1: not app=2\n"
		 "  the world asks for lib=1\n"
		 "    lib-1 (see above)\n"
		 "    lib-2, lib-3: not lib=1\n"
		 "what would help:\n"
		 "  ask for app instead of app=2: there is app-1\n"
		 "  leave out app=2\n"
		 "  ask for lib instead of lib=1: there is lib-3\n"
		 "  leave out lib=1",
		 NULL},
		{"a 1|c|;b 1|d|;c 1||v=1|;d 1||v=1|;", "a b",
		 "why there is no solution:\n"
		 "  the world asks for a\n"
		 "    a-1 needs c\n"
		 "      c-1 cannot stand beside d-1: only one can have the name v\n"
		 "  the world asks for b\n"
		 "    b-1 needs d\n"
		 "      d-1 (see above)\n"
		 "what would help:\n"
		 "  leave out a\n"
		 "  leave out b",
		 NULL},
		{"a 1|b|;b 1|c|;c 1|!d|;d 1||;", "a d",
		 "why there is no solution:\n"
		 "  the world asks for a\n"
		 "    a-1 needs b\n"
		 "      b-1 needs c\n"
		 "        c-1 does not go with d-1 (!d)\n"
		 "  the world asks for d\n"
		 "    d-1 is excluded by c-1 (!d)\n"
		 "what would help:\n"
		 "  leave out a\n"
		 "  leave out d",
		 NULL},
		{"a 1||;", "nope1 nope2 a>1",
		 "why there is no solution:\n"
		 "  the world asks for nope1\n"
		 "    nothing is called nope1\n"
		 "besides:\n"
		 "  the world asks for nope2\n"
		 "    nothing is called nope2\n"
		 "besides:\n"
		 "  the world asks for a>1\n"
		 "    a-1: not a>1\n"
		 "what would help:\n"
		 "  leave out nope1\n"
		 "and\n"
		 "  leave out nope2\n"
		 "and\n"
		 "  ask for a instead of a>1: there is a-1\n"
		 "  leave out a>1",
		 NULL},
		{"a 1|v>1|;b 1||v|;c 1||v=1|;d x||;", "a d>1",
		 "why there is no solution:\n"
		 "  the world asks for d>1\n"
		 "    d-x: no valid version\n"
		 "besides:\n"
		 "  the world asks for a\n"
		 "    a-1 needs v>1\n"
		 "      b-1: provides v without a version\n"
		 "      c-1: provides v=1, not v>1\n"
		 "what would help:\n"
		 "  ask for d instead of d>1: there is d-x\n"
		 "  leave out d>1\n"
		 "and\n"
		 "  leave out a",
		 NULL},
		{"a 1||;", "!a",
		 "why there is no solution:\n"
		 "  the world asks for !a\n"
		 "    the world cannot exclude packages: \"!\" is for what packages depend on\n"
		 "what would help:\n"
		 "  leave out !a",
		 NULL},
	};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++)
		check_own(&cases[i]);
}

/* ---- why this one ---- */

struct why_case {
	const char *index, *world, *name, *want;
};

static void check_why(const struct why_case *c)
{
	lf_auto_arena a = {0};
	lf_auto_buf got = {0};
	lf_auto_strv world = {0};
	lf_auto_err err = {0};
	struct lf_index *index = small_index(&a, c->index);
	struct lf_solve_repo repo = {.tag = "", .url = "r", .index = index};
	struct lf_solve_input in = {.repo = &repo, .n_repos = 1};
	struct lf_str rest = lf_str(c->world), word;
	const struct lf_ctx silent = {0};

	while (lf_str_word(&rest, &word))
		lf_strv_add(&world, lf_arena_str(&a, word));
	in.world = world;
	if (!lf_solve_why(&silent, &in, c->name, &a, &got, &err))
		lf_buf_printf(&got, "! %s", lf_err_text(&err));
	assert_string_equal(lf_buf_c(&got), c->want);
	lf_index_fini(index);
}

static void says_why_this_one(void **state)
{
	static const struct why_case cases[] = {
		{"a 1|b|;b 1|c<3|;c 1||;c 2||;c 3||;", "a", "c",
		 "c 2 (r)\n"
		 "asked for by:\n"
		 "  the world asks for a\n"
		 "  a-1 needs b\n"
		 "  b-1 needs c<3\n"
		 "candidates for c<3:\n"
		 "  c-1: lower version\n"
		 "  c-2: chosen\n"
		 "  c-3: \"3\" does not satisfy \"c<3\"\n"},
		{"a 2|nope|;a 1|v|;b 1||v|;c 2|!a|v|;", "a", "v",
		 "b 1 (r)\n"
		 "asked for by:\n"
		 "  the world asks for a\n"
		 "  a-1 needs v\n"
		 "candidates for v (by the complete search, since the first choices do not fit "
		 "together):\n"
		 "  b-1: chosen\n"
		 "  c-2: cannot stand beside a-1\n"},
		{"a 1|b|;b 1||;b-doc 1|||b;", "a", "b-doc",
		 "b-doc 1 (r)\n"
		 "asked for by:\n"
		 "  nothing: it comes along with b (install_if)\n"},
		{"a 1||;b 1||;", "a", "b", "! b is not installed: nothing asks for it"},
		{"nodejs 1||;", "nodejs", "nodjs", "! nothing is called nodjs; there is nodejs"},
	};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++)
		check_why(&cases[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(searches_where_greed_fails),
		cmocka_unit_test(explains_what_has_no_solution),
		cmocka_unit_test(says_why_this_one),
		cmocka_unit_test(solves_the_mini_cases_both_ways),
		cmocka_unit_test(solves_the_alpine_cases_both_ways),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
