/*
 * Views, buffers, lists, maps and arenas.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "base/vec.h"
#include "base/banned.h"

#define assert_view(view, text)                                                      \
	do {                                                                         \
		struct lf_str assert_v = (view);                                     \
		assert_int_equal(assert_v.n, strlen(text));                          \
		assert_memory_equal(assert_v.n ? assert_v.p : "", text, assert_v.n); \
	} while (0)

static void compares_by_bytes(void **state)
{
	(void)state;
	assert_true(lf_str_eq(LF_STR(""), (struct lf_str){NULL, 0}));
	assert_true(lf_str_is(LF_STR("abc"), "abc"));
	assert_false(lf_str_is(LF_STR("abc"), "abcd"));
	assert_true(lf_str_cmp(LF_STR("a"), LF_STR("b")) < 0);
	assert_true(lf_str_cmp(LF_STR("a"), LF_STR("a\xff")) < 0);
	assert_true(lf_str_cmp(LF_STR("\xff"), LF_STR("a")) > 0);
	assert_int_equal(lf_str_cmp(LF_STR("x"), LF_STR("x")), 0);
	assert_true(lf_str_starts(LF_STR("abc"), "ab") && lf_str_starts(LF_STR("abc"), ""));
	assert_true(lf_str_ends(LF_STR("abc"), "bc") && !lf_str_ends(LF_STR("c"), "bc"));
	assert_true(lf_starts("abc", "abc") && lf_ends("x.apk", ".apk") && !lf_ends("k", ".apk"));
}

static void cuts_and_trims(void **state)
{
	struct lf_str s = LF_STR("a::b"), line, word;
	int parts = 0;

	(void)state;
	assert_view(lf_str_cut(&s, ':'), "a");
	assert_view(lf_str_cut(&s, ':'), "");
	assert_view(lf_str_cut(&s, ':'), "b");
	assert_null(s.p);
	for (s = LF_STR("x,"); s.p; parts++)
		(void)lf_str_cut(&s, ',');
	assert_int_equal(parts, 2);
	s = LF_STR("one\n\nlast");
	assert_true(lf_str_line(&s, &line));
	assert_view(line, "one");
	assert_true(lf_str_line(&s, &line));
	assert_view(line, "");
	assert_true(lf_str_line(&s, &line));
	assert_view(line, "last");
	assert_false(lf_str_line(&s, &line));
	s = LF_STR(" \tone  two\n");
	assert_true(lf_str_word(&s, &word));
	assert_view(word, "one");
	assert_true(lf_str_word(&s, &word));
	assert_view(word, "two");
	assert_false(lf_str_word(&s, &word));
	assert_view(lf_str_trim(LF_STR(" \r\n a b\v\f ")), "a b");
	assert_view(lf_str_trim(LF_STR("  ")), "");
	s = LF_STR("prefix-x");
	assert_true(lf_str_skip(&s, "prefix-"));
	assert_view(s, "x");
	assert_false(lf_str_skip(&s, "xx"));
}

static void searches(void **state)
{
	(void)state;
	assert_int_equal(lf_str_find(LF_STR("abcb"), 'b'), 1);
	assert_int_equal(lf_str_rfind(LF_STR("abcb"), 'b'), 3);
	assert_int_equal(lf_str_find(LF_STR(""), 'b'), -1);
	assert_int_equal(lf_str_search(LF_STR("hello"), LF_STR("llo")), 2);
	assert_int_equal(lf_str_search(LF_STR("hello"), LF_STR("lo!")), -1);
	assert_int_equal(lf_str_search(LF_STR("hello"), LF_STR("")), 0);
	assert_view(lf_str_sub(LF_STR("hello"), 1, 3), "el");
	assert_view(lf_str_sub(LF_STR("hello"), 4, 99), "o");
	assert_view(lf_str_sub(LF_STR("hello"), 9, 2), "");
}

static void reads_numbers(void **state)
{
	static const struct {
		const char *text;
		unsigned base;
		bool ok;
		uint64_t value;
	} cases[] = {
		{"0", 10, true, 0},
		{"18446744073709551615", 10, true, UINT64_MAX},
		{"18446744073709551616", 10, false, 0},
		{"", 10, false, 0},
		{"12a", 10, false, 0},
		{" 1", 10, false, 0},
		{"fF", 16, true, 255},
		{"777", 8, true, 511},
		{"8", 8, false, 0},
		{"-1", 10, false, 0},
	};
	uint64_t u = 0;
	int64_t i = 0;

	(void)state;
	for (size_t k = 0; k < LF_ARRAY_LEN(cases); k++) {
		assert_int_equal(lf_str_u64(lf_str(cases[k].text), cases[k].base, &u), cases[k].ok);
		if (cases[k].ok)
			assert_int_equal(u, cases[k].value);
	}
	assert_true(lf_str_i64(LF_STR("-9223372036854775808"), &i) && i == INT64_MIN);
	assert_true(lf_str_i64(LF_STR("+7"), &i) && i == 7);
	assert_false(lf_str_i64(LF_STR("9223372036854775808"), &i));
	assert_false(lf_str_i64(LF_STR("-"), &i));
}

static void prints_and_reads_hex(void **state)
{
	unsigned char bytes[3] = {0};
	char text[7];

	(void)state;
	lf_hex("\x00\xab\x0f", 3, text);
	assert_string_equal(text, "00ab0f");
	assert_true(lf_unhex(LF_STR("00Ab0F"), bytes, 3));
	assert_memory_equal(bytes, "\x00\xab\x0f", 3);
	assert_false(lf_unhex(LF_STR("00ab0"), bytes, 3));
	assert_false(lf_unhex(LF_STR("00abxx"), bytes, 3));
	assert_false(lf_unhex(LF_STR("00ab0f00"), bytes, 3));
}

static void splits_paths(void **state)
{
	static const struct {
		const char *path, *base, *dir;
	} cases[] = {
		{"a/b", "b", "a"}, {"a", "a", "."},    {"/a", "a", "/"},      {"", ".", "."},
		{"/", "/", "/"},   {"a//b", "b", "a"}, {"a/b/c", "c", "a/b"},
	};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		assert_view(lf_path_base(lf_str(cases[i].path)), cases[i].base);
		assert_view(lf_path_dir(lf_str(cases[i].path)), cases[i].dir);
	}
	assert_view(lf_path_base(LF_STR("a/b/")), "b");
}

static void buffer_grows_and_ends_with_nul(void **state)
{
	lf_auto_buf b = {0};
	char *text;

	(void)state;
	assert_string_equal(lf_buf_c(&b), "");
	for (int i = 0; i < 1000; i++)
		lf_buf_printf(&b, "%d,", i);
	assert_int_equal(b.n, 3890);
	assert_int_equal(b.p[b.n], 0);
	lf_buf_clear(&b);
	assert_string_equal(lf_buf_c(&b), "");
	lf_buf_fill(&b, 'x', 3);
	lf_buf_putc(&b, '\0');
	lf_buf_str(&b, LF_STR("end"));
	assert_memory_equal(b.p, "xxx\0end", 8);
	text = lf_buf_detach(&b);
	assert_int_equal(b.n, 0);
	assert_null(b.p);
	lf_free(text);
	text = lf_buf_detach(&b);
	assert_string_equal(text, "");
	lf_free(text);
}

static void buffer_stops_at_its_maximum(void **state)
{
	lf_auto_buf b = LF_BUF(5);

	(void)state;
	lf_buf_puts(&b, "12345");
	assert_false(b.overflow);
	lf_buf_putc(&b, '6');
	assert_true(b.overflow);
	assert_string_equal(b.p, "12345");
	lf_buf_clear(&b);
	lf_buf_printf(&b, "%s", "123456");
	assert_true(b.overflow);
	assert_int_equal(b.n, 0);
	lf_buf_puts(&b, "1"); /* nothing after a gap */
	assert_int_equal(b.n, 0);
}

static void list_sorts_and_drops_repeats(void **state)
{
	lf_auto_strv v = {0}, more = {0};

	(void)state;
	lf_strv_add(&v, "b");
	lf_strv_add(&v, "a");
	lf_strv_add(&more, "b");
	lf_strv_add(&more, "B");
	lf_strv_addv(&v, &more);
	lf_strv_sort(&v);
	lf_strv_uniq(&v);
	assert_int_equal(v.n, 3);
	assert_string_equal(v.v[0], "B");
	assert_string_equal(v.v[2], "b");
	assert_true(lf_strv_has(&v, "a") && !lf_strv_has(&v, "c"));
	lf_strv_addv(&v, &v);
	assert_int_equal(v.n, 6);
}

static void map_finds_what_was_set(void **state)
{
	struct lf_arena a = {0};
	lf_auto_map m = {0};
	static int values[2000];

	(void)state;
	assert_null(lf_map_get(&m, LF_STR("x")));
	for (size_t i = 0; i < 2000; i++)
		assert_null(lf_map_set(&m, lf_str(lf_arena_printf(&a, "key%zu", i)), &values[i]));
	assert_ptr_equal(lf_map_get(&m, LF_STR("key0")), &values[0]);
	assert_ptr_equal(lf_map_get(&m, LF_STR("key1999")), &values[1999]);
	assert_false(lf_map_has(&m, LF_STR("key2000")));
	assert_ptr_equal(lf_map_set(&m, LF_STR("key7"), NULL), &values[7]);
	assert_true(lf_map_has(&m, LF_STR("key7")));
	assert_int_equal(m.n, 2000);
	assert_true(lf_str_is(m.entry[3].key, "key3"));
	lf_map_sort(&m);
	assert_true(lf_str_is(m.entry[2].key, "key10"));
	assert_ptr_equal(lf_map_get(&m, LF_STR("key1234")), &values[1234]);
	*lf_map_at(&m, LF_STR("")) = &values[1];
	assert_ptr_equal(lf_map_get(&m, LF_STR("")), &values[1]);
	lf_arena_fini(&a);
}

static void arena_gives_zeroed_aligned_memory(void **state)
{
	struct lf_arena a = {0};

	(void)state;
	for (size_t n = 0; n < 3000; n += 7) {
		unsigned char *p = lf_arena_alloc(&a, n, 1);

		assert_int_equal((uintptr_t)p % 16, 0);
		for (size_t i = 0; i < n; i++)
			assert_int_equal(p[i], 0);
		memset(p, 0xff, n);
	}
	assert_string_equal(lf_arena_printf(&a, "%s-%d", "x", 7), "x-7");
	assert_string_equal(lf_arena_dup(&a, "abc", 2), "ab");
	assert_string_equal(lf_arena_str(&a, (struct lf_str){NULL, 0}), "");
	assert_true(a.total < 4 * a.used);
	lf_arena_fini(&a);
	lf_arena_fini(&a);
	assert_null(a.head);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(compares_by_bytes),
		cmocka_unit_test(cuts_and_trims),
		cmocka_unit_test(searches),
		cmocka_unit_test(reads_numbers),
		cmocka_unit_test(prints_and_reads_hex),
		cmocka_unit_test(splits_paths),
		cmocka_unit_test(buffer_grows_and_ends_with_nul),
		cmocka_unit_test(buffer_stops_at_its_maximum),
		cmocka_unit_test(list_sorts_and_drops_repeats),
		cmocka_unit_test(map_finds_what_was_set),
		cmocka_unit_test(arena_gives_zeroed_aligned_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
