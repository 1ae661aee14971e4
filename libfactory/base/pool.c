/*
 * The pool: a ring of numbered jobs. Workers take the oldest unstarted one, the owner takes the
 * oldest finished one, so results come in the order of submission for any number of workers.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "base/pool.h"

#include <pthread.h>
#include <signal.h>

#include "base/mem.h"
#include "base/banned.h"

struct slot {
	void *job;
	bool done, ok;
	struct lf_err err;
};

struct worker {
	struct lf_pool *pool;
	unsigned number;
	pthread_t thread;
};

struct lf_pool {
	lf_job_fn *fn;
	struct slot *ring; /* job number i lives in ring[i % depth] */
	size_t depth;
	size_t submitted, started, taken;
	struct worker *worker; /* none: jobs run in the calling thread */
	unsigned n_workers;
	bool stop;
	pthread_mutex_t lock;
	pthread_cond_t work, finished;
};

static struct slot *slot_of(const struct lf_pool *p, size_t number)
{
	return &p->ring[number % p->depth];
}

static void run_next(struct lf_pool *p, unsigned number)
{
	struct slot *s = slot_of(p, p->started++);
	bool ok;

	pthread_mutex_unlock(&p->lock);
	ok = p->fn(s->job, number, &s->err);
	pthread_mutex_lock(&p->lock);
	s->ok = ok;
	s->done = true;
	pthread_cond_broadcast(&p->finished);
}

static void *work(void *arg)
{
	struct worker *w = arg;
	struct lf_pool *p = w->pool;

	pthread_mutex_lock(&p->lock);
	while (!p->stop) {
		if (p->started == p->submitted)
			pthread_cond_wait(&p->work, &p->lock);
		else
			run_next(p, w->number);
	}
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

/* Signals are the main thread's business. A thread that cannot start is done without. */
static void start_workers(struct lf_pool *p, unsigned n)
{
	sigset_t all, old;

	p->worker = lf_calloc(n, sizeof(*p->worker));
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	for (unsigned i = 0; i < n; i++) {
		struct worker *w = &p->worker[p->n_workers];

		*w = (struct worker){.pool = p, .number = p->n_workers};
		if (pthread_create(&w->thread, NULL, work, w) != 0)
			break;
		p->n_workers++;
	}
	pthread_sigmask(SIG_SETMASK, &old, NULL);
}

struct lf_pool *lf_pool_new(unsigned n_workers, size_t depth, lf_job_fn *fn)
{
	struct lf_pool *p = lf_calloc(1, sizeof(*p));

	if (depth == 0)
		depth = n_workers > 1 ? 2 * (size_t)n_workers : 1;
	p->fn = fn;
	p->depth = depth;
	p->ring = lf_calloc(depth, sizeof(*p->ring));
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->work, NULL);
	pthread_cond_init(&p->finished, NULL);
	if (n_workers > 1)
		start_workers(p, n_workers);
	return p;
}

/* Only the owner moves these two counters, so it may read them without the lock. */
bool lf_pool_full(const struct lf_pool *p)
{
	return p->submitted - p->taken == p->depth;
}

bool lf_pool_empty(const struct lf_pool *p)
{
	return p->submitted == p->taken;
}

void lf_pool_submit(struct lf_pool *p, void *job)
{
	*slot_of(p, p->submitted) = (struct slot){.job = job};
	pthread_mutex_lock(&p->lock);
	p->submitted++;
	if (p->n_workers == 0)
		run_next(p, 0);
	else
		pthread_cond_signal(&p->work);
	pthread_mutex_unlock(&p->lock);
}

void *lf_pool_take(struct lf_pool *p, bool *ret_ok, struct lf_err *err)
{
	struct slot *s = slot_of(p, p->taken);

	if (lf_pool_empty(p))
		return NULL;
	pthread_mutex_lock(&p->lock);
	while (!s->done)
		pthread_cond_wait(&p->finished, &p->lock);
	pthread_mutex_unlock(&p->lock);
	p->taken++;
	*ret_ok = s->ok;
	if (!s->ok)
		lf_err_move(err, &s->err);
	lf_err_fini(&s->err);
	return s->job;
}

void lf_pool_free(struct lf_pool *p)
{
	if (!p)
		return;
	pthread_mutex_lock(&p->lock);
	p->stop = true;
	pthread_cond_broadcast(&p->work);
	pthread_mutex_unlock(&p->lock);
	for (unsigned i = 0; i < p->n_workers; i++)
		pthread_join(p->worker[i].thread, NULL);
	for (size_t i = 0; i < p->depth; i++)
		lf_err_fini(&p->ring[i].err);
	pthread_cond_destroy(&p->finished);
	pthread_cond_destroy(&p->work);
	pthread_mutex_destroy(&p->lock);
	lf_free(p->worker);
	lf_free(p->ring);
	lf_free(p);
}

bool lf_parallel(unsigned n_workers, void *base, size_t n, size_t size, lf_job_fn *fn,
		 struct lf_err *err)
{
	struct lf_pool *p = lf_pool_new(n_workers < n ? n_workers : (unsigned)n, 0, fn);
	size_t next = 0;
	bool ok = true;

	while (ok && (next < n || !lf_pool_empty(p))) {
		if (next < n && !lf_pool_full(p))
			lf_pool_submit(p, (char *)base + size * next++);
		else
			(void)lf_pool_take(p, &ok, err);
	}
	lf_pool_free(p);
	return ok;
}
