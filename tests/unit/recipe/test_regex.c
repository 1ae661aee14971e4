/*
 * Regular expressions: replacing, templates, and what RE2 refuses.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/mem.h"
#include "recipe/regex.h"

#include "base/banned.h"

static const struct {
	const char *pattern, *text, *template, *want;
} good[] = {
	{"b", "abcb", "x", "axcx"},
	{"^(\\d+)\\.(\\d+)\\.(\\d+)$", "1.2.3", "$1_$2", "2"},
	{"^(\\d+)\\.(\\d+)\\.(\\d+)$", "1.2.3", "${1}_$2", "1_2"},
	{"\\.", "a.b.c", "${0}x$1y", "a.xb.xc"},
	{"(\\d+)\\.", "1.2.3", "$1x", "3"},
	{"(?P<n>b+)", "abbc", "<$n><$nn><${n}>", "a<bb><><bb>c"},
	{"(?<n>b+)", "abbc", "[$n]", "a[bb]c"},
	{"x*", "abc", "-", "-a-b-c-"},
	{"b*", "abc", "-", "-a-c-"},
	{"", "é", ".", ".é."},
	{".", "é€", "x", "xx"},
	{"a", "a", "$$ $ ${ ${1 $-", "$ $ ${ ${1 $-"},
	{"(a)|(b)", "b", "[$1$2]", "[b]"},
	{"(?i)A", "a", "x", "x"},
	{"(?:a|b)+?", "ab", "x", "xx"},
	{"[[:digit:]]{2,}", "a123b", "n", "anb"},
	{"[]a]", "a]b", "x", "xxb"},
	{"[[a]", "[a", "x", "xx"},
	{"a\\sb", "a b", "x", "x"},
	{"[\\s]", "a\vb", "x", "a\vb"},
	{"\\Qa.b\\E", "a.b axb", "x", "x axb"},
	{"\\101", "A", "x", "x"},
	{"a{,2}", "a{,2}", "x", "x"},
	{"c$", "c\n", "x", "c\n"},
	{"\\x{e9}", "é", "x", "x"},
	{"-|_", "a-b_c", "", "abc"},
	{"a{1000}|b{0,1000}", "b", "x", "x"},
};

static void replaces(void **state)
{
	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(good); i++) {
		lf_auto_arena arena = {0};
		lf_auto_err err = {0};
		const char *got = lf_regex_replace(good[i].pattern, good[i].text, good[i].template,
						   &arena, &err);

		if (!got)
			fail_msg("%s: %s", good[i].pattern, lf_err_text(&err));
		assert_string_equal(got, good[i].want);
	}
}

static const struct {
	const char *pattern, *error;
} bad[] = {
	{"(", "error parsing regexp: missing closing ): `(`"},
	{"(a)\\1", "error parsing regexp: invalid escape sequence: `\\1`"},
	{"(?=a)", "error parsing regexp: invalid or unsupported Perl syntax: `(?=`"},
	{"(?<=a)", "error parsing regexp: invalid or unsupported Perl syntax: `(?<`"},
	{"(?!a)", "error parsing regexp: invalid or unsupported Perl syntax: `(?!`"},
	{"(?>a)", "error parsing regexp: invalid or unsupported Perl syntax: `(?>`"},
	{"(?R)", "error parsing regexp: invalid or unsupported Perl syntax: `(?R`"},
	{"(*ACCEPT)", "error parsing regexp: missing argument to repetition operator: `(*`"},
	{"a++", "error parsing regexp: invalid nested repetition operator: `++`"},
	{"a{2}+", "error parsing regexp: invalid nested repetition operator: `{2}+`"},
	{"a{1001}", "error parsing regexp: invalid repeat count: `{1001}`"},
	{"a{2,1}", "error parsing regexp: invalid repeat count: `{2,1}`"},
	{"a{1,1001}b", "error parsing regexp: invalid repeat count: `{1,1001}`"},
	{"\\K", "error parsing regexp: invalid escape sequence: `\\K`"},
	{"[\\b]", "error parsing regexp: invalid escape sequence: `\\b`"},
	{"a\\", "error parsing regexp: trailing backslash at end of expression: ``"},
};

static void refuses(void **state)
{
	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(bad); i++) {
		lf_auto_arena arena = {0};
		lf_auto_err err = {0};

		assert_null(lf_regex_replace(bad[i].pattern, "a", "", &arena, &err));
		assert_string_equal(lf_err_text(&err), bad[i].error);
	}
}

static void gives_up_in_time(void **state)
{
	lf_auto_arena arena = {0};
	lf_auto_err err = {0};

	(void)state;
	assert_null(lf_regex_replace(
		"(a|aa|a+)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", "", &arena, &err));
	assert_int_equal(err.class, LF_E_LIMIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(replaces),
		cmocka_unit_test(refuses),
		cmocka_unit_test(gives_up_in_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
