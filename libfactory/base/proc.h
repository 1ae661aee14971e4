/*
 * Child processes. Output is taken line by line while the child runs; a cancelled context or a
 * passed deadline kills the whole process group. No shell is involved.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <sched.h>
#include <stdbool.h>
#include <sys/types.h>

#include <factory/ctx.h>

#include "base/str.h"

/* One line without its newline (cut at 64 KiB); stream is 1 for stdout, 2 for stderr. */
typedef void lf_line_fn(void *data, int stream, struct lf_str line);

/* What a child is held to. */
struct lf_proc_limits {
	const cpu_set_t *cpus; /* it may run on these; NULL: as ours */
	const int *groups; /* open cgroup.procs files that it enters, -1 terminated; NULL: none */
	/* Asked some ten times a second whether the child may go on; false: err says why not, and
	 * it is killed. NULL: not asked. */
	bool (*may_go_on)(void *data, pid_t pid, struct lf_err *err);
	void *data;
};

struct lf_proc {
	const char *const *argv; /* NULL-terminated; argv[0] looked up on PATH */
	const char *const *envp; /* NULL-terminated; NULL: inherit */
	const char *dir;         /* working directory; NULL: the current one */
	lf_line_fn *line;        /* NULL: output is thrown away; with inherit set: unused */
	void *line_data;
	struct lf_str input; /* written to its standard input, otherwise /dev/null */
	bool inherit;        /* the child gets our terminal (interactive shell) */
	double timeout;      /* seconds; 0: none */
	bool plain_umask;    /* the child's is 022, whatever ours */
	const int *keep_fds; /* descriptors the child inherits, -1 terminated; NULL: none */
	const struct lf_proc_limits *limits; /* NULL: none */
};

/*
 * Runs to the end. False: could not start (LF_E_NOT_FOUND, Go's text: exec: "NAME": executable file
 * not found in $PATH), LF_E_CANCELLED, LF_E_LIMIT on timeout ("timed out after 5s"), or LF_E_CHILD
 * for a status that is not 0, with Go's text "exit status 7" or "signal: killed" and
 * err->child_status.
 */
bool lf_proc_run(const struct lf_ctx *ctx, const struct lf_proc *p,
		 struct lf_err *err) LF_MUST_CHECK;

/* Runs and returns standard output (at most max bytes) in *ret; standard error is dropped. */
struct lf_buf;
bool lf_proc_output(const struct lf_ctx *ctx, const char *const *argv, const char *dir, size_t max,
		    struct lf_buf *ret, struct lf_err *err) LF_MUST_CHECK;

/* Path of a program on PATH, or NULL. Caller frees. */
char *lf_find_program(const char *name);
