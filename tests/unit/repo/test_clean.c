/*
 * Removing the cache: what is told, what is refused.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

#include <factory/machine.h>

#include "world.h"

#include "base/banned.h"

static char *clean(struct world *w, const char *dir, bool dry_run)
{
	lf_auto_err err = {0};
	struct lf_buf out = {0};

	lf_buf_clear(&w->log);
	const bool ok = lf_clean_cache(&w->ctx, dir, dry_run, &err);

	lf_buf_printf(&out, "%s%s", lf_buf_c(&w->log), ok ? "" : err.text);
	return lf_buf_detach(&out);
}

static void fill(struct world *w, const char *name, size_t size)
{
	lf_auto_free char *dir = lf_path_join(w->cache, "some/where");
	lf_auto_free char *path = lf_path_join(dir, name);
	lf_auto_err err = {0};
	lf_auto_buf text = {0};

	lf_buf_fill(&text, 'x', size);
	assert_true(lf_mkdirs(dir, 0755, &err));
	assert_true(lf_write_file(path, lf_buf_c(&text), text.n, 0644, &err));
}

static void cleans(void **state)
{
	static const struct {
		size_t size;
		const char *shown;
	} cases[] = {{0, "0 B"},       {1023, "1023 B"},   {1024, "1.0 KB"},
		     {1536, "1.5 KB"}, {28570, "27.9 KB"}, {3 << 20, "3.0 MB"}};
	struct world *w = *state;

	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		lf_auto_buf want = {0};

		fill(w, "f", cases[i].size);
		lf_auto_free char *dry = clean(w, w->cache, true);

		lf_buf_printf(&want, "Cleaning cache directory: %s\nCache size: %s\n", w->cache,
			      cases[i].shown);
		assert_true(lf_starts(dry, want.p));
		assert_true(lf_ends(dry, "Dry run mode: cache directory will not be deleted\n"));
		assert_true(lf_exists(w->cache));
		lf_auto_free char *real = clean(w, w->cache, false);

		assert_true(lf_ends(real, "Cache directory cleaned successfully\n"));
		assert_false(lf_exists(w->cache));
	}
	lf_auto_free char *again = clean(w, w->cache, false);

	assert_true(lf_ends(again, "\nCache directory does not exist, nothing to clean\n"));
}

static void leaves_what_links_lead_to(void **state)
{
	struct world *w = *state;
	lf_auto_free char *link = lf_path_join(w->cache, "link");

	fill(w, "f", 1);
	assert_int_equal(symlink(w->repo, link), 0);
	lf_auto_free char *real = clean(w, w->cache, false);

	assert_true(lf_ends(real, "successfully\n"));
	assert_true(lf_exists(w->arch_dir));
}

static void refuses_what_is_no_cache(void **state)
{
	struct world *w = *state;
	lf_auto_free char *file = clean(w, w->key_path, false);
	lf_auto_free char *top = clean(w, "/", false);

	assert_non_null(strstr(file, "\ncache path is not a directory: /"));
	assert_true(lf_ends(top, "\ncache path is not a directory of a cache: /"));
}

static void asks_the_system(void **state)
{
	struct world *w = *state;

	assert_int_equal(unsetenv("XDG_CACHE_HOME"), 0);
	assert_int_equal(unsetenv("HOME"), 0);
	lf_auto_free char *none = clean(w, "", false);

	assert_string_equal(none, "failed to determine user cache directory: neither "
				  "$XDG_CACHE_HOME nor $HOME are defined");
	assert_int_equal(setenv("HOME", w->dir, 1), 0);
	lf_auto_free char *home = clean(w, NULL, true);

	assert_non_null(strstr(home, "/.cache/dev.chainguard.go-apk\nCache directory does not"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(cleans, world_make, world_drop),
		cmocka_unit_test_setup_teardown(leaves_what_links_lead_to, world_make, world_drop),
		cmocka_unit_test_setup_teardown(refuses_what_is_no_cache, world_make, world_drop),
		cmocka_unit_test_setup_teardown(asks_the_system, world_make, world_drop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
