/*
 * Dependency texts: the grammar, and the rewriting of shared object versions.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "apk/version.h"

#include "golden.h"

#include "base/banned.h"

static const char *op_text(enum lf_op op)
{
	switch (op) {
	case LF_OP_ANY:
		return "any";
	case LF_OP_EQ:
		return "=";
	case LF_OP_LT:
		return "<";
	case LF_OP_GT:
		return ">";
	case LF_OP_LE:
		return "<=";
	case LF_OP_GE:
		return ">=";
	case LF_OP_FUZZY:
		return "~";
	}
	return "";
}

/* col: text, name, operator, version, tag */
static void check(const struct lf_str col[5])
{
	lf_auto_arena a = {0};
	struct lf_dep d;

	lf_dep_parse(col[0], &a, &d);
	if (!lf_str_eq(d.name, col[1]) || !lf_str_is(col[2], op_text(d.op)) ||
	    !lf_str_eq(d.version, col[3]) || !lf_str_eq(d.tag, col[4]))
		fail_msg("\"" LF_STR_FMT "\" is " LF_STR_FMT " %s " LF_STR_FMT " @" LF_STR_FMT,
			 LF_STR_ARG(col[0]), LF_STR_ARG(d.name), op_text(d.op),
			 LF_STR_ARG(d.version), LF_STR_ARG(d.tag));
	assert_true(lf_str_eq(d.text, col[0]));
}

static void parses_each_form(void **state)
{
	static const char *const cases[][5] = {
		{"foo", "foo", "any", "", ""},
		{"foo>=1.0-r0", "foo", ">=", "1.0-r0", ""},
		{"foo=~1", "foo", "~", "1", ""},
		{"foo==1", "foo", "any", "1", ""},
		{"foo==", "foo", "=", "=", ""},
		{"foo=", "foo=", "any", "", ""},
		{"foo=1@edge", "foo", "=", "1", "edge"},
		{"foo@edge=1", "foo@edge=1", "any", "", ""},
		{"foo@", "foo@", "any", "", ""},
		{"=1", "=1", "any", "", ""},
		{"", "", "any", "", ""},
		{"so:libx.so.1=1.2", "so:libx.so.1", "=", "0.1.2", ""},
		{"so:libx.so.1=1.2-r3", "so:libx.so.1", "=", "1.2-r3", ""},
		{"so:libx.so.1=1.2-r3@t", "so:libx.so.1", "=", "0.1.2-r3", "t"},
		{"so:libx.so.1~1.2", "so:libx.so.1", "~", "1.2", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct lf_str col[5];

		for (size_t j = 0; j < 5; j++)
			col[j] = lf_str(cases[i][j]);
		check(col);
	}
}

static void parses_the_shared_table(void **state)
{
	lf_auto_arena a = {0};
	struct lf_str text = golden(&a, "constraints.tsv"), line, col[5];

	(void)state;
	while (lf_str_line(&text, &line)) {
		columns(line, col, 5);
		check(col);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parses_each_form),
		cmocka_unit_test(parses_the_shared_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
