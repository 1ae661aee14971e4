/*
 * JSON: printing as Go does, parsing with positions and a depth limit.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "codec/json.h"

#include "base/banned.h"

static void prints_strings(void **state)
{
	static const struct {
		struct lf_str in;
		const char *want;
	} cases[] = {
		{{"plain", 5}, "\"plain\""},
		{{"a\"\\\b\f\n\r\t\x01\x1f\x7f", 11},
		 "\"a\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u001f\x7f\""},
		{{"<a> & b", 7}, "\"\\u003ca\\u003e \\u0026 b\""},
		{{"\xe2\x80\xa8\xe2\x80\xa9", 6}, "\"\\u2028\\u2029\""},
		{{"x\xff\xc3", 3}, "\"x\\ufffd\\ufffd\""},
		{{"\xf0\x9f\x98\x80", 4}, "\"\xf0\x9f\x98\x80\""},
		{{"a\0b", 3}, "\"a\\u0000b\""},
	};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		lf_auto_buf out = {0};

		lf_json_string(&out, cases[i].in);
		assert_string_equal(lf_buf_c(&out), cases[i].want);
	}
}

static void prints_compact_and_indented(void **state)
{
	static const char text[] = "{\"b\": [1, {}, []], \"a\": {\"x\": null, \"y\": true}}";
	lf_auto_json *v = lf_json_parse(LF_STR(text), "f", NULL);
	lf_auto_buf out = {0};

	(void)state;
	assert_non_null(v);
	lf_json_print(&out, v, 0);
	assert_string_equal(lf_buf_c(&out), "{\"b\":[1,{},[]],\"a\":{\"x\":null,\"y\":true}}");
	lf_buf_clear(&out);
	lf_json_print(&out, v, 2);
	assert_string_equal(lf_buf_c(&out),
			    "{\n  \"b\": [\n    1,\n    {},\n    []\n  ],\n  \"a\": {\n"
			    "    \"x\": null,\n    \"y\": true\n  }\n}");
}

static void prints_numbers(void **state)
{
	static const struct {
		double v;
		const char *want;
	} cases[] = {
		{0, "0"},
		{1.5, "1.5"},
		{100, "100"},
		{0.1, "0.1"},
		{1e21, "1e+21"},
		{1e20, "100000000000000000000"},
		{1e-7, "1e-7"},
		{-2.5e-10, "-2.5e-10"},
		{0.000001, "0.000001"},
		{123456.789, "123456.789"},
	};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		lf_auto_json *v = json_real(cases[i].v);
		lf_auto_buf out = {0};

		lf_json_print(&out, v, 0);
		assert_string_equal(lf_buf_c(&out), cases[i].want);
	}
}

static void leaves_out_what_is_empty(void **state)
{
	lf_auto_json *o = json_object();
	lf_auto_buf out = {0};

	(void)state;
	lf_json_opt(o, "a", NULL);
	lf_json_opt(o, "b", json_array());
	lf_json_opt(o, "c", json_object());
	lf_json_opt(o, "d", json_integer(0));
	lf_json_opt_str(o, "e", "");
	lf_json_opt_str(o, "f", "x");
	lf_json_set_str(o, "g", "\xff");
	lf_json_print(&out, o, 0);
	assert_string_equal(lf_buf_c(&out), "{\"d\":0,\"f\":\"x\",\"g\":\"\xef\xbf\xbd\"}");
}

static void tells_where_parsing_failed(void **state)
{
	lf_auto_err err = {0};
	lf_auto_buf deep = {0};

	(void)state;
	assert_null(lf_json_parse(LF_STR("{\"a\":\n x}"), "f.json", &err));
	assert_int_equal(err.class, LF_E_FORMAT);
	assert_int_equal(strncmp(lf_err_text(&err), "f.json:2:2: ", 12), 0);
	lf_buf_fill(&deep, '[', 65);
	assert_null(lf_json_parse(lf_buf_view(&deep), "f.json", &err));
	assert_string_equal(lf_err_text(&err), "f.json:1:65: nested too deeply");
	assert_null(lf_json_parse(LF_STR(""), "f.json", &err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prints_strings),
		cmocka_unit_test(prints_compact_and_indented),
		cmocka_unit_test(prints_numbers),
		cmocka_unit_test(leaves_out_what_is_empty),
		cmocka_unit_test(tells_where_parsing_failed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
