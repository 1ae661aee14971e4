/*
 * Holding what a sandbox runs to its limits, by the best means that this machine gives:
 *
 *   memory   a control group; else the memory of the sandbox's processes is summed up some ten
 *            times a second
 *   CPU      the number of CPUs that the processes may use, which is also what `nproc` says there;
 *            for a fraction of one a control group as well, where there is one
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>

#include <factory/ctx.h>

#include "base/keeper.h"
#include "base/proc.h"
#include "build/limits.h"

struct lf_confine;

/* name is new and the same for nothing else; the limits and the keeper outlive the object. The log
 * says by which means each limit is kept. */
struct lf_confine *lf_confine_new(const struct lf_ctx *ctx, const struct lf_limits *l,
				  const char *name, struct lf_keeper *keeper);
/* For lf_proc_run. NULL when there are no limits. */
const struct lf_proc_limits *lf_confine_limits(struct lf_confine *c);
/* After each command, with how it ended in ok and err: a command that failed because memory ran out
 * gets an error that says so (LF_E_LIMIT, child_status 137). Returns ok. */
bool lf_confine_judge(struct lf_confine *c, const struct lf_ctx *ctx, bool ok,
		      struct lf_err *err) LF_MUST_CHECK;
void lf_confine_free(struct lf_confine *c); /* NULL is fine */
