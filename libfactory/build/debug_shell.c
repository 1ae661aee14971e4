/*
 * `--interactive`: after a failed step the user gets a shell in the guest, in the step's directory
 * and environment, with the step's text in the history. In: the failed run; out: whether the build
 * goes on.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "build/debug_shell.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>

#include "base/fs.h"
#include "build/quote.h"

#include "base/banned.h"

#define HISTORY ".ash_history"

/* The steps own the workspace: whatever stands under the name is replaced, never followed. */
static void write_history(const char *workspace, const char *runs)
{
	lf_auto_fd top = open(workspace, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	lf_auto_fd fd =
		top < 0 ? -1
			: lf_open_beneath(top, HISTORY, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
					  0644, NULL);

	if (fd >= 0 && !lf_write_all(fd, runs, strlen(runs), NULL))
		return; /* a convenience only */
}

static void ignore_signal(int number)
{
	(void)number;
}

/* Ctrl-C at the prompt is for the shell, not for us. A handler, unlike SIG_IGN, is not inherited.
 */
static bool run_with_terminal(const struct lf_steps_run *r, const struct lf_sandbox_run *run,
			      struct lf_err *err)
{
	struct sigaction mine = {.sa_handler = ignore_signal, .sa_flags = SA_RESTART}, old;

	sigaction(SIGINT, &mine, &old);
	bool ok = r->runner->run(r->sandbox, r->ctx, run, err);
	sigaction(SIGINT, &old, NULL);
	return ok;
}

static struct lf_pairs shell_environment(const struct lf_steps_run *r, const struct lf_pairs *env,
					 struct lf_arena *arena)
{
	const char *home = lf_pairs_get(r->environment, "HOME"), *term = getenv("TERM");
	struct lf_pairs ret = {.v = lf_new_n(arena, struct lf_pair, env->n + 2)};

	memcpy(ret.v, env->v, env->n * sizeof(*env->v));
	ret.n = env->n;
	ret.v[ret.n++] = (struct lf_pair){"TERM", term && *term ? term : "xterm-256color"};
	ret.v[ret.n++] =
		(struct lf_pair){"HISTFILE", lf_arena_printf(arena, "%s/" HISTORY,
							     home ? home : LF_GUEST_WORKSPACE)};
	return ret;
}

bool lf_debug_shell(const struct lf_steps_run *r, const struct lf_sandbox_run *failed,
		    const char *directory, const char *runs, struct lf_err *err)
{
	lf_auto_arena arena = {0};
	lf_auto_buf command = {0};
	lf_auto_err why = {0};
	struct lf_pairs env = shell_environment(r, failed->env, &arena);
	lf_auto_free char *joined =
		lf_path_join(directory[0] == '/' ? "" : LF_GUEST_WORKSPACE, directory);

	lf_log(r->ctx, LF_LOG_ERROR, "Step failed: %s\n%s", lf_err_text(err), failed->argv[2]);
	lf_info(r->ctx, "Execing into pod \"\" to debug interactively.");
	lf_info(r->ctx, "Type 'exit 0' to continue the next pipeline step or 'exit 1' to abort.");
	write_history(r->workspace, runs);
	lf_buf_puts(&command, "cd ");
	lf_shell_quote(&command, joined);
	lf_buf_puts(&command, " && exec /bin/sh");
	const char *const argv[] = {"/bin/sh", "-c", command.p, NULL};
	const struct lf_sandbox_run run = {.argv = argv, .env = &env, .interactive = true};
	if (run_with_terminal(r, &run, &why)) {
		lf_err_fini(err);
		return true;
	}
	lf_auto_free char *original = lf_strdup(lf_err_text(err));
	return lf_fail_new(err, LF_E_CHILD, "failed to debug: %s; original error: %s",
			   lf_err_text(&why), original);
}
