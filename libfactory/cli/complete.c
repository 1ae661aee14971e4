/*
 * Completion: the hidden command __complete gets the words of a command line up to the cursor and
 * prints what could stand for the last one, a line each with its help behind a tab, then ":N",
 * which tells the shell what to do besides. The protocol is cobra's, so that scripts made for it
 * work with both.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>

#include "cli/session.h"
#include "base/banned.h"

enum directive { DEFAULT = 0, NO_FILES = 4, DIRECTORIES = 16 };

struct completion {
	struct lf_cli *cli;
	struct lf_session session;
	const char *last;             /* the word to complete */
	size_t n_args;                /* positionals before it */
	bool bare;                    /* no help texts */
	const struct lf_opt *waiting; /* option whose value is to be completed */
};

static void offer(const struct completion *c, const char *word, const char *help)
{
	struct lf_str text = lf_str(help), line = lf_str_cut(&text, '\n');

	if (!lf_starts(word, c->last))
		return;
	if (help[0] && !c->bare)
		printf("%s\t" LF_STR_FMT "\n", word, LF_STR_ARG(line));
	else
		printf("%s\n", word);
}

static void offer_options(const struct completion *c)
{
	for (size_t i = 0; i < c->session.opts.n; i++) {
		const struct lf_optref *ref = &c->session.opts.v[i];
		struct lf_arena *arena = &c->cli->arena;
		bool list = ref->opt->kind == LF_OPT_KIND_STRINGS ||
			    ref->opt->kind == LF_OPT_KIND_ARRAY;

		if (ref->opt->hidden || ref->opt->deprecated || (ref->given && !list))
			continue;
		offer(c, lf_arena_printf(arena, "--%s", ref->opt->name), ref->opt->help);
		if (ref->opt->letter)
			offer(c, lf_arena_printf(arena, "-%c", ref->opt->letter), ref->opt->help);
	}
}

static enum directive offer_words(const struct completion *c, const char *spec)
{
	struct lf_str rest = lf_str(spec), word;

	if (!spec || strcmp(spec, "f") == 0)
		return DEFAULT;
	if (strcmp(spec, "d") == 0)
		return DIRECTORIES;
	while (strcmp(spec, "-") != 0 && lf_str_word(&rest, &word))
		offer(c, lf_arena_str(&c->cli->arena, word), "");
	return NO_FILES;
}

static enum directive offer_positionals(const struct completion *c)
{
	const struct lf_cmd *cmd = lf_cmd_last(&c->session.path);
	const char *const *words = cmd->complete ? cmd->complete(c->n_args) : NULL;

	for (size_t i = 0; cmd->sub && c->n_args == 0 && cmd->sub[i]; i++)
		if (lf_cmd_is_listed(cmd->sub[i]))
			offer(c, cmd->sub[i]->name, cmd->sub[i]->about);
	for (size_t i = 0; words && words[i]; i++)
		offer(c, words[i], "");
	if (!cmd->run || words || cmd->args.max < 0)
		return NO_FILES;
	return cmd->args.max > 0 && c->n_args >= (size_t)cmd->args.max ? NO_FILES : DEFAULT;
}

/* The option that the last complete word leaves without its value. */
static const struct lf_opt *waiting_option(const struct completion *c, const char *word)
{
	const struct lf_optref *ref = NULL;

	if (!word || word[0] != '-' || !word[1] || strchr(word, '='))
		return NULL;
	if (word[1] == '-')
		ref = lf_optset_find(&c->session.opts, lf_str(word + 2));
	else
		ref = lf_optset_find_letter(&c->session.opts, word[strlen(word) - 1]);
	return ref && ref->opt->kind != LF_OPT_KIND_BOOL ? ref->opt : NULL;
}

/* Reads the words before the last one: which command, how many positionals. False: nothing
 * sensible. */
static bool understand(struct completion *c, const char **words, size_t n)
{
	struct lf_cmdpath path = {.v = {c->cli->root}, .n = 1};
	struct lf_arena *arena = &c->cli->arena;
	const char *const *rest = words;
	lf_auto_strv args = {0};
	lf_auto_err err = {0};

	lf_session_init(&c->session, c->cli->program, &path, arena);
	if (!lf_cmd_find(c->cli->root, &c->session.opts, arena, words, &path, &rest, &err))
		return false;
	lf_session_fini(&c->session);
	lf_session_init(&c->session, c->cli->program, &path, arena);
	c->waiting = waiting_option(c, n > 0 ? words[n - 1] : NULL);
	if (c->waiting) {
		size_t last = 0;

		while (rest[last + 1])
			last++;
		((const char **)(uintptr_t)rest)[last] = NULL; /* an array of the arena */
	}
	if (!lf_optset_parse(&c->session.opts, arena, rest, &args, &err))
		return false;
	c->n_args = args.n;
	return true;
}

static enum directive complete(struct completion *c)
{
	if (c->waiting)
		return offer_words(c, c->waiting->dir);
	if (c->last[0] == '-') {
		offer_options(c);
		return NO_FILES;
	}
	return offer_positionals(c);
}

static bool run(struct lf_cli *cli, void *values, struct lf_err *err)
{
	struct completion c = {.cli = cli, .last = ""};
	const char *const *given = cli->args + 1; /* behind our own name */
	enum directive directive = DEFAULT;
	const char **words;
	size_t n = 0;

	(void)values;
	c.bare = lf_ends(cli->args[0], "NoDesc");
	while (given[n])
		n++;
	if (n == 0)
		return lf_fail_new(err, LF_E_USAGE, "requires at least 1 arg(s), only received 0");
	words = lf_new_n(&cli->arena, const char *, n);
	memcpy(words, given, (n - 1) * sizeof(*words));
	c.last = given[n - 1];
	if (understand(&c, words, n - 1))
		directive = complete(&c);
	lf_session_fini(&c.session);
	printf(":%d\n", directive);
	fprintf(stderr, "Completion ended with directive: %s\n",
		directive == NO_FILES      ? "ShellCompDirectiveNoFileComp"
		: directive == DIRECTORIES ? "ShellCompDirectiveFilterDirs"
					   : "ShellCompDirectiveDefault");
	return true;
}

const struct lf_cmd lf_cmd_complete = {
	.name = "__complete",
	.about = "Completes a command line",
	.hidden = true,
	.run = run,
};
