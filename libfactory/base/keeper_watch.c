/*
 * A process that waits for the end of its parent: it holds one end of a pipe, which says "all is
 * well" by a byte, and by its end without one that the parent was killed. Then what the lock file
 * lists is removed. It is in a session of its own, so that what is sent to the parent's group (by a
 * terminal, a job control) does not reach it, and holds nothing else of its parent's open: neither
 * its lock nor its streams, whose readers wait for the end.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "base/keeper_watch.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/keeper.h"
#include "base/banned.h"

#define TRIES    200 /* what the sandbox runs dies a little later than its parent */
#define PAUSE_NS 50000000
#define OLD_FDS  1024

static void leave_the_parent(int *pipe_end)
{
	const struct sigaction ignore = {.sa_handler = SIG_IGN};
	int null = open("/dev/null", O_RDWR);

	(void)setsid();
	(void)sigaction(SIGINT, &ignore, NULL);
	(void)sigaction(SIGTERM, &ignore, NULL);
	(void)sigaction(SIGHUP, &ignore, NULL);
	(void)prctl(PR_SET_NAME, "factory-keeper", 0, 0, 0);
	if (chdir("/") != 0 || null < 0)
		_exit(1);
	for (int fd = 0; fd < 3; fd++)
		if (fd != *pipe_end)
			(void)dup2(null, fd);
	if (dup2(*pipe_end, 3) < 0)
		_exit(1);
	*pipe_end = 3;
	/* Older kernels than 5.9 do not know close_range. */
	for (int fd = 4; fd < OLD_FDS && close_range(4, ~0u, 0) != 0; fd++)
		(void)close(fd);
}

static _Noreturn void watch(const char *lock_path, int pipe_end)
{
	const struct timespec pause = {.tv_nsec = PAUSE_NS};
	char all_is_well;
	ssize_t got;

	leave_the_parent(&pipe_end);
	got = lf_read_some(pipe_end, &all_is_well, 1);
	for (int i = 0; got == 0 && i < TRIES && !lf_keeper_sweep(lock_path); i++)
		(void)nanosleep(&pause, NULL);
	_exit(0);
}

void lf_watch_start(struct lf_watch *w, const char *lock_path)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) != 0)
		return;
	pid_t pid = fork();
	if (pid == 0)
		watch(lock_path, ends[0]);
	lf_close_p(&ends[0]);
	if (pid < 0)
		lf_close_p(&ends[1]);
	else
		*w = (struct lf_watch){.pid = pid, .signal = ends[1]};
}

void lf_watch_stop(struct lf_watch *w)
{
	if (w->pid <= 0)
		return;
	ssize_t ignored = write(w->signal, "", 1);

	(void)ignored; /* it was killed then */
	lf_close_p(&w->signal);
	while (waitpid(w->pid, NULL, 0) < 0 && errno == EINTR)
		continue;
	*w = (struct lf_watch){0};
}
