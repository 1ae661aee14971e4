/*
 * The limit of the cache: what was not used for longest goes, and only when it is exceeded.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/fs.h"
#include "base/mem.h"
#include "net/cache.h"

#include "base/banned.h"

#define ENTRY ((size_t)64 << 10) /* bytes of each; a multiple of what disks give out */
#define DAY   86400

struct world {
	char *root;
	struct lf_cache *cache;
};

static int start(void **state)
{
	struct world *w = lf_calloc(1, sizeof(*w));

	w->root = lf_temp_dir("lf-trim", NULL);
	w->cache = w->root ? lf_cache_open(w->root, NULL) : NULL;
	*state = w;
	return w->cache ? 0 : -1;
}

static int end(void **state)
{
	struct world *w = *state;

	lf_cache_close(w->cache);
	(void)lf_remove_all(w->root, NULL);
	lf_free(w->root);
	lf_free(w);
	return 0;
}

static void set_age(const struct world *w, const char *rel, time_t age)
{
	lf_auto_free char *path = lf_path_join(w->root, rel);
	const struct timespec at = {.tv_sec = time(NULL) - age};

	assert_int_equal(utimensat(AT_FDCWD, path, (struct timespec[]){at, at}, 0), 0);
}

static bool is_there(const struct world *w, const char *rel)
{
	lf_auto_free char *path = lf_path_join(w->root, rel);

	return access(path, F_OK) == 0;
}

/* Entries "a0-key", "a1-key" … of a kind; the first was not used for longest. */
static void fill(const struct world *w, unsigned n)
{
	lf_auto_buf bytes = {0};

	lf_buf_fill(&bytes, 'x', ENTRY);
	for (unsigned i = 0; i < n; i++) {
		lf_auto_cache_file f = LF_CACHE_FILE;
		lf_auto_buf key = {0}, path = {0};

		lf_buf_printf(&key, "a%u-key", i);
		lf_buf_printf(&path, "factory/kind/a%u/a%u-key", i, i);
		assert_true(lf_cache_begin(w->cache, &f, NULL));
		assert_true(lf_write_all(f.fd, bytes.p, bytes.n, NULL));
		assert_true(lf_cache_put(w->cache, &f, "kind", key.p, NULL));
		set_age(w, path.p, 10 * DAY - i);
	}
}

/* "0" for an entry that went, "1" for one that is there. */
static void check(const struct world *w, const char *want)
{
	lf_auto_buf got = {0};

	for (unsigned i = 0; want[i]; i++) {
		lf_auto_buf path = {0};

		lf_buf_printf(&path, "factory/kind/a%u/a%u-key", i, i);
		lf_buf_putc(&got, is_there(w, path.p) ? '1' : '0');
	}
	assert_string_equal(lf_buf_c(&got), want);
}

static void removes_the_oldest_down_to_nine_tenths(void **state)
{
	const struct world *w = *state;

	fill(w, 8);
	assert_true(lf_cache_trim(w->cache, 6 * ENTRY, NULL));
	check(w, "00011111");
}

static void keeps_all_below_the_limit(void **state)
{
	const struct world *w = *state;

	fill(w, 8);
	assert_true(lf_cache_trim(w->cache, 9 * ENTRY, NULL));
	check(w, "11111111");
	assert_true(is_there(w, "factory/.size"));
}

static void has_no_limit_at_zero(void **state)
{
	const struct world *w = *state;

	fill(w, 8);
	assert_true(lf_cache_trim(w->cache, 0, NULL));
	check(w, "11111111");
}

/* Nothing was added since: nobody looks. */
static void looks_only_when_something_came(void **state)
{
	const struct world *w = *state;

	fill(w, 8);
	assert_true(lf_cache_trim(w->cache, 9 * ENTRY, NULL));
	assert_true(lf_cache_trim(w->cache, ENTRY, NULL));
	check(w, "11111111");
}

/* What it counts without a walk: a limit that is exceeded by what several runs added. */
static void adds_up_what_runs_put_in(void **state)
{
	const struct world *w = *state;

	fill(w, 4);
	assert_true(lf_cache_trim(w->cache, 6 * ENTRY, NULL));
	check(w, "1111");
	fill(w, 8); /* the first four are there and count once more, until a walk corrects it */
	assert_true(lf_cache_trim(w->cache, 6 * ENTRY, NULL));
	check(w, "00011111");
}

static void leaves_what_is_on_its_way_in(void **state)
{
	const struct world *w = *state;
	static const char *const temp[] = {"factory/kind/.young", "factory/kind/.old"};

	fill(w, 2);
	for (size_t i = 0; i < LF_ARRAY_LEN(temp); i++) {
		lf_auto_free char *path = lf_path_join(w->root, temp[i]);
		lf_auto_buf bytes = {0};

		lf_buf_fill(&bytes, 'x', ENTRY);
		assert_true(lf_write_file(path, bytes.p, bytes.n, 0644, NULL));
		set_age(w, temp[i], i ? 20 * DAY : 0);
	}
	assert_true(lf_cache_trim(w->cache, 2 * ENTRY + ENTRY / 2, NULL));
	assert_true(is_there(w, temp[0]));
	assert_false(is_there(w, temp[1]));
	check(w, "11");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(removes_the_oldest_down_to_nine_tenths, start, end),
		cmocka_unit_test_setup_teardown(keeps_all_below_the_limit, start, end),
		cmocka_unit_test_setup_teardown(has_no_limit_at_zero, start, end),
		cmocka_unit_test_setup_teardown(looks_only_when_something_came, start, end),
		cmocka_unit_test_setup_teardown(adds_up_what_runs_put_in, start, end),
		cmocka_unit_test_setup_teardown(leaves_what_is_on_its_way_in, start, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
