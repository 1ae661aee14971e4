/*
 * Remembered records: found again for the same file, and for no other.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/fs.h"
#include "repo/index_cache.h"

#include "base/banned.h"

struct place {
	struct lf_arena arena;
	struct lf_ctx ctx;
	char *dir;
	const char *package; /* a file in it */
};

static int set_up(void **state)
{
	struct place *p = lf_calloc(1, sizeof(*p));

	p->dir = lf_temp_dir("lf-index-cache-", NULL);
	assert_non_null(p->dir);
	p->package = lf_arena_printf(&p->arena, "%s/a-1.apk", p->dir);
	assert_true(lf_write_file(p->package, "x", 1, 0644, NULL));
	assert_int_equal(
		setenv("XDG_CACHE_HOME", lf_arena_printf(&p->arena, "%s/cache", p->dir), 1), 0);
	*state = p;
	return 0;
}

static int tear_down(void **state)
{
	struct place *p = *state;

	(void)lf_remove_all(p->dir, NULL);
	lf_free(p->dir);
	lf_arena_fini(&p->arena);
	lf_free(p);
	return 0;
}

static const struct lf_index_stamp stamp = {1, 2, 3, 4, -5, true};

static struct lf_pkg a_package(const char *description)
{
	struct lf_pkg pkg = {
		.name = "a", .version = "1", .arch = "x86_64", .description = description};

	pkg.url = pkg.license = pkg.origin = pkg.maintainer = pkg.commit = pkg.datahash = "";
	pkg.size = 77;
	pkg.has_checksum = true;
	pkg.checksum[3] = 9;
	return pkg;
}

static void remember(struct place *p, const struct lf_index_stamp *s, const struct lf_pkg *pkg)
{
	struct lf_index_cache *c = lf_index_cache_open(&p->ctx);

	assert_non_null(c);
	lf_index_cache_load(c, p->package);
	lf_index_cache_add(c, p->package, s, pkg);
	lf_index_cache_save(c);
	lf_index_cache_close(c);
}

/* What a new process finds. */
static bool find(struct place *p, const char *path, const struct lf_index_stamp *s,
		 struct lf_pkg *ret)
{
	struct lf_index_cache *c = lf_index_cache_open(&p->ctx);
	bool found;

	lf_index_cache_load(c, path);
	found = lf_index_cache_find(c, path, s, &p->arena, ret);
	lf_index_cache_close(c);
	return found;
}

static void finds_the_same_file(void **state)
{
	struct place *p = *state;
	struct lf_pkg pkg = a_package("text; with # signs"), found;
	lf_auto_buf want = {0}, got = {0};

	remember(p, &stamp, &pkg);
	assert_true(find(p, p->package, &stamp, &found));
	lf_index_print_pkg(&want, &pkg);
	lf_index_print_pkg(&got, &found);
	assert_string_equal(got.p, want.p);
	/* the same folder by another name */
	assert_true(find(
		p, lf_arena_printf(&p->arena, "%s/../%s/a-1.apk", p->dir, strrchr(p->dir, '/') + 1),
		&stamp, &found));
}

static void finds_no_other_file(void **state)
{
	struct place *p = *state;
	struct lf_pkg pkg = a_package("x"), found;
	struct lf_index_stamp other[5];

	remember(p, &stamp, &pkg);
	for (size_t i = 0; i < 5; i++)
		other[i] = stamp;
	other[0].dev++;
	other[1].ino++;
	other[2].size++;
	other[3].mtime_ns++;
	other[4].ctime_ns++;
	for (size_t i = 0; i < 5; i++)
		assert_false(find(p, p->package, &other[i], &found));
	assert_false(find(p, lf_arena_printf(&p->arena, "%s/b-1.apk", p->dir), &stamp, &found));
	assert_false(find(p, "/nonexistent/a-1.apk", &stamp, &found));
}

static void keeps_what_is_there_and_drops_what_is_gone(void **state)
{
	struct place *p = *state;
	struct lf_pkg pkg = a_package("x"), found;
	const char *first = p->package;

	remember(p, &stamp, &pkg);
	p->package = lf_arena_printf(&p->arena, "%s/b-1.apk", p->dir);
	remember(p, &stamp, &pkg);
	assert_true(find(p, first, &stamp, &found));
	assert_true(find(p, p->package, &stamp, &found));
	p->package = first;
	remember(p, &stamp, &pkg); /* b was never there */
	assert_false(find(p, lf_arena_printf(&p->arena, "%s/b-1.apk", p->dir), &stamp, &found));
}

static void remembers_nothing_that_is_not_sure(void **state)
{
	struct place *p = *state;
	struct lf_pkg pkg = a_package("x"), odd = a_package("two\nlines"), found;
	struct lf_index_stamp young = stamp, now;
	lf_auto_fd fd = lf_open_read(p->package, NULL);

	young.settled = false;
	remember(p, &young, &pkg);
	assert_false(find(p, p->package, &young, &found));
	/* prints as one line, which is what is remembered */
	remember(p, &stamp, &odd);
	assert_true(find(p, p->package, &stamp, &found));
	assert_string_equal(found.description, "two lines");
	/* just written: it may change once more in the same tick */
	assert_true(lf_index_stamp(fd, &now));
	assert_false(now.settled);
}

static void tells_changes_by_their_time(void **state)
{
	struct place *p = *state;
	lf_auto_fd fd = lf_open_read(p->package, NULL);
	struct lf_index_stamp before, after;
	struct timespec times[2];

	assert_true(lf_index_stamp(fd, &before));
	usleep(20000); /* more than a tick */
	assert_int_equal(truncate(p->package, 0) | truncate(p->package, 1), 0);
	times[0] = times[1] =
		(struct timespec){before.mtime_ns / 1000000000, before.mtime_ns % 1000000000};
	assert_int_equal(utimensat(-1, p->package, times, 0), 0);
	assert_true(lf_index_stamp(fd, &after));
	assert_int_equal(before.mtime_ns, after.mtime_ns);
	assert_int_equal(before.size, after.size);
	assert_false(lf_index_stamp_eq(&before, &after));
}

static void survives_damage(void **state)
{
	static const char *const contents[] = {"", "lfindex1 00\n",
					       "F:1 2 3 4 -5 a-1.apk\nP:a\n\n"};
	struct place *p = *state;
	struct lf_pkg pkg = a_package("x"), found;
	const char *top =
		lf_arena_printf(&p->arena, "%s/cache/dev.chainguard.go-apk/factory/index", p->dir);

	for (size_t i = 0; i < LF_ARRAY_LEN(contents); i++) {
		LF_CLEANUP(lf_dir_names_fini) struct lf_strv names = {0}, inner = {0};
		remember(p, &stamp, &pkg);
		lf_auto_fd dir = lf_open_read(top, NULL);
		assert_true(lf_dir_names(dir, &names, NULL));
		assert_int_equal(names.n, 1);
		const char *sub = lf_arena_printf(&p->arena, "%s/%s", top, names.v[0]);
		lf_auto_fd subdir = lf_open_read(sub, NULL);
		assert_true(lf_dir_names(subdir, &inner, NULL));
		assert_int_equal(inner.n, 1);
		assert_true(lf_write_file(lf_arena_printf(&p->arena, "%s/%s", sub, inner.v[0]),
					  contents[i], strlen(contents[i]), 0644, NULL));
		assert_false(find(p, p->package, &stamp, &found));
	}
	remember(p, &stamp, &pkg);
	assert_true(find(p, p->package, &stamp, &found));
}

static void does_without_a_cache(void **state)
{
	struct place *p = *state;
	struct lf_pkg pkg = a_package("x");

	setenv("XDG_CACHE_HOME", "/proc/nothing", 1);
	struct lf_index_cache *c = lf_index_cache_open(&p->ctx);
	assert_null(c);
	lf_index_cache_load(c, p->package);
	assert_false(lf_index_cache_find(c, p->package, &stamp, &p->arena, &pkg));
	lf_index_cache_add(c, p->package, &stamp, &pkg);
	lf_index_cache_save(c);
	lf_index_cache_close(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(finds_the_same_file, set_up, tear_down),
		cmocka_unit_test_setup_teardown(finds_no_other_file, set_up, tear_down),
		cmocka_unit_test_setup_teardown(keeps_what_is_there_and_drops_what_is_gone, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(remembers_nothing_that_is_not_sure, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(tells_changes_by_their_time, set_up, tear_down),
		cmocka_unit_test_setup_teardown(survives_damage, set_up, tear_down),
		cmocka_unit_test_setup_teardown(does_without_a_cache, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
