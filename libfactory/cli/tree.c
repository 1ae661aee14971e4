/*
 * Finding the command. Options of the program may stand before its name, so words that are values
 * of options are stepped over as cobra does. Unknown words below the root get suggestions within
 * two edits.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cli/tree.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/banned.h"

static int compare(const void *a, const void *b)
{
	return strcmp((*(const struct lf_cmd *const *)a)->name,
		      (*(const struct lf_cmd *const *)b)->name);
}

const struct lf_cmd *lf_cmd_root(const struct lf_program *program, struct lf_arena *arena)
{
	const struct lf_cmd *const common[] = {
		&lf_cmd_complete,
		program->errors == LF_ERRORS_MELANGE ? &lf_cmd_completion_word : &lf_cmd_completion,
		&lf_cmd_help, &lf_cmd_version};
	struct lf_cmd *root = lf_new(arena, struct lf_cmd);
	const struct lf_cmd **sub;
	size_t n = 0;

	while (program->cmds[n])
		n++;
	sub = lf_new_n(arena, const struct lf_cmd *, n + LF_ARRAY_LEN(common) + 1);
	memcpy(sub, program->cmds, n * sizeof(*sub));
	memcpy(sub + n, common, sizeof(common));
	qsort(sub, n + LF_ARRAY_LEN(common), sizeof(*sub), compare);
	*root = (struct lf_cmd){
		.name = program->name,
		.about = program->about,
		.sub = sub,
	};
	return root;
}

const struct lf_cmd *lf_cmd_last(const struct lf_cmdpath *path)
{
	return path->v[path->n - 1];
}

const char *lf_cmd_title(const struct lf_cmdpath *path, struct lf_arena *arena)
{
	const char *title = path->v[0]->name;

	for (size_t i = 1; i < path->n; i++)
		title = lf_arena_printf(arena, "%s %s", title, path->v[i]->name);
	return title;
}

bool lf_cmd_is_listed(const struct lf_cmd *cmd)
{
	return !cmd->hidden && !cmd->deprecated;
}

static bool is_called(const struct lf_cmd *cmd, const char *word)
{
	if (strcmp(cmd->name, word) == 0)
		return true;
	for (size_t i = 0; cmd->aliases && cmd->aliases[i]; i++)
		if (strcmp(cmd->aliases[i], word) == 0)
			return true;
	return false;
}

static const struct lf_cmd *find_sub(const struct lf_cmd *cmd, const char *word)
{
	for (size_t i = 0; cmd->sub && cmd->sub[i]; i++)
		if (is_called(cmd->sub[i], word))
			return cmd->sub[i];
	return NULL;
}

bool lf_cmd_descend(struct lf_cmdpath *path, const char *word)
{
	const struct lf_cmd *next = NULL;

	if (path->n < LF_CMD_DEPTH)
		next = find_sub(lf_cmd_last(path), word);
	if (next)
		path->v[path->n++] = next;
	return next != NULL;
}

/* True when the word is an option whose value is the next word. Unknown ones are taken to want one.
 */
static bool wants_value(const struct lf_optset *globals, const char *word)
{
	const struct lf_optref *ref;

	if (word[0] != '-' || strchr(word, '='))
		return false;
	if (word[1] == '-')
		ref = lf_optset_find(globals, lf_str(word + 2));
	else if (word[1] && !word[2])
		ref = lf_optset_find_letter(globals, word[1]);
	else
		return false;
	/* compat: --help is made known later, so it swallows the next word here. */
	return !ref || ref->opt->kind != LF_OPT_KIND_BOOL || strcmp(ref->opt->name, "help") == 0;
}

/* Index of the first word that is no option and no value of one, or -1. */
static ptrdiff_t first_plain(const struct lf_optset *globals, const char *const *words)
{
	for (size_t i = 0; words[i]; i++) {
		if (strcmp(words[i], "--") == 0)
			return -1;
		if (wants_value(globals, words[i])) {
			if (!words[i + 1])
				return -1;
			i++;
		} else if (words[i][0] && words[i][0] != '-') {
			return (ptrdiff_t)i;
		}
	}
	return -1;
}

static size_t min3(size_t a, size_t b, size_t c)
{
	size_t least = a < b ? a : b;

	return least < c ? least : c;
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

/* Levenshtein's distance without regard to case. Words longer than any command are far away. */
static size_t distance(const char *a, const char *b)
{
	size_t n = strlen(a), m = strlen(b), row[64];

	if (n >= LF_ARRAY_LEN(row) || m >= LF_ARRAY_LEN(row))
		return LF_ARRAY_LEN(row);
	for (size_t k = 0; k <= m; k++)
		row[k] = k;
	for (size_t i = 1; i <= n; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t k = 1; k <= m; k++) {
			size_t above = row[k];
			size_t same = lower(a[i - 1]) == lower(b[k - 1]) ? 0 : 1;

			row[k] = min3(above + 1, row[k - 1] + 1, diagonal + same);
			diagonal = above;
		}
	}
	return row[m];
}

static bool fail_unknown(const struct lf_cmd *root, const char *word, struct lf_arena *arena,
			 struct lf_err *err)
{
	lf_auto_buf hints = {0};

	for (size_t i = 0; root->sub[i]; i++) {
		const char *name = root->sub[i]->name;

		if (!lf_cmd_is_listed(root->sub[i]) ||
		    (distance(word, name) > 2 && strncasecmp(name, word, strlen(word)) != 0))
			continue;
		lf_buf_printf(&hints, "%s\t%s\n", hints.n ? "" : "\n\nDid you mean this?\n", name);
	}
	return lf_fail_new(err, LF_E_USAGE, "unknown command %s for \"%s\"%s",
			   lf_quoted(arena, word), root->name, lf_buf_c(&hints));
}

static const char *const *without(struct lf_arena *arena, const char *const *words, size_t at)
{
	const char **rest;
	size_t n = 0, k = 0;

	while (words[n])
		n++;
	rest = lf_new_n(arena, const char *, n);
	for (size_t i = 0; i < n; i++)
		if (i != at)
			rest[k++] = words[i];
	return rest;
}

bool lf_cmd_find(const struct lf_cmd *root, const struct lf_optset *globals, struct lf_arena *arena,
		 const char *const *words, struct lf_cmdpath *ret_path,
		 const char *const **ret_words, struct lf_err *err)
{
	*ret_path = (struct lf_cmdpath){.v = {root}, .n = 1};
	for (;;) {
		ptrdiff_t at = first_plain(globals, words);

		if (at < 0)
			break;
		if (!lf_cmd_descend(ret_path, words[at])) {
			if (ret_path->n == 1)
				return fail_unknown(root, words[at], arena, err);
			break;
		}
		words = without(arena, words, (size_t)at);
	}
	*ret_words = words;
	return true;
}

bool lf_cmd_check_args(const struct lf_cmd *cmd, const char *title, const struct lf_strv *args,
		       struct lf_err *err)
{
	int min = cmd->args.min, max = cmd->args.max < 0 ? 0 : cmd->args.max;
	int n = args->n < 1000000 ? (int)args->n : 1000000;
	bool bounded = cmd->args.max != 0;

	if (n >= min && (n <= max || !bounded))
		return true;
	if (cmd->args.text)
		return lf_fail_new(err, LF_E_USAGE, "%s", cmd->args.text);
	if (cmd->args.max < 0)
		return lf_fail_new(err, LF_E_USAGE, "unknown command \"%s\" for \"%s\"", args->v[0],
				   title);
	if (bounded && min == max)
		return lf_fail_new(err, LF_E_USAGE, "accepts %d arg(s), received %d", max, n);
	if (n < min && !bounded)
		return lf_fail_new(err, LF_E_USAGE, "requires at least %d arg(s), only received %d",
				   min, n);
	if (min == 0)
		return lf_fail_new(err, LF_E_USAGE, "accepts at most %d arg(s), received %d", max,
				   n);
	return lf_fail_new(err, LF_E_USAGE, "accepts between %d and %d arg(s), received %d", min,
			   max, n);
}
