/*
 * Includes: merging, loading from files, and the rules of a valid configuration.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/fs.h"
#include "config/config.h"

#include "base/banned.h"

static void decode(const char *text, struct lf_arena *arena, struct lf_image_config *ret)
{
	struct lf_yaml *root;

	assert_true(lf_yaml_parse(lf_str(text), "a.yaml", arena, &root, NULL));
	assert_true(lf_image_config_decode(root, arena, ret, NULL));
}

static void merges_under(void **state)
{
	static const struct {
		const char *parent, *base, *want;
	} cases[] = {
		{"cmd: p\nenvironment: {A: p}\ncontents: {packages: [p]}\n",
		 "cmd: b\nwork-dir: b\nenvironment: {B: b, A: b}\ncontents: {packages: "
		 "[b]}\nvcs-url: x\n",
		 "{\"contents\":{\"packages\":[\"b\",\"p\"]},\"entrypoint\":{},\"cmd\":\"p\","
		 "\"work-dir\":\"b\","
		 "\"accounts\":{},\"environment\":{\"A\":\"p\",\"B\":\"b\"}}"},
		{"entrypoint: {type: x}\narchs: [x86_64]\nlayering: {}\n",
		 "entrypoint: {command: c}\narchs: [arm64]\nlayering: {budget: 3}\ncertificates: "
		 "{providers: [a]}\n",
		 "{\"contents\":{},\"entrypoint\":{\"type\":\"x\"},\"accounts\":{},\"archs\":["
		 "\"amd64\"],"
		 "\"layering\":{},\"certificates\":{\"providers\":[\"a\"]}}"},
		{"accounts: {users: [{username: p, uid: 1}]}\nvolumes: [/p]\n",
		 "accounts: {run-as: b, users: [{username: b, uid: 2}], groups: [{groupname: g, "
		 "members: [b]}]}\n"
		 "volumes: [/b]\n",
		 "{\"contents\":{},\"entrypoint\":{},\"accounts\":{\"run-as\":\"b\",\"users\":[{"
		 "\"username\":\"b\","
		 "\"uid\":2},{\"username\":\"p\",\"uid\":1}],\"groups\":[{\"groupname\":\"g\","
		 "\"members\":[\"b\"]}]},"
		 "\"volumes\":[\"/b\",\"/p\"]}"},
	};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		lf_auto_arena arena = {0};
		lf_auto_buf out = {0};
		struct lf_image_config parent, base;

		decode(cases[i].parent, &arena, &parent);
		decode(cases[i].base, &arena, &base);
		lf_image_config_merge(&parent, &base, &arena);
		lf_image_config_fini(&base);
		lf_image_config_json(&out, &parent);
		assert_string_equal(lf_buf_c(&out), cases[i].want);
		lf_image_config_fini(&parent);
	}
}

static void validates(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{"accounts: {users: [{uid: 5}]}",
		 "configured user { 5 <nil>  } has no configured user name"},
		{"accounts: {users: [{username: a}]}",
		 "configured user {a 0 <nil>  } has UID 0 (to run as root, use `run-as: 0`)"},
		{"accounts: {groups: [{gid: 5, members: [a, b]}]}",
		 "configured group { 5 [a b]} has no configured group name"},
		{"format: zip", "invalid layer format \"zip\" (must be \"tar\" or \"erofs\")"},
		{"{format: erofs, layering: {}}",
		 "layering is not supported with format \"erofs\" yet (use one or the other)"},
		{"certificates: {additional: [{content: x}]}",
		 "configured additional certificate has no name"},
		{"certificates: {additional: [{name: .x}]}",
		 "configured additional certificate \".x\" has an invalid name, it must match "
		 "^[a-zA-Z0-9_-]+[a-zA-Z0-9_.-]*$"},
		{"contents: {runtime_keyring: [{name: a}]}",
		 "runtime_keyring entry \"a\" has no content"},
		{"contents: {runtime_keyring: [{name: a, content: x}, {name: a, content: y}]}",
		 "runtime_keyring entry \"a\" is a duplicate"},
		{"{format: erofs, entrypoint: {type: service-bundle}, accounts: {users: "
		 "[{username: a, uid: 1}]}}",
		 ""},
	};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		lf_auto_arena arena = {0};
		lf_auto_err err = {0};
		struct lf_image_config c;

		decode(cases[i].text, &arena, &c);
		assert_int_equal(lf_image_config_validate(&c, &arena, &err), !*cases[i].want);
		assert_string_equal(lf_err_text(&err), cases[i].want);
		if (!*cases[i].want) {
			assert_string_equal(c.accounts.users.v[0].homedir, "/home/a");
			assert_string_equal(c.entrypoint.command, "/bin/s6-svscan /sv");
			assert_true(lf_strv_has(&c.contents.packages, "s6"));
		}
		lf_image_config_fini(&c);
	}
}

static void write_text(const char *dir, const char *name, const char *text)
{
	lf_auto_free char *path = lf_path_join(dir, name);

	assert_true(lf_write_file(path, text, strlen(text), 0644, NULL));
}

static void check_load(const char *dir, const char *name, const char *want)
{
	lf_auto_free char *path = lf_path_join(dir, name);
	lf_auto_strv search = {0};
	lf_auto_arena arena = {0};
	lf_auto_buf got = {0}, bytes = {0};
	lf_auto_err err = {0};
	struct lf_image_config c;

	lf_strv_add(&search, dir);
	if (lf_image_config_load(&(struct lf_ctx){0}, path, &search, &arena, &c, &bytes, &err)) {
		lf_image_config_json(&got, &c);
		lf_image_config_fini(&c);
	} else {
		lf_buf_puts(&got, lf_err_text(&err));
	}
	assert_string_equal(lf_buf_c(&got), want);
}

static void loads_files(void **state)
{
	lf_auto_free char *dir = lf_temp_dir("test", NULL);

	(void)state;
	assert_non_null(dir);
	write_text(dir, "a.yaml",
		   "include: b-of-test.yaml\ncontents: {repositories: ['https://x//', y/]}\n");
	write_text(dir, "b-of-test.yaml", "cmd: b\n");
	write_text(dir, "ring.yaml", "include: ring.yaml\n");
	write_text(dir, "gone.yaml", "include: nothing-is-here.yaml\n");
	write_text(dir, "empty.yaml", "# nothing\n");
	write_text(dir, "base.yaml", "contents: {baseimage: {image: x}}\ncmd: y\n");
	check_load(dir, "a.yaml",
		   "{\"contents\":{\"repositories\":[\"https://"
		   "x\",\"y\"]},\"entrypoint\":{},\"cmd\":\"b\","
		   "\"accounts\":{},\"include\":\"b-of-test.yaml\"}");
	check_load(dir, "ring.yaml",
		   "failed to load image configuration: failed to read include file: ring.yaml: "
		   "includes "
		   "are nested too deeply");
	check_load(dir, "gone.yaml",
		   "failed to load image configuration: failed to read include file: file does not "
		   "exist");
	check_load(dir, "absent.yaml", "failed to load image configuration: file does not exist");
	check_load(dir, "empty.yaml",
		   "failed to load image configuration: failed to parse image configuration: EOF");
	check_load(dir, "base.yaml",
		   "failed to load image configuration: when using base image, the only supported "
		   "image "
		   "specification are: contents, archs and includes");
	assert_true(lf_remove_all(dir, NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(merges_under),
		cmocka_unit_test(validates),
		cmocka_unit_test(loads_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
