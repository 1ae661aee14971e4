/*
 * Substitution: the plain and the strict replacer, quoting, values that refer to each other.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/mem.h"
#include "codec/go_text.h"
#include "recipe/vars.h"

#include "base/banned.h"

static void fill(struct lf_vars *v)
{
	lf_vars_set(v, "package.name", "foo");
	lf_vars_set(v, "vars.a", "x${{vars.b}}");
	lf_vars_set(v, "vars.empty", "");
	lf_vars_set(v, "vars.odd name", "odd");
	lf_vars_set(v, "q", "a\"b\\c\nd\x01é\xff");
}

static const struct {
	const char *text, *want;
} plain[] = {
	{"", ""},
	{"none", "none"},
	{"${{package.name}}", "foo"},
	{"a${{package.name}}b${{package.name}}", "afoobfoo"},
	{"${{ package.name }}", "${{ package.name }}"},
	{"${{nope}} ${{package.name}}", "${{nope}} foo"},
	{"${{vars.a}}", "x${{vars.b}}"},
	{"[${{vars.empty}}]", "[]"},
	{"${{vars.odd name}}", "odd"},
	{"${{ ${{package.name}}", "${{ foo"},
	{"$${{package.name}}}", "$foo}"},
	{"${{package.name}", "${{package.name}"},
};

static void replaces_plainly(void **state)
{
	lf_auto_vars v = {0};
	lf_auto_arena arena = {0};

	(void)state;
	fill(&v);
	for (size_t i = 0; i < LF_ARRAY_LEN(plain); i++)
		assert_string_equal(lf_vars_replace(&v, plain[i].text, &arena), plain[i].want);
	assert_ptr_equal(lf_vars_replace(&v, plain[1].text, &arena), plain[1].text);
}

static const struct {
	const char *text, *want, *error;
} strict[] = {
	{"", "", NULL},
	{"${ {{x}} $ {{x}}", "${ {{x}} $ {{x}}", NULL},
	{"${{package.name}}", "foo", NULL},
	{"${{ \t\r\npackage.name  }}!", "foo!", NULL},
	{"\\${{package.name}} $${{package.name}}", "\\foo $foo", NULL},
	{"${{vars.a}}", "x${{vars.b}}", NULL},
	{"${{nope}}", NULL, "variable nope not defined"},
	{"echo ${{vars.nope}} ${{foo}} ${{}} ${{ a", NULL,
	 "variable vars.nope not defined\nvariable foo not defined\n"
	 "empty variable name at position 32\nunterminated variable reference \"a\" at position "
	 "39"},
	{"${{ package.name ${{package.name}}", NULL,
	 "unterminated variable reference \"package.name\" at position 4"},
};

static void expands_strictly(void **state)
{
	lf_auto_vars v = {0};
	lf_auto_arena arena = {0};

	(void)state;
	fill(&v);
	for (size_t i = 0; i < LF_ARRAY_LEN(strict); i++) {
		lf_auto_err err = {0};
		const char *got = lf_vars_expand(&v, strict[i].text, &arena, &err);

		if (strict[i].want)
			assert_string_equal(got, strict[i].want);
		else
			assert_null(got);
		assert_string_equal(lf_err_text(&err), strict[i].error ? strict[i].error : "");
	}
}

static void looks_into_parents(void **state)
{
	lf_auto_vars outer = {0}, inner = {.parent = &outer};
	lf_auto_arena arena = {0};

	(void)state;
	fill(&outer);
	lf_vars_set(&inner, "package.name", "bar");
	assert_string_equal(
		lf_vars_expand(&inner, "${{package.name}} ${{vars.empty}}", &arena, NULL), "bar ");
}

static void quotes_values(void **state)
{
	lf_auto_vars v = {0};
	lf_auto_arena arena = {0};

	(void)state;
	fill(&v);
	assert_string_equal(lf_vars_expand_quoted(&v, "${{ q }} == ''", &arena, NULL),
			    "\"a\\\"b\\\\c\\nd\\x01é\\xff\" == ''");
	assert_string_equal(lf_vars_expand_quoted(&v, "'x' == 'y'", &arena, NULL), "'x' == 'y'");
}

static const struct {
	const char *text, *want;
} quoted[] = {
	{"\a\b\f\v\x7f", "\"\\a\\b\\f\\v\\x7f\""},
	{"\xc2\xa0\xe2\x80\xa8", "\"\\u00a0\\u2028\""},
	{"\xf0\x9f\x98\x80\xf3\xa0\x80\x81", "\"\xf0\x9f\x98\x80\\U000e0001\""},
	{"\xed\xa0\x80", "\"\\xed\\xa0\\x80\""},
	{"\xe2\x82", "\"\\xe2\\x82\""},
};

static void quotes_like_go(void **state)
{
	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(quoted); i++) {
		lf_auto_buf out = {0};

		lf_quote(&out, lf_str(quoted[i].text));
		assert_string_equal(lf_buf_c(&out), quoted[i].want);
	}
}

static void expands_in_order_of_dependence(void **state)
{
	struct lf_vars_item item[] = {
		{"c", "${{vars.b}}!", 0}, {"b", "${{ vars.a }}y", 0}, {"a", "x", 0}};
	lf_auto_arena arena = {0};
	lf_auto_err err = {0};

	(void)state;
	assert_true(lf_vars_expand_each(item, 3, "vars.", NULL, &arena, &err));
	assert_string_equal(item[0].value, "xy!");
	assert_string_equal(item[1].value, "xy");
}

static void prefers_the_outer_scope(void **state)
{
	lf_auto_vars outer = {0};
	struct lf_vars_item item[] = {{"a", "${{inputs.a}}z", 0}, {"b", "${{inputs.a}}", 0}};
	lf_auto_arena arena = {0};
	lf_auto_err err = {0};

	(void)state;
	lf_vars_set(&outer, "inputs.a", "caller");
	assert_true(lf_vars_expand_each(item, 2, "inputs.", &outer, &arena, &err));
	assert_string_equal(item[0].value, "callerz");
	assert_string_equal(item[1].value, "caller");
}

static void names_the_ring(void **state)
{
	struct lf_vars_item item[] = {
		{"x", "${{vars.a}}", 0}, {"a", "${{vars.b}}", 0}, {"b", "${{vars.a}}", 0}};
	lf_auto_arena arena = {0};
	lf_auto_err err = {0};

	(void)state;
	assert_false(lf_vars_expand_each(item, 3, "vars.", NULL, &arena, &err));
	assert_string_equal(lf_err_text(&err),
			    "variables refer to each other in a ring: vars.a -> vars.b -> vars.a");
}

static void reports_a_missing_one(void **state)
{
	struct lf_vars_item item[] = {{"a", "v${{package.version}}", 0}};
	lf_auto_arena arena = {0};
	lf_auto_err err = {0};

	(void)state;
	assert_false(lf_vars_expand_each(item, 1, "vars.", NULL, &arena, &err));
	assert_string_equal(lf_err_text(&err), "variable package.version not defined");
}

/* Each value holds the next ten times. */
static void refuses_values_that_explode(void **state)
{
	struct lf_vars_item item[10];
	char keys[10][2], values[10][120] = {{0}};
	lf_auto_arena arena = {0};
	lf_auto_err err = {0};

	(void)state;
	for (int i = 0; i < 10; i++) {
		keys[i][0] = (char)('a' + i);
		keys[i][1] = '\0';
		for (size_t n = 0; n < 10; n++)
			snprintf(values[i] + 11 * n, 12, i < 9 ? "${{vars.%c}}" : "xxxxxxxx%cxx",
				 'a' + i + 1);
		item[i] = (struct lf_vars_item){keys[i], values[i], 0};
	}
	assert_false(lf_vars_expand_each(item, 10, "vars.", NULL, &arena, &err));
	assert_int_equal(err.class, LF_E_LIMIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(replaces_plainly),
		cmocka_unit_test(expands_strictly),
		cmocka_unit_test(looks_into_parents),
		cmocka_unit_test(quotes_values),
		cmocka_unit_test(quotes_like_go),
		cmocka_unit_test(expands_in_order_of_dependence),
		cmocka_unit_test(prefers_the_outer_scope),
		cmocka_unit_test(names_the_ring),
		cmocka_unit_test(reports_a_missing_one),
		cmocka_unit_test(refuses_values_that_explode),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
