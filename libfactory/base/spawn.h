/*
 * Starting a child process. Private to base.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <sys/types.h>

#include "base/proc.h"

struct lf_child {
	pid_t pid;
	int out, err; /* read ends, non-blocking; -1 when there is none */
};

/* Starts p. Unless p->inherit is set the child leads a process group of its own. */
bool lf_spawn(const struct lf_proc *p, struct lf_child *ret, struct lf_err *err) LF_MUST_CHECK;
