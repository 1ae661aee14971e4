/*
 * .melange.yaml: the golden files of upstream, but for the text of scripts (upstream reprints them)
 * and what follows from built-in definitions.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/fs.h"
#include "recipe/recipe.h"

#include "base/banned.h"

/* Builds that are compared: the configuration and the package whose .melange.yaml is looked at. */
/* Not caps: upstream forgets the capabilities of its subpackage. */
static const char *const cases[][2] = {
	{"docs", "docs-0.9_rc1-r0"},
	{"source", "source-1.2.3-r4"},
	{"checks", "checks-two-1.0.0-r0"},
	{"elf", "elf-5.6.7-r1"},
	{"kernel", "kernel-6.1.0-r0"},
	{"links", "links-1.0.0-r0"},
	{"longpath", "longpath-1.0.0-r0"},
	{"options", "options-1.0.0-r0"},
	{"owners", "owners-1.0.0-r0"},
	{"pkgconf", "pkgconf-case-3.1-r0"},
	{"provenance", "provenance-1.0.0-r0"},
	{"ranges", "ranges-2024.01.02-r0"},
	{"scripts", "scripts-2.4.1-r3"},
	{"virtual", "virtual-1.0.0-r0"},
	{"langs", "langs-7-r12"},
};

/* What locking does to the environment. */
static void lock(struct lf_recipe *r)
{
	struct lf_image_config *c = &r->environment;

	for (size_t i = 0; i < c->contents.packages.n; i++) {
		const char *version =
			!strcmp(c->contents.packages.v[i], "busybox") ? "1.35.0-r0" : "1.0-r0";

		c->contents.packages.v[i] =
			lf_arena_printf(r->arena, "%s=%s", c->contents.packages.v[i], version);
	}
	lf_strv_sort(&c->contents.packages);
	lf_strv_uniq(&c->contents.packages);
	lf_strv_add(&c->contents.build_repositories, "../env");
	lf_strv_add(&c->contents.keyring, "../golden.rsa.pub");
	lf_strv_add(&c->archs, "amd64");
	for (size_t i = 0; i < c->accounts.users.n; i++)
		c->accounts.users.v[i].homedir = "/home/build";
}

static void drop_skipped(struct lf_recipe *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n_subpackages; i++) {
		bool wanted = true;

		if (!lf_cond_eval(r->subpackage[i].if_cond, &wanted, NULL) || !wanted)
			continue;
		struct lf_subpackage moved = r->subpackage[i];
		r->subpackage[i] = r->subpackage[n];
		r->subpackage[n++] = moved;
	}
	r->n_subpackages = n;
}

static size_t indent_of(struct lf_str line)
{
	size_t n = 0;

	while (n < line.n && line.p[n] == ' ')
		n++;
	return n;
}

/* The text without the scripts of steps. */
static void without_scripts(struct lf_str text, struct lf_buf *out)
{
	struct lf_str line;
	size_t script = SIZE_MAX;

	while (lf_str_line(&text, &line)) {
		size_t indent = indent_of(line);

		if (script != SIZE_MAX && (indent > script || indent == line.n))
			continue;
		script = SIZE_MAX;
		struct lf_str rest = lf_str_trim(line);
		if (lf_str_skip(&rest, "- "))
			indent += 2;
		if (lf_str_starts(rest, "runs: ")) {
			script = indent;
			line.n = (size_t)(rest.p - line.p) + strlen("runs:");
		}
		lf_buf_printf(out, LF_STR_FMT "\n", LF_STR_ARG(line));
	}
}

static void check(const char *base, const char *name, const char *package, const char *pipelines)
{
	const struct lf_ctx ctx = {0};
	const struct lf_recipe_options o = {
		.arch = "x86_64",
		.commit = "0123456789abcdef0123456789abcdef01234567",
		.pipeline_dirs = {.v = &pipelines, .n = 1},
	};
	lf_auto_arena arena = {0};
	lf_auto_err err = {0};
	lf_auto_buf got = {0}, got_short = {0}, want = {0}, want_short = {0};
	struct lf_recipe r;

	const char *path = lf_arena_printf(&arena, "%s/cases/%s/%s.yaml", base, name, name);
	if (!lf_recipe_load(&ctx, path, &o, &arena, &r, &err) ||
	    !lf_recipe_compile(&ctx, &r, &o, NULL, &err))
		fail_msg("%s: %s", name, lf_err_text(&err));
	lock(&r);
	size_t all = r.n_subpackages;
	drop_skipped(&r);
	lf_recipe_yaml(&got, &r);
	r.n_subpackages = all;
	lf_recipe_fini(&r);
	path = lf_arena_printf(&arena, "%s/expected/%s/%s.apk.d/melange.yaml", base, name, package);
	assert_true(lf_read_file(path, 1u << 20, &want, &err));
	without_scripts(lf_buf_view(&got), &got_short);
	without_scripts(lf_buf_view(&want), &want_short);
	assert_string_equal(lf_buf_c(&got_short), lf_buf_c(&want_short));
}

static void prints_as_upstream(void **state)
{
	const char *source = getenv("FACTORY_SOURCE");
	lf_auto_buf base = {0}, pipelines = {0};

	(void)state;
	lf_buf_printf(&pipelines, "%s/melange/pipelines", source ? source : ".");
	lf_buf_printf(&base, "%s/../shared/golden/melange-build", source ? source : ".");
	if (!lf_is_dir(lf_buf_c(&base))) {
		print_message("no golden data\n");
		skip();
	}
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++)
		check(lf_buf_c(&base), cases[i][0], cases[i][1], lf_buf_c(&pipelines));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prints_as_upstream),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
