/*
 * Errors and the context.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <factory/ctx.h>

#include "base/buf.h"
#include "base/banned.h"

static void reads_from_the_outside_in(void **state)
{
	lf_auto_err err = {0};

	(void)state;
	assert_string_equal(lf_err_text(&err), "");
	assert_false(lf_fail_new(&err, LF_E_FORMAT, "bad byte %d", 7));
	assert_false(lf_fail(&err, "reading %s", "x"));
	assert_string_equal(lf_err_text(&err), "reading x: bad byte 7");
	assert_int_equal(err.class, LF_E_FORMAT);
	/* the old text as an argument of the new one */
	assert_false(lf_fail_new(&err, LF_E_NET, "%s!", lf_err_text(&err)));
	assert_string_equal(lf_err_text(&err), "reading x: bad byte 7!");
	lf_err_fini(&err);
	lf_err_fini(&err);
	assert_int_equal(err.class, LF_E_NONE);
}

static void names_errnos_as_go_does(void **state)
{
	static const struct {
		int number;
		const char *text;
	} cases[] = {
		{ENOENT, "open x: no such file or directory"},
		{EACCES, "open x: permission denied"},
		{EEXIST, "open x: file exists"},
		{EISDIR, "open x: is a directory"},
		{ENOTEMPTY, "open x: directory not empty"},
		{ELOOP, "open x: too many levels of symbolic links"},
		{EIO, "open x: input/output error"},
		{99999, "open x: errno 99999"},
	};
	lf_auto_err err = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		errno = cases[i].number;
		assert_false(lf_fail_errno(&err, "open %s", "x"));
		assert_string_equal(lf_err_text(&err), cases[i].text);
		assert_int_equal(err.sys_errno, cases[i].number);
		assert_int_equal(err.class, cases[i].number == ENOENT ? LF_E_NOT_FOUND : LF_E_IO);
	}
}

static void works_without_an_error_to_fill(void **state)
{
	(void)state;
	assert_false(lf_fail_new(NULL, LF_E_IO, "x"));
	assert_false(lf_fail(NULL, "x"));
	assert_false(lf_fail_errno(NULL, "x"));
	lf_err_fini(NULL);
	assert_string_equal(lf_err_text(NULL), "");
}

static void moves(void **state)
{
	lf_auto_err from = {0}, to = {0};

	(void)state;
	lf_fail_new(&from, LF_E_IO, "a");
	lf_fail_new(&to, LF_E_NET, "b");
	lf_err_move(&to, &from);
	assert_string_equal(lf_err_text(&to), "a");
	assert_int_equal(from.class, LF_E_NONE);
	lf_err_move(NULL, &to);
	assert_int_equal(to.class, LF_E_NONE);
}

static void keep(void *data, enum lf_level level, const char *text, const char *attrs)
{
	lf_buf_printf(data, "%d %s%s;", level, text, attrs);
}

static void logs_from_its_level_on(void **state)
{
	lf_auto_buf seen = {0};
	struct lf_ctx ctx = {.log = keep, .log_data = &seen, .log_level = LF_LOG_INFO};

	(void)state;
	lf_debug(&ctx, "no");
	lf_info(&ctx, "yes %d", 1);
	ctx.log_attrs = " arch=x86_64";
	lf_warn(&ctx, "two");
	assert_string_equal(lf_buf_c(&seen), "1 yes 1;2 two arch=x86_64;");
	lf_info(NULL, "no context is silence");
}

static void notices_a_cancelled_run(void **state)
{
	atomic_bool cancel = false;
	struct lf_ctx ctx = {.cancel = &cancel, .jobs = 3};
	lf_auto_err err = {0};

	(void)state;
	assert_true(lf_check_cancel(&ctx, &err));
	assert_true(lf_check_cancel(NULL, &err));
	cancel = true;
	assert_false(lf_check_cancel(&ctx, &err));
	assert_int_equal(err.class, LF_E_CANCELLED);
	assert_int_equal(lf_jobs(&ctx), 3);
	assert_true(lf_jobs(NULL) >= 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_from_the_outside_in),
		cmocka_unit_test(names_errnos_as_go_does),
		cmocka_unit_test(works_without_an_error_to_fill),
		cmocka_unit_test(moves),
		cmocka_unit_test(logs_from_its_level_on),
		cmocka_unit_test(notices_a_cancelled_run),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
