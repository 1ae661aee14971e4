/* HTTP against a scripted server: retries, resumption, limits, credentials.
 * SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "net/http.h"
#include "server.h"

#include "base/banned.h"

#define OK(body)   "HTTP/1.1 200 OK\r\nConnection: close\r\n" body
#define BUSY       "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 5\r\n\r\nbusy\n"
#define HEAD_10(e) "HTTP/1.1 200 OK\r\nETag: " e "\r\nContent-Length: 10\r\n\r\n"

static const struct lf_ctx quiet = {.jobs = 2};
static const struct lf_http_options fast = {
	.pause_ms = 1, .tries = 3, .max_body = 1000, .stall_s = 1};

/* "STATUS body", or "ERROR text" with the port masked. */
static char *fetch(struct server *s, const char *method, const char *url_format)
{
	struct lf_http *h = lf_http_new(&quiet, &fast);
	lf_auto_buf body = {0}, url = {0};
	struct lf_buf out = {0};
	lf_auto_err err = {0};
	char port[16];

	snprintf(port, sizeof(port), "%u", s->port);
	for (const char *p = url_format; *p; p++) {
		if (*p == '#')
			lf_buf_puts(&url, port);
		else
			lf_buf_putc(&url, *p);
	}
	struct lf_writer *w = lf_writer_buf(&body);
	struct lf_http_transfer t = {.method = method, .url = url.p, .to = w};
	if (lf_http_one(h, &t, &err)) {
		lf_buf_printf(&out, "%u %s", t.status, lf_buf_c(&body));
		if (t.complaint.n)
			lf_buf_printf(&out, "(%s)", t.complaint.p);
	} else {
		lf_buf_puts(&out, "ERROR ");
		for (const char *p = err.text; *p; p++) {
			if (lf_starts(p, port)) {
				lf_buf_putc(&out, '#');
				p += strlen(port) - 1;
			} else {
				lf_buf_putc(&out, *p);
			}
		}
	}
	assert_true(lf_writer_close(w, NULL));
	lf_http_transfer_fini(&t);
	lf_http_free(h);
	return lf_buf_detach(&out);
}

static void check(struct reply *reply, size_t n, const char *method, const char *url,
		  const char *want)
{
	struct server s;

	server_start(&s, reply, n);
	lf_auto_free char *got = fetch(&s, method, url);
	server_stop(&s);
	assert_string_equal(got, want);
}

static void gets_and_heads(void **state)
{
	(void)state;
	struct reply r[] = {{"GET /x ", 0, HEAD_10("\"e\"") "0123456789"},
			    {"HEAD /x ", 0, HEAD_10("\"e\"")}};

	check(r, 2, NULL, "http://127.0.0.1:#/x", "200 0123456789");
	check(r, 2, "HEAD", "http://127.0.0.1:#/x", "200 ");
	check(r, 2, NULL, "http://127.0.0.1:#/y", "404 ");
}

static void reads_etag_and_fields(void **state)
{
	(void)state;
	struct lf_http_transfer t = {0};

	lf_buf_puts(&t.fields, "etag:  \"a b\" \r\nX: 1\r\n");
	assert_true(lf_str_is(lf_http_etag(&t), "a b"));
	assert_true(lf_str_is(lf_http_field(&t, "x"), "1"));
	assert_int_equal(lf_http_field(&t, "y").n, 0);
	lf_buf_clear(&t.fields);
	lf_buf_puts(&t.fields, "ETag: W/\"x\"\r\n");
	assert_true(lf_str_is(lf_http_etag(&t), "W/\"x"));
	lf_http_transfer_fini(&t);
}

static void tries_again_when_busy(void **state)
{
	(void)state;
	struct reply twice[] = {{"GET /x ", 2, BUSY}, {"GET /x ", 0, OK("\r\nfine")}};
	struct reply always[] = {{"GET /x ", 0, BUSY}};
	struct reply not_implemented[] = {
		{"GET /x ", 0, "HTTP/1.1 501 No\r\nContent-Length: 0\r\n\r\n"}};
	struct reply later[] = {
		{"GET /x ", 1, "HTTP/1.1 429 Slow\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n"},
		{"GET /x ", 1,
		 "HTTP/1.1 503 Slow\r\nRetry-After: Fri, 31 Dec 1999 23:59:59 GMT\r\n"
		 "Content-Length: 0\r\n\r\n"},
		{"GET /x ", 0, OK("\r\nfine")}};

	check(twice, 2, NULL, "http://127.0.0.1:#/x", "200 fine");
	check(later, 3, NULL, "http://127.0.0.1:#/x", "200 fine");
	check(always, 1, NULL, "http://u:secret@127.0.0.1:#/x",
	      "ERROR GET http://u:xxxxx@127.0.0.1:#/x giving up after 3 attempt(s)");
	check(not_implemented, 1, NULL, "http://127.0.0.1:#/x", "501 ");
}

static void resumes_a_body_that_breaks_off(void **state)
{
	(void)state;
	struct reply rest[] = {
		{"GET /x ", 1, HEAD_10("\"e\"") "0123"},
		{"GET /x ", 0,
		 "HTTP/1.1 206 Partial\r\nETag: \"e\"\r\nContent-Range: bytes 4-9/10\r\n"
		 "Content-Length: 6\r\n\r\n456789"}};
	struct reply whole[] = {{"GET /x ", 1, HEAD_10("\"e\"") "0123"},
				{"GET /x ", 0, HEAD_10("\"e\"") "0123456789"}};
	struct reply changed[] = {{"GET /x ", 1, HEAD_10("\"e\"") "0123"},
				  {"GET /x ", 0, HEAD_10("\"f\"") "abcdefghij"}};
	struct reply other_range[] = {
		{"GET /x ", 1, HEAD_10("\"e\"") "0123"},
		{"GET /x ", 0,
		 "HTTP/1.1 206 Partial\r\nETag: \"e\"\r\nContent-Range: bytes 3-9/10\r\n"
		 "Content-Length: 7\r\n\r\n3456789"}};
	struct reply gone[] = {{"GET /x ", 1, HEAD_10("\"e\"") "0123"},
			       {"GET /x ", 0, "HTTP/1.1 404 Gone\r\nContent-Length: 0\r\n\r\n"}};
	struct reply never[] = {{"GET /x ", 0, HEAD_10("\"e\"")}};

	check(rest, 2, NULL, "http://127.0.0.1:#/x", "200 0123456789");
	check(whole, 2, NULL, "http://127.0.0.1:#/x", "200 0123456789");
	check(changed, 2, NULL, "http://127.0.0.1:#/x",
	      "ERROR Get \"http://127.0.0.1:#/x\": changed while it was fetched");
	check(other_range, 2, NULL, "http://127.0.0.1:#/x",
	      "ERROR Get \"http://127.0.0.1:#/x\": reply to a Range request is for another range");
	check(gone, 2, NULL, "http://127.0.0.1:#/x",
	      "ERROR retrying http://127.0.0.1:#/x: unexpected status code: 404");
	check(never, 1, NULL, "http://127.0.0.1:#/x",
	      "ERROR GET http://127.0.0.1:#/x giving up after 3 attempt(s): Get "
	      "\"http://127.0.0.1:#/x\": unexpected EOF");
}

/* What is asked for after a break tells what it must be a part of. */
static void asks_for_the_same(void **state)
{
	static const struct {
		const char *head, *if_range;
	} rows[] = {
		{HEAD_10("\"e\"") "0123", "If-Range: \"e\"\r\n"},
		{HEAD_10("W/\"e\"") "0123", NULL},
		{HEAD_10("e") "0123", NULL},
	};
	(void)state;

	for (size_t i = 0; i < LF_ARRAY_LEN(rows); i++) {
		struct reply r[] = {
			{"GET /x ", 1, rows[i].head},
			{"GET /x ", 0, "HTTP/1.1 404 Gone\r\nContent-Length: 0\r\n\r\n"}};
		struct server s;

		server_start(&s, r, 2);
		lf_free(fetch(&s, NULL, "http://127.0.0.1:#/x"));
		assert_int_equal(server_count(&s, "Range: bytes=4-\r\n"), 1);
		assert_int_equal(server_count(&s, "Accept-Encoding: identity\r\n"), 2);
		assert_int_equal(server_count(&s, "If-Range"), rows[i].if_range ? 1 : 0);
		if (rows[i].if_range)
			assert_int_equal(server_count(&s, rows[i].if_range), 1);
		server_stop(&s);
	}
}

static void does_not_wait_for_ever(void **state)
{
	(void)state;
	struct reply once[] = {{"GET /x ", 1, HEAD_10("\"e\"") "0123", .hold_ms = 20000},
			       {"GET /x ", 0, HEAD_10("\"e\"") "0123456789"}};
	struct reply header[] = {{"GET /x ", 1, "HTTP/1.1 200 OK\r\nETag", .hold_ms = 20000},
				 {"GET /x ", 0, OK("\r\nfine")}};

	check(once, 2, NULL, "http://127.0.0.1:#/x", "200 0123456789");
	check(header, 2, NULL, "http://127.0.0.1:#/x", "200 fine");
}

/* More than anybody wants, or so it says. */
static void leaves_long_bodies(void **state)
{
	(void)state;
	static char big[3 << 20] = "HTTP/1.1 404 No\r\nContent-Length: 1000000000000\r\n\r\n";
	struct reply error[] = {{"GET /x ", 0, big, sizeof(big), .hold_ms = 20000}};
	struct reply announced[] = {{"GET /x ", 0,
				     "HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n0",
				     .hold_ms = 20000}};
	struct server s;

	server_start(&s, error, 1);
	lf_auto_free char *got = fetch(&s, NULL, "http://127.0.0.1:#/x");
	assert_true(lf_starts(got, "404 "));
	assert_int_equal(server_count(&s, "GET /x "), 1);
	server_stop(&s);
	check(announced, 1, NULL, "http://127.0.0.1:#/x",
	      "ERROR Get \"http://127.0.0.1:#/x\": size limit exceeded: limit is 1000 bytes");
}

static void limit_is_exact(void **state)
{
	(void)state;
	char big[1200];
	struct reply r[] = {{"GET /x ", 0, big}};
	const size_t head = strlen(OK("\r\n"));

	memset(big, 'b', sizeof(big));
	memcpy(big, OK("\r\n"), head);
	r[0].n = head + 1001;
	check(r, 1, NULL, "http://127.0.0.1:#/x",
	      "ERROR Get \"http://127.0.0.1:#/x\": size limit exceeded: limit is 1000 bytes");
	struct server s;
	r[0].n = head + 1000;
	server_start(&s, r, 1);
	lf_auto_free char *got = fetch(&s, NULL, "http://127.0.0.1:#/x");
	server_stop(&s);
	assert_int_equal(strlen(got), 1004);
}

static void follows_ten_redirects_at_most(void **state)
{
	(void)state;
	struct reply once[] = {
		{"GET /a ", 0,
		 "HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 3\r\n\r\nno\n"},
		{"GET /b ", 0, OK("\r\nthere")}};
	struct reply ring[] = {
		{"GET /a ", 0, "HTTP/1.1 302 Found\r\nLocation: /a\r\nContent-Length: 0\r\n\r\n"}};
	struct reply away[] = {{"GET /a ", 0,
				"HTTP/1.1 302 Found\r\nLocation: "
				"file:///etc/passwd\r\nContent-Length: 0\r\n\r\n"}};
	struct server s;

	check(once, 2, NULL, "http://127.0.0.1:#/a", "200 there");
	check(ring, 1, NULL, "http://127.0.0.1:#/a",
	      "ERROR Get \"http://127.0.0.1:#/a\": stopped after 10 redirects");
	server_start(&s, away, 1);
	lf_auto_free char *got = fetch(&s, NULL, "http://127.0.0.1:#/a");
	server_stop(&s);
	assert_true(lf_starts(got, "ERROR Get \"http://127.0.0.1:#/a\": Protocol \"file\""));
}

static void sends_credentials(void **state)
{
	(void)state;
	struct reply r[] = {{"GET /", 0, OK("\r\nx")}};
	struct server s;
	lf_auto_buf env = {0};

	server_start(&s, r, 1);
	lf_auto_free char *a = fetch(&s, NULL, "http://me:sec%40ret@127.0.0.1:#/a");
	assert_string_equal(a, "200 x");
	assert_int_equal(server_count(&s, "Authorization: Basic bWU6c2VjQHJldA=="), 1);
	lf_buf_printf(&env, "basic:127.0.0.1:%u:u:p", s.port);
	setenv("HTTP_AUTH", env.p, 1);
	lf_auto_free char *b = fetch(&s, NULL, "http://me:secret@127.0.0.1:#/b");
	unsetenv("HTTP_AUTH");
	assert_string_equal(b, "200 x");
	assert_int_equal(server_count(&s, "Authorization: Basic dTpw"), 1);
	server_stop(&s);
}

static void names_what_cannot_be_reached(void **state)
{
	(void)state;
	struct server s = {.port = 1};

	lf_auto_free char *got = fetch(&s, "HEAD", "http://127.0.0.1:#/x");
	assert_string_equal(got,
			    "ERROR HEAD http://#27.0.0.#:#/x giving up after 3 attempt(s): Head "
			    "\"http://#27.0.0.#:#/x\": dial tcp #27.0.0.#:#: connect: "
			    "connection refused");
}

static void sends_bodies(void **state)
{
	(void)state;
	struct reply r[] = {{"PUT /x ", 1, BUSY},
			    {"PUT /x ", 0,
			     "HTTP/1.1 201 Created\r\nLocation: /l\r\nContent-Length: 0\r\n\r\n"}};
	struct server s;
	struct lf_http *h = lf_http_new(&quiet, &fast);
	lf_auto_buf url = {0};
	lf_auto_err err = {0};

	server_start(&s, r, 2);
	lf_buf_printf(&url, "http://127.0.0.1:%u/x", s.port);
	struct lf_http_transfer t = {.method = "PUT", .url = url.p, .body = LF_STR("hello")};
	lf_strv_add(&t.headers, "Content-Type: text/x");
	assert_true(lf_http_one(h, &t, &err));
	assert_int_equal(t.status, 201);
	assert_true(lf_str_is(lf_http_field(&t, "Location"), "/l"));
	assert_int_equal(server_count(&s, "Content-Length: 5"), 2);
	assert_int_equal(server_count(&s, "Content-Type: text/x"), 2);
	lf_strv_fini(&t.headers);
	lf_http_transfer_fini(&t);
	lf_http_free(h);
	server_stop(&s);
}

static bool count_done(void *data, struct lf_http_transfer *t, struct lf_err *err)
{
	unsigned *n = data;

	(void)err;
	*n += t->status == 200;
	return true;
}

static bool stop_all(void *data, struct lf_http_transfer *t, struct lf_err *err)
{
	(void)data;
	return lf_fail_new(err, LF_E_BUG, "enough of %u", t->status);
}

static void runs_many_at_once(void **state)
{
	(void)state;
	struct reply r[] = {{"GET /", 3, BUSY}, {"GET /", 0, OK("\r\nx")}};
	struct lf_http_transfer t[40] = {0}, *p[40];
	struct server s;
	struct lf_http *h = lf_http_new(&quiet, &fast);
	lf_auto_buf url = {0};
	lf_auto_err err = {0};
	unsigned n = 0;

	server_start(&s, r, 2);
	lf_buf_printf(&url, "http://127.0.0.1:%u/", s.port);
	for (size_t i = 0; i < 40; i++) {
		t[i].url = url.p;
		p[i] = &t[i];
	}
	assert_true(lf_http_run(h, p, 40, count_done, &n, &err));
	assert_int_equal(n, 40);
	assert_false(lf_http_run(h, p, 40, stop_all, &n, &err));
	assert_string_equal(err.text, "enough of 200");
	for (size_t i = 0; i < 40; i++)
		lf_http_transfer_fini(&t[i]);
	lf_http_free(h);
	server_stop(&s);
}

static void offline_and_cancelled_reach_nobody(void **state)
{
	(void)state;
	const struct lf_http_options offline = {.offline = true};
	atomic_bool cancel = true;
	const struct lf_ctx stopped = {.jobs = 1, .cancel = &cancel};
	lf_auto_err err = {0};
	struct lf_http_transfer t = {.url = "http://u:p@127.0.0.1:1/x"};

	struct lf_http *h = lf_http_new(&quiet, &offline);
	assert_false(lf_http_one(h, &t, &err));
	assert_string_equal(
		err.text,
		"network request blocked in offline mode: GET http://u:xxxxx@127.0.0.1:1/x");
	lf_http_free(h);
	h = lf_http_new(&stopped, NULL);
	assert_false(lf_http_one(h, &t, &err));
	assert_int_equal(err.class, LF_E_CANCELLED);
	lf_http_free(h);
	lf_http_transfer_fini(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gets_and_heads),
		cmocka_unit_test(reads_etag_and_fields),
		cmocka_unit_test(tries_again_when_busy),
		cmocka_unit_test(resumes_a_body_that_breaks_off),
		cmocka_unit_test(asks_for_the_same),
		cmocka_unit_test(does_not_wait_for_ever),
		cmocka_unit_test(leaves_long_bodies),
		cmocka_unit_test(limit_is_exact),
		cmocka_unit_test(follows_ten_redirects_at_most),
		cmocka_unit_test(sends_credentials),
		cmocka_unit_test(names_what_cannot_be_reached),
		cmocka_unit_test(sends_bodies),
		cmocka_unit_test(runs_many_at_once),
		cmocka_unit_test(offline_and_cancelled_reach_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
