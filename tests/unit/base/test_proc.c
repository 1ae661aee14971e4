/*
 * Child processes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/banned.h"

static void note(void *data, int stream, struct lf_str line)
{
	if (line.n > 100)
		lf_buf_printf(data, "%d:%zu;", stream, line.n);
	else
		lf_buf_printf(data, "%d:" LF_STR_FMT ";", stream, LF_STR_ARG(line));
}

static bool run_shell(const char *script, double timeout, struct lf_buf *seen, struct lf_err *err)
{
	const char *argv[] = {"sh", "-c", script, NULL};
	struct lf_proc p = {
		.argv = argv,
		.line = seen ? note : NULL,
		.line_data = seen,
		.timeout = timeout,
		.input = LF_STR("from above\n"),
	};

	return lf_proc_run(NULL, &p, err);
}

static void no_child_is_left(void)
{
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

static void hears_lines_of_both_streams(void **state)
{
	lf_auto_err err = {0};
	lf_auto_buf seen = {0};

	(void)state;
	assert_true(run_shell("echo a; echo; printf b", 0, &seen, &err));
	assert_string_equal(lf_buf_c(&seen), "1:a;1:;1:b;");
	lf_buf_clear(&seen);
	assert_true(run_shell("cat; sleep 0.1; echo e >&2", 0, &seen, &err));
	assert_string_equal(lf_buf_c(&seen), "1:from above;2:e;");
	lf_buf_clear(&seen);
	assert_true(run_shell("head -c 70000 /dev/zero | tr '\\0' x; echo", 0, &seen, &err));
	assert_string_equal(lf_buf_c(&seen), "1:65536;1:4464;");
	no_child_is_left();
}

static void tells_how_the_child_ended(void **state)
{
	static const struct {
		const char *script, *text;
		int status;
	} cases[] = {
		{"exit 7", "exit status 7", 7},
		{"kill -9 $$", "signal: killed", 137},
		{"kill -TERM $$", "signal: terminated", 143},
	};
	lf_auto_err err = {0};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		assert_false(run_shell(cases[i].script, 0, NULL, &err));
		assert_int_equal(err.class, LF_E_CHILD);
		assert_string_equal(lf_err_text(&err), cases[i].text);
		assert_int_equal(err.child_status, cases[i].status);
	}
}

static void tells_why_it_could_not_start(void **state)
{
	lf_auto_err err = {0};
	const char *none[] = {"no-such-program", NULL}, *yes[] = {"true", NULL};
	struct lf_proc p = {.argv = none};

	(void)state;
	assert_false(lf_proc_run(NULL, &p, &err));
	assert_int_equal(err.class, LF_E_NOT_FOUND);
	assert_string_equal(lf_err_text(&err),
			    "exec: \"no-such-program\": executable file not found in $PATH");
	p = (struct lf_proc){.argv = yes, .dir = "/no/such/dir"};
	assert_false(lf_proc_run(NULL, &p, &err));
	assert_string_equal(lf_err_text(&err), "chdir /no/such/dir: no such file or directory");
	no_child_is_left();
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void stops_at_the_deadline(void **state)
{
	lf_auto_err err = {0};
	double start = now();

	(void)state;
	assert_false(
		run_shell("sleep 50 & trap '' TERM; while :; do sleep 1; done", 0.2, NULL, &err));
	assert_int_equal(err.class, LF_E_LIMIT);
	assert_string_equal(lf_err_text(&err), "timed out after 200ms");
	assert_true(now() - start < 10);
	no_child_is_left();
}

static void does_not_wait_for_what_is_left_behind(void **state)
{
	lf_auto_err err = {0};
	lf_auto_buf seen = {0};
	double start = now();

	(void)state;
	assert_true(run_shell("sleep 50 & echo done", 0, &seen, &err));
	assert_string_equal(lf_buf_c(&seen), "1:done;");
	assert_true(now() - start < 10);
}

static void *cancel_soon(void *flag)
{
	usleep(200000);
	atomic_store((atomic_bool *)flag, true);
	return NULL;
}

static void stops_when_cancelled(void **state)
{
	atomic_bool cancel = false;
	struct lf_ctx ctx = {.cancel = &cancel};
	const char *argv[] = {"sleep", "50", NULL};
	struct lf_proc p = {.argv = argv};
	lf_auto_err err = {0};
	pthread_t thread;

	(void)state;
	assert_int_equal(pthread_create(&thread, NULL, cancel_soon, &cancel), 0);
	assert_false(lf_proc_run(&ctx, &p, &err));
	assert_int_equal(err.class, LF_E_CANCELLED);
	pthread_join(thread, NULL);
	assert_false(lf_proc_run(&ctx, &p, &err));
	no_child_is_left();
}

static void gives_environment_directory_and_descriptors(void **state)
{
	const char *argv[] = {"sh", "-c", "echo \"$A $HOME\"; pwd; cat <&9; ls /proc/$$/fd", NULL};
	const char *envp[] = {"A=1", "PATH=/usr/bin:/bin", NULL};
	lf_auto_buf seen = {0};
	lf_auto_err err = {0};
	int file = lf_temp_file(&err), nine = dup2(file, 9);
	int keep[] = {nine, -1};
	struct lf_proc p = {.argv = argv,
			    .envp = envp,
			    .dir = "/",
			    .line = note,
			    .line_data = &seen,
			    .keep_fds = keep};

	(void)state;
	assert_true(lf_pwrite_all(nine, "kept\n", 5, 0, &err));
	assert_true(lf_proc_run(NULL, &p, &err));
	assert_string_equal(lf_buf_c(&seen), "1:1 ;1:/;1:kept;1:0;1:1;1:2;1:9;");
	(void)close(file);
	(void)close(nine);
}

static void takes_output_as_it_is(void **state)
{
	const char *argv[] = {"printf", "a\\nb", NULL};
	lf_auto_buf out = {0};
	lf_auto_err err = {0};

	(void)state;
	assert_true(lf_proc_output(NULL, argv, NULL, 3, &out, &err));
	assert_string_equal(lf_buf_c(&out), "a\nb");
	assert_false(lf_proc_output(NULL, argv, NULL, 2, &out, &err));
	assert_int_equal(err.class, LF_E_LIMIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hears_lines_of_both_streams),
		cmocka_unit_test(tells_how_the_child_ended),
		cmocka_unit_test(tells_why_it_could_not_start),
		cmocka_unit_test(stops_at_the_deadline),
		cmocka_unit_test(does_not_wait_for_what_is_left_behind),
		cmocka_unit_test(stops_when_cancelled),
		cmocka_unit_test(gives_environment_directory_and_descriptors),
		cmocka_unit_test(takes_output_as_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
