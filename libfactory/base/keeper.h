/*
 * Temporary directories that do not outlive their program, not even when it is killed.
 *
 * A keeper holds a lock file, $TMPDIR/.factory-XXXXXXXXXXXXXXXX.lock, that lists what must go
 * before it is made; the lock (flock) is free as soon as its owner is gone, however that came
 * about. Two look for that: a small process of the keeper's own, which waits for the end of its
 * parent and removes what is listed at once, and the next keeper that starts with this $TMPDIR, in
 * case that process was killed as well or the machine stopped. Orderly ends remove what they made
 * and then the keeper, which only takes its lock file away: what is kept on purpose stays.
 *
 * A lock file: "factory keeper 1" and a NUL byte, then entries that end in a NUL byte: "T" and the
 * path of a tree beside the lock file, or "E" and the path of a directory that is empty once its
 * users are gone (a control group).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>

#include <factory/err.h>

struct lf_keeper;

/* Removes what killed runs left in $TMPDIR, then starts. Best called while the process has one
 * thread. NULL on failure. */
struct lf_keeper *lf_keeper_new(struct lf_err *err) LF_MUST_CHECK;
/* The end: what was made is the caller's to have removed, or to leave. NULL is fine. */
void lf_keeper_free(struct lf_keeper *k);
void lf_keeper_free_p(struct lf_keeper **k);
#define lf_auto_keeper __attribute__((cleanup(lf_keeper_free_p))) struct lf_keeper

/* A new directory $TMPDIR/PREFIXxxxxxxxxxxxxxxxx, mode 0700, which the keeper knows; the path is
 * the caller's to free, the directory the caller's to remove. NULL on failure. Threads may call
 * this at once. */
char *lf_keeper_temp_dir(struct lf_keeper *k, const char *prefix, struct lf_err *err) LF_MUST_CHECK;
/* Lists a directory that is about to be made elsewhere, and will be empty. path: absolute. */
bool lf_keeper_note(struct lf_keeper *k, const char *path, struct lf_err *err) LF_MUST_CHECK;

/* Removes what the owner of this lock file left, unless it is alive. True when nothing is left to
 * do. Apart for tests. */
bool lf_keeper_sweep(const char *lock_path);
