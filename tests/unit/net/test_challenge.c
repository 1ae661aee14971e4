/* What registries want to be shown, and words of strangers.
 * SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "net/challenge.h"
#include "net/foreign.h"

#include "base/banned.h"

static const char *show(bool found, const struct lf_challenge *c, struct lf_arena *arena)
{
	if (!found)
		return "none";
	return lf_arena_printf(arena, "%s %s|%s|%s",
			       c->kind == LF_CHALLENGE_BEARER ? "bearer" : "basic",
			       c->realm ? c->realm : "-", c->service ? c->service : "-",
			       c->scope ? c->scope : "-");
}

static void reads_challenges(void **state)
{
	static const struct {
		const char *value, *want;
	} cases[] = {
		{"Bearer "
		 "realm=\"https://a.example/token\",service=\"s\",scope=\"repository:x:pull\"",
		 "bearer https://a.example/token|s|repository:x:pull"},
		{"bearer REALM=https://a.example", "none"}, /* ":" needs quotes */
		{"Basic realm=\"r\"", "basic r|-|-"},
		{"basic", "basic -|-|-"},
		{"BASIC realm = token , charset=\"UTF-8\"", "basic token|-|-"},
		{"Basic realm=\"a, Bearer realm=\\\"b\\\"\"", "basic a, Bearer realm=\"b\"|-|-"},
		/* several in one field; a Bearer that cannot be met */
		{"Basic realm=\"r\", Bearer realm=\"https://t/\"", "bearer https://t/|-|-"},
		{"Bearer realm=\"https://t/\", Basic realm=\"r\"", "bearer https://t/|-|-"},
		{"Bearer realm=\"ftp://t/\", Basic realm=\"r\"", "basic r|-|-"},
		{"Bearer realm=\"https://t/ x\"", "none"},
		{"Bearer service=\"s\"", "none"},
		{"Negotiate YWJj==, Basic realm=\"r\"", "basic r|-|-"},
		{"Negotiate, Basic", "basic -|-|-"},
		{"Digest realm=\"d\", nonce=\"n\"", "none"},
		/* the first of two equal parameters counts */
		{"Basic realm=\"a\", realm=\"b\"", "basic a|-|-"},
		{"Bearer realm=\"https://a/\" realm=\"https://b/\"", "bearer https://a/|-|-"},
		/* broken */
		{"Basic realm=\"open", "basic open|-|-"},
		{"Basic realm=\"a\\", "basic a\\|-|-"},
		{"Basic realm=", "basic |-|-"},
		{"Basic realm=\"a\tb\x01\"", "basic -|-|-"},
		{"=,=;\"x\" Basic", "basic -|-|-"},
		{"", "none"},
		{" ,, ", "none"},
	};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		lf_auto_arena arena = {0};
		struct lf_challenge c;
		const bool found = lf_challenge_parse(lf_str(cases[i].value), &arena, &c);

		assert_string_equal(show(found, &c, &arena), cases[i].want);
	}
}

static void looks_at_all_fields(void **state)
{
	const struct lf_str fields = LF_STR("Server: x\r\n"
					    "WWW-Authenticate: Negotiate\r\n"
					    "www-authenticate:   Basic realm=\"r\"  \r\n"
					    "X-WWW-Authenticate: Bearer realm=\"https://no/\"\r\n"
					    "WWW-AUTHENTICATE: Bearer realm=\"https://t/\"\r\n");
	lf_auto_arena arena = {0};
	struct lf_challenge c;

	(void)state;
	assert_true(lf_challenge_find(fields, &arena, &c));
	assert_string_equal(show(true, &c, &arena), "bearer https://t/|-|-");
	assert_false(lf_challenge_find(LF_STR("Server: Basic\r\n"), &arena, &c));
}

static void cleans_words_of_strangers(void **state)
{
	static const struct {
		const char *text;
		size_t max;
		const char *want;
	} cases[] = {
		{"plain", 100, "plain"},
		{"  two\r\n  lines \n", 100, "two lines"},
		{"a\x1b[31mb\x07", 100, "a?[31mb?"},
		{"grüße", 100, "grüße"},
		{"bad \xff\xc3", 100, "bad ??"},
		{"turn \xe2\x80\xae back", 100, "turn ? back"},
		{"c1 \xc2\x9b", 100, "c1 ?"},
		{"0123456789", 6, "01234..."},
		{"", 10, ""},
	};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		lf_auto_buf out = {0};

		lf_foreign_print(&out, lf_str(cases[i].text), cases[i].max);
		assert_string_equal(lf_buf_c(&out), cases[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_challenges),
		cmocka_unit_test(looks_at_all_fields),
		cmocka_unit_test(cleans_words_of_strangers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
