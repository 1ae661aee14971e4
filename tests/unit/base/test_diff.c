/*
 * Unified diffs.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/diff.h"
#include "base/mem.h"
#include "base/banned.h"

#define HEAD "diff old new\n--- old\n+++ new\n"

static void prints_what_differs(void **state)
{
	static const struct {
		const char *old, *new, *want;
	} cases[] = {
		{"", "", ""},
		{"a\n", "a\n", ""},
		{"", "a\n", HEAD "@@ -0,0 +1,1 @@\n+a\n"},
		{"a\n", "", HEAD "@@ -1,1 +0,0 @@\n-a\n"},
		{"a", "a\n", HEAD "@@ -1,1 +1,1 @@\n-a\n\\ No newline at end of file\n+a\n"},
		{"a\nb\nc\n", "a\nx\nc\n", HEAD "@@ -1,3 +1,3 @@\n a\n-b\n+x\n c\n"},
		{"a\na\na\nb\n", "a\na\nb\n", HEAD "@@ -1,4 +1,3 @@\n a\n a\n-a\n b\n"},
		/* three lines around a change, two changes far apart */
		{"1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n",
		 "1\nX\n3\n4\n5\n6\n7\n8\n9\n10\nY\n12\n",
		 HEAD "@@ -1,5 +1,5 @@\n 1\n-2\n+X\n 3\n 4\n 5\n"
		      "@@ -8,5 +8,5 @@\n 8\n 9\n 10\n-11\n+Y\n 12\n"},
		/* near ones are one chunk */
		{"1\n2\n3\n4\n5\n", "X\n2\n3\n4\nY\n",
		 HEAD "@@ -1,5 +1,5 @@\n-1\n+X\n 2\n 3\n 4\n-5\n+Y\n"},
		/* a line that moved: the longest part stays */
		{"a\nb\nc\nd\n", "d\na\nb\nc\n", HEAD "@@ -1,4 +1,4 @@\n+d\n a\n b\n c\n-d\n"},
	};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		lf_auto_buf got = {0};

		lf_diff_unified(&got, "old", lf_str(cases[i].old), "new", lf_str(cases[i].new));
		assert_string_equal(lf_buf_c(&got), cases[i].want);
	}
}

/* Both texts can be had back from a diff with everything in one chunk. */
static void loses_nothing(void **state)
{
	uint32_t seed = 1;

	(void)state;
	for (int round = 0; round < 2000; round++) {
		struct lf_buf text[2] = {{0}}, back[2] = {{0}};
		lf_auto_buf diff = {0};
		struct lf_str rest, line;

		for (int k = 0; k < 2; k++) {
			for (int i = 0; i < 6; i++) {
				seed = seed * 1664525u + 1013904223u;
				lf_buf_printf(&text[k], "%c\n", 'a' + (int)(seed >> 24) % 7);
			}
		}
		lf_diff_unified(&diff, "x", lf_buf_view(&text[0]), "y", lf_buf_view(&text[1]));
		rest = lf_buf_view(&diff);
		while (lf_str_line(&rest, &line) && !lf_str_starts(line, "@@"))
			;
		for (; lf_str_line(&rest, &line);) {
			assert_true(line.n == 2);
			if (line.p[0] != '+')
				lf_buf_printf(&back[0], "%c\n", line.p[1]);
			if (line.p[0] != '-')
				lf_buf_printf(&back[1], "%c\n", line.p[1]);
		}
		for (int k = 0; diff.n && k < 2; k++)
			assert_string_equal(lf_buf_c(&back[k]), lf_buf_c(&text[k]));
		for (int k = 0; k < 2; k++) {
			lf_buf_fini(&text[k]);
			lf_buf_fini(&back[k]);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prints_what_differs),
		cmocka_unit_test(loses_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
