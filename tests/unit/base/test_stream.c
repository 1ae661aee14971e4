/*
 * Streams over memory, descriptors and ranges.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/fs.h"
#include "base/stream.h"
#include "base/banned.h"

static void reads_memory(void **state)
{
	struct lf_reader *r = lf_reader_mem("hello world", 11);
	lf_auto_err err = {0};
	lf_auto_buf rest = {0};
	char text[5];

	(void)state;
	assert_true(lf_read_full(r, text, 5, &err));
	assert_memory_equal(text, "hello", 5);
	assert_true(lf_skip(r, 1, &err));
	assert_true(lf_read_all(r, 5, &rest, &err));
	assert_string_equal(lf_buf_c(&rest), "world");
	assert_int_equal(lf_read(r, text, 5, &err), 0);
	assert_false(lf_read_full(r, text, 1, &err));
	assert_string_equal(lf_err_text(&err), "unexpected end of file");
	assert_int_equal(err.class, LF_E_FORMAT);
	lf_reader_close(r);
	lf_reader_close(NULL);
}

static void limits_what_it_reads(void **state)
{
	lf_auto_reader *r = lf_reader_mem("12345", 5);
	struct lf_reader *limited;
	lf_auto_err err = {0};
	lf_auto_buf text = {0};

	(void)state;
	assert_false(lf_read_all(r, 4, &text, &err));
	assert_string_equal(lf_err_text(&err), "size limit exceeded: limit is 4 bytes");
	assert_int_equal(err.class, LF_E_LIMIT);
	lf_reader_close(r);
	r = lf_reader_mem("12345", 5);
	limited = lf_reader_limit(r, 5);
	assert_true(lf_read_all(limited, 100, &text, &err));
	assert_string_equal(lf_buf_c(&text), "12345");
	lf_reader_close(limited);
	lf_reader_close(r);
	r = lf_reader_mem("12345", 5);
	limited = lf_reader_limit(r, 4);
	assert_false(lf_read_all(limited, 100, &text, &err));
	assert_int_equal(err.class, LF_E_LIMIT);
	lf_reader_close(limited);
}

static void copies_through_files(void **state)
{
	lf_auto_err err = {0};
	lf_auto_fd fd = lf_temp_file(&err);
	struct lf_writer *w = lf_writer_fd(fd, false);
	lf_auto_buf all = {0}, back = {0};
	struct lf_reader *r;
	uint64_t n = 0;

	(void)state;
	for (int i = 0; i < 100000; i++)
		lf_buf_printf(&all, "%d ", i);
	r = lf_reader_mem(all.p, all.n);
	assert_true(lf_copy(r, w, &n, &err));
	assert_int_equal(n, all.n);
	assert_true(lf_writer_close(w, &err));
	lf_reader_close(r);
	r = lf_reader_range(fd, 2, all.n - 2);
	assert_true(lf_read_all(r, SIZE_MAX / 4, &back, &err));
	assert_int_equal(back.n, all.n - 2);
	assert_memory_equal(back.p, all.p + 2, back.n);
	lf_reader_close(r);
	r = lf_reader_range(fd, all.n - 3, 10);
	assert_false(lf_read_all(r, 100, &back, &err));
	assert_string_equal(lf_err_text(&err), "unexpected end of file");
	lf_reader_close(r);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	r = lf_reader_fd(fd, false);
	assert_true(lf_read_all(r, SIZE_MAX / 4, &back, &err));
	assert_int_equal(back.n, all.n);
	lf_reader_close(r);
}

static void tells_the_first_error_at_the_end(void **state)
{
	lf_auto_err err = {0};
	lf_auto_fd fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
	struct lf_writer *w = lf_writer_fd(fd, false);
	static const char zeros[300000];

	(void)state;
	assert_true(lf_write(w, "x", 1, &err));
	assert_false(lf_write(w, zeros, sizeof(zeros), &err));
	assert_false(lf_write(w, "x", 1, &err));
	lf_err_fini(&err);
	assert_false(lf_writer_close(w, &err));
	assert_string_equal(lf_err_text(&err), "write: no space left on device");
}

static void writes_to_a_buffer(void **state)
{
	lf_auto_err err = {0};
	lf_auto_buf b = LF_BUF(4);
	struct lf_writer *w = lf_writer_buf(&b);

	(void)state;
	assert_true(lf_write(w, "1234", 4, &err));
	assert_false(lf_write(w, "5", 1, &err));
	assert_false(lf_writer_close(w, &err));
	assert_int_equal(err.class, LF_E_LIMIT);
	assert_string_equal(lf_buf_c(&b), "1234");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_memory),
		cmocka_unit_test(limits_what_it_reads),
		cmocka_unit_test(copies_through_files),
		cmocka_unit_test(tells_the_first_error_at_the_end),
		cmocka_unit_test(writes_to_a_buffer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
