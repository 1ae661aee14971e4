/* URLs: parts, masks, escapes. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "net/http.h"
#include "net/url.h"

#include "base/banned.h"

static void cuts_parts(void **state)
{
	(void)state;
	static const struct {
		const char *url, *parts; /* userinfo|host|name|path */
	} cases[] = {
		{"http://h/p", "|h|h|/p"},
		{"https://u:p@h:80/a/b?x=/y#z", "u:p|h:80|h|/a/b"},
		{"HTTP://h", "|h|h|"},
		{"http://u@[::1]:8/x", "u|[::1]:8|[::1]|/x"},
		{"http://[::1]/x", "|[::1]|[::1]|/x"},
		{"http://a:b@c@h/x", "a:b@c|h|h|/x"},
		{"http://h?q", "|h|h|"},
		{"/local/path", NULL},
		{"ftp://h/", NULL},
		{"http:///x", NULL},
		{"http://", NULL},
		{"", NULL},
	};

	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		struct lf_url u;
		lf_auto_buf got = {0};

		if (!lf_url_parse(cases[i].url, &u)) {
			assert_null(cases[i].parts);
			continue;
		}
		lf_buf_printf(&got, LF_STR_FMT "|" LF_STR_FMT "|" LF_STR_FMT "|" LF_STR_FMT,
			      LF_STR_ARG(u.userinfo), LF_STR_ARG(u.host), LF_STR_ARG(u.name),
			      LF_STR_ARG(u.path));
		assert_non_null(cases[i].parts);
		assert_string_equal(got.p, cases[i].parts);
	}
}

static void masks_and_strips_passwords(void **state)
{
	(void)state;
	static const char *const cases[][3] = {
		{"http://u:secret@h/p?x", "http://u:xxxxx@h/p?x", "http://h/p?x"},
		{"http://u@h/p", "http://u@h/p", "http://h/p"},
		{"http://h/p@q", "http://h/p@q", "http://h/p@q"},
		{"/a:b@c", "/a:b@c", "/a:b@c"},
		{"http://:s@h", "http://:xxxxx@h", "http://h"},
	};

	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		lf_auto_free char *masked = lf_url_mask(cases[i][0]);
		lf_auto_free char *bare = lf_url_strip(cases[i][0]);

		assert_string_equal(masked, cases[i][1]);
		assert_string_equal(bare, cases[i][2]);
	}
}

static void escapes_as_go_does(void **state)
{
	(void)state;
	lf_auto_buf out = {0}, back = {0};

	lf_url_escape(&out, LF_STR("http://h:1/a b~c_-.\xc3\xa4+"));
	assert_string_equal(out.p, "http%3A%2F%2Fh%3A1%2Fa+b~c_-.%C3%A4%2B");
	assert_true(lf_url_unescape(&back, LF_STR("a%20b%2F")));
	assert_string_equal(back.p, "a b/");
	assert_false(lf_url_unescape(&back, LF_STR("%2")));
	assert_false(lf_url_unescape(&back, LF_STR("%zz")));
	assert_false(lf_url_unescape(&back, LF_STR("%00")));
}

static void http_auth_is_for_its_host_only(void **state)
{
	(void)state;
	static const struct {
		const char *url, *env, *want;
	} cases[] = {
		{"http://h/x", "basic:h:u:p", "u:p"},
		{"http://h/x", "basic:g:u:p", NULL},
		{"http://h/x", "basic:h:u", NULL},
		{"http://h/x", "basic:h:u:p:q", NULL},
		{"http://h/x", "bearer:h:u:p", NULL},
		{"http://h/x", "", NULL},
		{"http://h/x", NULL, NULL},
		{"http://h:80/x", "basic:h:u:p", NULL},
		{"http://h:80/x", "basic:h:80:u:p", "u:p"},
		{"http://h:80/x", "basic:h:80:u:p:q", "u:p:q"},
		{"http://h:80/x", "basic:h:801:u:p", NULL},
		{"http://h:80/x", "basic:h:80:u", NULL},
		{"http://h/x", "basic:h:80:u:p", NULL},
		{"http://h/x", "basic:h::", ":"},
		{"http://[::1]/x", "basic:[::1]:u:p", "u:p"},
		{"http://[::1]:80/x", "basic:[::1]:80:u:p", "u:p"},
	};

	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		lf_auto_buf got = {0};

		const bool found = lf_http_env_auth(cases[i].url, cases[i].env, &got);
		if (found != (cases[i].want != NULL))
			fail_msg("%s with %s", cases[i].url, cases[i].env);
		if (found)
			assert_string_equal(got.p, cases[i].want);
	}
}

static void finds_local_paths(void **state)
{
	static const char *const cases[][2] = {
		{"/a/b", "/a/b"},
		{"a%20b", "a%20b"},
		{"file:///a%20b/c", "/a b/c"},
		{"file://localhost/a", "/a"},
		{"file://host/a", "file://host/a"},
		{"file:///a%0", "file:///a%0"},
		{"file:///a%00b", "file:///a%00b"},
		{"http://h/a", "http://h/a"},
	};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		lf_auto_free char *got = lf_url_local_path(cases[i][0]);

		assert_string_equal(got, cases[i][1]);
	}
}

static void makes_forms(void **state)
{
	(void)state;
	lf_auto_buf form = {0}, query = {0};

	lf_form_add(&form, "a", "b c&d");
	lf_form_add(&form, "none", NULL);
	lf_form_add(&form, "e=", "");
	assert_string_equal(form.p, "a=b+c%26d&e%3D=");
	lf_buf_puts(&query, "http://h/x?");
	lf_form_add(&query, "a", "b");
	lf_form_add(&query, "c", "d");
	assert_string_equal(query.p, "http://h/x?a=b&c=d");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cuts_parts),
		cmocka_unit_test(masks_and_strips_passwords),
		cmocka_unit_test(escapes_as_go_does),
		cmocka_unit_test(http_auth_is_for_its_host_only),
		cmocka_unit_test(finds_local_paths),
		cmocka_unit_test(makes_forms),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
