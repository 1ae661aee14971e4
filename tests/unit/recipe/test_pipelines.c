/*
 * The built-in definitions: each is read strictly, and its inputs and needs are those of the table.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/fs.h"
#include "recipe/recipe.h"
#include "recipe/shapes.h"

#include "base/banned.h"

/* What each definition takes and needs: a contract, since compiled recipes show it. "!" is
 * required, "=" the default. */
static const struct {
	const char *name, *inputs, *needs;
} table[] = {
	{"R/build", "package! path=. version!", "R R-dev R-doc busybox"},
	{"autoconf/configure", "build=${{host.triplet.gnu}} dir=. host=${{host.triplet.gnu}} opts",
	 "autoconf automake libtool"},
	{"autoconf/make", "dir=. opts targets", "make"},
	{"autoconf/make-install", "dir=. opts targets=install", "make"},
	{"cargo/build",
	 "install-dir=bin jobs modroot=. opts=--release output output-dir=target/release "
	 "prefix=usr rustflags",
	 "build-base busybox cargo-auditable rust"},
	{"cmake/build", "opts output-dir=output", "cmake ninja"},
	{"cmake/configure", "opts output-dir=output", "cmake ninja"},
	{"cmake/install", "output-dir=output", "cmake ninja"},
	{"fetch",
	 "delete=false directory=. dns-timeout=20 expected-none expected-sha256 expected-sha512 "
	 "extract=true purl-name=${{package.name}} purl-version=${{package.version}} reason "
	 "retry-limit=5 strip-components=1 timeout=5 uri!",
	 "wget"},
	{"git-am", "patches!", "git"},
	{"git-checkout",
	 "branch cherry-picks depth=unset destination=. expected-commit "
	 "expected-commit-is-branch-tip=false initial-backoff=2 max-backoff=60 max-retries=3 "
	 "reason recurse-submodules=false repository! shallow-submodules=false sparse-paths "
	 "submodule-jobs=1 tag type-hint",
	 "git"},
	{"go/build",
	 "amd64=v2 arm64=v8.0 buildmode=default deps experiments extra-args go-package=go "
	 "ignore-untracked-files=true install-dir=bin ldflags modroot=. output! packages! "
	 "prefix=usr strip=-w tags tidy=false toolchaintags=netgo,osusergo vendor=false",
	 "${{inputs.go-package}} build-base busybox ca-certificates-bundle"},
	{"go/build/v2",
	 "amd64=v2 arm64=v8.0 buildmode=default experiments extra-args ignore-untracked-files=true "
	 "install-dir=bin ldflags modroot=. output packages=. prefix=usr strip=-w tags "
	 "toolchaintags=netgo,osusergo vendor=false",
	 "busybox ca-certificates-bundle"},
	{"go/bump",
	 "deps! go-version modroot=. replaces show-diff=false tidy=true tidy-compat work=false",
	 "git gobump"},
	{"go/covdata", "cover-dir=/home/build package=go", "${{inputs.package}} busybox jq"},
	{"go/install",
	 "amd64=v2 arm64=v8.0 experiments go-package=go install-dir=bin ldflags package! "
	 "prefix=usr strip=-w tags toolchaintags=netgo,osusergo version",
	 "${{inputs.go-package}} busybox build-base ca-certificates-bundle git"},
	{"llvm/covreport", "ignore-filename-regex object package=llvm-19", "${{inputs.package}}"},
	{"maven/configure-mirror", "", "busybox"},
	{"maven/pombump",
	 "debug=false dependencies patch-file=./pombump-deps.yaml pom=pom.xml properties "
	 "properties-file=./pombump-properties.yaml show-dependency-tree=false",
	 "busybox pombump"},
	{"meson/compile", "output-dir=output", "meson"},
	{"meson/configure", "opts output-dir=output", "meson"},
	{"meson/install", "output-dir=output", "meson"},
	{"npm/install",
	 "npm-package=npm overrides package! prefix=${{targets.contextdir}}/usr/ version!",
	 "busybox nodejs ${{inputs.npm-package}} npm"},
	{"patch", "fuzz=2 patches series strip-components=1", "patch"},
	{"pecl/install", "extension!", "automake busybox"},
	{"pecl/phpize", "php-config=php-config prefix=/usr", "autoconf busybox"},
	{"perl/cleanup", "", "busybox"},
	{"perl/make", "", "busybox perl"},
	{"python/build", "", "busybox python3"},
	{"python/build-wheel", "", "busybox py3-build py3-installer python3"},
	{"python/import", "from import imports python=DEFAULT venv", "wolfi-base"},
	{"python/install", "", "busybox python3"},
	{"python/test", "command!", "wolfi-base"},
	{"ruby/build", "dir=. gem! opts output", "busybox ca-certificates-bundle"},
	{"ruby/clean", "", "busybox ca-certificates-bundle"},
	{"ruby/install", "dir=. gem gem-file opts version!", "busybox ca-certificates-bundle"},
	{"split/alldocs", "package", "busybox"},
	{"split/bin", "package", "busybox"},
	{"split/debug", "package", "binutils busybox scanelf"},
	{"split/dev", "package prefix=/usr", "busybox"},
	{"split/infodir", "package", "busybox"},
	{"split/lib", "package paths patterns", "busybox"},
	{"split/locales", "package", "busybox"},
	{"split/manpages", "package", "busybox"},
	{"split/static", "package", "busybox"},
	{"strip", "opts=-g", "binutils scanelf"},
	{"xcover/ensure", "min-coverage package=xcover", "busybox jq ${{inputs.package}}"},
	{"xcover/profile",
	 "exclude-functions executable-path! include-functions log-level=info package=xcover "
	 "scope=project verbose=false wait-timeout=60",
	 "busybox ${{inputs.package}}"},
	{"xcover/status", "package=xcover", "busybox ${{inputs.package}}"},
	{"xcover/stop", "package=xcover", "busybox"},
	{"xcover/wait", "package=xcover wait-timeout=60", "busybox ${{inputs.package}}"},
};

static char *pipelines(void)
{
	const char *source = getenv("FACTORY_SOURCE");

	return lf_path_join(source ? source : ".", "melange/pipelines");
}

static void print_inputs(const struct lf_inputs *inputs, struct lf_buf *out)
{
	for (size_t i = 0; i < inputs->n; i++) {
		const struct lf_input *in = &inputs->v[i];

		lf_buf_printf(out, "%s%s%s", i ? " " : "", in->name, in->required ? "!" : "");
		if (*in->default_value)
			lf_buf_printf(out, "=%s", in->default_value);
		assert_true(*in->description);
	}
}

static void print_list(const struct lf_strv *list, struct lf_buf *out)
{
	for (size_t i = 0; i < list->n; i++)
		lf_buf_printf(out, "%s%s", i ? " " : "", list->v[i]);
}

static void check(const char *root, size_t i)
{
	lf_auto_arena arena = {0};
	lf_auto_err err = {0};
	lf_auto_buf text = {0}, inputs = {0}, needs = {0};
	struct lf_yaml *node;
	struct lf_step step;

	const char *path = lf_arena_printf(&arena, "%s/%s.yaml", root, table[i].name);
	if (!lf_read_file(path, 1u << 20, &text, &err) ||
	    !lf_yaml_parse(lf_buf_view(&text), path, &arena, &node, &err) ||
	    !lf_decode(&lf_shape_step, node, &arena, LF_DECODE_STRICT, &step, &err))
		fail_msg("%s", lf_err_text(&err));
	print_inputs(&step.inputs, &inputs);
	print_list(&step.needs, &needs);
	assert_string_equal(lf_buf_c(&inputs), table[i].inputs);
	assert_string_equal(lf_buf_c(&needs), table[i].needs);
	assert_true(*step.name && step.n_children);
	for (size_t j = 0; j < step.n_children; j++)
		assert_true(*step.child[j].runs || *step.child[j].uses);
	lf_shape_fini(&lf_shape_step, &step);
}

static void keep_the_contract(void **state)
{
	lf_auto_free char *root = pipelines();

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(table); i++)
		check(root, i);
}

static bool count(void *data, int dirfd, const char *name, const char *rel, const struct stat *st,
		  struct lf_err *err)
{
	(void)dirfd, (void)rel, (void)st, (void)err;
	*(size_t *)data += lf_ends(name, ".yaml");
	return true;
}

static void are_all_in_the_table(void **state)
{
	lf_auto_free char *root = pipelines();
	size_t n = 0;

	(void)state;
	assert_true(lf_walk(root, count, &n, NULL));
	assert_int_equal(n, LF_ARRAY_LEN(table));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keep_the_contract),
		cmocka_unit_test(are_all_in_the_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
