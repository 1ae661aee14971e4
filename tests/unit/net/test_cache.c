/* The cache: entries appear whole, under races and odd keys. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/fs.h"
#include "base/mem.h"
#include "net/cache.h"

#include "base/banned.h"

static int make_dir(void **state)
{
	lf_auto_err err = {0};

	*state = lf_temp_dir("lf-cache", &err);
	return *state ? 0 : -1;
}

static int drop_dir(void **state)
{
	(void)lf_remove_all(*state, NULL);
	lf_free(*state);
	return 0;
}

static bool store(struct lf_cache *c, const char *kind, const char *key, const char *text)
{
	lf_auto_err err = {0};
	lf_auto_cache_file f = LF_CACHE_FILE;

	return lf_cache_begin(c, &f, &err) && lf_write_all(f.fd, text, strlen(text), &err) &&
	       lf_cache_put(c, &f, kind, key, &err);
}

static bool holds(struct lf_cache *c, const char *kind, const char *key, const char *want)
{
	lf_auto_fd fd = lf_cache_get(c, kind, key);
	char text[64] = {0};

	return fd >= 0 && read(fd, text, sizeof(text) - 1) >= 0 && strcmp(text, want) == 0;
}

static void entries_appear_only_when_put(void **state)
{
	lf_auto_free char *root = lf_path_join(*state, "a/b");
	lf_auto_err err = {0};
	struct lf_cache *c = lf_cache_open(root, &err);

	assert_non_null(c);
	assert_int_equal(lf_cache_get(c, "apk", "abcdef"), -1);
	{
		lf_auto_cache_file f = LF_CACHE_FILE;

		assert_true(lf_cache_begin(c, &f, &err));
		assert_true(lf_write_all(f.fd, "half", 4, &err));
	}
	assert_int_equal(lf_cache_get(c, "apk", "abcdef"), -1);
	assert_true(store(c, "apk", "abcdef", "one"));
	assert_true(holds(c, "apk", "abcdef", "one"));
	assert_true(store(c, "apk", "abcdef", "two")); /* the first stays */
	assert_true(holds(c, "apk", "abcdef", "one"));
	assert_int_equal(lf_cache_get(c, "data", "abcdef"), -1);
	lf_cache_close(c);

	c = lf_cache_open(root, &err);
	assert_true(holds(c, "apk", "abcdef", "one"));
	lf_cache_close(c);
}

static void refuses_keys_that_are_paths(void **state)
{
	static const char *const bad[] = {"",      "ab",     "../../x", ".hidden",
					  "a/b/c", "ab\ncd", "...."};
	lf_auto_err err = {0};
	struct lf_cache *c = lf_cache_open(*state, &err);

	for (size_t i = 0; i < LF_ARRAY_LEN(bad); i++) {
		assert_int_equal(lf_cache_get(c, "apk", bad[i]), -1);
		assert_false(store(c, "apk", bad[i], "x"));
	}
	lf_cache_close(c);
}

static void a_killed_writer_leaves_nothing(void **state)
{
	lf_auto_err err = {0};
	struct lf_cache *c = lf_cache_open(*state, &err);
	const pid_t pid = fork();

	if (pid == 0) {
		struct lf_cache_file f;

		if (lf_cache_begin(c, &f, NULL) && lf_write_all(f.fd, "x", 1, NULL))
			_exit(0); /* as good as a kill: no cleanup runs */
		_exit(1);
	}
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	lf_auto_free char *ours = lf_path_join(*state, "factory");
	lf_auto_fd dir = lf_open_read(ours, &err);
	struct lf_strv names = {0};
	assert_true(lf_dir_names(dir, &names, &err));
	for (size_t i = 0; i < names.n; i++) {
		if (lf_starts(names.v[i], ".tmp"))
			fail_msg("%s is left", names.v[i]);
	}
	lf_dir_names_fini(&names);
	lf_cache_close(c);
}

static void processes_may_race_for_a_key(void **state)
{
	lf_auto_err err = {0};
	struct lf_cache *c = lf_cache_open(*state, &err);
	pid_t pid[4];

	for (size_t p = 0; p < LF_ARRAY_LEN(pid); p++) {
		pid[p] = fork();
		if (pid[p] != 0)
			continue;
		for (unsigned i = 0; i < 200; i++) {
			char key[16];

			snprintf(key, sizeof(key), "key%u", i);
			if (!store(c, "race", key, key) || !holds(c, "race", key, key))
				_exit(1);
		}
		_exit(0);
	}
	for (size_t p = 0; p < LF_ARRAY_LEN(pid); p++) {
		int status;

		assert_int_equal(waitpid(pid[p], &status, 0), pid[p]);
		assert_int_equal(status, 0);
	}
	lf_cache_close(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(entries_appear_only_when_put, make_dir, drop_dir),
		cmocka_unit_test_setup_teardown(refuses_keys_that_are_paths, make_dir, drop_dir),
		cmocka_unit_test_setup_teardown(a_killed_writer_leaves_nothing, make_dir, drop_dir),
		cmocka_unit_test_setup_teardown(processes_may_race_for_a_key, make_dir, drop_dir),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
