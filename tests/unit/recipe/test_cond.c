/*
 * Conditions: truth values, errors and their positions, depth.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/mem.h"
#include "recipe/recipe.h"

#include "base/banned.h"

static const struct {
	const char *expr;
	int want; /* -1: an error */
	const char *error;
} cases[] = {
	{"", 1, NULL},
	{"'a' == 'a'", 1, NULL},
	{"'a'=='b'", 0, NULL},
	{"'a' != \"b\"", 1, NULL},
	{"\t'a'\r\n==\n'a' ", 1, NULL},
	{"'a' == 'a' || 'a' == 'a' && 'a' == 'b'", 0, NULL},
	{"'a' == 'a' || ('a' == 'a' && 'a' == 'b')", 1, NULL},
	{"('a' == 'b') || (('x' == 'x'))", 1, NULL},
	{"'it\\'s' == \"it's\"", 1, NULL},
	{"\"\\\\\\\"\\n\\t\" == '\\\\\"\\n\\t'", 1, NULL},
	{"'\\q' == '\\\\q'", 1, NULL},
	{"'' == ''", 1, NULL},
	{"${{build.arch}} == ''", 1, NULL},
	{"${{ build.arch\n}} != 'x86_64'", 1, NULL},
	{"   ", -1, "unexpected end of input at position 3"},
	{"foo == 'foo'", -1, "unexpected character 'f' at position 0"},
	{"\"x86_64\" = 'x86_64'", -1, "expected '==' or '!=' at position 9, got \"= \""},
	{"'a'", -1, "expected comparison operator at position 3"},
	{"'a' ==", -1, "unexpected end of input at position 6"},
	{"'a' == 'b", -1, "unterminated string literal at position 7"},
	{"'a' == 'a' extra", -1, "unexpected trailing input at position 11: \"extra\""},
	{"('a' == 'a'", -1, "expected ')' at position 11: expected \")\" at position 11"},
	{"${{}} == ''", -1, "empty variable name at position 3"},
	{"${{x == ''", -1,
	 "unterminated variable reference \"x\" at position 3: expected \"}}\" at position 5"},
	{"!('a' == 'a')", -1, "unexpected character '!' at position 0"},
	{"'a' == 'a' &&", -1, "unexpected end of input at position 13"},
	{"'a' == 'b' && 'c", -1, "unterminated string literal at position 14"},
};

static void evaluates(void **state)
{
	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		lf_auto_err err = {0};
		bool value = false, ok = lf_cond_eval(cases[i].expr, &value, &err);

		if (ok != (cases[i].want >= 0) || (ok && value != cases[i].want))
			fail_msg("%s: %d %d %s", cases[i].expr, ok, value, lf_err_text(&err));
		if (!ok)
			assert_string_equal(lf_err_text(&err), cases[i].error);
	}
}

static void refuses_deep_brackets(void **state)
{
	char text[4001];
	bool value;
	lf_auto_err err = {0};

	(void)state;
	memset(text, '(', 4000);
	text[4000] = '\0';
	assert_false(lf_cond_eval(text, &value, &err));
	assert_int_equal(err.class, LF_E_LIMIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(evaluates),
		cmocka_unit_test(refuses_deep_brackets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
