/*
 * Editing YAML: only what is asked for changes, and what cannot be done soundly is refused.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "codec/yaml_edit.h"

#include "base/banned.h"

/* A path of keys and item numbers, "a.0.b". */
static struct lf_yaml *find(struct lf_yaml *n, const char *path)
{
	struct lf_str rest = lf_str(path);

	while (n && rest.n) {
		struct lf_str part = lf_str_cut(&rest, '.');
		uint64_t i;

		if (n->kind == LF_YAML_SEQ) {
			assert_true(lf_str_u64(part, 10, &i) && i < n->n);
			n = n->item[i];
		} else {
			char key[64];

			assert_true(part.n < sizeof(key));
			memcpy(key, part.p, part.n);
			key[part.n] = '\0';
			n = lf_yaml_get(n, key);
		}
	}
	return n;
}

static void check_text(const struct lf_buf *got, const struct lf_err *err, const char *want)
{
	if (err->class != LF_E_NONE)
		assert_string_equal(lf_err_text(err), want);
	else
		assert_string_equal(lf_buf_c(got), want);
}

static void sets_scalars(void **state)
{
	static const struct {
		const char *text, *path, *value;
		enum lf_yaml_edit_style style;
		const char *want;
	} cases[] = {
		{"a: 1 # x\n", "a", "2", LF_YAML_EDIT_BARE, "a: 2 # x\n"},
		{"a:   1.2   # x\nb: 3", "a", "1.3", LF_YAML_EDIT_QUOTED,
		 "a:   \"1.3\"   # x\nb: 3"},
		{"a: b\n", "a", "c", LF_YAML_EDIT_AS_WAS, "a: c\n"},
		{"a: b\n", "a", "12", LF_YAML_EDIT_AS_WAS, "a: \"12\"\n"},
		{"a: b\n", "a", "x: y # z", LF_YAML_EDIT_AS_WAS, "a: \"x: y # z\"\n"},
		{"a: 'b'\n", "a", "it's", LF_YAML_EDIT_AS_WAS, "a: 'it''s'\n"},
		{"a: \"b\" # c\n", "a", "q\"\\", LF_YAML_EDIT_AS_WAS, "a: \"q\\\"\\\\\" # c\n"},
		{"a: \"b\"\n", "a", "7", LF_YAML_EDIT_BARE, "a: \"7\"\n"},
		{"a: same\n", "a", "same", LF_YAML_EDIT_QUOTED, "a: same\n"},
		{"a: {b: c, d: [e , f]}\n", "a.d.0", "x", LF_YAML_EDIT_AS_WAS,
		 "a: {b: c, d: [x , f]}\n"},
		{"a: [b]\n", "a.0", "x,y", LF_YAML_EDIT_AS_WAS, "a: [\"x,y\"]\n"},
		{"a:\r\n  - b\r\n", "a.0", "c", LF_YAML_EDIT_AS_WAS, "a:\r\n  - c\r\n"},
		{"\xef\xbb\xbf# \xc3\xa4\na: \xc3\xb6 # \xc3\xbc\n", "a", "\xc3\xa9",
		 LF_YAML_EDIT_AS_WAS, "\xef\xbb\xbf# \xc3\xa4\na: \xc3\xa9 # \xc3\xbc\n"},
		{"a: &x b\nc: *x\n", "c", "d", LF_YAML_EDIT_AS_WAS, "a: &x d\nc: *x\n"},
		{"a: !!str 12\n", "a", "13", LF_YAML_EDIT_BARE, "a: !!str 13\n"},
		{"a: b\n---\nc: d\n", "a", "e", LF_YAML_EDIT_AS_WAS, "a: e\n---\nc: d\n"},
		{"a:\n\n  # why\n  b\n", "a", "c", LF_YAML_EDIT_AS_WAS, "a:\n\n  # why\n  c\n"},
		{"a: b\n  c\n", "a", "d", LF_YAML_EDIT_AS_WAS,
		 "f.yaml:1:4: cannot be edited: the value must be a text on one line"},
		{"a: |\n  b\n", "a", "d", LF_YAML_EDIT_AS_WAS,
		 "f.yaml:2:1: cannot be edited: the value must be a text on one line"},
		{"a: ''\n", "a", "d\n", LF_YAML_EDIT_AS_WAS,
		 "f.yaml:1:4: cannot be set to a text with control characters"},
		{"a:\nb: 1\n", "a", "d", LF_YAML_EDIT_AS_WAS,
		 "f.yaml:1:1: cannot be edited: the value must be a text on one line"},
		{"a: b\n", "a", "null", LF_YAML_EDIT_BARE,
		 "f.yaml: cannot be edited: the layout of the file does not allow it"},
	};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		lf_auto_arena arena = {0};
		lf_auto_buf got = {0};
		lf_auto_err err = {0};
		struct lf_yaml_edit e;

		assert_true(lf_yaml_edit_open(&e, lf_str(cases[i].text), "f.yaml", &arena, NULL));
		if (lf_yaml_edit_set(&e, find(e.root, cases[i].path), cases[i].value,
				     cases[i].style, &err))
			assert_true(lf_yaml_edit_finish(&e, &got, &err) ||
				    err.class == LF_E_CONFIG);
		lf_yaml_edit_fini(&e);
		check_text(&got, &err, cases[i].want);
	}
}

static void changes_items(void **state)
{
	static const char refused[] =
		"f.yaml:1:4: cannot be edited: the list must have its items on lines of their own, "
		"and must not become empty";
	static const struct {
		const char *text, *path;
		size_t at, n_old;
		const char *new[3];
		const char *want;
	} cases[] = {
		{"a:\n- x\n- y\n", "a", 0, 1, {"z"}, "a:\n- z\n- y\n"},
		{"a:\n  - x # one\n  # two\n  - y\nb: 1\n",
		 "a",
		 1,
		 0,
		 {"k: 1\nl:\n  - 2"},
		 "a:\n  - x # one\n  - k: 1\n    l:\n      - 2\n  # two\n  - y\nb: 1\n"},
		{"a:\n  - x\n\n  - y: |\n      z\n\nb: 1\n",
		 "a",
		 2,
		 0,
		 {"n"},
		 "a:\n  - x\n\n  - y: |\n      z\n\n  - n\n\nb: 1\n"},
		{"a:\n  - x\n\n  - y\n\n  - z\n", "a", 1, 1, {NULL}, "a:\n  - x\n\n  - z\n"},
		{"a:\n  - x\n  - y", "a", 2, 0, {"z"}, "a:\n  - x\n  - y\n  - z\n"},
		{"a:\n  - x\n  - y\n", "a", 0, 2, {"p: 1", "q: 2"}, "a:\n  - p: 1\n  - q: 2\n"},
		{"a:\n  -\n    # c\n    x: 1\n  - y\n", "a", 0, 1, {"z"}, "a:\n  - z\n  - y\n"},
		{"- x\n- y\n", "", 0, 0, {"z"}, "- z\n- x\n- y\n"},
		{"a: [x, y]\n", "a", 0, 1, {"z"}, refused},
		{"a: []\n", "a", 0, 0, {"z"}, refused},
		{"a: &q\n- x\n- y\nb: *q\n", "a", 0, 1, {"z"}, "a: &q\n- z\n- y\nb: *q\n"},
		{"a:\n- &q x\n- *q\n",
		 "a",
		 0,
		 1,
		 {"z"},
		 "cannot be edited: the result is not YAML: f.yaml:3:4: unknown anchor 'q' "
		 "referenced"},
	};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		lf_auto_arena arena = {0};
		lf_auto_buf got = {0};
		lf_auto_err err = {0};
		struct lf_yaml_edit e;
		size_t n = 0;

		while (n < LF_ARRAY_LEN(cases[i].new) && cases[i].new[n])
			n++;
		assert_true(lf_yaml_edit_open(&e, lf_str(cases[i].text), "f.yaml", &arena, NULL));
		if (lf_yaml_edit_items(&e, find(e.root, cases[i].path), cases[i].at, cases[i].n_old,
				       cases[i].new, n, &err))
			assert_true(lf_yaml_edit_finish(&e, &got, &err) ||
				    err.class == LF_E_CONFIG);
		lf_yaml_edit_fini(&e);
		check_text(&got, &err, cases[i].want);
	}
}

static void refuses_a_second_edit_of_one_text(void **state)
{
	lf_auto_arena arena = {0};
	lf_auto_buf got = {0};
	struct lf_yaml_edit e;

	(void)state;
	assert_true(lf_yaml_edit_open(&e, LF_STR("a: 'b'\n"), "f", &arena, NULL));
	struct lf_yaml *a = lf_yaml_get(e.root, "a");

	assert_true(lf_yaml_edit_set(&e, a, "c", LF_YAML_EDIT_AS_WAS, NULL));
	assert_true(lf_yaml_edit_set(&e, a, "d", LF_YAML_EDIT_AS_WAS, NULL));
	assert_false(lf_yaml_edit_finish(&e, &got, NULL));
	assert_int_equal(got.n, 0);
	lf_yaml_edit_fini(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sets_scalars),
		cmocka_unit_test(changes_items),
		cmocka_unit_test(refuses_a_second_edit_of_one_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
