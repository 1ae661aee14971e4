/*
 * Running a child to its end: its output is read from both streams as it comes, the cancel flag and
 * the deadline are looked at meanwhile. What the child leaves running in its group ends with it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "base/proc.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/date.h"
#include "base/fs.h"
#include "base/lines.h"
#include "base/spawn.h"
#include "base/banned.h"

#define TICK_MS   100 /* how late a cancelled run may be noticed */
#define GRACE_MS  1000
#define CHUNK     16384
#define PIPE_SIZE 65536

struct run {
	const struct lf_ctx *ctx;
	const struct lf_proc *p;
	struct lf_child child;
	struct lf_lines out, err;
	int pidfd;                 /* readable at the end of the child; -1 on old kernels */
	int64_t deadline, kill_at; /* in ms of the monotonic clock; 0: none */
	int64_t next_question;     /* when its limits are looked at again */
	struct lf_err why;         /* why it was killed */
};

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void send(const struct run *r, int number)
{
	(void)kill(r->p->inherit ? r->child.pid : -r->child.pid, number);
}

/* Takes one chunk, so that a child that never stops printing can still be cancelled. The stream is
 * closed at its end. */
static void drain(int *fd, struct lf_lines *lines)
{
	char bytes[CHUNK];
	ssize_t got = read(*fd, bytes, sizeof(bytes));

	if (got > 0)
		lf_lines_feed(lines, (struct lf_str){bytes, (size_t)got});
	else if (got == 0 || (errno != EINTR && errno != EAGAIN))
		lf_close_p(fd);
}

/* Takes what the child wrote before its end. That fits into the pipes, so a descendant that escaped
 * and still writes cannot keep us here. */
static void drain_rest(struct run *r)
{
	for (size_t i = 0; i < 2 * PIPE_SIZE / CHUNK; i++) {
		struct pollfd fds[] = {{r->child.out, POLLIN, 0}, {r->child.err, POLLIN, 0}};

		if (poll(fds, 2, 0) <= 0)
			return;
		if (fds[0].revents)
			drain(&r->child.out, &r->out);
		if (fds[1].revents)
			drain(&r->child.err, &r->err);
	}
}

/* Asks the limits' owner, but not at each line that the child prints. */
static bool within_limits(struct run *r, int64_t now)
{
	const struct lf_proc_limits *l = r->p->limits;

	if (!l || !l->may_go_on || now < r->next_question)
		return true;
	r->next_question = now + TICK_MS / 2;
	return l->may_go_on(l->data, r->child.pid, &r->why);
}

/* False when there is a reason to stop, which is in r->why then. */
static bool may_go_on(struct run *r, int64_t now)
{
	char text[LF_DATE_MAX];

	if (!lf_check_cancel(r->ctx, &r->why) || !within_limits(r, now))
		return false;
	if (!r->deadline || now < r->deadline)
		return true;
	lf_duration_print((int64_t)(r->p->timeout * 1e9 + 0.5), text);
	return lf_fail_new(&r->why, LF_E_LIMIT, "timed out after %s", text);
}

/* Asks the child to stop once there is a reason to, and makes it stop a second later. */
static void check_reasons(struct run *r)
{
	int64_t now = now_ms();

	if (r->kill_at) {
		if (now >= r->kill_at)
			send(r, SIGKILL);
		return;
	}
	if (may_go_on(r, now))
		return;
	send(r, SIGTERM);
	r->kill_at = now + GRACE_MS;
}

/* True when the child has ended; it stays a zombie, so that its number cannot be given away yet. */
static bool has_ended(const struct run *r)
{
	siginfo_t info = {0};

	return waitid(P_PID, (id_t)r->child.pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
	       info.si_pid == r->child.pid;
}

static void follow(struct run *r)
{
	while (!has_ended(r)) {
		struct pollfd fds[] = {{r->child.out, POLLIN, 0},
				       {r->child.err, POLLIN, 0},
				       {r->pidfd, POLLIN, 0}};

		(void)poll(fds, 3, r->pidfd < 0 ? TICK_MS / 10 : TICK_MS);
		if (fds[0].revents)
			drain(&r->child.out, &r->out);
		if (fds[1].revents)
			drain(&r->child.err, &r->err);
		check_reasons(r);
	}
}

static const char *signal_name(int number)
{
	static const char *const names[] = {
		[SIGHUP] = "hangup",
		[SIGINT] = "interrupt",
		[SIGQUIT] = "quit",
		[SIGILL] = "illegal instruction",
		[SIGTRAP] = "trace/breakpoint trap",
		[SIGABRT] = "aborted",
		[SIGBUS] = "bus error",
		[SIGFPE] = "floating point exception",
		[SIGKILL] = "killed",
		[SIGUSR1] = "user defined signal 1",
		[SIGSEGV] = "segmentation fault",
		[SIGUSR2] = "user defined signal 2",
		[SIGPIPE] = "broken pipe",
		[SIGALRM] = "alarm clock",
		[SIGTERM] = "terminated",
		[SIGXCPU] = "CPU time limit exceeded",
		[SIGXFSZ] = "file size limit exceeded",
		[SIGSYS] = "bad system call",
	};

	if (number > 0 && (size_t)number < LF_ARRAY_LEN(names))
		return names[number];
	return NULL;
}

static bool fail_status(int status, struct lf_err *err)
{
	int number = WTERMSIG(status);
	const char *core = WCOREDUMP(status) ? " (core dumped)" : "";

	if (WIFEXITED(status)) {
		lf_fail_new(err, LF_E_CHILD, "exit status %d", WEXITSTATUS(status));
		number = WEXITSTATUS(status);
	} else {
		if (signal_name(number))
			lf_fail_new(err, LF_E_CHILD, "signal: %s%s", signal_name(number), core);
		else
			lf_fail_new(err, LF_E_CHILD, "signal: signal %d%s", number, core);
		number += 128;
	}
	if (err)
		err->child_status = number;
	return false;
}

static bool finish(struct run *r, struct lf_err *err)
{
	int status;

	if (!r->p->inherit)
		send(r, SIGKILL); /* what the child left behind */
	while (waitpid(r->child.pid, &status, 0) < 0)
		if (errno != EINTR)
			return lf_fail_errno(err, "wait");
	drain_rest(r);
	lf_lines_end(&r->out);
	lf_lines_end(&r->err);
	lf_close_p(&r->child.out);
	lf_close_p(&r->child.err);
	lf_close_p(&r->pidfd);
	if (r->why.class) {
		lf_err_move(err, &r->why);
		lf_err_fini(&r->why);
		return false;
	}
	return status == 0 || fail_status(status, err);
}

static bool run(const struct lf_ctx *ctx, const struct lf_proc *p, struct lf_buf *output,
		struct lf_err *err)
{
	struct run r = {
		.ctx = ctx,
		.p = p,
		.out = {.line = p->line, .data = p->line_data, .stream = 1, .raw = output},
		.err = {.line = p->line, .data = p->line_data, .stream = 2},
	};

	if (!lf_check_cancel(ctx, err) || !lf_spawn(p, &r.child, err))
		return false;
	if (p->timeout > 0)
		r.deadline = now_ms() + (int64_t)(p->timeout * 1000) + 2; /* never early */
	r.pidfd = (int)syscall(SYS_pidfd_open, r.child.pid, 0);
	follow(&r);
	return finish(&r, err);
}

bool lf_proc_run(const struct lf_ctx *ctx, const struct lf_proc *p, struct lf_err *err)
{
	return run(ctx, p, NULL, err);
}

bool lf_proc_output(const struct lf_ctx *ctx, const char *const *argv, const char *dir, size_t max,
		    struct lf_buf *ret, struct lf_err *err)
{
	lf_auto_buf text = LF_BUF(max);
	struct lf_proc p = {.argv = argv, .dir = dir};

	if (!run(ctx, &p, &text, err))
		return false;
	if (text.overflow)
		return lf_fail_new(err, LF_E_LIMIT, "size limit exceeded: limit is %zu bytes", max);
	lf_buf_fini(ret);
	*ret = lf_take(text);
	return true;
}
