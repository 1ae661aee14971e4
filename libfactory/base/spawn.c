/*
 * Starting a child: everything that can fail or allocate is done before fork, since another thread
 * may hold a lock at that moment; between fork and exec only calls that are safe after fork are
 * made. What goes wrong there comes back through a pipe that a successful exec closes.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "base/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/banned.h"

static bool is_program(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

char *lf_find_program(const char *name)
{
	const char *path = getenv("PATH");
	struct lf_str dirs = lf_str(path ? path : "/usr/bin:/bin");

	if (name[0] == '\0')
		return NULL;
	if (lf_str_find(lf_str(name), '/') >= 0)
		return is_program(name) ? lf_strdup(name) : NULL;
	while (dirs.p) {
		struct lf_str dir = lf_str_cut(&dirs, ':');
		struct lf_buf file = {0};

		/* An empty entry would mean the current directory: nothing to trust. */
		if (dir.n == 0)
			continue;
		lf_buf_printf(&file, LF_STR_FMT "/%s", LF_STR_ARG(dir), name);
		if (is_program(file.p))
			return file.p;
		lf_buf_fini(&file);
	}
	return NULL;
}

struct plan {
	const struct lf_proc *p;
	const char *program;
	char *const *argv, *const *envp;
	int in, out, err, report; /* descriptors of the child */
	pid_t parent;
};

/* What failed between fork and exec. */
struct failure {
	int number;
	bool in_chdir;
};

static _Noreturn void give_up(const struct plan *plan, bool in_chdir)
{
	struct failure f = {errno, in_chdir};
	ssize_t ignored = write(plan->report, &f, sizeof(f));

	(void)ignored; /* the parent is gone then */
	_exit(127);
}

static void reset_signals(void)
{
	struct sigaction dfl = {.sa_handler = SIG_DFL};
	sigset_t none;

	for (int i = 1; i < NSIG; i++)
		(void)sigaction(i, &dfl, NULL); /* fails for KILL and STOP */
	sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Below 3 nothing may be lost before it is copied, so each is moved up first. */
static bool connect_streams(const struct plan *plan)
{
	int in = fcntl(plan->in, F_DUPFD_CLOEXEC, 3);
	int out = fcntl(plan->out, F_DUPFD_CLOEXEC, 3);
	int err = fcntl(plan->err, F_DUPFD_CLOEXEC, 3);

	return in >= 0 && out >= 0 && err >= 0 && dup2(in, 0) >= 0 && dup2(out, 1) >= 0 &&
	       dup2(err, 2) >= 0;
}

static void keep_descriptors(const int *fds)
{
	for (; fds && *fds >= 0; fds++)
		(void)fcntl(*fds, F_SETFD, 0);
}

/* A group that cannot be entered would leave the child without its limits: that is an error. */
static bool enter_limits(const struct lf_proc_limits *l)
{
	if (!l)
		return true;
	for (const int *fd = l->groups; fd && *fd >= 0; fd++)
		if (write(*fd, "0", 1) != 1)
			return false;
	return !l->cpus || sched_setaffinity(0, sizeof(*l->cpus), l->cpus) == 0;
}

static _Noreturn void run_child(const struct plan *plan)
{
	reset_signals();
	if (!plan->p->inherit) {
		(void)setpgid(0, 0);
		if (!connect_streams(plan))
			give_up(plan, false);
	}
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (getppid() != plan->parent)
		_exit(127); /* the parent died before the line above */
	if (plan->p->dir && chdir(plan->p->dir) != 0)
		give_up(plan, true);
	if (plan->p->plain_umask)
		(void)umask(022);
	keep_descriptors(plan->p->keep_fds);
	if (!enter_limits(plan->p->limits))
		give_up(plan, false);
	execve(plan->program, plan->argv, plan->envp);
	give_up(plan, false);
}

/* Input is a file in memory: there is no pipe to feed, and the child may read it when it likes. */
static int open_input(struct lf_str input, struct lf_err *err)
{
	int fd;

	if (input.n == 0)
		return lf_open_read("/dev/null", err);
	fd = memfd_create("input", MFD_CLOEXEC);
	if (fd < 0) {
		lf_fail_errno(err, "memfd_create");
		return -1;
	}
	if (!lf_write_all(fd, input.p, input.n, err) || lseek(fd, 0, SEEK_SET) != 0)
		lf_close_p(&fd);
	return fd;
}

/* Forks and waits until the child runs the program or has failed to. */
static bool start(struct plan *plan, struct lf_child *ret, struct lf_err *err)
{
	lf_auto_fd report = -1;
	int ends[2];
	struct failure f;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return lf_fail_errno(err, "pipe");
	report = ends[0];
	plan->report = ends[1];
	plan->parent = getpid();
	pid = fork();
	if (pid == 0)
		run_child(plan);
	lf_close_p(&ends[1]);
	if (pid < 0)
		return lf_fail_errno(err, "fork/exec %s", plan->program);
	if (lf_read_some(report, &f, sizeof(f)) != sizeof(f)) {
		ret->pid = pid;
		return true;
	}
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		continue;
	errno = f.number;
	if (f.in_chdir)
		return lf_fail_errno(err, "chdir %s", plan->p->dir);
	return lf_fail_errno(err, "fork/exec %s", plan->program);
}

static bool start_piped(struct plan *plan, struct lf_child *ret, struct lf_err *err)
{
	lf_auto_fd in = open_input(plan->p->input, err);
	lf_auto_fd out_read = -1, out_write = -1, err_read = -1, err_write = -1;
	int ends[2];

	if (in < 0)
		return false;
	if (pipe2(ends, O_CLOEXEC) != 0)
		return lf_fail_errno(err, "pipe");
	out_read = ends[0];
	out_write = ends[1];
	if (pipe2(ends, O_CLOEXEC) != 0)
		return lf_fail_errno(err, "pipe");
	err_read = ends[0];
	err_write = ends[1];
	plan->in = in;
	plan->out = out_write;
	plan->err = err_write;
	if (!start(plan, ret, err))
		return false;
	(void)fcntl(out_read, F_SETFL, O_NONBLOCK);
	(void)fcntl(err_read, F_SETFL, O_NONBLOCK);
	ret->out = out_read;
	ret->err = err_read;
	out_read = err_read = -1;
	return true;
}

bool lf_spawn(const struct lf_proc *p, struct lf_child *ret, struct lf_err *err)
{
	lf_auto_free char *program = lf_find_program(p->argv[0]);
	/* execve takes strings it promises not to change, but its prototype does not say so. */
	struct plan plan = {
		.p = p,
		.argv = (char *const *)(uintptr_t)p->argv,
		.envp = p->envp ? (char *const *)(uintptr_t)p->envp : environ,
	};
	struct lf_child child = {.out = -1, .err = -1};

	if (!program)
		return lf_fail_new(err, LF_E_NOT_FOUND,
				   lf_str_find(lf_str(p->argv[0]), '/') < 0
					   ? "exec: \"%s\": executable file not found in $PATH"
					   : "fork/exec %s: no such file or directory",
				   p->argv[0]);
	plan.program = program;
	if (!(p->inherit ? start(&plan, &child, err) : start_piped(&plan, &child, err)))
		return false;
	*ret = child;
	return true;
}
