/*
 * HEAD of a git repository, read from its files, and what an image says of it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/fs.h"
#include "image/git.h"
#include "image/setup.h"

#include "base/banned.h"

#define A "0123456789abcdef0123456789abcdef01234567"
#define B "89abcdef0123456789abcdef0123456789abcdef"

struct file {
	const char *path, *text;
};

static const struct {
	const char *name, *dir;
	struct file file[4];
	const char *commit, *error; /* part of the error */
} cases[] = {
	{"detached", ".", {{".git/HEAD", A "\n"}}, A, NULL},
	{"branch",
	 "sub",
	 {{".git/HEAD", "ref: refs/heads/main\n"}, {".git/refs/heads/main", B "\n"}, {"sub/x", ""}},
	 B,
	 NULL},
	{"packed",
	 ".",
	 {{".git/HEAD", "ref: refs/heads/main"},
	  {".git/packed-refs",
	   "# pack-refs with: peeled\n" A " refs/heads/mai\n" B " refs/heads/main\n^" A "\n"}},
	 B,
	 NULL},
	{"loose wins",
	 ".",
	 {{".git/HEAD", "ref: refs/heads/main"},
	  {".git/refs/heads/main", A},
	  {".git/packed-refs", B " refs/heads/main\n"}},
	 A,
	 NULL},
	{"worktree",
	 "wt",
	 {{"wt/.git", "gitdir: ../main.git/worktrees/wt\n"},
	  {"main.git/worktrees/wt/HEAD", "ref: refs/heads/w\n"},
	  {"main.git/worktrees/wt/commondir", "../..\n"},
	  {"main.git/refs/heads/w", A "\n"}},
	 A,
	 NULL},
	{"unborn", ".", {{".git/HEAD", "ref: refs/heads/main\n"}}, NULL, "reference not found"},
	{"escape",
	 ".",
	 {{".git/HEAD", "ref: refs/../../secret\n"}, {"secret", A}},
	 NULL,
	 "neither a commit"},
	{"garbage", ".", {{".git/HEAD", "hello\n"}}, NULL, "neither a commit"},
	{"loop",
	 ".",
	 {{".git/HEAD", "ref: refs/a\n"}, {".git/refs/a", "ref: refs/a\n"}},
	 NULL,
	 "neither a commit"},
	{"none", ".", {{"file", "x"}}, NULL, "repository does not exist"},
};

static void put(const char *top, const struct file *f)
{
	lf_auto_free char *path = lf_path_join(top, f->path);
	lf_auto_free char *dir = lf_strdup(path);

	*strrchr(dir, '/') = 0;
	assert_true(lf_mkdirs(dir, 0755, NULL));
	assert_true(lf_write_file(path, f->text, strlen(f->text), 0644, NULL));
}

static void finds_the_commit(void **state)
{
	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		lf_auto_err err = {0};
		lf_auto_free char *top = lf_temp_dir("lf-git-", NULL);
		lf_auto_free char *dir = lf_path_join(top, cases[i].dir);

		for (size_t k = 0; k < 4 && cases[i].file[k].path; k++)
			put(top, &cases[i].file[k]);
		lf_auto_free char *commit = lf_git_head(dir, &err);
		if (cases[i].commit)
			assert_string_equal(commit ? commit : lf_err_text(&err), cases[i].commit);
		else if (commit || !strstr(lf_err_text(&err), cases[i].error))
			fail_msg("%s: %s", cases[i].name, commit ? commit : lf_err_text(&err));
		assert_true(lf_remove_all(top, NULL));
	}
}

/* Origin and commit of a repository whose objects are in `objects`. */
static void check_origin(const char *config, const char *objects, const char *want)
{
	const struct file files[] = {{".git/HEAD", A "\n"},
				     {".git/config", config},
				     {objects, "x"},
				     {"sub/apko.yaml", "\n"}};
	const struct lf_ctx silent = {0};
	lf_auto_arena arena = {0};
	lf_auto_free char *top = lf_temp_dir("lf-git-", NULL);
	lf_auto_free char *path = lf_path_join(top, "sub/apko.yaml");
	const char *url;

	for (size_t k = 0; k < LF_ARRAY_LEN(files); k++)
		put(top, &files[k]);
	url = lf_vcs_probe(&silent, path, &arena);
	if (want)
		assert_string_equal(url ? url : "none", want);
	else
		assert_null(url);
	assert_true(lf_remove_all(top, NULL));
}

static void tells_the_origin(void **state)
{
	static const char object[] = ".git/objects/01/23456789abcdef0123456789abcdef01234567";
	static const char https[] =
		"[core]\n\turl = x\n[remote \"origin\"]\n\turl = https://u:p@git.example/o/r\n";
	static const char ssh[] = "[remote \"origin\"]\n url=git@git.example:o/r.git\n";

	(void)state;
	check_origin(https, object, "https://git.example/o/r@" A);
	check_origin(ssh, object, "git+ssh://git.example/o/r.git@" A);
	check_origin("[core]\n", object, NULL);
	check_origin(https, ".git/objects/01/other", NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_the_commit),
		cmocka_unit_test(tells_the_origin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
