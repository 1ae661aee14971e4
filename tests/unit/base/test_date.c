/*
 * Dates and durations, in Go's forms.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/date.h"
#include "base/mem.h"
#include "base/banned.h"

#define AS " as \"2006-01-02T15:04:05Z07:00\": cannot parse "

static void prints_dates(void **state)
{
	static const struct {
		int64_t seconds;
		const char *text;
	} cases[] = {
		{0, "1970-01-01T00:00:00Z"},
		{1700000000, "2023-11-14T22:13:20Z"},
		{951782400, "2000-02-29T00:00:00Z"},
		{-1, "1969-12-31T23:59:59Z"},
		{253402300799, "9999-12-31T23:59:59Z"},
		{-62135596800, "0001-01-01T00:00:00Z"},
	};
	char text[LF_DATE_MAX];
	int64_t back = 1;

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		lf_date_print(cases[i].seconds, text);
		assert_string_equal(text, cases[i].text);
		assert_true(lf_date_parse(text, &back, NULL));
		assert_int_equal(back, cases[i].seconds);
	}
}

static void reads_zones_and_fractions(void **state)
{
	int64_t t = 0;

	(void)state;
	assert_true(lf_date_parse("2023-11-14T23:13:20+01:00", &t, NULL) && t == 1700000000);
	assert_true(lf_date_parse("2023-11-14T17:43:20.25-04:30", &t, NULL) && t == 1700000000);
	assert_true(lf_date_parse("2023-11-14T2:13:20Z", &t, NULL)); /* compat: one digit */
}

static void refuses_dates_with_gos_words(void **state)
{
	static const struct {
		const char *text, *error;
	} cases[] = {
		{"foo", "parsing time \"foo\"" AS "\"foo\" as \"2006\""},
		{"2020", "parsing time \"2020\"" AS "\"\" as \"-\""},
		{"2020-1-1", "parsing time \"2020-1-1\"" AS "\"1-1\" as \"01\""},
		{"2020-13-01T00:00:00Z",
		 "parsing time \"2020-13-01T00:00:00Z\": month out of range"},
		{"2021-02-29T00:00:00Z", "parsing time \"2021-02-29T00:00:00Z\": day out of range"},
		{"2021-02-20T24:00:00Z",
		 "parsing time \"2021-02-20T24:00:00Z\": hour out of range"},
		{"2021-02-20T23:00:00",
		 "parsing time \"2021-02-20T23:00:00\"" AS "\"\" as \"Z07:00\""},
		{"2021-02-20T23:00:00Zx",
		 "parsing time \"2021-02-20T23:00:00Zx\": extra text: \"x\""},
	};
	lf_auto_err err = {0};
	int64_t t = 0;

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		assert_false(lf_date_parse(cases[i].text, &t, &err));
		assert_string_equal(lf_err_text(&err), cases[i].error);
	}
}

static void reads_and_prints_durations(void **state)
{
	static const struct {
		const char *text;
		int64_t ns;
		const char *printed;
	} cases[] = {
		{"0", 0, "0s"},
		{"1h30m", 5400000000000, "1h30m0s"},
		{"1.5s", 1500000000, "1.5s"},
		{"300ms", 300000000, "300ms"},
		{"-2m3s", -123000000000, "-2m3s"},
		{"1h", 3600000000000, "1h0m0s"},
		{".5us", 500, "500ns"},
		{"1.001ms", 1001000, "1.001ms"},
		{"+5s", 5000000000, "5s"},
		{"0.0000000001s", 0, "0s"},
	};
	char text[LF_DATE_MAX];
	int64_t ns = 1;

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		assert_true(lf_duration_parse(cases[i].text, &ns, NULL));
		assert_int_equal(ns, cases[i].ns);
		lf_duration_print(ns, text);
		assert_string_equal(text, cases[i].printed);
	}
}

static void refuses_durations_with_gos_words(void **state)
{
	static const struct {
		const char *text, *error;
	} cases[] = {
		{"", "time: invalid duration \"\""},
		{"zz", "time: invalid duration \"zz\""},
		{"3", "time: missing unit in duration \"3\""},
		{"3x", "time: unknown unit \"x\" in duration \"3x\""},
		{".s", "time: invalid duration \".s\""},
		{"99999999999h", "time: invalid duration \"99999999999h\""},
	};
	lf_auto_err err = {0};
	int64_t ns = 0;

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		assert_false(lf_duration_parse(cases[i].text, &ns, &err));
		assert_string_equal(lf_err_text(&err), cases[i].error);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prints_dates),
		cmocka_unit_test(reads_zones_and_fractions),
		cmocka_unit_test(refuses_dates_with_gos_words),
		cmocka_unit_test(reads_and_prints_durations),
		cmocka_unit_test(refuses_durations_with_gos_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
