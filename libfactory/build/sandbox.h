/*
 * The interface of a runner: something that runs a command inside a guest directory with the
 * workspace at /home/build. One file a runner: sandbox_bubblewrap.c. Output of the commands goes
 * line by line to the log: stdout as INFO, stderr as WARN.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <factory/ctx.h>

#include "base/arena.h"
#include "base/keeper.h"
#include "base/vec.h"
#include "build/limits.h"
#include "config/config.h"

#define LF_GUEST_WORKSPACE "/home/build"
#define LF_GUEST_CACHE     "/var/cache/melange"

/* What a sandbox is made from. The texts outlive it. */
struct lf_sandbox_config {
	const char *arch;      /* apk's spelling */
	const char *guest;     /* directory with the environment */
	const char *workspace; /* bound at LF_GUEST_WORKSPACE */
	const char *cache_dir; /* bound at LF_GUEST_CACHE; NULL: none */
	bool run_as_set;
	uint32_t uid, gid; /* of run-as */
	struct lf_strv cap_add, cap_drop;
	const struct lf_pairs *environment; /* of every run */
	struct lf_limits limits;
	struct lf_keeper *keeper; /* learns of control groups */
};

struct lf_sandbox;

/* One command. */
struct lf_sandbox_run {
	const char *const *argv;    /* NULL-terminated */
	const struct lf_pairs *env; /* after the general environment; NULL: none */
	bool interactive;           /* with our terminal */
	double timeout;             /* seconds; 0: none */
};

struct lf_runner {
	const char *name;
	/* Can it run guests of this architecture here? The error says what is missing and what
	 * would help. */
	bool (*usable)(const struct lf_ctx *ctx, const char *arch, struct lf_err *err);
	/* NULL on failure. Runs the guest's start step (ld.so cache). *c outlives the sandbox. */
	struct lf_sandbox *(*start)(const struct lf_ctx *ctx, const struct lf_sandbox_config *c,
				    struct lf_err *err);
	/* False as lf_proc_run: "exit status 7", "signal: killed", cancelled, LF_E_LIMIT after the
	 * timeout; also when memory ran out, with child_status set. */
	bool (*run)(struct lf_sandbox *s, const struct lf_ctx *ctx,
		    const struct lf_sandbox_run *run, struct lf_err *err);
	void (*stop)(struct lf_sandbox *s); /* NULL is fine */
};

extern const struct lf_runner lf_bubblewrap;

/* By name; "" is bubblewrap. NULL with "unknown runner: X". */
const struct lf_runner *lf_runner_find(const char *name, struct lf_err *err);

/* The command line of bwrap, apart for tests: program, options, argv; NULL-terminated, in the
 * arena. */
const char *const *lf_bubblewrap_argv(const struct lf_sandbox_config *c,
				      const struct lf_sandbox_run *run, bool root,
				      bool has_resolv_conf, struct lf_arena *arena);

/* ---- binfmt.c: can this machine run programs of another architecture? ---- */

enum lf_binfmt {
	LF_BINFMT_NATIVE,  /* no emulation needed */
	LF_BINFMT_FIXED,   /* a handler that carries its interpreter along (flag F) */
	LF_BINFMT_PATH,    /* a handler whose interpreter must exist in the guest */
	LF_BINFMT_NONE,    /* no enabled handler */
	LF_BINFMT_UNKNOWN, /* the kernel's list cannot be seen from here */
};
/* Looks at dir (/proc/sys/fs/binfmt_misc). The interpreter's path is put in the arena for
 * LF_BINFMT_PATH. */
enum lf_binfmt lf_binfmt_find(const char *dir, const char *arch, const char *host_arch,
			      struct lf_arena *arena, const char **ret_interpreter);
