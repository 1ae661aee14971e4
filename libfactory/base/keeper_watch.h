/* The process that waits for the end of its parent. Private to keeper.c.
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <sys/types.h>

struct lf_watch {
	pid_t pid;  /* 0: none */
	int signal; /* our end of the pipe */
};

/* Forks. Where that cannot be done there is none, and the next keeper will sweep. */
void lf_watch_start(struct lf_watch *w, const char *lock_path);
/* Sends the process home. Harmless on a zeroed struct. */
void lf_watch_stop(struct lf_watch *w);
