/*
 * Trees to and from directories, and as tar.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/fs.h"
#include "base/mem.h"
#include "codec/tar.h"
#include "tree/tree.h"

#include "base/banned.h"

static struct lf_tree *sample(void)
{
	struct lf_tree *t = lf_tree_new();
	struct lf_node *n;

	assert_non_null(lf_tree_mkdirs(t, "usr/bin", 0755, NULL));
	assert_non_null(lf_tree_mkdirs(t, "locked", 0500, NULL));
	n = lf_tree_write(t, "usr/bin/tool", "#!/bin/sh\n", 10, 04755, NULL);
	n->mtime = 1600000000;
	assert_non_null(lf_tree_write(t, "locked/secret", "s", 1, 0400, NULL));
	assert_non_null(lf_tree_write(t, "empty", "", 0, 0644, NULL));
	struct lf_node *h = lf_tree_add(t, lf_tree_root(t), LF_STR("hard"), LF_NODE_HARDLINK);

	h->target = n;
	h->link = "usr/bin/tool";
	h = lf_tree_add(t, lf_tree_root(t), LF_STR("escape"), LF_NODE_SYMLINK);
	h->link = "/etc";
	h->mode = 0777;
	h = lf_tree_add(t, lf_tree_root(t), LF_STR("null"), LF_NODE_CHAR);
	h->mode = 0666;
	h->devmajor = 1;
	h->devminor = 3;
	return t;
}

static void fills_a_directory_and_reads_it_back(void **state)
{
	lf_auto_err err = {0};
	lf_auto_free char *dir = lf_temp_dir("lf-tree-", &err);

	(void)state;
	for (unsigned jobs = 1; jobs <= 2; jobs++) {
		lf_auto_free char *sub = lf_path_join(dir, jobs == 1 ? "one" : "two");
		struct lf_tree *t = sample(), *back = lf_tree_new();
		struct stat st;
		struct lf_node *n;

		assert_true(lf_mkdirs(sub, 0755, &err));
		assert_true(lf_tree_to_dir(t, sub, jobs, &err));
		assert_true(lf_tree_from_dir(back, sub, true, &err));
		n = lf_tree_find(back, "usr/bin/tool", false);
		assert_non_null(n);
		/* Of the two names the first in order is the file. */
		assert_int_equal(n->type, LF_NODE_HARDLINK);
		assert_string_equal(n->link, "hard");
		assert_int_equal(lf_node_content(n)->size, 10);
		assert_int_equal(lf_node_content(n)->mode, 0755);
		assert_int_equal(lf_node_content(n)->mtime, 1600000000);
		lf_auto_buf got = {0};

		assert_true(lf_tree_read(back, n, 100, &got, &err));
		assert_string_equal(got.p, "#!/bin/sh\n");
		assert_string_equal(lf_tree_find(back, "escape", false)->link, "/etc");
		assert_null(lf_tree_find(back, "null", false));
		lf_auto_free char *locked = lf_path_join(sub, "locked");

		assert_int_equal(stat(locked, &st), 0);
		assert_int_equal(st.st_mode & 07777, 0500);
		lf_tree_free(t);
		lf_tree_free(back);
	}
	assert_true(lf_remove_all(dir, &err));
}

static void copies_when_links_are_not_wanted(void **state)
{
	lf_auto_err err = {0};
	lf_auto_free char *dir = lf_temp_dir("lf-tree-", &err);
	struct lf_tree *t = sample(), *back = lf_tree_new();

	(void)state;
	assert_true(lf_tree_to_dir(t, dir, 1, &err));
	assert_true(lf_tree_from_dir(back, dir, false, &err));
	assert_int_equal(lf_tree_find(back, "hard", false)->type, LF_NODE_FILE);
	assert_int_equal(lf_tree_find(back, "usr/bin/tool", false)->type, LF_NODE_FILE);
	lf_tree_free(t);
	lf_tree_free(back);
	assert_true(lf_remove_all(dir, &err));
}

static void prints_tar(void **state)
{
	struct lf_tree *t = sample();
	lf_auto_buf out = {0}, got = {0};
	lf_auto_err err = {0};
	lf_auto_arena arena = {0};
	struct lf_writer *w = lf_writer_buf(&out);
	struct lf_tar_entry e;
	bool more;

	(void)state;
	assert_true(lf_tree_tar(t, w, &err));
	assert_true(lf_writer_close(w, &err));
	assert_int_equal(out.n % 512, 0);
	struct lf_reader *r = lf_reader_mem(out.p, out.n);
	struct lf_tar_in *in = lf_tar_in_new(r, &arena);

	while (lf_tar_next(in, &e, &more, &err) && more)
		lf_buf_printf(&got, "%c %o %s%s%s %ju\n", e.type, e.mode, e.name,
			      *e.linkname ? ">" : "", e.linkname, (uintmax_t)e.size);
	assert_string_equal(lf_err_text(&err), "");
	assert_string_equal(got.p, "0 644 empty 0\n"
				   "2 777 escape>/etc 0\n"
				   "1 4755 hard>usr/bin/tool 0\n"
				   "5 500 locked 0\n"
				   "0 400 locked/secret 1\n"
				   "3 666 null 0\n"
				   "5 755 usr 0\n"
				   "5 755 usr/bin 0\n"
				   "0 4755 usr/bin/tool 10\n");
	lf_tar_in_free(in);
	lf_reader_close(r);
	lf_tree_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fills_a_directory_and_reads_it_back),
		cmocka_unit_test(copies_when_links_are_not_wanted),
		cmocka_unit_test(prints_tar),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
