/* Any text as a command line, a word a line: the command is found and its options are read, or
 * there is an error. SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/buf.h"
#include "cli/session.h"
#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct args {
	bool all, big;
	const char *key;
	struct lf_strv list, array;
	int64_t size, wait;
};

static const struct lf_opt opts[] = {
	LF_OPT_BOOL('a', "all", struct args, all, false, "all"),
	LF_OPT_BOOL('b', "big", struct args, big, true, "big"),
	LF_OPT_STRING('k', "key", struct args, key, "none", "key"),
	LF_OPT_STRINGS('l', "list", struct args, list, "x,y", "list"),
	LF_OPT_ARRAY(0, "array", struct args, array, NULL, "array"),
	LF_OPT_INT(0, "size", struct args, size, "4096", "size"),
	LF_OPT_DURATION(0, "wait", struct args, wait, NULL, "wait"),
	LF_OPT_END,
};

static bool run(struct lf_cli *cli, void *values, struct lf_err *err)
{
	(void)cli;
	(void)values;
	(void)err;
	return true;
}

static const struct lf_cmd cmd = {
	.name = "go", .about = "Go", .opts = opts, .size = sizeof(struct args), .run = run};
static const struct lf_cmd *const cmds[] = {&cmd, NULL};
static const struct lf_program program = {.name = "try", .about = "Tries", .cmds = cmds};

static void check(struct lf_arena *arena, const char *const *words)
{
	const struct lf_cmd *root = lf_cmd_root(&program, arena);
	struct lf_cmdpath path = {.v = {root}, .n = 1};
	lf_auto_err err = {0};
	lf_auto_strv args = {0};
	struct lf_session s;
	bool found, ok;

	lf_session_init(&s, &program, &path, arena);
	found = lf_cmd_find(root, &s.opts, arena, words, &path, &words, &err);
	lf_session_fini(&s);
	if (!found && !err.text)
		abort();
	if (!found)
		return;
	lf_session_init(&s, &program, &path, arena);
	ok = lf_optset_parse(&s.opts, arena, words, &args, &err);
	lf_session_fini(&s);
	if (ok == (err.text != NULL))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct lf_arena arena = {0};
	lf_auto_strv words = {0};
	struct lf_str text = {(const char *)data, size}, line;

	while (words.n < 100 && lf_str_line(&text, &line))
		lf_strv_add(&words, lf_arena_str(&arena, line));
	lf_strv_add(&words, NULL);
	check(&arena, words.v);
	lf_arena_fini(&arena);
	return 0;
}
