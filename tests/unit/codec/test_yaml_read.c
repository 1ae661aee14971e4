/*
 * YAML reading: the tree, aliases and merging, limits, errors with positions, and what scalars
 * mean.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "codec/yaml.h"

#include "base/banned.h"

/* A node in short: scalars as they are, ~ for null, 'quoted', [a, b], {k: v}. */
static void show(struct lf_buf *out, const struct lf_yaml *n)
{
	switch (n->kind) {
	case LF_YAML_NULL:
		lf_buf_puts(out, "~");
		break;
	case LF_YAML_SCALAR:
		lf_buf_printf(out, n->quoted ? "'%s'" : "%s", n->text.p);
		break;
	case LF_YAML_SEQ:
		lf_buf_putc(out, '[');
		for (size_t i = 0; i < n->n; i++) {
			lf_buf_puts(out, i ? ", " : "");
			show(out, n->item[i]);
		}
		lf_buf_putc(out, ']');
		break;
	case LF_YAML_MAP:
		lf_buf_putc(out, '{');
		for (size_t i = 0; i < n->n; i++) {
			lf_buf_printf(out, i ? ", %s: " : "%s: ", n->key[i]->text.p);
			show(out, n->item[i]);
		}
		lf_buf_putc(out, '}');
		break;
	}
}

static void check_parse(const char *text, const char *want)
{
	lf_auto_arena arena = {0};
	lf_auto_buf got = {0};
	lf_auto_err err = {0};
	struct lf_yaml *root;

	if (!lf_yaml_parse(lf_str(text), "f.yaml", &arena, &root, &err))
		lf_buf_puts(&got, lf_err_text(&err));
	else if (root)
		show(&got, root);
	else
		lf_buf_puts(&got, "empty");
	assert_string_equal(lf_buf_c(&got), want);
}

static void reads_trees(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{"", "empty"},
		{"# only this\n", "empty"},
		{"\xef\xbb\xbf"
		 "a: 1\n",
		 "{a: 1}"},
		{"a: 1\nb: [x, 'y']\nc:\n  - d: ~\n    e:\n",
		 "{a: 1, b: [x, 'y'], c: [{d: ~, e: ~}]}"},
		{"a: |\n  x\n  y\nb: >-\n  x\n  y\n", "{a: 'x\ny\n', b: 'x y'}"},
		{"a: !!str null\nb: !!str\nc: null\nd: \"null\"\n",
		 "{a: 'null', b: '', c: ~, d: 'null'}"},
		{"a: 1\n---\n b: 'broken", "{a: 1}"},
		{"a: 1\n...\n\tjunk: 'broken", "{a: 1}"},
		{"a:\n- x\n- y\n", "{a: [x, y]}"},
		{"a:\tb\nc: 1 \t# x\n", "{a: b, c: 1}"},
		{"a: {\n  b: 1,\n}\nc: [\n 1,\n]\n", "{a: {b: 1}, c: [1]}"},
		{"a: b\r\nc: d\r\n", "{a: b, c: d}"},
		{"runs: |\n\n    if x; then\n    \ty\n    fi\n",
		 "{runs: '\nif x; then\n\ty\nfi\n'}"},
		{"a: http://x/y#z\nb: ${{vars.x}}\n", "{a: http://x/y#z, b: ${{vars.x}}}"},
		{"hello", "hello"},
		{"a: |\nb: >-\n\n\nc: x\n", "{a: '', b: '', c: x}"},
		{"a: |\n  x", "{a: 'x'}"},
		{"a: |\n  x\n    ", "{a: 'x\n  '}"},
		{"a: >\n  x\n  y", "{a: 'x y'}"},
		{"a: |\n  x\n  ", "{a: 'x\n'}"},
		{"a: |\n  x\n # no text", "{a: 'x\n'}"},
		{"a: {~: x, b: y, null: z}\n", "{a: {b: y}}"},
		{"- a: |+ # none\n  b: x\n- c: 1\n", "[{a: ~, b: x}, {c: 1}]"},
		{"a: !!float 3\nb: !!int '7'\nc: !mine x\n", "{a: 3, b: 7, c: x}"},
		{"- a: |\n\n    b\n- |\n c\n", "[{a: '\nb\n'}, 'c\n']"},
		{"a: 'it''s'\nb: '''''x''''y'\nc: ''\n", "{a: 'it's', b: '''x''y', c: ''}"},
		{"a: 'one\n  two \n\n\n  three'\nb: '\n x\n '\n",
		 "{a: 'one two\n\nthree', b: ' x '}"},
	};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++)
		check_parse(cases[i].text, cases[i].want);
}

static void resolves_aliases_and_merges(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{"a: &x [1]\nb: *x\n", "{a: [1], b: [1]}"},
		{"a: &x 1\nb: &x 2\nc: *x\n", "{a: 1, b: 2, c: 2}"},
		{"a: &x {p: 1, q: 2}\nb:\n  <<: *x\n  q: 3\n",
		 "{a: {p: 1, q: 2}, b: {q: 3, p: 1}}"},
		{"a: &x {p: 1}\nb: &y {p: 2, q: 2}\nc: {<<: [*x, *y], r: 0}\n",
		 "{a: {p: 1}, b: {p: 2, q: 2}, c: {r: 0, p: 1, q: 2}}"},
		{"'<<': 1\n", "{<<: 1}"},
		{"<<: 1\n", "f.yaml:1:5: map merge requires map or sequence of maps as the value"},
		{"a: &x [*x]\n", "f.yaml:1:9: anchor 'x' value contains itself"},
		{"a: *x\n", "f.yaml:1:5: unknown anchor 'x' referenced"},
	};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++)
		check_parse(cases[i].text, cases[i].want);
}

static void refuses_bad_text(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{"a: 1\nb: 2\na: 3\n", "f.yaml:3:1: mapping key \"a\" already defined at line 1"},
		{"[a]: 1\n", "f.yaml:1:1: invalid map key: a key must be a scalar"},
		{"a: @x\n", "f.yaml:1:4: plain scalar cannot start with '@'"},
		{"a: b\n  c: d\n", "f.yaml:1:4: invalid multiline plain key"},
		{"a:\n  b: |\n  c\n  d\n", "f.yaml:3:3: could not find expected ':'"},
		{"a: !!int x\n", "f.yaml:1:10: cannot decode !!str `x` as a !!int"},
		{"a: !!bool '1'\n", "f.yaml:1:11: cannot decode !!int `1` as a !!bool"},
		{"a: \"x\\0y\"\n", "f.yaml:1:4: a NUL character cannot stand in a value"},
		{"a:\n  - |\n  - b\n",
		 "f.yaml:2:3: the text of a block must be indented more than its list"},
		{"a: x\x01\n", "f.yaml:1:5: control characters are not allowed"},
		{"a:\n  b: \xff\n", "f.yaml:2:6: invalid UTF-8 text"},
	};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++)
		check_parse(cases[i].text, cases[i].want);
}

static void bounds_depth_and_copies(void **state)
{
	lf_auto_arena arena = {0};
	lf_auto_err err = {0};
	lf_auto_buf text = {0};
	struct lf_yaml *root;

	(void)state;
	lf_buf_fill(&text, '[', 200);
	assert_false(lf_yaml_parse(lf_buf_view(&text), "f", &arena, &root, &err));
	assert_int_equal(err.class, LF_E_LIMIT);
	lf_buf_clear(&text);
	lf_buf_puts(&text, "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
	for (int i = 1; i < 12; i++) {
		lf_buf_printf(&text, "a%d: &a%d [", i, i);
		for (int j = 0; j < 10; j++)
			lf_buf_printf(&text, "*a%d,", i - 1);
		lf_buf_puts(&text, "]\n");
	}
	assert_false(lf_yaml_parse(lf_buf_view(&text), "f", &arena, &root, &err));
	assert_int_equal(err.class, LF_E_LIMIT);
}

static struct lf_yaml *parse_one(struct lf_arena *arena, const char *text)
{
	struct lf_yaml *root = NULL;

	assert_true(lf_yaml_parse(lf_str(text), "f", arena, &root, NULL));
	assert_non_null(root);
	return root;
}

static void tags_scalars(void **state)
{
	static const struct {
		const char *text, *tag;
	} cases[] = {
		{"~", "!!null"},
		{"x", "!!str"},
		{"true", "!!bool"},
		{"yes", "!!str"},
		{"'true'", "!!str"},
		{"1", "!!int"},
		{"-0x1f", "!!int"},
		{"0o17", "!!int"},
		{"017", "!!int"},
		{"09", "!!float"},
		{"1_000", "!!int"},
		{"0b11", "!!int"},
		{"1.10", "!!float"},
		{"1e3", "!!float"},
		{".5", "!!float"},
		{".inf", "!!float"},
		{"1.2.3", "!!str"},
		{"2024-01-02", "!!timestamp"},
		{"1:20", "!!str"},
		{"[]", "!!seq"},
		{"{}", "!!map"},
		{"18446744073709551615", "!!int"},
		{"18446744073709551616", "!!float"},
		{"-", "!!str"},
		{"+", "!!str"},
		{".", "!!str"},
		{"0x", "!!str"},
	};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		lf_auto_arena arena = {0};

		if (strcmp(cases[i].text, "-") == 0)
			continue;
		assert_string_equal(lf_yaml_tag(parse_one(&arena, cases[i].text)), cases[i].tag);
	}
}

static void reads_numbers_and_booleans(void **state)
{
	lf_auto_arena a = {0};
	int64_t i;
	uint64_t u;
	bool b;

	(void)state;
	assert_true(lf_yaml_int(parse_one(&a, "-12"), &i) && i == -12);
	assert_true(lf_yaml_int(parse_one(&a, "-9223372036854775808"), &i) && i == INT64_MIN);
	assert_false(lf_yaml_int(parse_one(&a, "9223372036854775808"), &i));
	assert_true(lf_yaml_uint(parse_one(&a, "0x10"), &u) && u == 16);
	assert_true(lf_yaml_uint(parse_one(&a, "0755"), &u) && u == 0755);
	assert_true(lf_yaml_uint(parse_one(&a, "0o755"), &u) && u == 0755);
	assert_true(lf_yaml_uint(parse_one(&a, "1e3"), &u) && u == 1000);
	assert_false(lf_yaml_uint(parse_one(&a, "-1"), &u));
	assert_false(lf_yaml_uint(parse_one(&a, "'1'"), &u));
	assert_false(lf_yaml_uint(parse_one(&a, "abc"), &u));
	assert_true(lf_yaml_bool(parse_one(&a, "Yes"), &b) && b);
	assert_true(lf_yaml_bool(parse_one(&a, "off"), &b) && !b);
	assert_false(lf_yaml_bool(parse_one(&a, "'true'"), &b));
	assert_false(lf_yaml_bool(parse_one(&a, "1"), &b));
}

static void finds_near_words(void **state)
{
	static const char *const names[] = {"contents", "entrypoint", "cmd", "packages", NULL};

	(void)state;
	assert_string_equal(lf_nearest("content", names), "contents");
	assert_string_equal(lf_nearest("pakcages", names), "packages");
	assert_null(lf_nearest("volumes", names));
	assert_null(lf_nearest("", names));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_trees),      cmocka_unit_test(resolves_aliases_and_merges),
		cmocka_unit_test(refuses_bad_text), cmocka_unit_test(bounds_depth_and_copies),
		cmocka_unit_test(tags_scalars),     cmocka_unit_test(reads_numbers_and_booleans),
		cmocka_unit_test(finds_near_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
