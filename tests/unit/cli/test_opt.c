/*
 * Options: what pflag does with the same words.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "cli/csv.h"
#include "cli/opt.h"
#include "base/banned.h"

struct args {
	bool all, big;
	const char *key, *arch;
	struct lf_strv list, array;
	int64_t size, wait;
};

static const struct lf_opt opts[] = {
	LF_OPT_BOOL('a', "all", struct args, all, false, "all"),
	LF_OPT_BOOL('b', "big", struct args, big, true, "big"),
	LF_OPT_STRING('k', "key", struct args, key, "none", "key"),
	LF_OPT_STRING(0, "arch", struct args, arch, NULL, "arch", .required = true),
	LF_OPT_STRINGS('l', "list", struct args, list, "x,y", "list"),
	LF_OPT_ARRAY(0, "array", struct args, array, NULL, "array"),
	LF_OPT_INT(0, "size", struct args, size, "4096", "size"),
	LF_OPT_DURATION(0, "wait", struct args, wait, NULL, "wait"),
	LF_OPT_END,
};

struct parsed {
	struct args a;
	struct lf_optset set;
	struct lf_arena arena;
	struct lf_strv rest;
	struct lf_err err;
	bool ok;
};

/* Words are separated by blanks. */
static void parse(struct parsed *p, const char *words)
{
	struct lf_strv list = {0};
	struct lf_str text = lf_str(words), word;

	*p = (struct parsed){0};
	lf_optset_add(&p->set, opts, &p->a, false);
	lf_optset_init(&p->set, &p->arena);
	while (lf_str_word(&text, &word))
		lf_strv_add(&list, lf_arena_str(&p->arena, word));
	lf_strv_add(&list, NULL);
	p->ok = lf_optset_parse(&p->set, &p->arena, list.v, &p->rest, &p->err);
	lf_strv_fini(&list);
}

static void finish(struct parsed *p)
{
	lf_optset_fini(&p->set);
	lf_strv_fini(&p->rest);
	lf_arena_fini(&p->arena);
	lf_err_fini(&p->err);
}

/* The values as one line. */
static void print(struct parsed *p, struct lf_buf *out)
{
	lf_buf_printf(out, "%s%sk=%s arch=%s l=%s", p->a.all ? "a " : "", p->a.big ? "b " : "",
		      p->a.key, p->a.arch, lf_csv_print(&p->arena, &p->a.list));
	for (size_t i = 0; i < p->rest.n; i++)
		lf_buf_printf(out, " %s", p->rest.v[i]);
}

static void takes_every_form(void **state)
{
	static const struct {
		const char *words, *values;
	} cases[] = {
		{"", "b k=none arch= l=x,y"},
		{"--key v", "b k=v arch= l=x,y"},
		{"--key=v", "b k=v arch= l=x,y"},
		{"--key=", "b k= arch= l=x,y"},
		{"--key --all", "b k=--all arch= l=x,y"},
		{"-k v", "b k=v arch= l=x,y"},
		{"-kv", "b k=v arch= l=x,y"},
		{"-k=v", "b k=v arch= l=x,y"},
		{"-k=", "b k== arch= l=x,y"},
		{"-abk v", "a b k=v arch= l=x,y"},
		{"-ab=false", "a k=none arch= l=x,y"},
		{"--all false", "a b k=none arch= l=x,y false"},
		{"--big=F x --all=T y", "a k=none arch= l=x,y x y"},
		{"--list a,b -l c", "b k=none arch= l=a,b,c"},
		{"--list=", "b k=none arch= l="},
		{"one - -- --all two", "b k=none arch= l=x,y one - --all two"},
	};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		lf_auto_buf line = {0};
		struct parsed p;

		parse(&p, cases[i].words);
		assert_string_equal(lf_err_text(&p.err), "");
		print(&p, &line);
		assert_string_equal(lf_buf_c(&line), cases[i].values);
		finish(&p);
	}
}

static void refuses_with_pflags_words(void **state)
{
	static const struct {
		const char *words, *error;
	} cases[] = {
		{"--nosuch", "unknown flag: --nosuch"},
		{"--nosuch=1", "unknown flag: --nosuch"},
		{"--ke v", "unknown flag: --ke"},
		{"-Z", "unknown shorthand flag: 'Z' in -Z"},
		{"-aZb", "unknown shorthand flag: 'Z' in -Zb"},
		{"--arch", "flag needs an argument: --arch"},
		{"-k", "flag needs an argument: 'k' in -k"},
		{"---x", "bad flag syntax: ---x"},
		{"--=x", "bad flag syntax: --=x"},
		{"--all=maybe", "invalid argument \"maybe\" for \"-a, --all\" flag: "
				"strconv.ParseBool: parsing \"maybe\": invalid syntax"},
		{"--size x", "invalid argument \"x\" for \"--size\" flag: "
			     "strconv.ParseInt: parsing \"x\": invalid syntax"},
		{"--size 9223372036854775808",
		 "invalid argument \"9223372036854775808\" for \"--size\" flag: "
		 "strconv.ParseInt: parsing \"9223372036854775808\": value out of range"},
		{"--wait zz", "invalid argument \"zz\" for \"--wait\" flag: "
			      "time: invalid duration \"zz\""},
		{"-l a\"b", "invalid argument \"a\\\"b\" for \"-l, --list\" flag: "
			    "parse error on line 1, column 2: bare \" in non-quoted-field"},
	};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		struct parsed p;

		parse(&p, cases[i].words);
		assert_false(p.ok);
		assert_string_equal(lf_err_text(&p.err), cases[i].error);
		assert_int_equal(p.err.class, LF_E_USAGE);
		finish(&p);
	}
}

static void reads_numbers_as_go_does(void **state)
{
	static const struct {
		const char *words;
		int64_t size;
	} cases[] = {
		{"--size=-1", -1},
		{"--size 0x10", 16},
		{"--size 010", 8},
		{"--size 0b11", 3},
		{"--size 0", 0},
		{"--size 0x1_0", 16},
		{"--size -9223372036854775808", INT64_MIN},
	};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		struct parsed p;

		parse(&p, cases[i].words);
		assert_true(p.ok);
		assert_int_equal(p.a.size, cases[i].size);
		finish(&p);
	}
}

static void names_what_is_required(void **state)
{
	struct parsed p;

	(void)state;
	parse(&p, "--array a,b --array c --wait 1h");
	assert_true(p.ok);
	assert_int_equal(p.a.array.n, 2);
	assert_string_equal(p.a.array.v[0], "a,b");
	assert_int_equal(p.a.wait, 3600000000000);
	assert_false(lf_optset_check_required(&p.set, &p.err));
	assert_string_equal(lf_err_text(&p.err), "required flag(s) \"arch\" not set");
	finish(&p);
}

static void reads_log_levels(void **state)
{
	static const struct {
		const char *text;
		int level;
		const char *error;
	} cases[] = {
		{"debug", -4, NULL},
		{"INFO", 0, NULL},
		{"Info+2", 2, NULL},
		{"warn-1", 3, NULL},
		{"error", 8, NULL},
		{"bogus", 0, "slog: level string \"bogus\": unknown name"},
		{"", 0, "slog: level string \"\": unknown name"},
		{"foo+0", 0, "slog: level string \"foo+0\": unknown name"},
		{"info+x", 0,
		 "slog: level string \"info+x\": strconv.Atoi: parsing \"+x\": invalid syntax"},
	};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		lf_auto_err err = {0};
		int level = 99;

		assert_int_equal(lf_level_parse(cases[i].text, &level, &err), !cases[i].error);
		if (cases[i].error)
			assert_string_equal(lf_err_text(&err), cases[i].error);
		else
			assert_int_equal(level, cases[i].level);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_every_form),
		cmocka_unit_test(refuses_with_pflags_words),
		cmocka_unit_test(reads_numbers_as_go_does),
		cmocka_unit_test(names_what_is_required),
		cmocka_unit_test(reads_log_levels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
