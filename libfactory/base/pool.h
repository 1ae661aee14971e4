/*
 * A pool of workers with ordered results. Jobs are numbered as they are submitted; workers compute
 * them in any order; the owner takes the results in order. With one job the same code runs in the
 * calling thread, which is the reference that several workers must equal byte for byte.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <factory/err.h>

struct lf_pool;

/* Computes one job in place; false with err set. Runs in a worker: shares nothing, logs nothing.
 * worker is 0 … n-1, for scratch memory that is kept per worker. */
typedef bool lf_job_fn(void *job, unsigned worker, struct lf_err *err);

/* At most `depth` jobs are in flight (0: 2 per worker). n_workers 0 or 1: everything runs in the
 * calling thread. */
struct lf_pool *lf_pool_new(unsigned n_workers, size_t depth, lf_job_fn *fn);
/* True when the pool is full: take a result first. */
bool lf_pool_full(const struct lf_pool *p);
bool lf_pool_empty(const struct lf_pool *p);
void lf_pool_submit(struct lf_pool *p, void *job);
/* The oldest job, finished; waits for it. NULL when none is in flight. *ret_ok says whether it
 * succeeded; on failure err holds its error. */
void *lf_pool_take(struct lf_pool *p, bool *ret_ok, struct lf_err *err);
void lf_pool_free(struct lf_pool *p); /* waits for the workers; jobs not taken stay the caller's.
					 NULL is fine */

/* Runs fn over n items of `size` bytes at base and waits; the first error (by index) is returned.
 */
bool lf_parallel(unsigned n_workers, void *base, size_t n, size_t size, lf_job_fn *fn,
		 struct lf_err *err) LF_MUST_CHECK;
