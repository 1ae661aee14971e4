/*
 * The SBOM of packages: documents of the shared cases, byte for byte but for the name of the tool.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/fs.h"
#include "build/build.h"
#include "build/sbom.h"

#include "base/banned.h"

#define TOOL "\"Tool: melange ("

struct sbom_case {
	const char *name;      /* of the folder and its recipe */
	const char *namespace; /* flags of the case */
	const char *license;
};

static const char *shared(struct lf_arena *a, const char *name)
{
	const char *source = getenv("FACTORY_SOURCE");

	return lf_arena_printf(a, "%s/../shared/golden/melange-build/%s", source ? source : ".",
			       name);
}

/* Without what stands between the parentheses behind the tool's name. */
static const char *without_version(struct lf_arena *a, struct lf_str s)
{
	ptrdiff_t from = lf_str_search(s, LF_STR(TOOL)), to;
	struct lf_str rest;

	assert_true(from >= 0);
	rest = lf_str_sub(s, (size_t)from + sizeof(TOOL) - 1, s.n);
	to = lf_str_find(rest, ')');
	return lf_arena_printf(a, LF_STR_FMT LF_STR_FMT, (int)from, s.p,
			       LF_STR_ARG(lf_str_sub(rest, (size_t)to, rest.n)));
}

static const char *read_tree(struct lf_arena *a, struct lf_tree *t, const char *path)
{
	struct lf_node *n = lf_tree_find(t, path, true);
	lf_auto_buf b = {0};
	lf_auto_err err = {0};

	assert_non_null(n);
	assert_true(lf_tree_read(t, n, 1 << 20, &b, &err));
	return without_version(a, lf_buf_view(&b));
}

static void check_one(struct lf_arena *a, const char *case_name, const struct lf_emit_input *in,
		      const struct lf_output *main, struct lf_output *out)
{
	const char *full = lf_recipe_full_version(in->recipe), *name = out->unit->name;
	const char *want_path =
		shared(a, lf_arena_printf(a, "expected/%s/%s-%s.apk.d/sbom/%s-%s.spdx.json",
					  case_name, name, full, name, full));
	lf_auto_buf want = {0};
	lf_auto_err err = {0};

	if (!lf_read_file(want_path, 1 << 20, &want, &err))
		return; /* a subpackage whose condition is false */
	out->tree = lf_tree_new();
	if (!lf_emit_sbom(in, main, out, shared(a, lf_arena_printf(a, "cases/%s", case_name)), a,
			  &err))
		fail_msg("%s: %s", name, lf_err_text(&err));
	assert_string_equal(
		read_tree(a, out->tree,
			  lf_arena_printf(a, "var/lib/db/sbom/%s-%s.spdx.json", name, full)),
		without_version(a, lf_buf_view(&want)));
	lf_tree_free(out->tree);
}

static void check_case(const struct sbom_case *c)
{
	lf_auto_arena a = {0};
	lf_auto_err err = {0};
	struct lf_ctx ctx = {0};
	struct lf_recipe r = {0};
	const struct lf_recipe_options o = {.arch = "x86_64",
					    .commit = "0123456789abcdef0123456789abcdef01234567",
					    .vars_file = "",
					    .libc_flavor = "",
					    .cpu = "",
					    .cpumodel = "",
					    .memory = "",
					    .disk = ""};
	const char *path = shared(&a, lf_arena_printf(&a, "cases/%s/%s.yaml", c->name, c->name));
	struct lf_emit_input in = {.ctx = &ctx,
				   .recipe = &r,
				   .arch = "x86_64",
				   .namespace = c->namespace,
				   .license = c->license,
				   .commit = o.commit,
				   .repo_url = "https://github.com/example/repo",
				   .source_date_epoch = 1700000000};
	struct lf_output main = {.is_main = true};

	if (!lf_exists(path)) {
		print_message("no test data: %s\n", path);
		skip();
	}
	if (!lf_recipe_load(&ctx, path, &o, &a, &r, &err))
		fail_msg("%s: %s", c->name, lf_err_text(&err));
	r.path = lf_arena_printf(&a, "%s.yaml", c->name);
	main.unit = &r.package.unit;
	main.pipeline = &r.pipeline;
	check_one(&a, c->name, &in, &main, &main);
	for (size_t i = 0; i < r.n_subpackages; i++) {
		struct lf_output sub = {.unit = &r.subpackage[i].unit,
					.pipeline = &r.subpackage[i].pipeline};

		check_one(&a, c->name, &in, &main, &sub);
	}
	lf_recipe_fini(&r);
}

static void prints_the_shared_documents(void **state)
{
	static const struct sbom_case cases[] = {
		{"source", "wolfi", "Apache-2.0"},
		{"scripts", "unknown", "NOASSERTION"},
		{"virtual", "unknown", "NOASSERTION"},
		{"docs", "unknown", "NOASSERTION"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		check_case(&cases[i]);
}

static void names_organizations_in_title_case(void **state)
{
	static const char *const cases[][2] = {
		{"wolfi", "Wolfi"},
		{"my-distro", "My-Distro"},
		{"myDISTRO", "Mydistro"},
		{"a_b c", "A_b C"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		lf_auto_arena a = {0};

		assert_string_equal(lf_sbom_organization(&a, lf_str(cases[i][0])),
				    lf_arena_printf(&a, "Organization: %s", cases[i][1]));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prints_the_shared_documents),
		cmocka_unit_test(names_organizations_in_title_case),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
