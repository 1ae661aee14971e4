/*
 * Finding commands, and the help of one.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "cli/session.h"
#include "base/banned.h"

struct args {
	const char *format, *host;
	struct lf_strv archs;
	bool rw, old;
};

static const struct lf_opt opts[] = {
	LF_OPT_STRINGS(0, "arch", struct args, archs, "a,b", "architectures"),
	LF_OPT_STRING('f', "format", struct args, format, "tar",
		      "how to write the `KIND` of image"),
	LF_OPT_STRING(0, "host", struct args, host, NULL, "this machine"),
	LF_OPT_BOOL(0, "rw", struct args, rw, false, "allow writing"),
	LF_OPT_BOOL(0, "old", struct args, old, false, "gone", .deprecated = "use --rw"),
	LF_OPT_END,
};

static void init(void *values)
{
	((struct args *)values)->host = "amd64";
}

static bool run(struct lf_cli *cli, void *values, struct lf_err *err)
{
	(void)cli;
	(void)values;
	(void)err;
	return true;
}

static const char *const build_aliases[] = {"b", NULL};
static const struct lf_cmd cmd_build = {
	.name = "build",
	.use = "build CONFIG",
	.about = "Build it",
	.detail = "Build it, at length.\n",
	.example = "  try build x",
	.aliases = build_aliases,
	.opts = opts,
	.size = sizeof(struct args),
	.args = {.min = 1, .max = 1},
	.init = init,
	.run = run,
};
static const struct lf_cmd cmd_ls = {
	.name = "ls", .about = "List", .args = {.max = -1}, .run = run};
static const struct lf_cmd *const erofs_sub[] = {&cmd_ls, NULL};
static const struct lf_cmd cmd_erofs = {.name = "erofs", .about = "Images", .sub = erofs_sub};
static const struct lf_cmd cmd_lock = {
	.name = "lock", .about = "Lock", .hidden = true, .args = {.min = 1}, .run = run};
static const struct lf_cmd *const cmds[] = {&cmd_lock, &cmd_build, &cmd_erofs, NULL};
static const struct lf_program program = {.name = "try", .about = "Tries", .cmds = cmds};

static bool find(const char *words, struct lf_arena *arena, struct lf_cmdpath *path,
		 const char *const **rest, struct lf_err *err)
{
	const struct lf_cmd *root = lf_cmd_root(&program, arena);
	struct lf_cmdpath top = {.v = {root}, .n = 1};
	struct lf_str text = lf_str(words), word;
	const char **v = lf_new_n(arena, const char *, 20);
	struct lf_session s;
	size_t n = 0;
	bool ok;

	while (lf_str_word(&text, &word))
		v[n++] = lf_arena_str(arena, word);
	lf_session_init(&s, &program, &top, arena);
	ok = lf_cmd_find(root, &s.opts, arena, v, path, rest, err);
	lf_session_fini(&s);
	return ok;
}

static void finds_the_command_among_options(void **state)
{
	static const struct {
		const char *words, *title, *rest;
	} cases[] = {
		{"", "try", ""},
		{"build x", "try build", "x "},
		{"b x", "try build", "x "},
		{"--log-level debug build x", "try build", "--log-level debug x "},
		{"--log-level=debug build -f tar", "try build", "--log-level=debug -f tar "},
		{"-h build", "try", "-h build "},
		{"erofs ls", "try erofs ls", ""},
		{"erofs -x y ls", "try erofs ls", "-x y "},
		{"erofs nosuch", "try erofs", "nosuch "},
		{"-- build", "try", "-- build "},
		{"build build", "try build", "build "},
	};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		struct lf_arena arena = {0};
		struct lf_cmdpath path;
		const char *const *rest;
		lf_auto_buf line = {0};

		assert_true(find(cases[i].words, &arena, &path, &rest, NULL));
		assert_string_equal(lf_cmd_title(&path, &arena), cases[i].title);
		for (size_t k = 0; rest[k]; k++)
			lf_buf_printf(&line, "%s ", rest[k]);
		assert_string_equal(lf_buf_c(&line), cases[i].rest);
		lf_arena_fini(&arena);
	}
}

static void suggests_what_was_meant(void **state)
{
	static const struct {
		const char *words, *error;
	} cases[] = {
		{"nonsense", "unknown command \"nonsense\" for \"try\""},
		{"buidl x",
		 "unknown command \"buidl\" for \"try\"\n\nDid you mean this?\n\tbuild\n"},
		{"ERO", "unknown command \"ERO\" for \"try\"\n\nDid you mean this?\n\terofs\n"},
		{"loc", "unknown command \"loc\" for \"try\""}, /* hidden ones are not offered */
	};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		struct lf_arena arena = {0};
		struct lf_cmdpath path;
		const char *const *rest;
		lf_auto_err err = {0};

		assert_false(find(cases[i].words, &arena, &path, &rest, &err));
		assert_string_equal(lf_err_text(&err), cases[i].error);
		lf_arena_fini(&arena);
	}
}

static void counts_arguments(void **state)
{
	static const struct {
		struct lf_argspec spec;
		size_t n;
		const char *error;
	} cases[] = {
		{{0}, 9, ""},
		{{.min = 1, .max = 1}, 1, ""},
		{{.min = 1, .max = 1}, 0, "accepts 1 arg(s), received 0"},
		{{.min = 2, .max = 2}, 3, "accepts 2 arg(s), received 3"},
		{{.min = 1}, 0, "requires at least 1 arg(s), only received 0"},
		{{.max = 1}, 2, "accepts at most 1 arg(s), received 2"},
		{{.min = 1, .max = 2}, 3, "accepts between 1 and 2 arg(s), received 3"},
		{{.max = -1}, 1, "unknown command \"x\" for \"try it\""},
		{{.max = -1}, 0, ""},
		{{.min = 3, .max = 3, .text = "give 3"}, 1, "give 3"},
	};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		const struct lf_cmd cmd = {.name = "it", .args = cases[i].spec};
		lf_auto_strv args = {0};
		lf_auto_err err = {0};

		while (args.n < cases[i].n)
			lf_strv_add(&args, "x");
		assert_int_equal(lf_cmd_check_args(&cmd, "try it", &args, &err),
				 cases[i].error[0] == '\0');
		assert_string_equal(lf_err_text(&err), cases[i].error);
	}
}

static void prints_cobras_help(void **state)
{
	struct lf_arena arena = {0};
	struct lf_cmdpath path = {.v = {lf_cmd_root(&program, &arena), &cmd_build}, .n = 2};
	struct lf_session s;
	lf_auto_buf out = {0};

	(void)state;
	lf_session_init(&s, &program, &path, &arena);
	lf_help_print(&s, &arena, &out);
	assert_string_equal(
		lf_buf_c(&out),
		"Build it, at length.\n"
		"\n"
		"Usage:\n"
		"  try build CONFIG [flags]\n"
		"\n"
		"Aliases:\n"
		"  build, b\n"
		"\n"
		"Examples:\n"
		"  try build x\n"
		"\n"
		"Flags:\n"
		"      --arch strings   architectures (default [a,b])\n"
		"  -f, --format KIND    how to write the KIND of image (default \"tar\")\n"
		"  -h, --help           help for build\n"
		"      --host string    this machine (default \"amd64\")\n"
		"      --rw             allow writing\n"
		"\n"
		"Global Flags:\n"
		"      --log-level string   how much to log (debug, info, warn, error) (default "
		"\"INFO\")\n");
	lf_session_fini(&s);
	lf_arena_fini(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_the_command_among_options),
		cmocka_unit_test(suggests_what_was_meant),
		cmocka_unit_test(counts_arguments),
		cmocka_unit_test(prints_cobras_help),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
