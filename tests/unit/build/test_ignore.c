/*
 * .melangeignore patterns.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "build/ignore.h"

#include "base/banned.h"

static const struct {
	const char *patterns, *path;
	bool ignored;
} cases[] = {
	{"*.o", "a.o", true},
	{"*.o", "deep/down/a.o", true},
	{"*.o", "a.oo", false},
	{"q?.c", "q1.c", true},
	{"q?.c", "sub/q1.c", true},
	{"q?.c", "q/.c", false},
	{"[ab].h", "x/b.h", true},
	{"[ab].h", "c.h", false},
	{"[!ab].h", "c.h", true},
	{"[a-c]1", "b1", true},
	{"[]a]1", "]1", true},
	{"[ab", "a", false},
	{"/top", "top", true},
	{"/top", "sub/top", false},
	{"doc/**", "doc/a", true},
	{"doc/**", "doc/a/b", true},
	{"doc/**", "docs/a", false},
	{"**/x", "x", true},
	{"**/x", "a/b/x", true},
	{"a/**/x", "a/x", true},
	{"a/**/x", "a/b/c/x", true},
	/* compat: a directory's name does not cover what is in it */
	{"skip", "skip/file", false},
	{"skip", "skip", true},
	{"a/b", "a/b/c", false},
	{"a/b/", "a/b/c", false},
	{"/a/b", "a/b/c", false},
	/* compat: nothing is brought back */
	{"*.o\n!keep.o", "keep.o", true},
	{"# *.o\n\n  \n*.a  \r\n", "x.a", true},
	{"# *.o\n", "x.o", false},
	{"\\*.o", "*.o", true},
	{"\\*.o", "x.o", false},
	{"", "a", false},
	{"**a**a**a**a**a**a**a**a**b",
	 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false},
};

static void matches_files_by_pattern(void **state)
{
	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		lf_auto_arena arena = {0};
		struct lf_ignore ignore = {0};

		lf_ignore_parse(&ignore, lf_str(cases[i].patterns), &arena);
		if (lf_ignore_match(&ignore, cases[i].path) != cases[i].ignored)
			fail_msg("%s: %s", cases[i].patterns, cases[i].path);
		lf_ignore_fini(&ignore);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(matches_files_by_pattern)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
