/* The registry client against scripted servers: who sees credentials, what is believed, and the
 * words of failures. What a real registry does with it is in tests/e2e.
 * SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "net/registry_impl.h"
#include "server.h"

#include "base/banned.h"

#define EMPTY(status, more) "HTTP/1.1 " status "\r\nContent-Length: 0\r\n" more "\r\n"
#define DIGEST              "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"

static const struct lf_ctx quiet = {.jobs = 2};
static const struct lf_http_options fast = {.pause_ms = 1, .tries = 2};
static const struct lf_registry_auth account = {.user = "u", .password = "p"}; /* dTpw */

struct fixture {
	struct lf_http *http;
	char host[32];
	struct lf_registry *r;
	struct lf_err err;
};

static void set_up(struct fixture *f, struct server *s, const struct lf_registry_auth *auth)
{
	*f = (struct fixture){.http = lf_http_new(&quiet, &fast)};
	snprintf(f->host, sizeof(f->host), "127.0.0.1:%u", s->port);
	const struct lf_registry_options o = {.ctx = &quiet,
					      .http = f->http,
					      .registry = f->host,
					      .repository = "a/b",
					      .auth = auth};

	f->r = lf_registry_open(&o, &f->err);
}

static void tear_down(struct fixture *f)
{
	lf_registry_close(f->r);
	lf_http_free(f->http);
	lf_err_fini(&f->err);
}

static bool push(struct fixture *f)
{
	const struct lf_registry_blob blob = {.digest = DIGEST, .size = 2, .bytes = LF_STR("{}")};

	return lf_registry_push_blobs(f->r, &blob, 1, &f->err);
}

static void shows_credentials_to_the_registry_only(void **state)
{
	struct server registry, other;
	struct fixture f;
	char location[200];
	struct reply there[] = {{"PUT /up?x=1&digest=sha256%3A", 0, EMPTY("201 Created", "")}};

	(void)state;
	server_start(&other, there, 1);
	snprintf(location, sizeof(location),
		 EMPTY("202 Accepted", "Location: http://127.0.0.1:%u/up?x=1\r\n"), other.port);
	struct reply here[] = {
		{"GET /v2/ ", 0,
		 EMPTY("401 Unauthorized", "WWW-Authenticate: Basic realm=\"r\"\r\n")},
		{"POST /v2/a/b/blobs/uploads/ ", 0, location},
	};
	server_start(&registry, here, 2);
	set_up(&f, &registry, &account);
	assert_non_null(f.r);
	if (!push(&f))
		fail_msg("%s", f.err.text);
	assert_int_equal(server_count(&registry, "Authorization: Basic dTpw\r\n"), 2);
	assert_int_equal(server_count(&other, "Authorization"), 0);
	assert_int_equal(server_count(&other, "PUT /up?x=1&digest=sha256%3A"), 1);
	tear_down(&f);
	server_stop(&registry);
	server_stop(&other);
}

/* Nobody asked: nothing is shown. A later request may want it. */
static void shows_nothing_unasked(void **state)
{
	struct server s;
	struct fixture f;
	struct reply r[] = {
		{"GET /v2/ ", 0, EMPTY("200 OK", "")},
		{"POST ", 1, EMPTY("401 Unauthorized", "WWW-Authenticate: Basic realm=\"r\"\r\n")},
		{"POST ", 0, EMPTY("202 Accepted", "Location: /up\r\n")},
		{"PUT /up?digest=", 0, EMPTY("201 Created", "")},
	};

	(void)state;
	server_start(&s, r, LF_ARRAY_LEN(r));
	set_up(&f, &s, &account);
	assert_non_null(f.r);
	assert_true(push(&f));
	assert_int_equal(server_count(&s, "Authorization: Basic dTpw\r\n"), 2);
	tear_down(&f);
	server_stop(&s);
}

static void asks_once_with_a_wrong_password(void **state)
{
	struct server s;
	struct fixture f;
	struct reply r[] = {
		{"GET /v2/ ", 0,
		 EMPTY("401 Unauthorized", "WWW-Authenticate: Basic realm=\"r\"\r\n")},
		{"", 0, EMPTY("401 Unauthorized", "WWW-Authenticate: Basic realm=\"r\"\r\n")},
	};

	(void)state;
	server_start(&s, r, LF_ARRAY_LEN(r));
	set_up(&f, &s, &account);
	assert_non_null(f.r);
	assert_false(push(&f));
	assert_int_equal(server_count(&s, "POST "), 1);
	assert_null(strstr(f.err.text, "dTpw"));
	assert_non_null(strstr(f.err.text, "/v2/a/b/blobs/uploads/: unexpected status code 401 "
					   "Unauthorized"));
	tear_down(&f);
	server_stop(&s);
}

static void refuses_tokens_that_break_out(void **state)
{
	static const char *const replies[] = {"{\"token\":\"a\\r\\nX-Evil: 1\"}",
					      "{\"token\":\"a b\"}",
					      "{\"token\":\"\"}",
					      "{\"token\":7}",
					      "[]",
					      "nothing"};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(replies); i++) {
		struct server realm, registry;
		struct fixture f;
		char challenge[200], token[200];
		struct reply there[] = {
			{"GET /token?scope=repository%3Aa%2Fb%3Apull%2Cpush ", 0, token}};
		struct reply here[] = {{"GET /v2/ ", 0, challenge}};

		server_start(&realm, there, 1);
		snprintf(token, sizeof(token), "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n%s",
			 strlen(replies[i]), replies[i]);
		snprintf(challenge, sizeof(challenge),
			 EMPTY("401 Unauthorized",
			       "WWW-Authenticate: Bearer realm=\"http://127.0.0.1:%u/token\"\r\n"),
			 realm.port);
		server_start(&registry, here, 1);
		set_up(&f, &registry, &(struct lf_registry_auth){0});
		assert_null(f.r);
		assert_non_null(strstr(f.err.text, "/token: there is no token in the reply"));
		tear_down(&f);
		server_stop(&registry);
		server_stop(&realm);
	}
}

static void believes_no_other_digest(void **state)
{
	struct server s;
	struct fixture f;
	struct reply r[] = {
		{"GET /v2/ ", 0, EMPTY("200 OK", "")},
		{"PUT /v2/a/b/manifests/" DIGEST, 0,
		 EMPTY("201 Created", "Docker-Content-Digest: sha256:00\r\n")},
	};
	const struct lf_registry_manifest m = {
		.media_type = "x/y", .digest = DIGEST, .bytes = LF_STR("{}")};

	(void)state;
	server_start(&s, r, LF_ARRAY_LEN(r));
	set_up(&f, &s, &(struct lf_registry_auth){0});
	assert_non_null(f.r);
	assert_false(lf_registry_push_manifest(f.r, &m, &f.err));
	assert_non_null(strstr(f.err.text, "the registry keeps something else than " DIGEST));
	tear_down(&f);
	server_stop(&s);
}

static void follows_locations(void **state)
{
	static const char *const cases[][2] = {
		{"/up?a=b#c", "http://h:1/up?a=b"},
		{"https://other/x", "https://other/x"},
		{"//other/x", "http://other/x"},
		{"?state=1", "http://h:1/v2/p?state=1"},
		{"relative", NULL},
		{"", NULL},
		{"ftp://h/x", NULL},
		{"http://u:p@h/x", NULL},
		{"/a b", NULL},
		{"/a\x01", NULL},
		{"http://", NULL},
	};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		struct lf_registry r = {.base = "http://h:1"};
		lf_auto_call c = {0};

		lf_call_init(&c, &r, "POST", "/v2/p?old=1");
		lf_buf_printf(&c.t.fields, "Location: %s\r\n", cases[i][0]);
		const char *got = lf_call_location(&c, &r, NULL);

		if (cases[i][1])
			assert_string_equal(got, cases[i][1]);
		else
			assert_null(got);
		lf_arena_fini(&r.arena);
	}
}

static void words_of_registries(void **state)
{
	static const struct {
		unsigned status;
		const char *body, *want;
	} cases[] = {
		{403,
		 "{\"errors\":[{\"code\":\"DENIED\",\"message\":\"requested access to the resource "
		 "is denied\"}]}",
		 "DENIED: requested access to the resource is denied"},
		{400, "{\"errors\":[{\"code\":\"A\",\"message\":\"b\",\"detail\":{\"x\":1}}]}",
		 "A: b; {\"x\":1}"},
		{400, "{\"errors\":[{\"code\":\"A\",\"detail\":\"d\"},{\"code\":\"B\"}]}",
		 "multiple errors returned: A; d; B"},
		{400, "{\"errors\":[{}]}", "unknown error"},
		{400, "{\"errors\":[7]}", "unknown error"},
		{500, "", "unexpected status code 500 Internal Server Error"},
		{418, "tea\r\npot", "unexpected status code 418: tea pot"},
		{404, "{\"errors\":[]}", "unexpected status code 404 Not Found: {\"errors\":[]}"},
		{0, "", "unexpected status code 0"},
	};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		struct lf_http_transfer t = {
			.method = "PUT", .url = "http://h/x?secret", .shown = "http://h/x"};
		lf_auto_buf out = {0}, want = {0};

		t.status = cases[i].status;
		lf_buf_puts(&t.complaint, cases[i].body);
		lf_registry_words(&out, &t);
		lf_buf_printf(&want, "PUT http://h/x: %s", cases[i].want);
		assert_string_equal(out.p, want.p);
		lf_http_transfer_fini(&t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shows_credentials_to_the_registry_only),
		cmocka_unit_test(shows_nothing_unasked),
		cmocka_unit_test(asks_once_with_a_wrong_password),
		cmocka_unit_test(refuses_tokens_that_break_out),
		cmocka_unit_test(believes_no_other_digest),
		cmocka_unit_test(follows_locations),
		cmocka_unit_test(words_of_registries),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
