/* References of images and names of registries. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "net/reference.h"

#include "base/banned.h"

static void parses_references(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{"golden:latest", "index.docker.io/library/golden:latest"},
		{"golden", "index.docker.io/library/golden:latest"},
		{"gold/app:v1", "index.docker.io/gold/app:v1"},
		{"docker.io/app", "index.docker.io/library/app:latest"},
		{"reg.example.com:5000/team/my_app:1.0", "reg.example.com:5000/team/my_app:1.0"},
		{"localhost/app", "localhost/app:latest"},
		{"localhost:5000/app", "localhost:5000/app:latest"},
		{"[::1]:5000/app:v2", "[::1]:5000/app:v2"},
		{"a\nb.c/app", "registries must be valid RFC 3986 URI authorities: a\nb.c"},
		{"u@b.c/app", "registries must be valid RFC 3986 URI authorities: u@b.c"},
		{"g:latest", "repository must be between 2 and 255 characters in length: g"},
		{"BAD REF", "repository can only contain the characters "
			    "`abcdefghijklmnopqrstuvwxyz0123456789_-./`: BAD REF"},
		{"aa:b c",
		 "tag can only contain the characters "
		 "`abcdefghijklmnopqrstuvwxyz0123456789_-.ABCDEFGHIJKLMNOPQRSTUVWXYZ`: b c"},
	};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		lf_auto_arena arena = {0};
		lf_auto_err err = {0};
		struct lf_reference r;
		const char *got;

		if (lf_reference_parse(cases[i].text, &arena, &r, &err))
			got = lf_arena_printf(&arena, "%s/%s:%s", r.registry, r.repository, r.tag);
		else
			got = lf_err_text(&err);
		assert_string_equal(got, cases[i].want);
	}
}

static void parses_digests(void **state)
{
	static const char hex[] =
		"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
	static const char *const bases[][2] = {
		{"app", "index.docker.io/library/app"}, {"a.b/app:v1", "a.b/app"}, {"BAD", NULL}};
	(void)state;
	lf_auto_arena arena = {0};
	struct lf_reference r;

	for (size_t i = 0; i < LF_ARRAY_LEN(bases); i++) {
		const char *text = lf_arena_printf(&arena, "%s@sha256:%s", bases[i][0], hex);

		assert_int_equal(lf_reference_parse_digest(text, &arena, &r, NULL),
				 bases[i][1] != NULL);
		if (!bases[i][1])
			continue;
		assert_string_equal(lf_arena_printf(&arena, "%s/%s", r.registry, r.repository),
				    bases[i][1]);
		assert_string_equal(r.tag, text + strlen(bases[i][0]) + 1);
	}
	assert_false(lf_reference_parse_digest("app:v1", &arena, &r, NULL));
	assert_false(lf_reference_parse_digest("app@sha256:012", &arena, &r, NULL));
	assert_false(lf_reference_parse_digest("app@md5:012", &arena, &r, NULL));
}

static void names_registries(void **state)
{
	static const char *const cases[][2] = {
		{"", "index.docker.io"},
		{"docker.io", "index.docker.io"},
		{"reg.example.com:5000", "reg.example.com:5000"},
		{"host/x", NULL},
		{"a b", NULL},
		{"a%2f", NULL},
		{"a?b", NULL},
		{"a\r\nb", NULL},
	};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		const char *got = NULL;

		assert_int_equal(lf_reference_registry(cases[i][0], &got, NULL),
				 cases[i][1] != NULL);
		if (cases[i][1])
			assert_string_equal(got, cases[i][1]);
	}
}

static void knows_local_registries(void **state)
{
	static const struct {
		const char *registry;
		bool local;
	} cases[] = {
		{"localhost", true},
		{"localhost:5000", true},
		{"a.localhost:5000", true},
		{"printer.local", true},
		{"127.0.0.1:5000", true},
		{"127.1.2.3", true},
		{"10.0.0.1", true},
		{"172.16.0.1:80", true},
		{"172.31.255.255", true},
		{"192.168.1.1", true},
		{"::1", true},
		{"[::1]:5000", true},
		{"172.15.0.1", false},
		{"172.32.0.1", false},
		{"192.169.1.1", false},
		{"8.8.8.8", false},
		{"127.0.0.1.example.com", false},
		{"10.0.0", false},
		{"10.0.0.1.2", false},
		{"10.0.0.256", false},
		{"localhost.example.com", false},
		{"nolocalhost", false},
		{"example.com:127", false},
		{"[::2]:5000", false},
		{"index.docker.io", false},
	};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		if (lf_reference_is_local(cases[i].registry) != cases[i].local)
			fail_msg("%s", cases[i].registry);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parses_references),
		cmocka_unit_test(parses_digests),
		cmocka_unit_test(names_registries),
		cmocka_unit_test(knows_local_registries),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
