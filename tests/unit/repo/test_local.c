/* Repositories on disk: trust, damage, cache. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "world.h"

#include "base/banned.h"

#define BOTH "a=content of a b=content of b"

/* WANT may hold "%s" for the repository. */
static void check(struct world *w, const char *want)
{
	lf_auto_free char *got = world_fetch(w, w->repo);
	lf_auto_buf full = {0};

	for (const char *p = want; *p; p++) {
		if (*p == '#')
			lf_buf_puts(&full, w->repo);
		else
			lf_buf_putc(&full, *p);
	}
	assert_string_equal(got, lf_buf_c(&full));
}

static void opens_packages_with_and_without_cache(void **state)
{
	struct world *w = *state;

	check(w, BOTH);
	check(w, BOTH); /* from the cache */
	w->o.cache_dir = "/proc/nonexistent";
	lf_auto_free char *got = world_fetch(w, w->repo);
	assert_true(lf_starts(got, "cache: "));
	w->o.cache_dir = "";
	setenv("XDG_CACHE_HOME", "relative", 1);
	check(w, BOTH);
	unsetenv("XDG_CACHE_HOME");
	assert_string_equal(w->log.p, "cache disabled because cache dir was not set, and cannot "
				      "determine system default: path in $XDG_CACHE_HOME is "
				      "relative\n");
}

static void second_run_does_not_inflate(void **state)
{
	struct world *w = *state;
	lf_auto_free char *path = world_path(w, "a-1.apk");
	lf_auto_buf bytes = {0};
	lf_auto_err err = {0};

	check(w, BOTH);
	assert_true(lf_read_file(path, 1 << 20, &bytes, &err));
	bytes.p[bytes.n - 20] ^= 1; /* in the data, which is in the cache already */
	world_write(w, "a-1.apk", lf_buf_view(&bytes));
	check(w, BOTH);
	w->o.cache_dir = NULL;
	setenv("XDG_CACHE_HOME", w->dir, 1);
	lf_auto_free char *got = world_fetch(w, w->repo);
	unsetenv("XDG_CACHE_HOME");
	assert_true(lf_starts(got, "expanding a (ver:1 arch:x86_64): "));
}

static void refuses_an_altered_control_section(void **state)
{
	struct world *w = *state;
	lf_auto_free char *from = world_path(w, "b-1.apk");
	lf_auto_buf bytes = {0};
	lf_auto_err err = {0};

	assert_true(lf_read_file(from, 1 << 20, &bytes, &err));
	world_write(w, "a-1.apk", lf_buf_view(&bytes));
	lf_auto_free char *got = world_fetch(w, w->repo);
	assert_true(lf_starts(got, "expanding a (ver:1 arch:x86_64): package \"a\" control hash "
				   "mismatch: expected "));
}

static void refuses_altered_data(void **state)
{
	struct world *w = *state;
	lf_auto_free char *path = world_path(w, "a-1.apk");
	lf_auto_buf bytes = {0}, data = {0};
	lf_auto_err err = {0};
	struct lf_apk apk;

	assert_true(lf_read_file(path, 1 << 20, &bytes, &err));
	lf_auto_fd fd = lf_open_read(path, &err);
	assert_true(lf_apk_open(fd, path, 0, &w->arena, &apk, &err));
	make_data("other content", &data);
	bytes.n = apk.data.offset;
	lf_buf_str(&bytes, lf_buf_view(&data));
	world_write(w, "a-1.apk", lf_buf_view(&bytes));
	lf_auto_free char *got = world_fetch(w, w->repo);
	assert_true(lf_starts(got, "expanding a (ver:1 arch:x86_64): package \"a\" data hash "
				   "mismatch: expected "));
}

static void tries_a_cut_package_three_times(void **state)
{
	struct world *w = *state;
	lf_auto_free char *path = world_path(w, "a-1.apk");
	lf_auto_buf bytes = {0};
	lf_auto_err err = {0};

	assert_true(lf_read_file(path, 1 << 20, &bytes, &err));
	bytes.n -= 30;
	world_write(w, "a-1.apk", lf_buf_view(&bytes));
	lf_auto_free char *got = world_fetch(w, w->repo);
	assert_true(
		lf_starts(got, "expanding a (ver:1 arch:x86_64): after 3 attempts: expanding a: "));
	assert_true(lf_ends(got, "unexpected EOF"));
	assert_non_null(
		strstr(w->log.p, "retrying fetch of a (attempt 2/3) after error: expanding a: "));
	assert_non_null(strstr(w->log.p, "unexpected EOF arch=x86_64\n"));
}

static void names_what_is_missing(void **state)
{
	struct world *w = *state;
	lf_auto_free char *path = world_path(w, "b-1.apk");

	lf_auto_free char *none = world_fetch(w, "no where");
	assert_string_equal(none, "none");
	assert_string_equal(w->log.p,
			    "getting local index no%20where/x86_64/APKINDEX.tar.gz: stat: stat "
			    "no where/x86_64/APKINDEX.tar.gz: no such file or directory\n");
	assert_int_equal(remove(path), 0);
	check(w,
	      "expanding b (ver:1 arch:x86_64): fetching package \"b\": failed to read repository "
	      "package apk #/x86_64/b-1.apk: open #/x86_64/b-1.apk: no such file or directory");
	lf_auto_free char *bad = world_fetch(w, "@t");
	assert_string_equal(bad, "invalid repository line: \"@t\"");
}

static void reads_tagged_lines(void **state)
{
	struct world *w = *state;
	lf_auto_buf line = {0};

	lf_buf_printf(&line, "@edge  %s", w->repo);
	lf_auto_free char *got = world_fetch(w, line.p);
	assert_string_equal(got, BOTH);
}

static void believes_only_signed_indexes(void **state)
{
	struct world *w = *state;
	struct lf_keyring ring = w->ring, none = {0};

	world_index(w, false);
	check(w,
	      "reading index #/x86_64/APKINDEX.tar.gz: failed to find key name in signature file "
	      "name: APKINDEX (the index is not signed)");
	w->o.ignore_signatures = true;
	check(w, BOTH);
	w->o.ignore_signatures = false;
	world_index(w, true);
	w->ring = none;
	check(w, "reading index #/x86_64/APKINDEX.tar.gz: no keys provided to verify signature");

	/* the right name on another key */
	lf_auto_free char *path = lf_path_join(w->dir, "other.rsa");
	lf_auto_buf pem = {0};
	lf_auto_err err = {0};
	assert_true(lf_key_generate(path, 2048, &err));
	lf_auto_free char *public = lf_path_join(w->dir, "other.rsa.pub");
	assert_true(lf_read_file(public, 65536, &pem, &err));
	lf_keyring_add(&w->ring, "test.rsa.pub", lf_buf_view(&pem));
	check(w, "reading index #/x86_64/APKINDEX.tar.gz: signature verification failed for "
		 "repository "
		 "index, for all provided keys");
	lf_keyring_fini(&w->ring);
	w->ring = ring;
	check(w, BOTH);
}

static void limits_sizes(void **state)
{
	struct world *w = *state;

	w->o.limits.index = 10;
	check(w, "reading index #/x86_64/APKINDEX.tar.gz: unable to read convert repository index "
		 "bytes "
		 "to index struct: size limit exceeded: limit is 10 bytes");
	w->o.limits.index = -1;
	w->o.limits.control = 10;
	lf_auto_free char *control = world_fetch(w, w->repo);
	assert_true(lf_ends(control, "size limit exceeded: limit is 10 bytes"));
	w->o.limits.control = -1;
	w->o.limits.data = 1000;
	lf_auto_free char *data = world_fetch(w, w->repo);
	assert_true(lf_ends(data, "size limit exceeded: limit is 1000 bytes"));
	w->o.limits.data = -1;
	check(w, BOTH);
}

static void one_worker_or_many(void **state)
{
	struct world *w = *state;

	w->ctx.jobs = 1;
	check(w, BOTH);
	w->ctx.jobs = 7;
	w->o.cache_dir = w->dir;
	check(w, BOTH);
}

static void loads_keys_from_files(void **state)
{
	struct world *w = *state;
	struct lf_keyring ring = {0};
	lf_auto_err err = {0};
	lf_auto_fetcher *f = lf_fetcher_new(&w->ctx, &w->o, &err);
	lf_auto_free char *path = lf_path_join(w->dir, "test.rsa.pub");

	assert_true(lf_fetch_key(f, path, &ring, &err));
	assert_int_equal(ring.n, 1);
	assert_string_equal(ring.entry[0].name, "test.rsa.pub");
	assert_false(lf_fetch_key(f, "./no.pub", &ring, &err));
	assert_string_equal(err.text, "open ./no.pub: no such file or directory");
	assert_false(lf_fetch_key(f, "/usr", &ring, &err));
	assert_string_equal(err.text, "read /usr: is a directory");
	lf_keyring_fini(&ring);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, world_make, world_drop)
	const struct CMUnitTest tests[] = {
		TEST(opens_packages_with_and_without_cache),
		TEST(second_run_does_not_inflate),
		TEST(refuses_an_altered_control_section),
		TEST(refuses_altered_data),
		TEST(tries_a_cut_package_three_times),
		TEST(names_what_is_missing),
		TEST(reads_tagged_lines),
		TEST(believes_only_signed_indexes),
		TEST(limits_sizes),
		TEST(one_worker_or_many),
		TEST(loads_keys_from_files),
	};
#undef TEST

	return cmocka_run_group_tests(tests, NULL, NULL);
}
