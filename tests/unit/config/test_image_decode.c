/*
 * Decoding the image configuration: values, Go's leniencies, and every problem with its place.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "config/config.h"

#include "base/banned.h"

static bool decode(const char *text, struct lf_arena *arena, struct lf_image_config *ret,
		   struct lf_err *err)
{
	struct lf_yaml *root;

	assert_true(lf_yaml_parse(lf_str(text), "a.yaml", arena, &root, NULL));
	return lf_image_config_decode(root, arena, ret, err);
}

static const char full[] =
	"contents:\n"
	"  repositories: [repo/main]\n"
	"  packages:\n"
	"    - base-layout\n"
	"    - 1.10\n"
	"  baseimage: {image: ./b, apkindex: ./i}\n"
	"entrypoint: {command: /x, services: {a: b}}\n"
	"accounts:\n"
	"  users:\n"
	"    - {username: web, uid: 0x7d0, gid: 0}\n"
	"    - {username: nogid, uid: 4000000000}\n"
	"archs: [x86_64, aarch64, i386]\n"
	"environment: {A: yes, N: ~}\n"
	"paths: [{path: /x, type: directory, permissions: 0o755, recursive: yes}]\n"
	"layering: {}\n"
	"volumes:\n";

static void decodes_every_kind(void **state)
{
	lf_auto_arena arena = {0};
	struct lf_image_config c, copy;

	(void)state;
	assert_true(decode(full, &arena, &c, NULL));
	lf_image_config_copy(&copy, &c);
	lf_image_config_fini(&c);
	assert_string_equal(copy.contents.packages.v[1], "1.10");
	assert_true(copy.contents.has_baseimage);
	assert_string_equal(copy.contents.base_apkindex, "./i");
	assert_string_equal(copy.entrypoint.command, "/x");
	assert_string_equal(copy.entrypoint.type, "");
	assert_string_equal(lf_pairs_get(&copy.entrypoint.services, "a"), "b");
	assert_int_equal(copy.accounts.users.n, 2);
	assert_int_equal(copy.accounts.users.v[0].uid, 2000);
	assert_true(copy.accounts.users.v[0].gid.set);
	assert_false(copy.accounts.users.v[1].gid.set);
	assert_string_equal(copy.accounts.users.v[1].homedir, "");
	assert_string_equal(copy.archs.v[0], "amd64");
	assert_string_equal(copy.archs.v[2], "i386");
	assert_string_equal(lf_pairs_get(&copy.environment, "A"), "yes");
	assert_string_equal(lf_pairs_get(&copy.environment, "N"), "");
	assert_int_equal(copy.paths.v[0].permissions, 0755);
	assert_true(copy.paths.v[0].recursive);
	assert_true(copy.layering.set);
	assert_false(copy.certificates.set);
	assert_int_equal(copy.volumes.n, 0);
	lf_image_config_fini(&copy);
}

static void leaves_out_nulls(void **state)
{
	static const char text[] = "contents: {packages: [a, ~, b, null, '', 'null']}\n"
				   "environment: {~: x, null: y, A: ~, 'nil': z}\n"
				   "accounts: {users: [~, {username: a, uid: 1}, null]}\n"
				   "paths: [~]\n";
	lf_auto_arena arena = {0};
	struct lf_image_config c;

	(void)state;
	assert_true(decode(text, &arena, &c, NULL));
	assert_int_equal(c.contents.packages.n, 4);
	assert_string_equal(c.contents.packages.v[1], "b");
	assert_string_equal(c.contents.packages.v[3], "null");
	assert_int_equal(c.environment.n, 2);
	assert_string_equal(lf_pairs_get(&c.environment, "A"), "");
	assert_string_equal(lf_pairs_get(&c.environment, "nil"), "z");
	assert_int_equal(c.accounts.users.n, 1);
	assert_int_equal(c.paths.n, 0);
	lf_image_config_fini(&c);
}

static void tells_all_problems(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{"contents:\n  bogus: 1\nfoo: 2\naccounts:\n  users: [{name: x}]\n",
		 "a.yaml:2:3: field bogus not found in type types.ImageContents\n"
		 "a.yaml:3:1: field foo not found in type types.ImageConfiguration\n"
		 "a.yaml:5:12: field name not found in type types.User"},
		{"contents: {pakages: []}\n",
		 "a.yaml:1:12: field pakages not found in type types.ImageContents, did you mean "
		 "\"packages\"?"},
		{"cmd: [a]\narchs: x86_64\nenvironment: [a]\nlayering: {budget: many}\n",
		 "a.yaml:1:6: cannot unmarshal !!seq into string\n"
		 "a.yaml:2:8: cannot unmarshal !!str `x86_64` into []types.Architecture\n"
		 "a.yaml:3:14: cannot unmarshal !!seq into map[string]string\n"
		 "a.yaml:4:20: cannot unmarshal !!str `many` into int"},
		{"accounts: {users: [{uid: -1}, {uid: 4294967296}, {uid: '1'}]}\n",
		 "a.yaml:1:26: cannot unmarshal !!int `-1` into uint32\n"
		 "a.yaml:1:37: cannot unmarshal !!int `4294967296` into uint32\n"
		 "a.yaml:1:56: cannot unmarshal !!str `1` into uint32"},
		{"paths: [{recursive: 'true'}]\n",
		 "a.yaml:1:21: cannot unmarshal !!str `true` into bool"},
		{"cmd: !!binary aGk=\n", "a.yaml:1:15: !!binary is not supported, write the text"},
		{"paths: {}\n", "a.yaml:1:8: cannot unmarshal !!map into []types.PathMutation"},
		{"- a\n", "a.yaml:1:1: cannot unmarshal !!seq into types.ImageConfiguration"},
		{"accounts: 0123456789012\n",
		 "a.yaml:1:11: cannot unmarshal !!float `0123456...` into types.ImageAccounts"},
	};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		lf_auto_arena arena = {0};
		lf_auto_err err = {0};
		struct lf_image_config c;

		assert_false(decode(cases[i].text, &arena, &c, &err));
		assert_int_equal(err.class, LF_E_CONFIG);
		assert_string_equal(lf_err_text(&err), cases[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decodes_every_kind),
		cmocka_unit_test(leaves_out_nulls),
		cmocka_unit_test(tells_all_problems),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
