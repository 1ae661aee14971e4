/*
 * The small languages of the image room: commands, PEM, templates, moments, the order
 * of libraries.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/vec.h"
#include "image/image.h"
#include "image/ldcache.h"
#include "image/pem.h"

#include "base/banned.h"

static void splits_commands(void **state)
{
	static const struct {
		const char *text, *want; /* words joined by "|", or the error */
	} cases[] = {
		{"", ""},
		{"  ", ""},
		{"/bin/sh -l", "/bin/sh|-l"},
		{"a 'b c' \"d \\\" e\" f\\ g", "a|b c|d \" e|f g"},
		{"a''b \"\" c", "ab||c"},
		{"a #b c", "a"},
		{"a#b c", "a#b|c"},
		{"a # b\nc", "a|c"},
		{"'a\\b'", "a\\b"},
		{"a 'b", "EOF found when expecting closing quote"},
		{"a \"b\\", "EOF found when expecting closing quote"},
		{"a\\", "EOF found after escape character"},
	};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		lf_auto_arena arena = {0};
		lf_auto_strv words = {0};
		lf_auto_buf got = {0};
		lf_auto_err err = {0};

		if (!lf_shell_split(cases[i].text, &arena, &words, &err))
			lf_buf_puts(&got, lf_err_text(&err));
		else
			for (size_t k = 0; k < words.n; k++)
				lf_buf_printf(&got, "%s%s", k ? "|" : "", words.v[k]);
		assert_string_equal(lf_buf_c(&got), cases[i].want);
	}
}

static void reads_pem_blocks(void **state)
{
	struct lf_str text = LF_STR("noise\n-----BEGIN A-----\nAAEC\r\n  AwQ=\n-----END A-----\n"
				    "-----BEGIN BROKEN-----\n!\n-----END BROKEN-----\n"
				    "-----BEGIN B-----\nBQ==\n-----END B-----");
	struct lf_str label;
	lf_auto_buf der = {0}, out = {0};

	(void)state;
	assert_true(lf_pem_next(&text, &label, &der));
	assert_true(lf_str_is(label, "A"));
	assert_int_equal(der.n, 5);
	assert_memory_equal(der.p, "\0\1\2\3\4", 5);
	lf_pem_print(&out, "A", lf_buf_view(&der));
	assert_string_equal(out.p, "-----BEGIN A-----\nAAECAwQ=\n-----END A-----\n");
	lf_buf_clear(&der);
	assert_true(lf_pem_next(&text, &label, &der));
	assert_true(lf_str_is(label, "B"));
	assert_false(lf_pem_next(&text, &label, &der));
}

static void keeps_zones(void **state)
{
	static const struct {
		const char *text, *want;
		int64_t seconds;
	} cases[] = {
		{"1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z", 0},
		{"2030-05-06T07:08:09+02:00", "2030-05-06T07:08:09+02:00", 1904274489},
		{"1969-12-31T19:00:00-05:00", "1969-12-31T19:00:00-05:00", 0},
		{"1970-01-01T00:00:00+00:00", "1970-01-01T00:00:00Z", 0},
	};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		struct lf_moment m;
		char got[LF_DATE_MAX];

		assert_true(lf_moment_parse(cases[i].text, &m, NULL));
		assert_int_equal(m.seconds, cases[i].seconds);
		lf_moment_print(m, got);
		assert_string_equal(got, cases[i].want);
	}
}

static void orders_libraries(void **state)
{
	static const struct {
		const char *a, *b;
		int want;
	} cases[] = {
		{"liba.so.1", "liba.so.1", 0}, {"liba9.so", "liba10.so", -1},
		{"liba.so", "liba.so.1", -1},  {"liba1", "liba.so", 1},
		{"libb", "liba", 1},
	};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		int c = lf_ldcache_cmp(cases[i].a, cases[i].b);
		int back = lf_ldcache_cmp(cases[i].b, cases[i].a);

		assert_int_equal((c > 0) - (c < 0), cases[i].want);
		assert_int_equal((back > 0) - (back < 0), -cases[i].want);
	}
}

static void prints_a_library_cache(void **state)
{
	struct lf_ldcache_entry e[] = {
		{.path = "/lib/liba.so.1", .name = "liba.so.1", .flags = 0x303},
		{.path = "/lib/libz.so.1", .name = "libz.so.1", .flags = 0x303},
	};
	lf_auto_buf out = {0};

	(void)state;
	lf_ldcache_print(&out, e, 2);
	assert_int_equal(out.n % 16, 0);
	assert_memory_equal(out.p, "glibc-ld.so.cache1.1\2\0\0\0\36\0\0\0", 28);
	assert_string_equal(out.p + 96, "/lib/libz.so.1");
	assert_string_equal(out.p + 111, "/lib/liba.so.1");
	assert_int_equal((uint8_t)out.p[52], 96 + 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(splits_commands),
		cmocka_unit_test(reads_pem_blocks),
		cmocka_unit_test(keeps_zones),
		cmocka_unit_test(orders_libraries),
		cmocka_unit_test(prints_a_library_cache),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
