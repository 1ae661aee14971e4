/*
 * A run of a program from words to exit status: find the command, take its options, run it, print
 * its error once. The order of checks is cobra's, since it decides which of two mistakes is told.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "base/buf.h"
#include "cli/session.h"
#include "cli/term.h"
#include "base/banned.h"

/* The one writable global of the program: a signal handler has no argument for it. */
static atomic_bool cancelled;

static void on_signal(int number)
{
	(void)number;
	atomic_store_explicit(&cancelled, true, memory_order_relaxed);
}

/* The first interrupt asks the run to stop; the handler is gone then, so a second one kills. */
static void catch_signals(void)
{
	struct sigaction ask = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
	struct sigaction ignore = {.sa_handler = SIG_IGN};

	(void)sigaction(SIGINT, &ask, NULL);
	(void)sigaction(SIGTERM, &ask, NULL);
	/* A closed pipe or connection is an error of the write, not the end of the program. */
	(void)sigaction(SIGPIPE, &ignore, NULL);
}

bool lf_cli_given(const struct lf_cli *cli, const char *option)
{
	return lf_strv_has(&cli->given, option);
}

struct program {
	struct lf_cli cli;
	struct lf_term term;
	struct lf_session session;
	struct lf_strv args;
	bool unknown; /* the command */
};

/* A session of its own, since the page shows defaults and not what was given. */
static void print_help(struct program *p)
{
	struct lf_session s;
	lf_auto_buf out = {0};

	lf_session_init(&s, p->cli.program, &p->session.path, &p->cli.arena);
	lf_help_print(&s, &p->cli.arena, &out);
	lf_session_fini(&s);
	fputs(lf_buf_c(&out), stdout);
}

static bool find(struct program *p, const char *const *words, const char *const **ret_words,
		 struct lf_err *err)
{
	struct lf_cmdpath path = {.v = {p->cli.root}, .n = 1};
	struct lf_session s;

	/* The program's options are enough to step over those before the command. */
	lf_session_init(&s, p->cli.program, &path, &p->cli.arena);
	p->unknown =
		!lf_cmd_find(p->cli.root, &s.opts, &p->cli.arena, words, &path, ret_words, err);
	lf_session_fini(&s);
	if (p->unknown)
		return false;
	lf_session_init(&p->session, p->cli.program, &path, &p->cli.arena);
	return true;
}

static bool start_log(struct program *p, struct lf_err *err)
{
	const struct lf_globals *g = &p->session.globals;
	int threshold;

	if (!lf_level_parse(g->log_level, &threshold, err))
		return false;
	p->term.form = g->gcplog ? LF_TERM_JSON : LF_TERM_SHORT;
	lf_term_level(&p->term, &p->cli.ctx, threshold);
	return true;
}

static bool change_dir(const struct program *p, struct lf_err *err)
{
	const char *dir = p->session.globals.workdir;

	if (!p->cli.program->workdir || !lf_cli_given(&p->cli, "workdir") || chdir(dir) == 0)
		return true;
	lf_fail_errno(err, "chdir %s", dir);
	return lf_fail(err, "failed to change dir to %s", dir);
}

static bool call(struct program *p, struct lf_err *err)
{
	const struct lf_cmd *cmd = lf_cmd_last(&p->session.path);
	const char *title = lf_cmd_title(&p->session.path, &p->cli.arena);
	bool own_words = cmd->args.text != NULL;

	if ((!own_words && !lf_cmd_check_args(cmd, title, &p->args, err)) || !change_dir(p, err) ||
	    !start_log(p, err) || !lf_optset_check_required(&p->session.opts, err) ||
	    (own_words && !lf_cmd_check_args(cmd, title, &p->args, err)))
		return false;
	p->cli.cmd = cmd;
	p->cli.n_args = p->args.n;
	lf_strv_add(&p->args, NULL);
	p->cli.args = p->args.v;
	return cmd->run(&p->cli, p->session.values, err);
}

static bool run(struct program *p, const char *const *words, struct lf_err *err)
{
	const struct lf_cmd *cmd;

	/* Completing takes its words as they are, options included. */
	if (words[0] && lf_starts(words[0], lf_cmd_complete.name)) {
		p->cli.args = words;
		return lf_cmd_complete.run(&p->cli, NULL, err);
	}
	if (!find(p, words, &words, err))
		return false;
	cmd = lf_cmd_last(&p->session.path);
	if (cmd->deprecated)
		fprintf(stderr, "Command \"%s\" is deprecated, %s\n", cmd->name, cmd->deprecated);
	if (!lf_optset_parse(&p->session.opts, &p->cli.arena, words, &p->args, err))
		return false;
	for (size_t i = 0; i < p->session.opts.n; i++)
		if (p->session.opts.v[i].given)
			lf_strv_add(&p->cli.given, p->session.opts.v[i].opt->name);
	if (p->session.globals.help || !cmd->run) {
		print_help(p);
		return true;
	}
	return call(p, err);
}

/* compat: apko tells an error twice, and the second time only as information. */
static void print_error(struct program *p, const struct lf_err *err)
{
	struct lf_ctx *ctx = &p->cli.ctx;

	if (p->cli.program->errors == LF_ERRORS_APKO) {
		fprintf(stderr, "Error: %s\n", lf_err_text(err));
		if (p->unknown)
			fprintf(stderr, "Run '%s --help' for usage.\n", p->cli.program->name);
		lf_info(ctx, "error during command execution: %s", lf_err_text(err));
		return;
	}
	lf_log(ctx, LF_LOG_ERROR, "%s", lf_err_text(err));
}

static bool flush_results(struct lf_err *err)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return true;
	/* The reader of a pipe may go when it has seen enough. */
	return errno == EPIPE || lf_fail_errno(err, "write /dev/stdout");
}

int lf_cli_main(const struct lf_program *program, int argc, char **argv)
{
	struct program p = {.cli = {.program = program, .ctx = {.cancel = &cancelled}}};
	const char **words = lf_new_n(&p.cli.arena, const char *, (size_t)argc + 1);
	lf_auto_err err = {0};
	bool ok;

	for (int i = 1; i < argc; i++)
		words[i - 1] = argv[i];
	catch_signals();
	lf_term_init(&p.term);
	p.term.form = program->errors == LF_ERRORS_APKO ? LF_TERM_PLAIN : LF_TERM_LONG;
	lf_term_attach(&p.term, &p.cli.ctx);
	lf_term_level(&p.term, &p.cli.ctx, 0);
	p.cli.root = lf_cmd_root(program, &p.cli.arena);
	ok = run(&p, words, &err) && flush_results(&err);
	if (!ok && !p.cli.told)
		print_error(&p, &err);
	lf_session_fini(&p.session);
	lf_strv_fini(&p.args);
	lf_strv_fini(&p.cli.given);
	lf_term_fini(&p.term);
	lf_arena_fini(&p.cli.arena);
	return ok ? 0 : 1;
}
