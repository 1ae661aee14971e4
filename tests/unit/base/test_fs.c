/*
 * Files, directories and paths.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/resolve.h"
#include "base/banned.h"

struct place {
	char *dir;
	struct lf_err err;
};

static char *at(struct place *p, const char *name)
{
	return lf_path_join(p->dir, name);
}

static int enter(void **state)
{
	struct place *p = lf_calloc(1, sizeof(*p));

	p->dir = lf_temp_dir("factory-test-", &p->err);
	*state = p;
	return p->dir ? 0 : -1;
}

static int leave(void **state)
{
	struct place *p = *state;
	bool ok = lf_remove_all(p->dir, &p->err) && !lf_exists(p->dir);

	lf_err_fini(&p->err);
	lf_free(p->dir);
	lf_free(p);
	return ok ? 0 : -1;
}

static void cleans_paths(void **state)
{
	static const struct {
		const char *path, *clean;
	} cases[] = {
		{"", "."},
		{"abc", "abc"},
		{"abc/def/", "abc/def"},
		{"a//b", "a/b"},
		{"./a", "a"},
		{"a/./b", "a/b"},
		{"a/../b", "b"},
		{"..", ".."},
		{"../../a", "../../a"},
		{"a/../..", ".."},
		{"/..", "/"},
		{"/a/../../b", "/b"},
		{"/", "/"},
		{"//a", "/a"},
		{"a/..", "."},
		{"../a/../..", "../.."},
		{"/.", "/"},
		{"a/b/../../../c", "../c"},
	};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		lf_auto_free char *clean = lf_path_clean(cases[i].path);

		assert_string_equal(clean, cases[i].clean);
	}
}

static void joins_paths(void **state)
{
	static const struct {
		const char *a, *b, *joined;
	} cases[] = {
		{"a", "b", "a/b"},
		{"a/", "/b", "a/b"},
		{"", "/b", "/b"},
		{"/", "b", "/b"},
	};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		lf_auto_free char *joined = lf_path_join(cases[i].a, cases[i].b);

		assert_string_equal(joined, cases[i].joined);
	}
}

static void writes_and_reads_whole_files(void **state)
{
	struct place *p = *state;
	lf_auto_free char *path = at(p, "file"), *none = at(p, "none/file");
	lf_auto_buf text = {0};
	struct stat st;

	assert_true(lf_write_file(path, "hello", 5, 0755, &p->err));
	assert_true(lf_write_file(path, "bye", 3, 0644, &p->err));
	assert_true(lf_read_file(path, 3, &text, &p->err));
	assert_string_equal(lf_buf_c(&text), "bye");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0700, 0600);
	assert_false(lf_read_file(path, 2, &text, &p->err));
	assert_int_equal(p->err.class, LF_E_LIMIT);
	assert_string_equal(lf_buf_c(&text), "bye");
	assert_false(lf_read_file(none, 2, &text, &p->err));
	assert_int_equal(p->err.class, LF_E_NOT_FOUND);
	assert_true(lf_ends(lf_err_text(&p->err), "none/file: no such file or directory"));
	assert_true(lf_starts(lf_err_text(&p->err), "open /"));
	assert_false(lf_read_file(p->dir, 2, &text, &p->err));
	assert_true(lf_ends(lf_err_text(&p->err), "is a directory"));
}

static void outputs_appear_by_rename(void **state)
{
	struct place *p = *state;
	lf_auto_free char *path = at(p, "out"), *link = at(p, "link");
	lf_auto_buf text = {0};
	lf_auto_fd dir = open(p->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct lf_out o = {0};
	struct lf_strv names = {0};

	assert_true(lf_out_open(&o, path, 0644, &p->err));
	assert_true(lf_write_all(o.fd, "x", 1, &p->err));
	assert_false(lf_exists(path));
	lf_out_fini(&o);
	lf_out_fini(&o);
	assert_false(lf_exists(path));
	assert_true(lf_write_file(path, "1", 1, 0644, &p->err));
	/* through a link: the link stays */
	assert_int_equal(symlink("out", link), 0);
	assert_true(lf_write_file(link, "2", 1, 0644, &p->err));
	assert_true(lf_read_file(path, 9, &text, &p->err));
	assert_string_equal(lf_buf_c(&text), "2");
	assert_true(lf_write_file("/dev/null", "x", 1, 0644, &p->err));
	assert_true(lf_dir_names(dir, &names, &p->err));
	assert_int_equal(names.n, 2);
	assert_string_equal(names.v[0], "link");
	lf_dir_names_fini(&names);
}

static void stays_below_a_root(void **state)
{
	struct place *p = *state;
	lf_auto_free char *in = at(p, "in"), *sub = at(p, "in/sub/deep"), *secret = at(p, "secret");
	lf_auto_free char *up = at(p, "in/up"), *abs = at(p, "in/abs"), *ok = at(p, "in/ok");
	lf_auto_fd root = -1, fd = -1;

	assert_true(lf_mkdirs(sub, 0755, &p->err) && lf_mkdirs(sub, 0755, &p->err));
	assert_true(lf_write_file(secret, "s", 1, 0644, &p->err));
	assert_int_equal(symlink("../secret", up) + symlink(secret, abs) + symlink("sub", ok), 0);
	root = open(in, O_PATH | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(lf_open_in_root(root, "up", O_RDONLY, 0, &p->err), -1);
	assert_int_equal(p->err.class, LF_E_NOT_FOUND);
	assert_int_equal(lf_open_in_root(root, "abs", O_RDONLY, 0, &p->err), -1);
	assert_int_equal(lf_open_in_root(root, "../secret", O_RDONLY, 0, &p->err), -1);
	fd = lf_open_in_root(root, "/ok/deep", O_RDONLY, 0, &p->err);
	assert_true(fd >= 0);
	lf_close_p(&fd);
	assert_int_equal(lf_open_beneath(root, "ok/deep", O_RDONLY, 0, &p->err), -1);
	assert_int_equal(p->err.sys_errno, ELOOP);
	assert_int_equal(lf_open_beneath(root, "../secret", O_RDONLY, 0, &p->err), -1);
	fd = lf_open_beneath(root, "sub/new", O_WRONLY | O_CREAT | O_EXCL, 0600, &p->err);
	assert_true(fd >= 0);
}

/* Both ways of opening below a root must agree. */
static void resolves_by_hand_as_the_kernel_does(void **state)
{
	static const struct {
		const char *path;
		int flags;
	} cases[] = {
		{"d/e/f", O_RDONLY},
		{"l/f", O_RDONLY},
		{"up/secret", O_RDONLY},
		{"abs", O_RDONLY},
		{"loop", O_RDONLY},
		{"../../d/e/f", O_RDONLY},
		{"d/../d/./e//f", O_RDONLY},
		{"d/e/f/x", O_RDONLY},
		{"none", O_RDONLY},
		{"d/e/f/", O_RDONLY},
		{"", O_RDONLY},
		{".", O_RDONLY | O_DIRECTORY},
		{"l", O_RDONLY | O_NOFOLLOW},
		{"l/", O_RDONLY | O_DIRECTORY},
		{"d/none/x", O_RDONLY},
		{"abs/..", O_RDONLY},
		{"d/e/f", O_WRONLY | O_DIRECTORY},
		{"l/../e", O_RDONLY},
	};
	struct place *p = *state;
	lf_auto_free char *top = at(p, "top"), *deep = at(p, "top/d/e"), *file = at(p, "top/d/e/f");
	lf_auto_free char *link = at(p, "top/l"), *up = at(p, "top/up"), *abs = at(p, "top/abs");
	lf_auto_free char *loop = at(p, "top/loop"), *secret = at(p, "secret");
	lf_auto_fd root = -1;

	assert_true(lf_mkdirs(deep, 0755, &p->err));
	assert_true(lf_write_file(file, "x", 1, 0644, &p->err));
	assert_true(lf_write_file(secret, "x", 1, 0644, &p->err));
	assert_int_equal(symlink("d/e", link) + symlink("..", up) + symlink("loop", loop), 0);
	assert_int_equal(symlink("/d/e", abs), 0);
	root = open(top, O_PATH | O_DIRECTORY | O_CLOEXEC);
	for (size_t i = 0; i < 2 * LF_ARRAY_LEN(cases); i++) {
		bool links = i % 2;
		const char *path = cases[i / 2].path;
		struct lf_err err = {0};
		struct stat a = {0}, b = {0};
		lf_auto_fd hand = lf_resolve_open(root, path, cases[i / 2].flags, 0, links);
		int number = hand < 0 ? errno : 0;
		lf_auto_fd kernel =
			links ? lf_open_in_root(root, path, cases[i / 2].flags, 0, &err)
			      : lf_open_beneath(root, path, cases[i / 2].flags, 0, &err);

		if (number != err.sys_errno)
			fail_msg("\"%s\", links %d: %d by hand, %d by the kernel", path, links,
				 number, err.sys_errno);
		if (hand >= 0)
			assert_int_equal(fstat(hand, &a) + fstat(kernel, &b), 0);
		assert_true(a.st_ino == b.st_ino);
		lf_err_fini(&err);
	}
}

static bool note(void *data, int dirfd, const char *name, const char *rel, const struct stat *st,
		 struct lf_err *err)
{
	(void)dirfd;
	(void)name;
	if (lf_ends(rel, "stop"))
		return lf_fail_new(err, LF_E_BUG, "stopped");
	lf_buf_printf(data, "%s%s ", rel, S_ISDIR(st->st_mode) ? "/" : "");
	return true;
}

static void walks_in_byte_order(void **state)
{
	struct place *p = *state;
	lf_auto_free char *deep = at(p, "b/c"), *file = at(p, "b/B"), *link = at(p, "a");
	lf_auto_free char *stop = at(p, "b/stop");
	lf_auto_buf seen = {0};

	assert_true(lf_mkdirs(deep, 0755, &p->err));
	assert_true(lf_write_file(file, "", 0, 0644, &p->err));
	assert_int_equal(symlink("/", link), 0);
	assert_true(lf_walk(p->dir, note, &seen, &p->err));
	assert_string_equal(lf_buf_c(&seen), "a b/ b/B b/c/ ");
	assert_true(lf_write_file(stop, "", 0, 0644, &p->err));
	assert_false(lf_walk(p->dir, note, &seen, &p->err));
	assert_string_equal(lf_err_text(&p->err), "stopped");
	assert_false(lf_walk(link, note, &seen, NULL) && false);
}

static void removes_what_forbids_it(void **state)
{
	struct place *p = *state;
	lf_auto_free char *dir = at(p, "d/e"), *file = at(p, "d/e/f"), *link = at(p, "l");
	lf_auto_free char *top = at(p, "d"), *other = at(p, "keep/x"), *keep = at(p, "keep");

	assert_true(lf_mkdirs(dir, 0755, &p->err) && lf_mkdirs(keep, 0755, &p->err));
	assert_true(lf_write_file(file, "", 0, 0644, &p->err));
	assert_true(lf_write_file(other, "", 0, 0644, &p->err));
	assert_int_equal(symlink("keep", link), 0);
	assert_int_equal(chmod(dir, 0) + chmod(top, 0500), 0);
	assert_true(lf_remove_all(top, &p->err));
	assert_true(lf_remove_all(link, &p->err));
	assert_true(lf_remove_all(link, &p->err));
	assert_true(lf_exists(other));
	assert_false(lf_exists(top));
}

static void reads_and_writes_at_offsets(void **state)
{
	struct place *p = *state;
	lf_auto_fd fd = lf_temp_file(&p->err);
	char text[4];

	assert_true(fd >= 0);
	assert_true(lf_pwrite_all(fd, "cd", 2, 2, &p->err));
	assert_true(lf_pwrite_all(fd, "ab", 2, 0, &p->err));
	assert_true(lf_pread_all(fd, text, 4, 0, &p->err));
	assert_memory_equal(text, "abcd", 4);
	assert_false(lf_pread_all(fd, text, 4, 1, &p->err));
	assert_string_equal(lf_err_text(&p->err), "unexpected end of file");
}

#define case_in_place(test) cmocka_unit_test_setup_teardown(test, enter, leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cleans_paths),
		cmocka_unit_test(joins_paths),
		case_in_place(writes_and_reads_whole_files),
		case_in_place(outputs_appear_by_rename),
		case_in_place(stays_below_a_root),
		case_in_place(resolves_by_hand_as_the_kernel_does),
		case_in_place(walks_in_byte_order),
		case_in_place(removes_what_forbids_it),
		case_in_place(reads_and_writes_at_offsets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
