/*
 * Package URLs and SPDX identifiers.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sbom/purl.h"

#include "base/banned.h"

static void check(const struct lf_purl *p, const char *want)
{
	lf_auto_buf out = {0};

	lf_purl_print(&out, p);
	assert_string_equal(lf_buf_c(&out), want);
}

static void prints_package_urls(void **state)
{
	const struct lf_purl_qualifier q[] = {{"arch", "x86_64"}, {"distro", ""}, {"x", "a/b@c:d"}};

	(void)state;
	check(&(struct lf_purl){.type = "generic", .name = "extra thing", .version = "2+1"},
	      "pkg:generic/extra%20thing@2%2B1");
	check(&(struct lf_purl){.type = "apk",
				.namespace = "wolfi",
				.name = "n",
				.version = "1-r0",
				.qualifier = q,
				.n_qualifiers = 3},
	      "pkg:apk/wolfi/n@1-r0?arch=x86_64&x=a%2Fb%40c:d");
	check(&(struct lf_purl){.type = "github",
				.namespace = "https:",
				.name = "/unknown/unknown/unknown",
				.version = "unknown",
				.subpath = "a/b c.yaml"},
	      "pkg:github/https:/%2Funknown%2Funknown%2Funknown@unknown#a/b%20c.yaml");
}

static void escapes_identifiers(void **state)
{
	static const struct {
		const char *text;
		bool slash_too;
		const char *want;
	} cases[] = {
		{"a-b.c1", true, "a-b.c1"},           {"a:b/c", true, "a-b-c"},
		{"a:b/c", false, "a-bC47c"},          {"a_b c+d", true, "aC95bC32cC43d"},
		{"\xc3\xbc\xff", true, "C252C65533"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		lf_auto_buf out = {0};

		lf_spdx_id(&out, cases[i].text, cases[i].slash_too);
		assert_string_equal(lf_buf_c(&out), cases[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prints_package_urls),
		cmocka_unit_test(escapes_identifiers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
