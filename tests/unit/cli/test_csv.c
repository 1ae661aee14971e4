/*
 * One record of comma-separated values.
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
#include "base/banned.h"

static void parses_one_record(void **state)
{
	static const struct {
		const char *text, *fields; /* joined by | */
	} cases[] = {
		{"", ""},
		{"a", "a|"},
		{"a,b", "a|b|"},
		{"a,", "a||"},
		{",", "||"},
		{"\"a,b\",c", "a,b|c|"},
		{"\"\"", "|"},
		{"\"a\"\"b\"", "a\"b|"},
		{"a b , c", "a b | c|"},
		{"a\nb", "a|"},
		{"\n\na,b\r\nc", "a|b|"},
		{"\"a\nb\",c", "a\nb|c|"},
		{"\"a\",\"b\"", "a|b|"},
	};
	lf_auto_err err = {0};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		struct lf_arena arena = {0};
		lf_auto_strv list = {0};
		lf_auto_buf joined = {0};

		assert_true(lf_csv_parse(&arena, cases[i].text, &list, &err));
		for (size_t k = 0; k < list.n; k++)
			lf_buf_printf(&joined, "%s|", list.v[k]);
		assert_string_equal(lf_buf_c(&joined), cases[i].fields);
		lf_arena_fini(&arena);
	}
}

static void refuses_loose_quotes(void **state)
{
	static const struct {
		const char *text, *error;
	} cases[] = {
		{"a\"b", "parse error on line 1, column 2: bare \" in non-quoted-field"},
		{"x,a\"", "parse error on line 1, column 4: bare \" in non-quoted-field"},
		{"\"a\"b",
		 "parse error on line 1, column 3: extraneous or missing \" in quoted-field"},
		{"\"a",
		 "parse error on line 1, column 3: extraneous or missing \" in quoted-field"},
		{"\n", "EOF"},
	};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		struct lf_arena arena = {0};
		lf_auto_strv list = {0};
		lf_auto_err err = {0};

		assert_false(lf_csv_parse(&arena, cases[i].text, &list, &err));
		assert_string_equal(lf_err_text(&err), cases[i].error);
		lf_arena_fini(&arena);
	}
}

static void prints_with_quotes_where_needed(void **state)
{
	struct lf_arena arena = {0};
	lf_auto_strv list = {0};

	(void)state;
	lf_strv_add(&list, "a");
	lf_strv_add(&list, "b,c");
	lf_strv_add(&list, "d\"e");
	assert_string_equal(lf_csv_print(&arena, &list), "a,\"b,c\",\"d\"\"e\"");
	lf_arena_fini(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parses_one_record),
		cmocka_unit_test(refuses_loose_quotes),
		cmocka_unit_test(prints_with_quotes_where_needed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
