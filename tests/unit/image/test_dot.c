/*
 * Graphs as text: order, attributes, what is quoted.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/mem.h"
#include "image/dot.h"

#include "base/banned.h"

#define HEAD "digraph images {\ngraph [\n  rankdir=LR;\n];\n"

static void keeps_the_order(void **state)
{
	struct lf_dot d = {0};
	lf_auto_buf out = {0};

	(void)state;
	struct lf_dot_node *a = lf_dot_node(&d, "a"), *b = lf_dot_node(&d, "b-c");

	lf_dot_edge(&d, a, b, NULL);
	assert_ptr_equal(lf_dot_node(&d, "a"), a);
	lf_dot_edge(&d, b, lf_dot_node(&d, "z"), "t t");
	a->tooltip = "";
	a->label = "a-1";
	a->url = "u";
	a->shape = "rect";
	lf_dot_print(&out, &d);
	assert_string_equal(out.p, HEAD "a [URL=u, label=\"a-1\", shape=rect, tooltip=\"\"];\n"
					"\"b-c\";\na -> \"b-c\"\nz;\n"
					"\"b-c\" -> z [ tooltip=\"t t\" ]\n}\n");
	lf_dot_fini(&d);
}

static void quotes(void **state)
{
	static const struct {
		const char *name, *want;
	} cases[] = {
		{"abc", "abc"},        {"_a1", "_a1"},           {"cmd:sh", "cmd:sh"},
		{"1a", "\"1a\""},      {"a:", "\"a:\""},         {"so:x.1", "\"so:x.1\""},
		{"a=1", "\"a=1\""},    {"node", "\"node\""},     {"a\"b", "\"a\\\"b\""},
		{"a\nb", "\"a\\nb\""}, {"end\\", "\"end\\\\\""}, {"a\\\"", "\"a\\\\\\\"\""},
	};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		struct lf_dot d = {0};
		lf_auto_buf out = {0}, want = {0};

		(void)lf_dot_node(&d, cases[i].name);
		lf_dot_print(&out, &d);
		lf_buf_printf(&want, HEAD "%s;\n}\n", cases[i].want);
		assert_string_equal(out.p, want.p);
		lf_dot_fini(&d);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_the_order),
		cmocka_unit_test(quotes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
