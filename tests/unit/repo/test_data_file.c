/*
 * Data files: whole ones are recognised, all others refused.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/fs.h"
#include "base/mem.h"
#include "repo/data_file.h"
#include "repo/repo.h"

#include "base/banned.h"

#define TAR  "the plain tar"
#define LIST "and a list\0of entries"

static int make(struct lf_str tar, struct lf_str list)
{
	const int fd = lf_temp_file(NULL);
	lf_auto_buf text = {0};

	lf_buf_str(&text, list);
	assert_true(fd >= 0);
	assert_true(lf_write_all(fd, tar.p, tar.n, NULL));
	assert_true(lf_data_file_end(fd, tar.n, &text, NULL));
	return fd;
}

static bool is_whole(int fd)
{
	lf_auto_err err = {0};
	uint64_t tar_size, list_size;
	const bool ok = lf_data_file_check(fd, &tar_size, &list_size, &err);

	assert_int_equal(err.class, ok ? LF_E_NONE : LF_E_FORMAT);
	return ok;
}

static void tells_what_is_in_it(void **state)
{
	static const struct lf_str cases[][2] = {
		{LF_STR(TAR), LF_STR(LIST)}, {LF_STR(""), LF_STR(LIST)}, {LF_STR(TAR), LF_STR("")}};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		lf_auto_fd fd = make(cases[i][0], cases[i][1]);
		struct lf_package p = {.data = {.fd = fd, .path = "p"}};
		lf_auto_buf list = {0};

		assert_true(lf_data_file_check(fd, &p.data.size, &p.list_size, NULL));
		assert_int_equal(p.data.size, cases[i][0].n);
		assert_int_equal(p.list_size, cases[i][1].n);
		assert_true(lf_package_list(&p, &list, NULL));
		assert_true(lf_str_eq(lf_buf_view(&list), cases[i][1]));
	}
}

static void refuses_other_sizes(void **state)
{
	lf_auto_fd fd = make(LF_STR(TAR), LF_STR(LIST));
	const off_t size = lseek(fd, 0, SEEK_END);

	(void)state;
	assert_true(is_whole(fd));
	assert_int_equal(ftruncate(fd, size + 1), 0);
	assert_false(is_whole(fd));
	for (off_t n = size - 1; n >= 0; n--) {
		assert_int_equal(ftruncate(fd, n), 0);
		assert_false(is_whole(fd));
	}
}

/* The tar has no sum of its own: its size tells whether it is all there. */
static void refuses_other_bytes_behind_the_tar(void **state)
{
	lf_auto_fd fd = make(LF_STR(TAR), LF_STR(LIST));
	const off_t size = lseek(fd, 0, SEEK_END);

	(void)state;
	for (off_t at = (off_t)sizeof(TAR) - 1; at < size; at++) {
		uint8_t was, other;

		assert_true(lf_pread_all(fd, &was, 1, (uint64_t)at, NULL));
		other = was ^ 0x10;
		assert_true(lf_pwrite_all(fd, &other, 1, (uint64_t)at, NULL));
		assert_false(is_whole(fd));
		assert_true(lf_pwrite_all(fd, &was, 1, (uint64_t)at, NULL));
	}
	assert_true(is_whole(fd));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_what_is_in_it),
		cmocka_unit_test(refuses_other_sizes),
		cmocka_unit_test(refuses_other_bytes_behind_the_tar),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
