/*
 * What a build is going to do: architectures, dates, credentials' form.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "apk/arch.h"
#include "base/buf.h"
#include "build/plan.h"

#include "base/banned.h"

static const struct {
	const char *given[4];
	const char *want;
} archs[] = {
	{{"x86_64"}, "x86_64 "},
	{{"amd64", "aarch64", "x86_64"}, "x86_64 aarch64 "},
	{{"riscv64", "arm64", "386"}, "x86 aarch64 riscv64 "},
	{{"all"}, "x86 x86_64 aarch64 armhf armv7 loongarch64 ppc64le riscv64 s390x "},
	{{NULL}, "x86 x86_64 aarch64 armhf armv7 loongarch64 ppc64le riscv64 s390x "},
	{{"strange", "x86_64"}, "x86_64 strange "},
};

static void sorts_architectures_by_oci_name(void **state)
{
	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(archs); i++) {
		lf_auto_strv given = {0}, got = {0};
		lf_auto_buf text = {0};

		for (size_t k = 0; k < 4 && archs[i].given[k]; k++)
			lf_strv_add(&given, archs[i].given[k]);
		lf_plan_archs(&given, &got);
		for (size_t k = 0; k < got.n; k++)
			lf_buf_printf(&text, "%s ", got.v[k]);
		assert_string_equal(text.p, archs[i].want);
	}
	lf_auto_strv host = {0}, got = {0};
	lf_strv_add(&host, "host");
	lf_plan_archs(&host, &got);
	assert_int_equal(got.n, 1);
	assert_string_equal(got.v[0], lf_arch_host()->apk);
}

static const struct {
	const char *variable, *flag;
	int64_t want;
	const char *error;
} dates[] = {
	{NULL, NULL, 0, NULL},
	{NULL, "1970-01-01T00:01:00Z", 60, NULL},
	{"1700000000", "1970-01-01T00:01:00Z", 1700000000, NULL},
	{" 5\n", "", 5, NULL},
	{"", "1970-01-01T00:01:00Z", 60, NULL},
	{"abc", "", 0,
	 "failed to parse SOURCE_DATE_EPOCH: strconv.ParseInt: parsing \"abc\": invalid syntax"},
	{"99999999999999999999", "", 0,
	 "failed to parse SOURCE_DATE_EPOCH: strconv.ParseInt: parsing \"99999999999999999999\": "
	 "value out of range"},
	{NULL, "foo", 0,
	 "parsing time \"foo\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"foo\" as \"2006\""},
};

static void prefers_the_variable_to_the_flag(void **state)
{
	const struct lf_ctx ctx = {0};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(dates); i++) {
		lf_auto_err err = {0};
		int64_t got = -1;

		if (lf_plan_date(&ctx, dates[i].variable, dates[i].flag, &got, &err))
			assert_int_equal(got, dates[i].want);
		assert_string_equal(lf_err_text(&err), dates[i].error ? dates[i].error : "");
	}
}

#define FORM "HTTP_AUTH must be in the form 'basic:REALM:USERNAME:PASSWORD' (got "

static const struct {
	const char *value, *error;
} auths[] = {
	{NULL, ""},
	{"", ""},
	{"basic:host:user:pass", ""},
	{"basic:host:user:pa:ss", ""},
	{"basic:host", FORM "2 parts)"},
	{"token:a:b:c", FORM "\"token\" for first part)"},
};

static void checks_the_form_of_credentials(void **state)
{
	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(auths); i++) {
		lf_auto_err err = {0};

		assert_int_equal(lf_plan_check_http_auth(auths[i].value, &err), !*auths[i].error);
		assert_string_equal(lf_err_text(&err), auths[i].error);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sorts_architectures_by_oci_name),
		cmocka_unit_test(prefers_the_variable_to_the_flag),
		cmocka_unit_test(checks_the_form_of_credentials),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
