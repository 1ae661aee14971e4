/*
 * YAML writing: scalar styles, layout with both indents, order of keys; and what is written reads
 * back.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <fcntl.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/stream.h"
#include "base/vec.h"
#include "codec/yaml.h"

#include "base/banned.h"

static const struct {
	const char *text, *want;
} styles[] = {
	{"true", "\"true\""},
	{"y", "\"y\""},
	{"off", "\"off\""},
	{"null", "\"null\""},
	{"~", "\"~\""},
	{"", "\"\""},
	{"1.10", "\"1.10\""},
	{"0x1f", "\"0x1f\""},
	{"0o7", "\"0o7\""},
	{"0b1", "\"0b1\""},
	{"1e3", "\"1e3\""},
	{".5", "\".5\""},
	{"+1", "\"+1\""},
	{"1_000", "\"1_000\""},
	{".inf", "\".inf\""},
	{"2024-01-02", "\"2024-01-02\""},
	{"1:20", "\"1:20\""},
	{"386", "\"386\""},
	{"1:20.5", "\"1:20.5\""},
	{"2024-13-02", "2024-13-02"},
	{"2024-01-02T03:04:05Z", "\"2024-01-02T03:04:05Z\""},
	{"*x", "'*x'"},
	{"&x", "'&x'"},
	{"!x", "'!x'"},
	{"%x", "'%x'"},
	{"@x", "'@x'"},
	{"`x", "'`x'"},
	{"|x", "'|x'"},
	{">x", "'>x'"},
	{"[x", "'[x'"},
	{"{x", "'{x'"},
	{",x", "',x'"},
	{"#x", "'#x'"},
	{"\"x", "'\"x'"},
	{"'x", "'''x'"},
	{"- x", "'- x'"},
	{"? x", "'? x'"},
	{"-", "'-'"},
	{"?", "'?'"},
	{"---", "'---'"},
	{"a: b", "'a: b'"},
	{"a #b", "'a #b'"},
	{"a:", "'a:'"},
	{" a", "' a'"},
	{"a ", "'a '"},
	{"]x", "']x'"},
	{"}x", "'}x'"},
	{"...", "'...'"},
	{"a\tb", "\"a\\tb\""},
	{"a\rb", "\"a\\rb\""},
	{"\x01", "\"\\x01\""},
	{"\xf0\x9f\x98\x80", "\"\\U0001F600\""},
	{"a \nb", "\"a \\nb\""},
	{"a\x1b", "\"a\\e\""},
	{"a\n ", "\"a\\n \""},
	{"1.2.3", "1.2.3"},
	{"a,b", "a,b"},
	{"x:y", "x:y"},
	{"-x", "-x"},
	{"~x", "~x"},
	{"=", "="},
	{"<<", "<<"},
	{"a#b", "a#b"},
	{"\xc3\xa9", "\xc3\xa9"},
	{"a'b", "a'b"},
	{"?x", "?x"},
	{"a[b]{c}", "a[b]{c}"},
	{"http://a.b/c", "http://a.b/c"},
	{"a\nb\n", "|\n    a\n    b"},
	{"a\nb", "|-\n    a\n    b"},
	{"a\n\n", "|+\n    a\n"},
	{" a\nb\n", "|2\n     a\n    b"},
	{"a\n\tb\n", "|\n    a\n    \tb"},
	{"a\n\nb\n", "|\n    a\n\n    b"},
};

static void chooses_styles(void **state)
{
	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(styles); i++) {
		lf_auto_buf out = {0}, want = {0};
		struct lf_yaml_out y = {.out = &out, .indent = 2};

		lf_yaml_map_begin(&y);
		lf_yaml_key(&y, "k");
		lf_yaml_map_begin(&y);
		lf_yaml_key(&y, "v");
		lf_yaml_str(&y, styles[i].text);
		lf_yaml_map_end(&y);
		lf_yaml_map_end(&y);
		lf_buf_printf(&want, "k:\n  v: %s\n", styles[i].want);
		assert_string_equal(lf_buf_c(&out), lf_buf_c(&want));
	}
}

static void reads_back(void **state)
{
	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(styles); i++) {
		lf_auto_arena arena = {0};
		lf_auto_buf out = {0};
		struct lf_yaml_out y = {.out = &out, .indent = 2};
		struct lf_yaml *root;

		lf_yaml_map_begin(&y);
		lf_yaml_key(&y, "v");
		lf_yaml_str(&y, styles[i].text);
		lf_yaml_map_end(&y);
		assert_true(lf_yaml_parse(lf_buf_view(&out), "f", &arena, &root, NULL));
		assert_string_equal(lf_yaml_get(root, "v")->text.p, styles[i].text);
	}
}

static void build(struct lf_yaml_out *y)
{
	lf_yaml_map_begin(y);
	lf_yaml_key(y, "package");
	lf_yaml_map_begin(y);
	lf_yaml_key(y, "copyright");
	lf_yaml_seq_begin(y);
	lf_yaml_seq_item(y);
	lf_yaml_map_begin(y);
	lf_yaml_key(y, "license");
	lf_yaml_str(y, "MIT");
	lf_yaml_key(y, "paths");
	lf_yaml_seq_begin(y);
	lf_yaml_seq_item(y);
	lf_yaml_str(y, "x");
	lf_yaml_seq_item(y);
	lf_yaml_str(y, "a\nb\n");
	lf_yaml_seq_end(y);
	lf_yaml_key(y, "text");
	lf_yaml_str(y, "a\nb\n");
	lf_yaml_map_end(y);
	lf_yaml_seq_end(y);
	lf_yaml_key(y, "resources");
	lf_yaml_raw(y, "{}");
	lf_yaml_map_end(y);
	lf_yaml_key(y, "nested");
	lf_yaml_seq_begin(y);
	lf_yaml_seq_item(y);
	lf_yaml_seq_begin(y);
	lf_yaml_seq_item(y);
	lf_yaml_raw(y, "1");
	lf_yaml_seq_end(y);
	lf_yaml_seq_end(y);
	lf_yaml_map_end(y);
}

static void lays_out(void **state)
{
	lf_auto_buf two = {0}, four = {0};
	struct lf_yaml_out y2 = {.out = &two, .indent = 2}, y4 = {.out = &four, .indent = 4};

	(void)state;
	build(&y2);
	assert_string_equal(lf_buf_c(&two), "package:\n"
					    "  copyright:\n"
					    "    - license: MIT\n"
					    "      paths:\n"
					    "        - x\n"
					    "        - |\n"
					    "          a\n"
					    "          b\n"
					    "      text: |\n"
					    "        a\n"
					    "        b\n"
					    "  resources: {}\n"
					    "nested:\n"
					    "  - - 1\n");
	build(&y4);
	assert_string_equal(lf_buf_c(&four), "package:\n"
					     "    copyright:\n"
					     "        - license: MIT\n"
					     "          paths:\n"
					     "            - x\n"
					     "            - |\n"
					     "              a\n"
					     "              b\n"
					     "          text: |\n"
					     "            a\n"
					     "            b\n"
					     "    resources: {}\n"
					     "nested:\n"
					     "    - - 1\n");
}

static void orders_keys(void **state)
{
	static const char *const want[] = {"_a",  "1",  "2",   "02", "10", "a",
					   "a-b", "a2", "a10", "ab", "b"};
	lf_auto_strv v = {0};

	(void)state;
	for (size_t i = LF_ARRAY_LEN(want); i-- > 0;)
		lf_strv_add(&v, want[i]);
	lf_vec_sort(&v, lf_yaml_key_cmp);
	for (size_t i = 0; i < v.n; i++)
		assert_string_equal(v.v[i], want[i]);
}

static void print_node(struct lf_yaml_out *y, const struct lf_yaml *n)
{
	switch (n->kind) {
	case LF_YAML_NULL:
		lf_yaml_raw(y, "null");
		return;
	case LF_YAML_SCALAR:
		if (n->quoted || strcmp(lf_yaml_tag(n), "!!str") == 0)
			lf_yaml_str(y, n->text.p);
		else
			lf_yaml_raw(y, n->text.p);
		return;
	case LF_YAML_SEQ:
		if (!n->n) {
			lf_yaml_raw(y, "[]");
			return;
		}
		lf_yaml_seq_begin(y);
		for (size_t i = 0; i < n->n; i++) {
			lf_yaml_seq_item(y);
			print_node(y, n->item[i]);
		}
		lf_yaml_seq_end(y);
		return;
	case LF_YAML_MAP:
		break;
	}
	if (!n->n) {
		lf_yaml_raw(y, "{}");
		return;
	}
	lf_yaml_map_begin(y);
	for (size_t i = 0; i < n->n; i++) {
		lf_yaml_key(y, n->key[i]->text.p);
		print_node(y, n->item[i]);
	}
	lf_yaml_map_end(y);
}

struct corpus {
	size_t n;
};

static bool visit(void *data, int dirfd, const char *name, const char *rel, const struct stat *st,
		  struct lf_err *err)
{
	struct corpus *c = data;
	lf_auto_fd fd = -1;
	lf_auto_reader *r = NULL;
	lf_auto_buf text = {0}, out = {0};
	lf_auto_arena arena = {0};
	struct lf_yaml_out y = {.out = &out, .indent = 2};
	struct lf_yaml *root;

	(void)st;
	if (strcmp(name, "melange.yaml") != 0)
		return true;
	fd = openat(dirfd, name, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	r = lf_reader_fd(fd, false);
	assert_true(lf_read_all(r, 1u << 20, &text, err));
	if (!lf_yaml_parse(lf_buf_view(&text), rel, &arena, &root, err))
		return false;
	print_node(&y, root);
	assert_string_equal(lf_buf_c(&out), lf_buf_c(&text));
	c->n++;
	return true;
}

/* What upstream wrote, read and written again. */
static void writes_what_upstream_writes(void **state)
{
	const char *source = getenv("FACTORY_SOURCE");
	lf_auto_buf dir = {0};
	lf_auto_err err = {0};
	struct corpus c = {0};

	(void)state;
	lf_buf_printf(&dir, "%s/../shared/golden/melange-build/expected", source ? source : ".");
	if (!lf_is_dir(lf_buf_c(&dir))) {
		print_message("skipped: no golden data\n");
		return;
	}
	if (!lf_walk(lf_buf_c(&dir), visit, &c, &err))
		fail_msg("%s", lf_err_text(&err));
	assert_true(c.n > 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chooses_styles),
		cmocka_unit_test(reads_back),
		cmocka_unit_test(lays_out),
		cmocka_unit_test(orders_keys),
		cmocka_unit_test(writes_what_upstream_writes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
