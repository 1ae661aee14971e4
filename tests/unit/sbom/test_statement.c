/* in-toto statements: printed and read. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "sbom/statement.h"

#include "base/banned.h"

static void prints_statements(void **state)
{
	struct lf_resource_digest digest[] = {{"sha256", "ab"}, {"sha512", "cd"}};
	const struct lf_resource subject = {
		.name = "x.apk", .uri = "", .digest = digest, .n_digests = 1};
	const struct lf_resource other = {
		.name = "b", .uri = "u", .version = "1-r0", .digest = digest, .n_digests = 2};
	lf_auto_json *o = lf_statement_json(&subject, "type", lf_resource_json(&other));
	lf_auto_buf text = {0};

	(void)state;
	lf_json_print(&text, o, 0);
	assert_string_equal(
		text.p, "{\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":[{\"name\":"
			"\"x.apk\",\"digest\":{\"sha256\":\"ab\"}}],\"predicateType\":\"type\","
			"\"predicate\":{\"name\":\"b\",\"uri\":\"u\",\"digest\":{\"sha256\":\"ab\","
			"\"sha512\":\"cd\"},\"annotations\":{\"version\":\"1-r0\"}}}");
}

#define HEAD "{\"_type\":\"" LF_INTOTO_TYPE "\",\"predicateType\":\"" LF_SLSA_PREDICATE "\","

static void reads_statements(void **state)
{
	static const char text[] = HEAD
		"\"more\":1,\"subject\":[{\"name\":\"s\",\"digest\":{\"sha256\":\"00\"}}],"
		"\"predicate\":{\"buildDefinition\":{\"resolvedDependencies\":[{\"uri\":\"u\"},"
		"{\"name\":\"d\",\"digest\":{\"sha1\":\"1\",\"gitCommit\":\"2\"},"
		"\"annotations\":{\"version\":\"v\",\"x\":3}}]}}}";
	lf_auto_arena arena = {0};
	struct lf_statement s;

	(void)state;
	assert_true(lf_statement_parse(LF_STR(text), "x", &arena, &s, NULL));
	assert_int_equal(s.n_subjects, 1);
	assert_string_equal(lf_resource_digest(&s.subject[0], "sha256"), "00");
	assert_null(lf_resource_digest(&s.subject[0], "sha512"));
	assert_int_equal(s.n_dependencies, 2);
	assert_string_equal(s.dependency[0].uri, "u");
	assert_string_equal(s.dependency[0].name, "");
	assert_string_equal(s.dependency[1].version, "v");
	assert_string_equal(lf_resource_digest(&s.dependency[1], "gitCommit"), "2");
}

/* Neither form is taken for the other. */
static void reads_attestations(void **state)
{
	static const char text[] =
		"{\"type\":\"" LF_INTOTO_TYPE "\",\"predicate_type\":\"" LF_SLSA_PREDICATE
		"\",\"subject\":[{},{\"digest\":{\"sha256\":\"00\"}}]}";
	lf_auto_arena arena = {0};
	struct lf_statement s;

	(void)state;
	assert_true(lf_attestation_parse(LF_STR(text), "x", &arena, &s, NULL));
	assert_string_equal(s.predicate_type, LF_SLSA_PREDICATE);
	assert_true(lf_statement_has_subject(&s, "00"));
	assert_false(lf_statement_has_subject(&s, "01"));
	assert_false(lf_statement_parse(LF_STR(text), "x", &arena, &s, NULL));
	assert_false(lf_attestation_parse(LF_STR(HEAD "\"subject\":[{}]}"), "x", &arena, &s, NULL));
}

static void refuses_what_is_none(void **state)
{
	static const char *const cases[] = {
		"",
		"[]",
		"{}",
		"{\"_type\":\"https://in-toto.io/Statement/v0.1\",\"subject\":[{}]}",
		HEAD "\"subject\":[]}",
		HEAD "\"subject\":{}}",
		HEAD "\"subject\":[1]}",
		HEAD "\"subject\":[{\"name\":1}]}",
		HEAD "\"subject\":[{\"digest\":[]}]}",
		HEAD "\"subject\":[{\"digest\":{\"sha256\":1}}]}",
		HEAD "\"subject\":[{}],\"predicate\":[]}",
		HEAD "\"subject\":[{}],\"predicate\":{\"buildDefinition\":{"
		     "\"resolvedDependencies\":{}}}}",
	};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		lf_auto_arena arena = {0};
		lf_auto_err err = {0};
		struct lf_statement s;

		if (lf_statement_parse(lf_str(cases[i]), "x", &arena, &s, &err))
			fail_msg("%s", cases[i]);
		assert_int_equal(err.class, LF_E_FORMAT);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prints_statements),
		cmocka_unit_test(reads_statements),
		cmocka_unit_test(reads_attestations),
		cmocka_unit_test(refuses_what_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
