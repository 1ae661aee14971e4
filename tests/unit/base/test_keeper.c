/*
 * Keepers: what they list goes when their owner is gone, and only then; what somebody else writes
 * into such a list is not believed.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/keeper.h"
#include "base/mem.h"

#include "base/banned.h"

static char *dir; /* $TMPDIR of a case */

static int setup(void **state)
{
	(void)state;
	dir = lf_temp_dir("lf-keeper-", NULL);
	return dir ? setenv("TMPDIR", dir, 1) : -1;
}

static int teardown(void **state)
{
	(void)state;
	(void)unsetenv("TMPDIR");
	(void)lf_remove_all(dir, NULL);
	lf_free(dir);
	return 0;
}

static size_t count_names(void)
{
	lf_auto_fd fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct lf_strv names = {0};

	assert_true(lf_dir_names(fd, &names, NULL));
	size_t n = names.n;
	lf_dir_names_fini(&names);
	return n;
}

static bool becomes_empty(void)
{
	for (int i = 0; i < 500 && count_names() > 0; i++)
		(void)nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
	return count_names() == 0;
}

static void leaves_what_its_owner_left(void **state)
{
	(void)state;
	struct lf_keeper *k = lf_keeper_new(NULL);
	assert_non_null(k);
	lf_auto_free char *kept = lf_keeper_temp_dir(k, "a-", NULL);
	lf_auto_free char *gone = lf_keeper_temp_dir(k, "b-", NULL);
	assert_true(lf_is_dir(kept) && lf_is_dir(gone));
	assert_int_equal(count_names(), 3);
	assert_true(lf_remove_all(gone, NULL));
	lf_keeper_free(k);
	assert_int_equal(count_names(), 1);
	lf_keeper_free(lf_keeper_new(NULL));
	assert_int_equal(count_names(), 1);
}

static void removes_what_a_killed_owner_left(void **state)
{
	(void)state;
	pid_t pid = fork();
	if (pid == 0) {
		lf_auto_free char *tree = NULL, *file = NULL, *other = NULL;
		struct lf_keeper *k = lf_keeper_new(NULL);
		if (k && (tree = lf_keeper_temp_dir(k, "tree-", NULL)) != NULL &&
		    (file = lf_path_join(tree, "file")) != NULL &&
		    lf_write_file(file, "x", 1, 0644, NULL) &&
		    (other = lf_path_join(dir, "empty")) != NULL &&
		    lf_keeper_note(k, other, NULL) && lf_mkdirs(other, 0755, NULL))
			(void)raise(SIGKILL);
		_exit(1);
	}
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_true(becomes_empty());
}

/* entries: what follows the magic, without a final NUL byte. */
static char *write_lock(const char *entries, size_t n)
{
	lf_auto_buf text = {0};
	char *path = lf_path_join(dir, ".factory-0123.lock");

	lf_buf_str(&text, LF_STR("factory keeper 1\0"));
	lf_buf_str(&text, (struct lf_str){entries, n});
	assert_true(lf_write_file(path, text.p, text.n, 0600, NULL));
	return path;
}

static void believes_no_more_than_it_must(void **state)
{
	lf_auto_free char *outside = lf_temp_dir("lf-outside-", NULL);
	lf_auto_free char *full = lf_path_join(outside, "full"), *file = lf_path_join(full, "file");
	lf_auto_buf list = {0};

	(void)state;
	assert_true(lf_mkdirs(full, 0755, NULL));
	assert_true(lf_write_file(file, "x", 1, 0644, NULL));
	lf_buf_printf(&list, "T%s", full); /* not beside the lock file */
	lf_buf_putc(&list, '\0');
	lf_buf_printf(&list, "T%s/../%s", dir, "x");
	lf_buf_putc(&list, '\0');
	lf_buf_puts(&list, "?what");
	lf_buf_putc(&list, '\0');
	lf_buf_printf(&list, "T%s", outside); /* cut off */
	lf_auto_free char *lock = write_lock(list.p, list.n);
	assert_true(lf_keeper_sweep(lock));
	assert_true(lf_exists(file));
	assert_false(lf_exists(lock));

	lf_buf_clear(&list);
	lf_buf_printf(&list, "E%s", full); /* not empty */
	lf_buf_putc(&list, '\0');
	lf_auto_free char *again = write_lock(list.p, list.n);
	assert_false(lf_keeper_sweep(again));
	assert_true(lf_exists(file) && lf_exists(again));
	assert_true(lf_remove_all(outside, NULL));
}

static void leaves_the_living_and_the_strange_alone(void **state)
{
	lf_auto_free char *lock = write_lock("", 0), *other = lf_path_join(dir, "other");
	lf_auto_fd fd = open(lock, O_RDONLY | O_CLOEXEC);

	(void)state;
	assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), 0);
	assert_false(lf_keeper_sweep(lock));
	assert_true(lf_exists(lock));
	assert_int_equal(flock(fd, LOCK_UN), 0);
	assert_int_equal(link(lock, other), 0); /* two names: somebody else's game */
	assert_true(lf_keeper_sweep(lock));
	assert_true(lf_exists(lock));
	assert_int_equal(unlink(lock), 0);
	assert_int_equal(symlink("other", lock), 0);
	assert_true(lf_keeper_sweep(lock));
	assert_true(lf_exists(other));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(leaves_what_its_owner_left, setup, teardown),
		cmocka_unit_test_setup_teardown(removes_what_a_killed_owner_left, setup, teardown),
		cmocka_unit_test_setup_teardown(believes_no_more_than_it_must, setup, teardown),
		cmocka_unit_test_setup_teardown(leaves_the_living_and_the_strange_alone, setup,
						teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
