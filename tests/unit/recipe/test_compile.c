/*
 * Compiling: definitions, inputs, needs, loops, limits; and the recipes of a distribution, byte for
 * byte.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <stdio.h>

#include <cmocka.h>

#include "base/fs.h"
#include "codec/gzip.h"
#include "recipe/recipe.h"

#include "base/banned.h"

#define HEAD "package:\n  name: foo\n  version: 1.2.3\n  epoch: 4\n"

static char *dir;

static const struct lf_builtin table[] = {
#define DEFINITION(name, text)               \
	{                                    \
		name, text, sizeof(text) - 1 \
	}
	DEFINITION("deep/outer",
		   "pipeline:\n  - uses: deep/inner\n    with: {b: '${{inputs.a}}!'}\n"
		   "inputs:\n  a: {default: 1}\n  only-outer: {default: o}\n"),
	DEFINITION("deep/inner", "if: ${{build.arch}} != ''\ninputs: {a: {default: 2}, b: {}}\n"
				 "needs: {packages: ['${{inputs.a}}-p']}\nworking-directory: w\n"
				 "runs: '[${{inputs.a}}][${{inputs.b}}][${{inputs.only-outer}}]'\n"
				 "unknown-key: 1\n"),
	DEFINITION("empty", "# nothing\n"),
	DEFINITION("loop/a", "pipeline: [{uses: loop/b}]\n"),
	DEFINITION("loop/b", "pipeline: [{uses: loop/a}]\n"),
	DEFINITION("many/a", "pipeline: [{uses: many/b}, {uses: many/b}, {uses: many/b}, {uses: "
			     "many/b}]\n"),
	DEFINITION("many/b", "pipeline: [{uses: many/c}, {uses: many/c}, {uses: many/c}, {uses: "
			     "many/c}]\n"),
	DEFINITION("many/c", "pipeline: [{uses: many/d}, {uses: many/d}, {uses: many/d}, {uses: "
			     "many/d}]\n"),
	DEFINITION("many/d", "pipeline: [{uses: many/e}, {uses: many/e}, {uses: many/e}, {uses: "
			     "many/e}]\n"),
	DEFINITION("many/e", "pipeline: [{uses: many/f}, {uses: many/f}, {uses: many/f}, {uses: "
			     "many/f}]\n"),
	DEFINITION("many/f", "pipeline: [{uses: many/g}, {uses: many/g}, {uses: many/g}, {uses: "
			     "many/g}]\n"),
	DEFINITION("many/g", "pipeline: [{uses: many/h}, {uses: many/h}, {uses: many/h}, {uses: "
			     "many/h}]\n"),
	DEFINITION("many/h", "pipeline: [{uses: many/i}, {uses: many/i}, {uses: many/i}, {uses: "
			     "many/i}]\n"),
	DEFINITION("many/i", "pipeline: [{runs: a}, {runs: a}, {runs: a}, {runs: a}]\n"),
	DEFINITION("sums", "inputs: {expected-sha256: {}, expected-commit: {}, uri: {required: "
			   "true}}\nruns: x\n"),
};
static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct lf_builtin *)a)->name, ((const struct lf_builtin *)b)->name);
}

static bool compile(const char *text, struct lf_arena *arena, struct lf_recipe *r,
		    struct lf_err *err)
{
	const struct lf_ctx ctx = {0};
	struct lf_recipe_options o = {.arch = "x86_64"};
	struct lf_builtin sorted[LF_ARRAY_LEN(table)];
	const struct lf_builtins builtins = {sorted, LF_ARRAY_LEN(table)};
	lf_auto_free char *path = lf_path_join(dir, "x.yaml");

	memcpy(sorted, table, sizeof(table));
	qsort(sorted, LF_ARRAY_LEN(sorted), sizeof(sorted[0]), by_name);
	lf_strv_add(&o.build_options, "fast");
	assert_true(lf_write_file(path, text, strlen(text), 0600, NULL));
	bool ok = lf_recipe_load(&ctx, path, &o, arena, r, err);
	if (ok && !lf_recipe_compile(&ctx, r, &o, &builtins, err)) {
		lf_recipe_fini(r);
		ok = false;
	}
	lf_strv_fini(&o.build_options);
	return ok;
}

static const struct {
	const char *text, *error;
} bad[] = {
	{HEAD "pipeline: [{uses: loop/a}]\n",
	 "compiling \"foo\" pipelines: compiling Pipeline[0]: compiling Pipeline[0]: compiling "
	 "Pipeline[0]: pipeline \"loop/a\" uses itself: loop/a <- loop/b <- loop/a"},
	{HEAD "pipeline: [{uses: no/such}]\n",
	 "compiling \"foo\" pipelines: compiling Pipeline[0]: unable to load pipeline: open "
	 "pipelines/no/such.yaml: file does not exist"},
	{HEAD "pipeline: [{uses: a/../b}]\n",
	 "compiling \"foo\" pipelines: compiling Pipeline[0]: invalid pipeline 'uses' value "
	 "\"a/../b\": must not contain absolute paths or '..' sequences"},
	{HEAD "pipeline: [{uses: empty, with: {a: b}}]\n",
	 "compiling \"foo\" pipelines: compiling Pipeline[0]: undefined input \"a\" to pipeline "
	 "\"empty\""},
	{HEAD "pipeline: [{uses: sums}]\n", "compiling \"foo\" pipelines: compiling Pipeline[0]: "
					    "unable to validate with: required input "
					    "\"uri\" for pipeline is missing"},
	{HEAD "pipeline: [{uses: sums, with: {uri: x, expected-sha256: abc}}]\n",
	 "compiling \"foo\" pipelines: compiling Pipeline[0]: unable to validate with: checksum "
	 "input "
	 "\"expected-sha256\" for pipeline, invalid length"},
	{HEAD "pipeline: [{uses: sums, with: {uri: x, expected-commit: abc}}]\n",
	 "compiling \"foo\" pipelines: compiling Pipeline[0]: unable to validate with: expected "
	 "commit "
	 "\"expected-commit\" for pipeline contains invalid characters or invalid sha length"},
	{HEAD "pipeline: [{uses: sums, with: {uri: '${{inputs.uri}}'}}]\n",
	 "compiling \"foo\" pipelines: compiling Pipeline[0]: mutating with: variables refer to "
	 "each "
	 "other in a ring: inputs.uri -> inputs.uri"},
	{HEAD "pipeline: [{if: \"${{package.name}} == 'foo'\"}]\n",
	 "compiling \"foo\" pipelines: gathering deps for Pipeline[0]: evaluating conditional "
	 "\"foo == "
	 "'foo'\": unexpected character 'f' at position 0"},
	{HEAD "pipeline: [{runs: '${{nope}}'}]\n",
	 "compiling \"foo\" pipelines: compiling Pipeline[0]: mutating runs: variable nope not "
	 "defined"},
	{HEAD "vars: {a: '${{vars.b}}', b: '${{vars.a}}'}\n",
	 "variables refer to each other in a ring: vars.a -> vars.b -> vars.a"},
	{HEAD "vars: {c: '${{vars.a}}', a: '${{vars.b}}', b: '${{nope}}'}\n",
	 "variable nope not defined"},
	{HEAD "pipeline: [{inputs: {a: {required: true}}, runs: x}]\n",
	 "compiling \"foo\" pipelines: compiling Pipeline[0]: unable to validate with: required "
	 "input \"a\" for pipeline is missing"},
	{HEAD "subpackages: [{name: s, if: \"${{vars.nope}} == ''\"}]\n",
	 "mutating subpackage \"s\", if: variable vars.nope not defined"},
	{HEAD "subpackages: [{name: s, test: {pipeline: [{runs: '${{nope}}'}]}}]\n",
	 "compiling subpackage \"s\" tests: compiling Pipeline[0]: mutating runs: variable nope "
	 "not "
	 "defined"},
	{HEAD "test: {pipeline: [{runs: '${{nope}}'}]}\n",
	 "compiling \"foo\" test pipelines: compiling Pipeline[0]: mutating runs: variable nope "
	 "not "
	 "defined"},
};

/* The text without the place of the step, "FILE.yaml:LINE:COLUMN: ". */
static void cut_place(const char *text, struct lf_buf *ret)
{
	const char *end = strstr(text, ".yaml:"), *from = end;
	unsigned line, column;
	int n = 0;

	if (!end || sscanf(end, ".yaml:%u:%u: %n", &line, &column, &n) != 2 || !n) {
		lf_buf_puts(ret, text);
		return;
	}
	while (from > text && from[-1] != ' ')
		from--;
	lf_buf_add(ret, text, (size_t)(from - text));
	lf_buf_puts(ret, end + n);
}

static void refuses(void **state)
{
	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(bad); i++) {
		lf_auto_arena arena = {0};
		lf_auto_err err = {0};
		struct lf_recipe r = {0};

		if (compile(bad[i].text, &arena, &r, &err))
			fail_msg("accepted: %s", bad[i].text);
		lf_auto_buf text = {0};
		cut_place(lf_err_text(&err), &text);
		assert_string_equal(lf_buf_c(&text), bad[i].error);
	}
}

static void refuses_too_many_steps(void **state)
{
	lf_auto_arena arena = {0};
	lf_auto_err err = {0};
	struct lf_recipe r = {0};

	(void)state;
	assert_false(compile(HEAD "pipeline: [{uses: many/a}]\n", &arena, &r, &err));
	assert_int_equal(err.class, LF_E_LIMIT);
}

static void unfolds_definitions(void **state)
{
	lf_auto_arena arena = {0};
	lf_auto_err err = {0};
	struct lf_recipe r = {0};

	(void)state;
	if (!compile(HEAD "pipeline: [{uses: deep/outer, with: {a: x}}, {uses: empty}]\n", &arena,
		     &r, &err))
		fail_msg("%s", lf_err_text(&err));
	const struct lf_step *inner = &r.pipeline.v[0].child[0];
	assert_string_equal(inner->runs, "[2][x!][o]");
	assert_string_equal(inner->if_cond, "\"x86_64\" != ''");
	assert_string_equal(inner->working_directory, "w");
	assert_string_equal(lf_pairs_get(&r.pipeline.v[0].with, "a"), "x");
	assert_string_equal(lf_pairs_get(&inner->with, "b"), "x!");
	assert_string_equal(inner->needs.v[0], "2-p");
	assert_string_equal(r.environment.contents.packages.v[0], "2-p");
	lf_recipe_fini(&r);
}

static void takes_inputs_of_inline_steps(void **state)
{
	lf_auto_arena arena = {0};
	lf_auto_err err = {0};
	struct lf_recipe r = {0};

	(void)state;
	if (!compile(HEAD "pipeline: [{inputs: {a: {default: d}}, runs: '${{inputs.a}}', pipeline: "
			  "[{runs: '<${{inputs.a}}>'}]}]\n",
		     &arena, &r, &err))
		fail_msg("%s", lf_err_text(&err));
	assert_string_equal(r.pipeline.v[0].runs, "d");
	assert_string_equal(r.pipeline.v[0].child[0].runs, "<d>");
	assert_int_equal(r.pipeline.v[0].with.n, 0);
	lf_recipe_fini(&r);
}

static void names_the_variable(void **state)
{
	lf_auto_arena arena = {0};
	lf_auto_err err = {0};
	struct lf_recipe r = {0};

	(void)state;
	assert_false(compile(HEAD "vars:\n  a: ${{vars.b}}\n  b: ${{nope}}\n", &arena, &r, &err));
	assert_non_null(strstr(lf_err_text(&err), "/x.yaml:7:6: variable nope not defined"));
}

static void shares_definitions(void **state)
{
	static const struct lf_builtin strip = {"strip", "runs: x\n", 8};
	const struct lf_builtins all = {&strip, 1}, none = {NULL, 0};
	const struct lf_ctx ctx = {0};
	lf_auto_arena arena = {0};
	struct lf_definitions shared = {.arena = &arena};
	const struct lf_recipe_options o = {.arch = "x86_64", .definitions = &shared};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		lf_auto_arena own = {0};
		lf_auto_err err = {0};
		struct lf_recipe r = {0};

		if (!lf_recipe_parse(&ctx, LF_STR(HEAD "pipeline: [{uses: strip}]\n"), "x", &o,
				     &own, &r, &err) ||
		    !lf_recipe_compile(&ctx, &r, &o, i ? &none : &all, &err))
			fail_msg("%s", lf_err_text(&err));
		assert_string_equal(r.pipeline.v[0].runs, "x");
		lf_recipe_fini(&r);
	}
	lf_map_fini(&shared.map);
}

static void applies_build_options(void **state)
{
	lf_auto_arena arena = {0};
	lf_auto_err err = {0};
	struct lf_recipe r = {0};

	(void)state;
	if (!compile(HEAD
		     "vars: {a: base}\noptions: {fast: {vars: {a: opt}, environment: {contents: "
		     "{packages: {add: [zz, yy], remove: [busybox]}}}}}\nenvironment: {contents: "
		     "{packages: [busybox, bash]}}\npipeline: [{runs: '${{vars.a}} ${{ vars.a }} "
		     "${{options.fast.enabled}}'}]\n",
		     &arena, &r, &err))
		fail_msg("%s", lf_err_text(&err));
	assert_string_equal(r.pipeline.v[0].runs, "base opt true");
	assert_int_equal(r.environment.contents.packages.n, 3);
	assert_string_equal(r.environment.contents.packages.v[0], "yy");
	assert_string_equal(r.environment.contents.packages.v[1], "bash");
	assert_string_equal(r.environment.contents.packages.v[2], "zz");
	lf_recipe_fini(&r);
}

/* ---- the recipes of a distribution ---- */

static char *golden(const char *rest)
{
	const char *source = getenv("FACTORY_SOURCE");
	lf_auto_buf path = {0};

	lf_buf_printf(&path, "%s/../shared/golden/%s", source ? source : ".", rest);
	return lf_buf_detach(&path);
}

static bool unpack(struct lf_str packed, struct lf_buf *ret)
{
	lf_auto_reader *source = lf_reader_mem(packed.p, packed.n);
	struct lf_gzip_in *gzip = lf_gzip_in_new(source);
	lf_auto_err err = {0};
	bool more = false, ok = lf_gzip_next(gzip, &more, &err);
	ssize_t n = 1;

	while (ok && n > 0) {
		lf_buf_reserve(ret, 65536);
		n = lf_gzip_read(gzip, ret->p + ret->n, 65536, &err);
		ret->n += n > 0 ? (size_t)n : 0;
	}
	lf_gzip_in_free(gzip);
	return ok && n == 0;
}

static void check_golden(const char *base, const char *name, struct lf_strv *pipeline_dirs)
{
	const struct lf_ctx ctx = {0};
	const struct lf_recipe_options o = {.arch = "x86_64",
					    .commit = "0123456789abcdef0123456789abcdef01234567",
					    .pipeline_dirs = *pipeline_dirs};
	lf_auto_arena arena = {0};
	lf_auto_err err = {0};
	lf_auto_buf got = {0}, packed = {0}, want = {0};
	struct lf_recipe r;

	const char *path = lf_arena_printf(&arena, "%s/os/%s.yaml", base, name);
	if (!lf_recipe_load(&ctx, path, &o, &arena, &r, &err) ||
	    !lf_recipe_compile(&ctx, &r, &o, NULL, &err))
		fail_msg("%s: %s", name, lf_err_text(&err));
	lf_recipe_json(&got, &r);
	lf_recipe_fini(&r);
	path = lf_arena_printf(&arena, "%s/unformatted/%s.json.gz", base, name);
	assert_true(lf_read_file(path, 1u << 24, &packed, &err));
	assert_true(unpack(lf_buf_view(&packed), &want));
	if (!lf_str_eq(lf_buf_view(&got), lf_buf_view(&want)))
		fail_msg("%s: other output", name);
}

static void compiles_a_distribution(void **state)
{
	lf_auto_free char *base = golden("wolfi");
	lf_auto_free char *names = lf_path_join(base, "NAMES");
	lf_auto_free char *pipelines = lf_path_join(base, "pipelines");
	lf_auto_strv dirs = {0};
	lf_auto_buf text = {0};
	struct lf_str rest, line;

	(void)state;
	if (!lf_read_file(names, 1u << 20, &text, NULL)) {
		print_message("no golden data\n");
		skip();
	}
	lf_strv_add(&dirs, pipelines);
	for (rest = lf_buf_view(&text); lf_str_line(&rest, &line);) {
		lf_auto_arena arena = {0};

		check_golden(base, lf_arena_str(&arena, line), &dirs);
	}
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
		cmocka_unit_test(refuses_too_many_steps),
		cmocka_unit_test(unfolds_definitions),
		cmocka_unit_test(takes_inputs_of_inline_steps),
		cmocka_unit_test(names_the_variable),
		cmocka_unit_test(shares_definitions),
		cmocka_unit_test(applies_build_options),
		cmocka_unit_test(compiles_a_distribution),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
