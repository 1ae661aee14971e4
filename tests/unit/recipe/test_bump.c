/*
 * Another version of a recipe: which lines change, what is asked of the caller, what is refused.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "recipe/sources.h"

#include "base/banned.h"

#define COMMIT "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define OLD    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define SUM    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

/* Notes what is asked for. */
static bool fetch(void *data, const char *url, struct lf_bump_digests *ret, struct lf_err *err)
{
	struct lf_buf *asked = data;

	lf_buf_printf(asked, "%s\n", url);
	if (strstr(url, "gone"))
		return lf_fail_new(err, LF_E_NET, "failed to fetch %s: 404 Not Found", url);
	memcpy(ret->sha256, SUM, sizeof(ret->sha256));
	memcpy(ret->sha512, SUM SUM, sizeof(ret->sha512));
	return true;
}

static void check(const char *text, const char *version, const char *want, const char *asked)
{
	const struct lf_ctx ctx = {0};
	lf_auto_buf got = {0}, urls = {0};
	lf_auto_err err = {0};
	const struct lf_bump o = {version, COMMIT, fetch, &urls};

	if (lf_recipe_bump(&ctx, lf_str(text), "f.yaml", &o, &got, &err))
		assert_string_equal(lf_buf_c(&got), want);
	else
		assert_string_equal(lf_err_text(&err), want);
	assert_string_equal(lf_buf_c(&urls), asked);
}

#define PACKAGE(version, epoch) \
	"package:\n    name:    foo\n    version: " version " # keep\n    epoch: " epoch "\n"

static void counts_versions_and_epochs(void **state)
{
	(void)state;
	check(PACKAGE("1.2.3", "4"), "1.3.0", PACKAGE("\"1.3.0\"", "0"), "");
	check(PACKAGE("1.2.3", "4"), " 1.2.3\n", PACKAGE("1.2.3", "5"), "");
	check(PACKAGE("'1.2.3'", "0"), "1.10", PACKAGE("\"1.10\"", "0"), "");
	check("package: {name: foo, version: 1.2.3, epoch: 4} # flow\n", "2",
	      "package: {name: foo, version: \"2\", epoch: 0} # flow\n", "");
	check("package:\n  name: foo\n  version: 1\n", "2",
	      "f.yaml:2:3: key 'epoch' not found in mapping", "");
	check("package:\n  name: foo\n  version: 1\n  epoch: 0x2\n", "1",
	      "f.yaml:4:10: the epoch is not a decimal number", "");
}

static void replaces_checksums(void **state)
{
	(void)state;
	check(PACKAGE("1.2.3",
		      "0") "vars:\n  host: h.test\nvar-transforms:\n"
			   "  - from: ${{package.version}}\n    match: \\.(\\d+)$\n"
			   "    replace: _$1\n    to: mangled\n"
			   "pipeline:\n  - uses: fetch\n    with:\n"
			   "      uri: https://${{vars.host}}/${{package.version}}/"
			   "${{vars.mangled}}.tgz\n"
			   "      expected-sha256: 6667 # old\n"
			   "  - pipeline:\n    - uses: fetch\n      with: {uri: 'file:///x', "
			   "expected-sha512: \"a\", expected-sha256: b}\n",
	      "1.4.1",
	      PACKAGE("\"1.4.1\"", "0") "vars:\n  host: h.test\nvar-transforms:\n"
					"  - from: ${{package.version}}\n    match: \\.(\\d+)$\n"
					"    replace: _$1\n    to: mangled\n"
					"pipeline:\n  - uses: fetch\n    with:\n"
					"      uri: https://${{vars.host}}/${{package.version}}/"
					"${{vars.mangled}}.tgz\n"
					"      expected-sha256: " SUM " # old\n"
					"  - pipeline:\n    - uses: fetch\n      with: {uri: "
					"'file:///x', expected-sha512: \"" SUM SUM
					"\", expected-sha256: " SUM "}\n",
	      "https://h.test/1.4.1/1.4_1.tgz\nfile:///x\n");
	check(PACKAGE("1", "0") "pipeline:\n  - uses: fetch\n    with:\n      uri: gone\n", "2",
	      "failed to fetch gone: 404 Not Found", "gone\n");
	check(PACKAGE("1", "0") "pipeline:\n  - uses: fetch\n    with:\n      uri: ${{vars.no}}\n",
	      "2", "f.yaml:8:12: variable vars.no not defined", "");
	check(PACKAGE("1", "0") "pipeline:\n  - uses: fetch\n", "2",
	      "f.yaml:6:5: key 'with' not found in mapping", "");
}

#define CHECKOUT(tag, commit) \
	"  - uses: git-checkout\n    with:\n      tag: " tag "\n      expected-commit: " commit "\n"

static void replaces_commits(void **state)
{
	(void)state;
	/* the only one, whatever its tag */
	check(PACKAGE("1", "0") "pipeline:\n" CHECKOUT("x", OLD), "2",
	      PACKAGE("\"2\"", "0") "pipeline:\n" CHECKOUT("x", COMMIT), "");
	check(PACKAGE("1", "0") "pipeline:\n" CHECKOUT("x", "${{vars.c}}"), "2",
	      PACKAGE("\"2\"", "0") "pipeline:\n" CHECKOUT("x", "${{vars.c}}"), "");
	/* of several, those that follow the version */
	check(PACKAGE("1", "0") "var-transforms:\n  - {from: '${{package.version}}', match: a, "
				"replace: b, to: t}\npipeline:\n" CHECKOUT("x", OLD)
					CHECKOUT("v${{package.version}}", OLD)
						CHECKOUT("${{vars.t}}", OLD),
	      "2",
	      PACKAGE("\"2\"", "0") "var-transforms:\n  - {from: '${{package.version}}', match: a, "
				    "replace: b, to: t}\npipeline:\n" CHECKOUT("x", OLD)
					    CHECKOUT("v${{package.version}}", COMMIT)
						    CHECKOUT("${{vars.t}}", COMMIT),
	      "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_versions_and_epochs),
		cmocka_unit_test(replaces_checksums),
		cmocka_unit_test(replaces_commits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
