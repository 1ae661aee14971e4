/*
 * The options of a command. Those of the program are the same for each; the default of --workdir
 * and the help text of
 * --help are only known at run time, so the table of these is made here.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/session.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/banned.h"

static const struct lf_opt *global_options(const struct lf_program *program, struct lf_arena *arena)
{
	static const struct lf_opt level = {
		.kind = LF_OPT_KIND_LEVEL,
		.name = "log-level",
		.at = offsetof(struct lf_globals, log_level),
		.def = "INFO",
		.help = "how much to log (debug, info, warn, error)",
		.dir = "debug info warn error",
	};
	static const struct lf_opt gcplog =
		LF_OPT_BOOL(0, "gcplog", struct lf_globals, gcplog, false,
			    "log as JSON for a cloud log collector", .hidden = true);
	struct lf_opt *opts = lf_new_n(arena, struct lf_opt, 4);
	lf_auto_free char *cwd = getcwd(NULL, 0);
	size_t n = 0;

	opts[n++] = level;
	if (program->gcplog)
		opts[n++] = gcplog;
	if (program->workdir)
		opts[n++] = (struct lf_opt)LF_OPT_STRING('C', "workdir", struct lf_globals, workdir,
							 lf_arena_strdup(arena, cwd ? cwd : ""),
							 "directory to work in", .dir = "d");
	return opts;
}

static const struct lf_opt *help_option(const struct lf_cmd *cmd, struct lf_arena *arena)
{
	struct lf_opt *opts = lf_new_n(arena, struct lf_opt, 2);

	opts[0] = (struct lf_opt)LF_OPT_BOOL('h', "help", struct lf_globals, help, false,
					     lf_arena_printf(arena, "help for %s", cmd->name));
	return opts;
}

void lf_session_init(struct lf_session *s, const struct lf_program *program,
		     const struct lf_cmdpath *path, struct lf_arena *arena)
{
	const struct lf_cmd *cmd = lf_cmd_last(path);

	*s = (struct lf_session){.path = *path, .values = lf_arena_alloc(arena, 1, cmd->size)};
	lf_optset_add(&s->opts, cmd->opts, s->values, false);
	for (size_t i = 0; i + 1 < path->n; i++)
		if (path->v[i]->shares_opts)
			lf_optset_add(&s->opts, path->v[i]->opts, s->values, true);
	lf_optset_add(&s->opts, help_option(cmd, arena), &s->globals, false);
	lf_optset_add(&s->opts, global_options(program, arena), &s->globals, true);
	lf_optset_sort(&s->opts);
	lf_optset_init(&s->opts, arena);
	if (cmd->init)
		cmd->init(s->values);
}

void lf_session_fini(struct lf_session *s)
{
	lf_optset_fini(&s->opts);
}
