/*
 * Versions: grammar, order, operators. The long tables come from the shared data; the short ones
 * here hold a case for each rule, so that the test says something without it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "apk/version.h"

#include "golden.h"

#include "base/banned.h"

static struct lf_version version(struct lf_str s)
{
	struct lf_version v = {0};

	if (!lf_version_parse(s, &v, NULL))
		fail_msg("not a version: " LF_STR_FMT, LF_STR_ARG(s));
	return v;
}

static enum lf_op op_of(struct lf_str s)
{
	static const struct {
		const char *text;
		enum lf_op op;
	} ops[] = {{"=", LF_OP_EQ},  {"<", LF_OP_LT},  {">", LF_OP_GT},
		   {"<=", LF_OP_LE}, {">=", LF_OP_GE}, {"~", LF_OP_FUZZY}};

	for (size_t i = 0; i < sizeof(ops) / sizeof(ops[0]); i++)
		if (lf_str_is(s, ops[i].text))
			return ops[i].op;
	return LF_OP_ANY;
}

static void check_order(struct lf_str a, struct lf_str b, char want)
{
	struct lf_version va = version(a), vb = version(b);
	int c = lf_version_cmp(&va, &vb), d = lf_version_cmp(&vb, &va);
	char got = c < 0 ? '<' : c > 0 ? '>' : '=';

	if (got != want || (c > 0) != (d < 0))
		fail_msg(LF_STR_FMT " %c " LF_STR_FMT ", want %c", LF_STR_ARG(a), got,
			 LF_STR_ARG(b), want);
}

static void orders_versions(void **state)
{
	/* each smaller than the next */
	static const char *const rising[] = {
		"0",       "0.1",    "1",      "1a",        "1.0_alpha", "1.0_alpha1", "1.0_beta",
		"1.0_pre", "1.0_rc", "1.0",    "1.0-r1",    "1.0_cvs",   "1.0_svn",    "1.0_git",
		"1.0_hg",  "1.0_p",  "1.0_p1", "1.0_p1-r2", "1.0b",      "1.0.0",      "1.1",
		"1.9",     "1.10",   "2",      "10",
	};

	(void)state;
	for (size_t i = 0; i + 1 < sizeof(rising) / sizeof(rising[0]); i++)
		check_order(lf_str(rising[i]), lf_str(rising[i + 1]), '<');
	check_order(lf_str("1.0"), lf_str("1.0-r0"), '=');
	check_order(lf_str("1.01"), lf_str("1.1"), '=');
	check_order(lf_str("1_alpha"), lf_str("1_alpha0"), '=');
}

static void orders_the_shared_table(void **state)
{
	lf_auto_arena a = {0};
	struct lf_str text = golden(&a, "versions.tsv"), line, col[3];

	(void)state;
	while (lf_str_line(&text, &line)) {
		columns(line, col, 3);
		check_order(col[0], col[1], col[2].p[0]);
	}
}

static void check_valid(struct lf_str text, bool want, struct lf_str message)
{
	struct lf_version v;
	lf_auto_err err = {0};
	bool ok = lf_version_parse(text, &v, &err);

	if (ok != want || !lf_str_is(message, lf_err_text(&err)))
		fail_msg("\"" LF_STR_FMT "\": %s, want " LF_STR_FMT, LF_STR_ARG(text),
			 ok ? "valid" : lf_err_text(&err), LF_STR_ARG(message));
}

static void refuses_what_is_no_version(void **state)
{
	static const char *const bad[] = {"",      "a",     "v1",    "1.",    "1..0",    "1.0-r",
					  "1.0-1", "1.0ab", "1a.1",  "1_foo", "1_p1_rc", "1~ab",
					  "1.0 ",  " 1.0",  "1.0+1", "1:1"};
	lf_auto_arena a = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		check_valid(
			lf_str(bad[i]), false,
			lf_str(lf_arena_printf(&a, "invalid version %s, could not parse", bad[i])));
	check_valid(
		lf_str("1.9223372036854775808"), false,
		lf_str("invalid version 1.9223372036854775808, part 1 is not number: strconv.Atoi: "
		       "parsing \"9223372036854775808\": value out of range"));
	check_valid(lf_str("1.9223372036854775807"), true, lf_str(""));
}

static void judges_the_shared_table(void **state)
{
	lf_auto_arena a = {0};
	struct lf_str text = golden(&a, "versions-valid.tsv"), line, col[3];

	(void)state;
	while (lf_str_line(&text, &line)) {
		columns(line, col, 3);
		check_valid(col[0], lf_str_is(col[1], "valid"), col[2]);
	}
}

static void check_satisfies(const struct lf_str col[4])
{
	struct lf_version required = version(col[1]), actual = version(col[2]);
	bool got = lf_version_satisfies(&actual, op_of(col[0]), &required);

	if (got != lf_str_is(col[3], "true"))
		fail_msg(LF_STR_FMT " " LF_STR_FMT " " LF_STR_FMT ", want " LF_STR_FMT,
			 LF_STR_ARG(col[2]), LF_STR_ARG(col[0]), LF_STR_ARG(col[1]),
			 LF_STR_ARG(col[3]));
}

static void satisfies_by_operator(void **state)
{
	static const char *const cases[][4] = {
		{"=", "1.0", "1.0-r0", "true"},
		{"=", "1.0", "1.0-r1", "false"},
		{"<", "1.1", "1.0", "true"},
		{">", "1.1", "1.0", "false"},
		{"<=", "1.0", "1.0", "true"},
		{">=", "1.0", "1.0", "true"},
		{"~", "1.2.3-r4", "1.2.3.4-r1", "true"},
		{"~", "1.2.3-r0", "1.2.3-r4", "true"},
		{"~", "1.2", "1.3", "false"},
		{"~", "1.2.0", "1.2", "false"},
		{"~", "1.2.3", "1.2.3_alpha1", "true"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct lf_str col[4] = {lf_str(cases[i][0]), lf_str(cases[i][1]),
					      lf_str(cases[i][2]), lf_str(cases[i][3])};

		check_satisfies(col);
	}
}

static void satisfies_the_shared_table(void **state)
{
	lf_auto_arena a = {0};
	struct lf_str text = golden(&a, "satisfies.tsv"), line, col[4];

	(void)state;
	while (lf_str_line(&text, &line)) {
		columns(line, col, 4);
		check_satisfies(col);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(orders_versions),
		cmocka_unit_test(orders_the_shared_table),
		cmocka_unit_test(refuses_what_is_no_version),
		cmocka_unit_test(judges_the_shared_table),
		cmocka_unit_test(satisfies_by_operator),
		cmocka_unit_test(satisfies_the_shared_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
