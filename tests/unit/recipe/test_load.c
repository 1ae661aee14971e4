/*
 * Loading: what stages A and B leave, defaults, and the words of every rule that a recipe can
 * break.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/fs.h"
#include "recipe/load.h"

#include "base/banned.h"

#define HEAD "package:\n  name: foo\n  version: 1.2.3\n  epoch: 4\n"

static char *dir;

static bool load(const char *text, struct lf_arena *arena, struct lf_recipe *r, struct lf_err *err)
{
	const struct lf_ctx ctx = {0};
	const struct lf_recipe_options o = {.commit = "c0ffee"};
	lf_auto_free char *path = lf_path_join(dir, "x.yaml");

	assert_true(lf_write_file(path, text, strlen(text), 0600, NULL));
	return lf_recipe_load(&ctx, path, &o, arena, r, err);
}

#define RULE       "validating configuration \"foo\": build configuration is invalid: "
#define FILE_ERROR "unable to decode configuration file \"x.yaml\": "

static const struct {
	const char *text, *error; /* "@" stands for the path of the file */
} bad[] = {
	{"", FILE_ERROR "EOF"},
	{"# nothing\n", FILE_ERROR "EOF"},
	{"- a\n", FILE_ERROR "@:1:1: cannot unmarshal !!seq into config.Configuration"},
	{HEAD "foo: bar\n", FILE_ERROR "@:5:1: field foo not found in type config.Configuration"},
	{"package:\n  version: [1]\n  epoch: abc\n  nmae: x\n", FILE_ERROR
	 "@:2:12: cannot unmarshal !!seq into string\n@:3:10: cannot unmarshal !!str `abc` "
	 "into uint64\n@:4:3: field nmae not found in type config.Package, did you mean "
	 "\"name\"?"},
	{HEAD "  timeout: 90\n",
	 FILE_ERROR "@:5:12: cannot unmarshal !!int `90` into time.Duration"},
	{HEAD "environment:\n  os-release: {}\n",
	 FILE_ERROR "@:6:3: field os-release not found in type types.ImageConfiguration"},
	{"package: {version: 1}\n",
	 "validating configuration \"\": build configuration is invalid: @:1:10: package name must "
	 "match regex \"^[a-zA-Z\\\\d][a-zA-Z\\\\d+_.-]*$\""},
	{"package: {name: foo}\n", RULE "@:1:10: package version must not be empty"},
	{HEAD "  dependencies:\n    replaces-priority: 0x10\n",
	 RULE "@:2:3: priority must convert to integer"},
	{HEAD "pipeline:\n  - with: {a: }\n", RULE "@:6:5: pipeline contains with but no uses"},
	{HEAD "pipeline:\n  - name: outer\n    pipeline:\n      - uses: fetch\n        runs: x\n",
	 RULE "validating pipeline \"outer\" children: @:8:9: pipeline cannot contain both uses "
	      "\"fetch\" and runs"},
	{HEAD "pipeline:\n  - pipeline:\n      - uses: fetch\n        runs: x\n", RULE
	 "validating pipeline [0] children: @:7:9: pipeline cannot contain both uses \"fetch\" "
	 "and runs"},
	{HEAD "  setcap:\n    - path: /x\n      add: {'cap_foo,cap_net_raw': +ep}\n",
	 RULE "@:2:3: invalid capability \"cap_foo\" for path \"/x\"\nunjustified reason for "
	      "capability map[\"cap_foo,cap_net_raw\":\"+ep\"]"},
	{HEAD "subpackages: [{name: foo}]\n",
	 RULE "@:5:15: subpackage[0] has same name as main package: \"foo\""},
	{HEAD "subpackages: [{name: a}, {name: b}, {name: a}]\n",
	 RULE "@:5:37: saw duplicate subpackage name \"a\" (subpackages index: 0 and 2)"},
	{HEAD "subpackages: [{name: a b}]\n",
	 RULE "@:5:15: subpackage name \"a b\" (subpackages index: 0) must match regex "
	      "\"^[a-zA-Z\\\\d][a-zA-Z\\\\d+_.-]*$\""},
	{HEAD "subpackages:\n  - range: nope\n    name: x\n",
	 FILE_ERROR "@:6:5: subpackages[0] (\"x\") specified undefined range: \"nope\""},
	{HEAD "  cpe: {part: h}\n",
	 RULE "CPE validation: @:2:3: invalid CPE part (must be one of a, o, if specified. most "
	      "applications should be 'a'): \"h\""},
	{HEAD "  cpe: {vendor: x}\n",
	 RULE "CPE validation: @:2:3: vendor and product must each be set if the other is set"},
	{HEAD "  cpe: {vendor: '*', product: x}\n",
	 RULE "CPE validation: @:2:3: invalid CPE vendor: \"*\""},
	{HEAD "  cpe: {vendor: a, product: x, target_sw: A}\n",
	 RULE "CPE validation: @:2:3: invalid target software: invalid CPE field value \"A\", must "
	      "match regex \"^[a-z\\\\d][a-z\\\\d+_.-]*$\""},
	{HEAD "  dependencies:\n    runtime: ['x-${{vars.nope}}']\n",
	 "failed to apply replacement to runtime dependency \"x-${{vars.nope}}\": variable "
	 "vars.nope "
	 "not defined"},
	{HEAD "environment:\n  contents:\n    packages: ['x-${{nope}}']\n",
	 "failed to apply replacement to package \"x-${{nope}}\": variable nope not defined"},
	{HEAD "var-transforms:\n  - {from: '${{build.arch}}', match: x, replace: x, to: u}\n",
	 "applying variable substitutions: @:6:5: variable build.arch not defined"},
	{HEAD "var-transforms:\n  - {from: a, match: (, replace: x, to: u}\n",
	 "applying variable substitutions: @:6:5: match value: ( string does not compile into a "
	 "regex: error parsing regexp: missing closing ): `(`"},
};

static const char *with_path(const char *text, struct lf_arena *arena)
{
	lf_auto_buf out = {0};

	for (; *text; text++) {
		if (*text == '@')
			lf_buf_printf(&out, "%s/x.yaml", dir);
		else
			lf_buf_putc(&out, *text);
	}
	return lf_arena_str(arena, lf_buf_view(&out));
}

static void refuses(void **state)
{
	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(bad); i++) {
		lf_auto_arena arena = {0};
		lf_auto_err err = {0};
		struct lf_recipe r = {0};

		if (load(bad[i].text, &arena, &r, &err))
			fail_msg("accepted: %s", bad[i].text);
		assert_string_equal(lf_err_text(&err), with_path(bad[i].error, &arena));
	}
}

static void names_the_missing_file(void **state)
{
	const struct lf_ctx ctx = {0};
	const struct lf_recipe_options o = {0};
	lf_auto_arena arena = {0};
	lf_auto_err err = {0};
	struct lf_recipe r;

	(void)state;
	assert_false(lf_recipe_load(&ctx, "/nonexistent/x.yaml", &o, &arena, &r, &err));
	assert_string_equal(lf_err_text(&err),
			    "open /nonexistent/x.yaml: no such file or directory");
}

static void fills_in_defaults(void **state)
{
	lf_auto_arena arena = {0};
	lf_auto_err err = {0};
	struct lf_recipe r;

	(void)state;
	if (!load(HEAD
		  "environment:\n  environment: {HOME: /x, GOPATH: ''}\nsubpackages:\n  - name: "
		  "s\n    setcap: [{path: /x, add: {cap_net_raw: +ep}, reason: r}]\n",
		  &arena, &r, &err))
		fail_msg("%s", lf_err_text(&err));
	assert_string_equal(r.package.unit.commit, "c0ffee");
	assert_string_equal(r.subpackage[0].unit.commit, "c0ffee");
	assert_int_equal(r.subpackage[0].unit.setcap.n, 1);
	assert_string_equal(lf_recipe_full_version(&r), "1.2.3-r4");
	assert_string_equal(lf_pairs_get(&r.environment.environment, "HOME"), "/x");
	assert_string_equal(lf_pairs_get(&r.environment.environment, "GOPATH"),
			    "/home/build/.cache/go");
	assert_int_equal(r.environment.environment.n, 7);
	assert_string_equal(r.environment.accounts.users.v[0].username, "build");
	assert_string_equal(r.environment.accounts.groups.v[0].members.v[0], "build");
	assert_null(r.test.pipeline.v);
	lf_recipe_fini(&r);
}

static void unfolds_ranges(void **state)
{
	lf_auto_arena arena = {0};
	lf_auto_err err = {0};
	struct lf_recipe r;

	(void)state;
	if (!load(HEAD
		  "vars: {a: 1}\ndata:\n  - name: d\n    items: {b: two, '10': ten, '9': nine}\n"
		  "subpackages:\n  - name: first\n  - range: d\n    name: foo-${{range.key}}\n"
		  "    description: d ${{range.value}} ${{vars.a}} ${{ range.key }}\n"
		  "    dependencies: {runtime: ['x-${{range.key}}']}\n"
		  "    test: {environment: {contents: {packages: ['t-${{range.key}}']}}}\n",
		  &arena, &r, &err))
		fail_msg("%s", lf_err_text(&err));
	assert_int_equal(r.n_subpackages, 4);
	assert_string_equal(r.subpackage[0].unit.name, "first");
	assert_string_equal(r.subpackage[1].unit.name, "foo-10");
	assert_string_equal(r.subpackage[2].unit.name, "foo-9");
	assert_string_equal(r.subpackage[3].unit.name, "foo-b");
	assert_string_equal(r.subpackage[3].unit.description, "d two 1 ${{ range.key }}");
	assert_string_equal(r.subpackage[3].unit.dependencies.runtime.v[0], "x-b");
	assert_string_equal(r.subpackage[2].test.environment.contents.packages.v[0], "t-9");
	lf_recipe_fini(&r);
}

static void leaves_out_nothing_in_lists(void **state)
{
	lf_auto_arena arena = {0};
	lf_auto_err err = {0};
	struct lf_recipe r = {0};

	(void)state;
	if (!load(HEAD "environment: {contents: {packages: [~, a, null, '', '~']}}\n"
		       "pipeline: [~, {runs: x}, ~]\nsubpackages: [~]\nvar-transforms: [~]\n",
		  &arena, &r, &err))
		fail_msg("%s", lf_err_text(&err));
	assert_int_equal(r.environment.contents.packages.n, 3);
	assert_string_equal(r.environment.contents.packages.v[1], "");
	assert_string_equal(r.environment.contents.packages.v[2], "~");
	assert_int_equal(r.pipeline.n, 1);
	assert_string_equal(r.pipeline.v[0].runs, "x");
	assert_int_equal(r.n_subpackages, 0);
	assert_int_equal(r.var_transforms.n, 0);
	lf_recipe_fini(&r);
}

static void takes_the_last_data_of_a_name(void **state)
{
	lf_auto_arena arena = {0};
	lf_auto_err err = {0};
	struct lf_recipe r = {0};

	(void)state;
	if (!load(HEAD "data: [{name: d, items: {a: 1}}, {name: d, items: {b: 2}}]\n"
		       "subpackages: [{range: d, name: 's-${{range.key}}'}]\n",
		  &arena, &r, &err))
		fail_msg("%s", lf_err_text(&err));
	assert_int_equal(r.n_subpackages, 1);
	assert_string_equal(r.subpackage[0].unit.name, "s-b");
	lf_recipe_fini(&r);
}

static void hands_down_to_children(void **state)
{
	lf_auto_arena arena = {0};
	lf_auto_err err = {0};
	struct lf_recipe r;

	(void)state;
	if (!load(HEAD
		  "pipeline:\n  - working-directory: sub\n    environment: {A: b}\n    pipeline:\n"
		  "      - runs: a\n      - working-directory: x\n        environment: {A: c, D: "
		  "e}\n",
		  &arena, &r, &err))
		fail_msg("%s", lf_err_text(&err));
	const struct lf_step *child = r.pipeline.v[0].child;
	assert_string_equal(child[0].working_directory, "sub");
	assert_string_equal(lf_pairs_get(&child[0].environment, "A"), "b");
	assert_string_equal(child[1].working_directory, "x");
	assert_string_equal(lf_pairs_get(&child[1].environment, "A"), "c");
	lf_recipe_fini(&r);
}

static const struct {
	const char *text, *want; /* K=V, in order */
} env_files[] = {
	{"", ""},
	{"# c\n\nA=b\nexport  C=d\nE: f\n", "[A=b][C=d][E=f]"},
	{"F=a#b\nG=a #b\nH=  x y \t# z\n", "[F=a#b][G=a][H=x y]"},
	{"A=1\nB=$A-${A}x$NOPE\nC='$A\\n'\nD=\"$A\\nb\\$A\"\nE=\\$A $ $(x)\n",
	 "[A=1][B=1-1x][C=$A\\n][D=1\nb$A][E=$A $ $(x)]"},
	{"A=\nB=x", "[A=][B=x]"},
	{"A=1\r\nB=2\r\n", "[A=1][B=2]"},
	{"Q=\"a \\\" b\"\n", "[Q=a \" b]"},
};

static void reads_environment_files(void **state)
{
	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(env_files); i++) {
		lf_auto_arena arena = {0};
		lf_auto_buf got = {0};
		struct lf_pairs pairs = {0};

		assert_true(lf_env_file_parse(lf_str(env_files[i].text), &arena, &pairs, NULL));
		for (size_t j = 0; j < pairs.n; j++)
			lf_buf_printf(&got, "[%s=%s]", pairs.v[j].key, pairs.v[j].value);
		assert_string_equal(lf_buf_c(&got), env_files[i].want);
		lf_vec_fini(&pairs);
	}
}

static void refuses_bad_environment_files(void **state)
{
	lf_auto_arena arena = {0};
	lf_auto_err err = {0};
	struct lf_pairs pairs = {0};

	(void)state;
	assert_false(lf_env_file_parse(LF_STR("bad line\n"), &arena, &pairs, &err));
	assert_string_equal(lf_err_text(&err),
			    "unexpected character \"\\n\" in variable name near \"bad line\\n\"");
	assert_false(lf_env_file_parse(LF_STR("A='x\ny"), &arena, &pairs, &err));
	assert_string_equal(lf_err_text(&err), "unterminated quoted value 'x");
	lf_vec_fini(&pairs);
}

static int make_dir(void **state)
{
	(void)state;
	dir = lf_temp_dir("recipe-", NULL);
	return !dir;
}

static int remove_dir(void **state)
{
	(void)state;
	lf_remove_all(dir, NULL);
	lf_free(dir);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses),
		cmocka_unit_test(names_the_missing_file),
		cmocka_unit_test(fills_in_defaults),
		cmocka_unit_test(unfolds_ranges),
		cmocka_unit_test(leaves_out_nothing_in_lists),
		cmocka_unit_test(takes_the_last_data_of_a_name),
		cmocka_unit_test(hands_down_to_children),
		cmocka_unit_test(reads_environment_files),
		cmocka_unit_test(refuses_bad_environment_files),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
