/*
 * Repositories over HTTP: cache, breaks, wrong bytes, offline, keys.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include <factory/machine.h>

#include "world.h"

#include "../net/server.h"

#include "base/banned.h"

#define BOTH  "a=content of a b=content of b"
#define INDEX "/r/x86_64/APKINDEX.tar.gz "
#define A     "/r/x86_64/a-1.apk "
#define B     "/r/x86_64/b-1.apk "
#define BUSY  "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"

struct remote {
	struct world *w;
	struct reply reply[16];
	size_t n;
	struct lf_buf raw[16];
	struct server s;
};

/* A reply with these bytes, of which only `send` go out. */
static void add_bytes(struct remote *r, const char *request, unsigned times, const char *etag,
		      struct lf_str body, size_t send)
{
	struct lf_buf *raw = &r->raw[r->n];

	lf_buf_printf(raw, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n", body.n);
	if (etag)
		lf_buf_printf(raw, "ETag: \"%s\"\r\n", etag);
	lf_buf_puts(raw, "\r\n");
	lf_buf_add(raw, body.p, send < body.n ? send : body.n);
	r->reply[r->n++] =
		(struct reply){.request = request, .times = times, .raw = raw->p, .n = raw->n};
}

static void add_file(struct remote *r, const char *request, const char *etag, const char *name,
		     size_t send, unsigned times)
{
	lf_auto_free char *path = world_path(r->w, name);
	lf_auto_buf body = {0};
	lf_auto_err err = {0};

	if (!lf_read_file(path, 1 << 20, &body, &err))
		fail_msg("%s", err.text);
	add_bytes(r, request, times, etag, lf_buf_view(&body), send);
}

static void add_raw(struct remote *r, const char *request, unsigned times, const char *raw)
{
	r->reply[r->n++] = (struct reply){.request = request, .times = times, .raw = raw};
}

/* Whatever the test has not spoken of before. */
static void add_rest(struct remote *r, const char *etag)
{
	add_file(r, "HEAD " INDEX, etag, "APKINDEX.tar.gz", 0, 0);
	add_file(r, "GET " INDEX, etag, "APKINDEX.tar.gz", SIZE_MAX, 0);
	add_file(r, "GET " A, NULL, "a-1.apk", SIZE_MAX, 0);
	add_file(r, "GET " B, NULL, "b-1.apk", SIZE_MAX, 0);
	server_start(&r->s, r->reply, r->n);
}

static void end(struct remote *r)
{
	server_stop(&r->s);
	for (size_t i = 0; i < r->n; i++)
		lf_buf_fini(&r->raw[i]);
}

/* WANT holds "#" for the port. */
static void check(struct remote *r, const char *userinfo, const char *want)
{
	lf_auto_buf url = {0}, full = {0};

	lf_buf_printf(&url, "http://%s127.0.0.1:%u/r", userinfo, r->s.port);
	for (const char *p = want; *p; p++) {
		if (*p == '#')
			lf_buf_printf(&full, "%u", r->s.port);
		else
			lf_buf_putc(&full, *p);
	}
	lf_auto_free char *got = world_fetch(r->w, url.p);
	assert_string_equal(got, lf_buf_c(&full));
}

static void fetches_once(void **state)
{
	struct remote r = {.w = *state};

	add_rest(&r, "tag");
	check(&r, "", BOTH);
	check(&r, "", BOTH);
	assert_int_equal(server_count(&r.s, "HEAD " INDEX), 2);
	assert_int_equal(server_count(&r.s, "GET " INDEX), 1);
	assert_int_equal(server_count(&r.s, "GET " A), 1);
	assert_int_equal(server_count(&r.s, "GET " B), 1);
	r.w->o.offline = true;
	check(&r, "", BOTH);
	assert_int_equal(server_count(&r.s, "HEAD "), 2);
	end(&r);
}

static void works_without_etag(void **state)
{
	struct remote r = {.w = *state};

	add_rest(&r, NULL);
	check(&r, "", BOTH);
	check(&r, "", BOTH);
	assert_int_equal(server_count(&r.s, "GET " INDEX), 2);
	assert_int_equal(server_count(&r.s, "GET " A), 1);
	end(&r);
}

static void passwords_stay_out_of_names_and_texts(void **state)
{
	struct remote r = {.w = *state};
	lf_auto_buf command = {0};

	add_raw(&r, "GET " B, 0, "HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n");
	add_rest(&r, "tag");
	check(&r, "user:secret@",
	      "expanding b (ver:1 arch:x86_64): fetching package \"b\": unable to get package apk "
	      "at "
	      "http://user:xxxxx@127.0.0.1:#/r/x86_64/b-1.apk: 403 Forbidden");
	lf_buf_printf(&command,
		      "%s/http%%3A%%2F%%2F127.0.0.1%%3A%u%%2Fr/x86_64/APKINDEX/ORQWO===.tar.gz",
		      r.w->cache, r.s.port);
	assert_true(lf_exists(command.p));
	end(&r);
}

static void bears_with_a_bad_line(void **state)
{
	struct remote r = {.w = *state};

	add_raw(&r, "HEAD " INDEX, 2, BUSY);
	add_raw(&r, "GET " INDEX, 1, BUSY);
	add_raw(&r, "GET " A, 1, BUSY);
	add_file(&r, "GET " A, NULL, "a-1.apk", 100, 1); /* breaks off, then comes whole */
	add_file(&r, "GET " INDEX, "tag", "APKINDEX.tar.gz", 100, 1);
	add_rest(&r, "tag");
	check(&r, "", BOTH);
	assert_int_equal(server_count(&r.s, "Range: bytes=100-"), 2);
	end(&r);
}

static void a_break_without_length_is_another_round(void **state)
{
	struct remote r = {.w = *state};
	lf_auto_free char *path = world_path(r.w, "a-1.apk");
	lf_auto_buf body = {0}, raw = {0};
	lf_auto_err err = {0};

	assert_true(lf_read_file(path, 1 << 20, &body, &err));
	lf_buf_puts(&raw, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
	lf_buf_add(&raw, body.p, body.n - 10);
	r.reply[r.n++] = (struct reply){.request = "GET " A, .times = 1, .raw = raw.p, .n = raw.n};
	add_rest(&r, "tag");
	check(&r, "", BOTH);
	assert_non_null(strstr(r.w->log.p, "retrying fetch of a (attempt 2/3) after error: "));
	end(&r);
}

static void refuses_other_bytes(void **state)
{
	struct remote r = {.w = *state};

	add_file(&r, "GET " A, NULL, "b-1.apk", SIZE_MAX, 0);
	add_rest(&r, "tag");
	lf_auto_buf url = {0};
	lf_buf_printf(&url, "http://127.0.0.1:%u/r", r.s.port);
	for (unsigned i = 0; i < 2; i++) { /* and nothing of it came into the cache */
		lf_auto_free char *got = world_fetch(r.w, url.p);
		assert_true(lf_starts(got, "expanding a (ver:1 arch:x86_64): package \"a\" control "
					   "hash mismatch: expected "));
	}
	assert_int_equal(server_count(&r.s, "GET " A), 2);
	end(&r);
}

static void refuses_indexes_of_others(void **state)
{
	struct remote r = {.w = *state};

	world_index(r.w, false);
	add_rest(&r, "tag");
	check(&r, "",
	      "reading index http://127.0.0.1:#/r/x86_64/APKINDEX.tar.gz: failed to find key name "
	      "in signature file name: APKINDEX (the index is not signed)");
	end(&r);
}

static void says_what_the_server_said(void **state)
{
	struct remote r = {.w = *state};

	add_raw(&r, "HEAD " INDEX, 0, "HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n");
	add_rest(&r, "tag");
	check(&r, "",
	      "reading index http://127.0.0.1:#/r/x86_64/APKINDEX.tar.gz: unexpected status code "
	      "401");
	end(&r);
}

static void offline_without_cache_is_a_warning(void **state)
{
	struct remote r = {.w = *state};
	lf_auto_buf want = {0};

	r.w->o.offline = true;
	r.s.port = 9;
	check(&r, "", "none");
	lf_buf_printf(
		&want,
		"getting local index http://127.0.0.1:9/r/x86_64/APKINDEX.tar.gz: Head "
		"\"http://127.0.0.1:9/r/x86_64/APKINDEX.tar.gz\": listing "
		"\"%s/http%%3A%%2F%%2F127.0.0.1%%3A9%%2Fr/x86_64/APKINDEX\" for offline cache: "
		"open %s/http%%3A%%2F%%2F127.0.0.1%%3A9%%2Fr/x86_64/APKINDEX: no such file or "
		"directory\n",
		r.w->cache, r.w->cache);
	assert_string_equal(r.w->log.p, want.p);
}

static void drops_a_damaged_cache_entry(void **state)
{
	struct remote r = {.w = *state};
	char hex[2 * LF_SHA1_LEN + 1];
	lf_auto_buf path = {0};
	lf_auto_err err = {0};

	add_rest(&r, "tag");
	check(&r, "", BOTH);
	lf_hex(r.w->index.pkg[0].checksum, LF_SHA1_LEN, hex);
	lf_buf_printf(&path, "%s/factory/apk/%.2s/%s", r.w->cache, hex, hex);
	assert_true(lf_write_file(path.p, "junk", 4, 0644, &err));
	check(&r, "", BOTH);
	assert_int_equal(server_count(&r.s, "GET " A), 2);
	check(&r, "", BOTH);
	assert_int_equal(server_count(&r.s, "GET " A), 2);
	end(&r);
}

static void fetches_and_discovers_keys(void **state)
{
	struct remote r = {.w = *state};
	struct lf_keyring ring = {0};
	lf_auto_err err = {0};
	lf_auto_buf url = {0}, config = {0}, bad = {0};

	add_bytes(&r, "HEAD /k/x.rsa.pub", 0, "t", r.w->ring.entry[0].pem, 0);
	add_bytes(&r, "GET /k/x.rsa.pub", 0, "t", r.w->ring.entry[0].pem, SIZE_MAX);
	add_bytes(
		&r, "GET /keys", 0, NULL,
		LF_STR("{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"found\",\"n\":\"xYl5v7e_oR8\",\"e\":"
		       "\"AQAB\"},{\"kty\":\"RSA\",\"kid\":\"../evil\",\"n\":\"xYl5v7e_oR8\","
		       "\"e\":\"AQAB\"}]}"),
		SIZE_MAX);
	server_start(&r.s, r.reply, r.n);
	lf_buf_printf(&config,
		      "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"jwks_uri\":"
		      "\"http://127.0.0.1:%u/keys\"}",
		      r.s.port);
	pthread_mutex_lock(&r.s.lock);
	r.reply[r.n] = (struct reply){.request = "GET /r/apk-configuration ", .raw = config.p};
	r.s.n = ++r.n;
	pthread_mutex_unlock(&r.s.lock);

	lf_auto_fetcher *f = lf_fetcher_new(&r.w->ctx, &r.w->o, &err);
	lf_buf_printf(&url, "http://127.0.0.1:%u/r", r.s.port);
	assert_true(lf_discover_keys(f, url.p, "x86_64", &ring, &err));
	assert_int_equal(ring.n, 1);
	assert_string_equal(ring.entry[0].name, "found.rsa.pub");
	assert_true(lf_str_starts(ring.entry[0].pem, "-----BEGIN PUBLIC KEY-----\n"));
	assert_true(lf_discover_keys(f, "/local", "x86_64", &ring, &err));

	lf_buf_clear(&url);
	lf_buf_printf(&url, "http://127.0.0.1:%u/k/x.rsa.pub", r.s.port);
	assert_true(lf_fetch_key(f, url.p, &ring, &err));
	assert_string_equal(ring.entry[1].name, "x.rsa.pub");
	assert_non_null(ring.entry[1].key);
	assert_true(lf_fetch_key(f, url.p, &ring, &err));
	assert_int_equal(server_count(&r.s, "GET /k/x.rsa.pub"), 1);
	lf_buf_printf(&bad, "http://127.0.0.1:%u/nothing", r.s.port);
	assert_false(lf_fetch_key(f, bad.p, &ring, &err));
	assert_non_null(strstr(err.text, ": http response indicated error code: 404"));
	lf_keyring_fini(&ring);
	end(&r);
}

/* A set of one key: what it is called, and that it came whole. */
static void installs_announced_keys(void **state)
{
	struct remote r = {.w = *state};
	lf_auto_err err = {0};
	lf_auto_buf config = {0}, list = {0}, pem = {0};
	lf_auto_free char *etc = lf_path_join(r.w->dir, "etc");
	lf_auto_free char *repositories = lf_path_join(etc, "repositories");
	lf_auto_free char *key = lf_path_join(etc, "keys/found.rsa.pub");

	add_bytes(
		&r, "GET /keys", 0, NULL,
		LF_STR("{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"found\",\"n\":\"xYl5v7e_oR8\",\"e\":"
		       "\"AQAB\"}]}"),
		SIZE_MAX);
	server_start(&r.s, r.reply, r.n);
	lf_buf_printf(&config,
		      "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"jwks_uri\":"
		      "\"http://127.0.0.1:%u/keys\"}",
		      r.s.port);
	pthread_mutex_lock(&r.s.lock);
	r.reply[r.n] = (struct reply){.request = "GET /r/apk-configuration ", .raw = config.p};
	r.s.n = ++r.n;
	pthread_mutex_unlock(&r.s.lock);

	assert_int_equal(setenv("XDG_CACHE_HOME", r.w->dir, 1), 0);
	assert_false(lf_install_keys(&r.w->ctx, etc, &err));
	assert_non_null(strstr(err.text, "could not open repositories file: open "));
	lf_buf_printf(&list, "/local\nhttp://127.0.0.1:%u/none\nhttp://u:p@127.0.0.1:%u/r/\n",
		      r.s.port, r.s.port);
	assert_true(lf_mkdirs(etc, 0755, &err));
	assert_true(lf_write_file(repositories, list.p, list.n, 0644, &err));
	lf_buf_clear(&r.w->log);
	assert_true(lf_install_keys(&r.w->ctx, etc, &err));
	assert_true(lf_read_file(key, 65536, &pem, &err));
	assert_true(lf_str_starts(lf_buf_view(&pem), "-----BEGIN PUBLIC KEY-----\n"));
	assert_non_null(strstr(r.w->log.p, "/etc/keys/found.rsa.pub repo=http://u:xxxxx@127."));
	end(&r);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, world_make, world_drop)
	const struct CMUnitTest tests[] = {
		TEST(fetches_once),
		TEST(works_without_etag),
		TEST(passwords_stay_out_of_names_and_texts),
		TEST(bears_with_a_bad_line),
		TEST(a_break_without_length_is_another_round),
		TEST(refuses_other_bytes),
		TEST(refuses_indexes_of_others),
		TEST(says_what_the_server_said),
		TEST(offline_without_cache_is_a_warning),
		TEST(drops_a_damaged_cache_entry),
		TEST(fetches_and_discovers_keys),
		TEST(installs_announced_keys),
	};
#undef TEST

	return cmocka_run_group_tests(tests, NULL, NULL);
}
