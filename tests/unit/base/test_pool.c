/*
 * The worker pool: any number of workers gives what one gives.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/pool.h"
#include "base/banned.h"

struct job {
	unsigned number, result;
};

static bool square(void *data, unsigned worker, struct lf_err *err)
{
	struct job *j = data;

	assert_true(worker < 8);
	usleep((j->number * 7919) % 300);
	if (j->number % 100 == 99)
		return lf_fail_new(err, LF_E_FORMAT, "job %u", j->number);
	j->result = j->number * j->number;
	return true;
}

static void check_workers(unsigned workers, size_t depth)
{
	struct lf_pool *p = lf_pool_new(workers, depth, square);
	struct job jobs[250];
	unsigned next = 0, seen = 0;
	lf_auto_err err = {0};
	bool ok;

	while (seen < LF_ARRAY_LEN(jobs)) {
		struct job *j;

		if (next < LF_ARRAY_LEN(jobs) && !lf_pool_full(p)) {
			jobs[next] = (struct job){.number = next};
			lf_pool_submit(p, &jobs[next++]);
			continue;
		}
		j = lf_pool_take(p, &ok, &err);
		assert_ptr_equal(j, &jobs[seen]);
		assert_int_equal(ok, seen % 100 != 99);
		if (ok)
			assert_int_equal(j->result, seen * seen);
		seen++;
	}
	assert_string_equal(lf_err_text(&err), "job 199");
	assert_true(lf_pool_empty(p));
	assert_null(lf_pool_take(p, &ok, &err));
	lf_pool_free(p);
}

static void takes_results_in_order(void **state)
{
	(void)state;
	check_workers(0, 0);
	check_workers(1, 5);
	check_workers(2, 0);
	check_workers(8, 3);
	check_workers(3, 64);
}

static void can_be_left_with_jobs_in_flight(void **state)
{
	struct lf_pool *p = lf_pool_new(4, 0, square);
	struct job jobs[8];

	(void)state;
	for (unsigned i = 0; i < 8; i++) {
		jobs[i] = (struct job){.number = 92 + i};
		lf_pool_submit(p, &jobs[i]);
	}
	lf_pool_free(p);
	lf_pool_free(NULL);
}

static void runs_over_an_array(void **state)
{
	lf_auto_err err = {0};

	(void)state;
	for (unsigned workers = 0; workers < 5; workers++) {
		struct job jobs[50] = {0};

		for (unsigned i = 0; i < 50; i++)
			jobs[i].number = i;
		assert_true(lf_parallel(workers, jobs, 50, sizeof(jobs[0]), square, &err));
		assert_int_equal(jobs[49].result, 49 * 49);
		jobs[40].number = 199;
		jobs[7].number = 99;
		assert_false(lf_parallel(workers, jobs, 50, sizeof(jobs[0]), square, &err));
		assert_string_equal(lf_err_text(&err), "job 99");
	}
	assert_true(lf_parallel(4, NULL, 0, 1, square, &err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_results_in_order),
		cmocka_unit_test(can_be_left_with_jobs_in_flight),
		cmocka_unit_test(runs_over_an_array),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
