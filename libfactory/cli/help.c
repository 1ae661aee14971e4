/*
 * Help pages in cobra's layout, made from the tables.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>

#include "base/buf.h"
#include "cli/session.h"
#include "base/banned.h"

static bool is_shown(const struct lf_optref *ref)
{
	return !ref->opt->hidden && !ref->opt->deprecated;
}

/* The help text without backquotes; the quoted word, or else the type, is the name of the value. */
static const char *split_help(const struct lf_opt *opt, struct lf_arena *arena,
			      const char **ret_name)
{
	struct lf_str text = lf_str(opt->help), before, name;

	*ret_name = lf_value_type(opt);
	before = lf_str_cut(&text, '`');
	if (!text.p)
		return opt->help;
	name = lf_str_cut(&text, '`');
	if (!text.p)
		return opt->help;
	*ret_name = lf_arena_str(arena, name);
	return lf_arena_printf(arena, LF_STR_FMT "%s" LF_STR_FMT, LF_STR_ARG(before), *ret_name,
			       LF_STR_ARG(text));
}

/* "  -o, --output string" */
static const char *left_side(const struct lf_opt *opt, struct lf_arena *arena, const char *name)
{
	const char *dashes =
		opt->letter ? lf_arena_printf(arena, "  -%c, --", opt->letter) : "      --";

	return lf_arena_printf(arena, "%s%s%s%s", dashes, opt->name, name[0] ? " " : "", name);
}

static void add_options(const struct lf_optset *set, bool global, bool root, const char *title,
			struct lf_arena *arena, struct lf_buf *out)
{
	size_t width = 0, shown = 0;

	for (int pass = 0; pass < 2; pass++) {
		if (pass == 1 && shown > 0)
			lf_buf_printf(out, "\n%s:\n", title);
		for (size_t i = 0; i < set->n; i++) {
			const struct lf_optref *ref = &set->v[i];
			const char *name, *text, *left, *def;

			if (!is_shown(ref) || (ref->global && !root) != global)
				continue;
			text = split_help(ref->opt, arena, &name);
			left = left_side(ref->opt, arena, name);
			if (pass == 0) {
				width = strlen(left) > width ? strlen(left) : width;
				shown++;
				continue;
			}
			lf_buf_printf(out, "%-*s   %s", (int)width, left, text);
			def = lf_value_default(ref, arena);
			if (def)
				lf_buf_printf(out, " (default %s)", def);
			lf_buf_putc(out, '\n');
		}
	}
}

static bool has_shown(const struct lf_optset *set)
{
	for (size_t i = 0; i < set->n; i++)
		if (is_shown(&set->v[i]))
			return true;
	return false;
}

static bool has_listed(const struct lf_cmd *cmd)
{
	for (size_t i = 0; cmd->sub && cmd->sub[i]; i++)
		if (lf_cmd_is_listed(cmd->sub[i]))
			return true;
	return false;
}

static void add_usage_lines(const struct lf_session *s, const char *title, struct lf_arena *arena,
			    struct lf_buf *out)
{
	const struct lf_cmd *cmd = lf_cmd_last(&s->path);
	struct lf_cmdpath parents = s->path;

	lf_buf_puts(out, "Usage:\n");
	if (cmd->run) {
		const char *use = cmd->use ? cmd->use : cmd->name;

		parents.n--;
		lf_buf_printf(out, "  %s %s%s\n", lf_cmd_title(&parents, arena), use,
			      !cmd->bare_use && has_shown(&s->opts) && !strstr(use, "[flags]")
				      ? " [flags]"
				      : "");
	}
	if (has_listed(cmd))
		lf_buf_printf(out, "  %s [command]\n", title);
}

static void add_commands(const struct lf_cmd *cmd, struct lf_buf *out)
{
	size_t width = 11;

	if (!has_listed(cmd))
		return;
	for (size_t i = 0; cmd->sub[i]; i++)
		if (strlen(cmd->sub[i]->name) > width)
			width = strlen(cmd->sub[i]->name);
	lf_buf_puts(out, "\nAvailable Commands:\n");
	for (size_t i = 0; cmd->sub[i]; i++)
		if (lf_cmd_is_listed(cmd->sub[i]))
			lf_buf_printf(out, "  %-*s %s\n", (int)width, cmd->sub[i]->name,
				      cmd->sub[i]->about);
}

void lf_usage_print(const struct lf_session *s, struct lf_arena *arena, struct lf_buf *out)
{
	const struct lf_cmd *cmd = lf_cmd_last(&s->path);
	const char *title = lf_cmd_title(&s->path, arena);
	bool root = s->path.n == 1;

	add_usage_lines(s, title, arena, out);
	if (cmd->aliases) {
		lf_buf_printf(out, "\nAliases:\n  %s", cmd->name);
		for (size_t i = 0; cmd->aliases[i]; i++)
			lf_buf_printf(out, ", %s", cmd->aliases[i]);
		lf_buf_putc(out, '\n');
	}
	if (cmd->example)
		lf_buf_printf(out, "\nExamples:\n%s\n", cmd->example);
	add_commands(cmd, out);
	add_options(&s->opts, false, root, "Flags", arena, out);
	if (!root)
		add_options(&s->opts, true, root, "Global Flags", arena, out);
	if (has_listed(cmd))
		lf_buf_printf(out,
			      "\nUse \"%s [command] --help\" for more information about a "
			      "command.\n",
			      title);
}

void lf_help_print(const struct lf_session *s, struct lf_arena *arena, struct lf_buf *out)
{
	const struct lf_cmd *cmd = lf_cmd_last(&s->path);
	struct lf_str text = lf_str(cmd->detail ? cmd->detail : cmd->about);

	while (text.n > 0 && (text.p[text.n - 1] == '\n' || text.p[text.n - 1] == ' '))
		text.n--;
	if (text.n > 0)
		lf_buf_printf(out, LF_STR_FMT "\n\n", LF_STR_ARG(text));
	lf_usage_print(s, arena, out);
}

/* compat: the program's usage after an unknown topic does not know --help. */
static void hide_help(struct lf_optset *set)
{
	for (size_t i = 0; i < set->n; i++)
		if (strcmp(set->v[i].opt->name, "help") == 0) {
			memmove(&set->v[i], &set->v[i + 1], (set->n - i - 1) * sizeof(*set->v));
			set->n--;
			return;
		}
}

/* Prints the page for the command that the words name; an unknown one gets the program's usage. */
static bool run_help(struct lf_cli *cli, void *values, struct lf_err *err)
{
	const struct lf_cmd *cmd = cli->root;
	struct lf_cmdpath path = {.v = {cmd}, .n = 1};
	struct lf_session s;
	lf_auto_buf out = {0};
	bool known = true;

	(void)values;
	for (size_t i = 0; known && i < cli->n_args; i++) {
		known = lf_cmd_descend(&path, cli->args[i]);
		if (known && !lf_cmd_last(&path)->sub)
			break;
	}
	if (!known)
		path.n = 1;
	lf_session_init(&s, cli->program, &path, &cli->arena);
	if (known) {
		lf_help_print(&s, &cli->arena, &out);
		fputs(lf_buf_c(&out), stdout);
	} else {
		lf_buf_puts(&out, "Unknown help topic [");
		for (size_t i = 0; i < cli->n_args; i++)
			lf_buf_printf(&out, "%s`%s`", i > 0 ? " " : "", cli->args[i]);
		lf_buf_puts(&out, "]\n");
		hide_help(&s.opts);
		lf_usage_print(&s, &cli->arena, &out);
		fputs(lf_buf_c(&out), stderr);
	}
	lf_session_fini(&s);
	(void)err; /* writing is checked at the end of the program */
	return true;
}

const struct lf_cmd lf_cmd_help = {
	.name = "help",
	.use = "help [command]",
	.about = "Help about any command",
	.detail = "Shows the help page of a command: its arguments, options and defaults.",
	.run = run_help,
};
