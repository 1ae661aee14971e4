/*
 * Filling the workspace, and reading packages back from it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/fs.h"
#include "build/outputs.h"
#include "build/workspace.h"

#include "base/banned.h"

static void put(const char *top, const char *path, const char *text, mode_t mode)
{
	lf_auto_free char *file = lf_path_join(top, path);
	lf_auto_free char *dir = lf_strdup(file);

	*strrchr(dir, '/') = 0;
	assert_true(lf_mkdirs(dir, 0755, NULL));
	assert_true(lf_write_file(file, text, strlen(text), 0600, NULL));
	assert_int_equal(chmod(file, mode), 0);
}

static bool has(const char *top, const char *path, mode_t mode)
{
	lf_auto_free char *file = lf_path_join(top, path);
	struct stat st;

	return lstat(file, &st) == 0 && (!mode || (st.st_mode & 07777) == mode);
}

static void copies_regular_files(void **state)
{
	const struct lf_ctx ctx = {0};
	lf_auto_free char *src = lf_temp_dir("lf-src-", NULL);
	lf_auto_free char *ws = lf_path_join(src, "work/x86_64"); /* inside the source directory */
	lf_auto_free char *link = lf_path_join(src, "link");
	lf_auto_free char *empty = lf_path_join(src, "empty");

	(void)state;
	put(src, "a/b/run.sh", "#!/bin/sh\n", 0755);
	put(src, "a/b.o", "", 0644);
	put(src, ".melangeignore", "*.o\n", 0640);
	put(src, "work/x86_64/old", "", 0644);
	put(src, "work/other", "", 0644);
	assert_int_equal(symlink("a", link), 0);
	assert_true(lf_mkdirs(empty, 0755, NULL));
	assert_true(lf_workspace_populate(&ctx, ws, src, true, NULL));
	assert_true(has(ws, "a/b/run.sh", 0755));
	assert_true(has(ws, ".melangeignore", 0640));
	assert_true(has(ws, "work/other", 0644));
	assert_false(has(ws, "work/x86_64", 0));
	assert_false(has(ws, "a/b.o", 0));
	assert_false(has(ws, "link", 0));
	assert_false(has(ws, "empty", 0));
	assert_true(lf_workspace_populate(&ctx, ws, "/nonexistent", true, NULL));
	assert_true(lf_remove_all(src, NULL));
}

static void writes_compiler_files(void **state)
{
	struct lf_recipe r = {.package = {.unit = {.name = "hello"}, .version = "1"}};
	lf_auto_free char *ws = lf_temp_dir("lf-ws-", NULL);
	lf_auto_free char *spec = lf_path_join(ws, ".melange.gcc.spec");
	lf_auto_arena arena = {0};
	lf_auto_buf text = {0};

	(void)state;
	r.package.cpe = (struct lf_cpe){"", "v", "p", "", "", "", "", "", "o"};
	const char *meta = lf_package_metadata(&r, "1-r0", "wolfi", "x86_64", &arena);
	assert_string_equal(
		meta, "{\"type\":\"apk\",\"os\":\"wolfi\",\"name\":\"hello\",\"version\":\"1-r0\","
		      "\"architecture\":\"x86_64\",\"appCpe\":\"cpe:2.3:a:v:p:1:*:*:*:*:*:*:o\"}");
	assert_true(lf_workspace_write_compiler_files(ws, "{META}", NULL));
	assert_true(lf_read_file(spec, 4096, &text, NULL));
	assert_string_equal(text.p, "*link:\n+ %{!r:--package-metadata={META}}\n\n");
	assert_true(has(ws, ".melange.fdo.h", 0));
	assert_true(has(ws, ".config/clang-15/aarch64-unknown-linux-gnu-clang.cfg", 0));
	assert_true(has(ws, ".config/clang-42/x86_64-unknown-linux-gnu-clang++.cfg", 0));
	assert_true(lf_remove_all(ws, NULL));
}

static void reads_a_package(void **state)
{
	lf_auto_free char *ws = lf_temp_dir("lf-ws-", NULL);
	lf_auto_free char *dir = lf_path_join(ws, "melange-out/p/d");
	lf_auto_free char *file = lf_path_join(ws, "melange-out/p/d/suid");
	lf_auto_free char *hard = lf_path_join(ws, "melange-out/p/d/hard");
	lf_auto_free char *soft = lf_path_join(ws, "melange-out/p/soft");
	const struct lf_owner_map owners = {.uid = 1000,
					    .gid = 1000,
					    .foreign = true,
					    .host_uid = geteuid(),
					    .host_gid = getegid()};
	lf_auto_err err = {0};

	(void)state;
	assert_true(lf_workspace_make_output(ws, "p", NULL));
	assert_true(lf_mkdirs(dir, 0755, NULL));
	put(ws, "melange-out/p/d/secret", "s", 0);
	put(ws, "melange-out/p/d/suid", "x", 04755);
	assert_int_equal(link(file, hard), 0);
	assert_int_equal(symlink("/etc/passwd", soft), 0);
	assert_int_equal(chmod(dir, 03777), 0);
	bool has_xattr =
		setxattr(file, "user.x", "y", 1, 0) == 0 && setxattr(dir, "user.x", "y", 1, 0) == 0;

	struct lf_tree *t = lf_output_read(ws, "p", &owners, &err);
	assert_non_null(t);
	const struct lf_node *d = lf_tree_find(t, "d", false),
			     *f = lf_tree_find(t, "d/suid", false);
	const struct lf_node *h = lf_tree_find(t, "d/hard", false),
			     *l = lf_tree_find(t, "soft", false);
	const struct lf_node *s = lf_tree_find(t, "d/secret", false);
	assert_int_equal(d->mode, 0777);
	assert_null(d->xattr);
	assert_int_equal(f->mode, 04755);
	assert_int_equal(f->uid, 0);
	assert_true(!has_xattr || f->xattr);
	assert_int_equal(h->type, LF_NODE_FILE);
	assert_int_equal(l->mode, 0777);
	assert_int_equal(s->mode, 0);
	lf_auto_buf content = {0};
	assert_true(lf_tree_read(t, s, 10, &content, NULL));
	assert_string_equal(content.p, "s");
	assert_int_equal(lf_output_directory_size(t), 2 * 4096);
	lf_tree_free(t);
	assert_true(lf_remove_all(ws, NULL));
}

/* A step may have replaced anything in the workspace by a link to the host's files. */
static void does_not_follow_links(void **state)
{
	lf_auto_free char *ws = lf_temp_dir("lf-ws-", NULL);
	lf_auto_free char *host = lf_temp_dir("lf-host-", NULL);
	lf_auto_free char *out = lf_path_join(ws, "melange-out");
	lf_auto_free char *p = lf_path_join(host, "p");
	const struct lf_owner_map owners = {0};
	lf_auto_err err = {0};

	(void)state;
	assert_true(lf_mkdirs(p, 0755, NULL));
	assert_int_equal(symlink(host, out), 0);
	assert_false(lf_workspace_make_output(ws, "q", &err));
	lf_auto_free char *q = lf_path_join(host, "q");
	assert_false(lf_exists(q));
	assert_null(lf_output_read(ws, "p", &owners, &err));
	assert_true(lf_remove_all(ws, NULL));
	assert_true(lf_is_dir(p));
	assert_true(lf_remove_all(host, NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(copies_regular_files),
		cmocka_unit_test(writes_compiler_files),
		cmocka_unit_test(reads_a_package),
		cmocka_unit_test(does_not_follow_links),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
