/*
 * Printing the image configuration as YAML and JSON, against what upstream's show-config printed
 * where those files are there.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/fs.h"
#include "config/print.h"

#include "base/banned.h"

static void decode(const char *text, struct lf_arena *arena, struct lf_image_config *ret)
{
	struct lf_yaml *root;

	assert_true(lf_yaml_parse(lf_str(text), "a.yaml", arena, &root, NULL));
	assert_true(lf_image_config_decode(root, arena, ret, NULL));
}

static void prints_json(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{"{}", "{\"contents\":{},\"entrypoint\":{},\"accounts\":{}}"},
		{"layering: {}\narchs: [x86]\nenvironment: {b: '<', a: x}\n",
		 "{\"contents\":{},\"entrypoint\":{},\"accounts\":{},\"archs\":[\"386\"],"
		 "\"environment\":"
		 "{\"a\":\"x\",\"b\":\"\\u003c\"},\"layering\":{}}"},
		{"accounts: {run-as: 0, users: [{username: a, uid: 5, gid: 0}], groups: "
		 "[{groupname: g, gid: 7}]}\n"
		 "paths: [{path: /x, type: directory, uid: 0}]\n",
		 "{\"contents\":{},\"entrypoint\":{},\"accounts\":{\"run-as\":\"0\",\"users\":[{"
		 "\"username\":\"a\","
		 "\"uid\":5,\"gid\":0}],\"groups\":[{\"groupname\":\"g\",\"gid\":7}]},\"paths\":[{"
		 "\"path\":\"/x\","
		 "\"type\":\"directory\",\"uid\":0}]}"},
	};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		lf_auto_arena arena = {0};
		lf_auto_buf out = {0};
		struct lf_image_config c;

		decode(cases[i].text, &arena, &c);
		lf_image_config_json(&out, &c);
		assert_string_equal(lf_buf_c(&out), cases[i].want);
		lf_image_config_fini(&c);
	}
}

static void masks_passwords(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{"https://u:p@h/x", "https://u:xxxxx@h/x"},
		{"@edge https://u:p@q@h:80", "@edge https://u:xxxxx@h:80"},
		{"https://u@h/x", "https://u@h/x"},
		{"https://h:80/a:b@c", "https://h:80/a:b@c"},
		{"./local", "./local"},
	};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		lf_auto_buf out = {0};

		lf_redact(&out, cases[i].text);
		assert_string_equal(lf_buf_c(&out), cases[i].want);
	}
}

/* The directory of a case of the golden data; false when it is not there. */
static bool golden_dir(const char *name, struct lf_buf *ret)
{
	const char *source = getenv("FACTORY_SOURCE");

	lf_buf_printf(ret, "%s/../shared/golden/apko/cases/%s", source ? source : ".", name);
	if (lf_is_dir(lf_buf_c(ret)))
		return true;
	print_message("skipped: no golden data\n");
	return false;
}

/* compat: upstream leaves passwords in runtime_repositories. The first n bytes of what remains. */
static void mask_lines(struct lf_str text, size_t n, struct lf_buf *ret)
{
	lf_auto_arena arena = {0};
	struct lf_str line;

	while (ret->n < n && lf_str_line(&text, &line)) {
		lf_redact(ret, lf_arena_str(&arena, line));
		lf_buf_putc(ret, '\n');
	}
}

/* "$ show-config FILE", "exit 0", "--- stdout", the text up to an empty line. */
static void check_run(const char *dir, struct lf_str run)
{
	lf_auto_buf path = {0}, got = {0}, want = {0};
	lf_auto_arena arena = {0};
	lf_auto_err err = {0};
	struct lf_image_config c;
	struct lf_str file = lf_str_cut(&run, '\n');

	if (!lf_str_skip(&run, "exit 0\n--- stdout\n"))
		return;
	lf_buf_printf(&path, "%s/" LF_STR_FMT, dir, LF_STR_ARG(file));
	if (!lf_image_config_load(&(struct lf_ctx){0}, lf_buf_c(&path), NULL, &arena, &c, NULL,
				  &err))
		fail_msg("%s", lf_err_text(&err));
	assert_true(lf_image_config_validate(&c, &arena, &err));
	lf_image_config_yaml(&got, &c);
	mask_lines(run, got.n, &want);
	assert_string_equal(lf_buf_c(&got), lf_buf_c(&want));
	lf_image_config_fini(&c);
}

static void check_case(const char *name)
{
	static const struct lf_str mark = {"$ show-config ", 14};
	lf_auto_buf dir = {0}, path = {0}, text = {0};
	struct lf_str rest;
	ptrdiff_t at;

	if (!golden_dir(name, &dir))
		return;
	lf_buf_printf(&path, "%s/expected/run.txt", lf_buf_c(&dir));
	assert_true(lf_read_file(lf_buf_c(&path), 1u << 20, &text, NULL));
	rest = lf_buf_view(&text);
	while ((at = lf_str_search(rest, mark)) >= 0) {
		rest = lf_str_sub(rest, (size_t)at + mark.n, rest.n);
		check_run(lf_buf_c(&dir), rest);
	}
}

static void prints_what_show_config_prints(void **state)
{
	(void)state;
	check_case("show-config");
	check_case("bad-yaml-forms");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prints_json),
		cmocka_unit_test(masks_passwords),
		cmocka_unit_test(prints_what_show_config_prints),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
