/*
 * The tree of commands: which one the words mean. Private to cli.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "cli/opt.h"

#define LF_CMD_DEPTH 4

/* The way from the root to a command. */
struct lf_cmdpath {
	const struct lf_cmd *v[LF_CMD_DEPTH];
	size_t n;
};

/* The root command of a program: its own commands and the built-in ones, sorted by name. In the
 * arena. */
const struct lf_cmd *lf_cmd_root(const struct lf_program *program, struct lf_arena *arena);

/* Finds the command that the words mean; *ret_words are the words without the command's names,
 * NULL-terminated in the arena. Fails only for an unknown word below the root; *ret_path is the
 * root then. */
bool lf_cmd_find(const struct lf_cmd *root, const struct lf_optset *globals, struct lf_arena *arena,
		 const char *const *words, struct lf_cmdpath *ret_path,
		 const char *const **ret_words, struct lf_err *err) LF_MUST_CHECK;
/* Goes on to the subcommand of this name or alias; false, unchanged, when there is none. */
bool lf_cmd_descend(struct lf_cmdpath *path, const char *word);
const struct lf_cmd *lf_cmd_last(const struct lf_cmdpath *path);
/* "apko erofs mount", in the arena. */
const char *lf_cmd_title(const struct lf_cmdpath *path, struct lf_arena *arena);
/* Shown in lists. */
bool lf_cmd_is_listed(const struct lf_cmd *cmd);
bool lf_cmd_check_args(const struct lf_cmd *cmd, const char *title, const struct lf_strv *args,
		       struct lf_err *err) LF_MUST_CHECK;

/* Commands that every program has. */
extern const struct lf_cmd lf_cmd_help, lf_cmd_complete, lf_cmd_version;
/* With a subcommand a shell, as apko has it; with the shell as an argument, as melange has it. */
extern const struct lf_cmd lf_cmd_completion, lf_cmd_completion_word;
