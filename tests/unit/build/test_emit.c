/*
 * Package output: a small tree becomes a package that the reader of packages accepts, with the
 * entries, owners and checksums that it should have, and the same bytes whatever the number of
 * jobs.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "apk/archive.h"
#include "base/fs.h"
#include "build/build.h"

#include "base/banned.h"

#define VERSION "1.0-r2"

struct fixture {
	struct lf_arena arena;
	struct lf_recipe recipe;
	struct lf_output out;
	struct lf_emit_input in;
	struct lf_ctx ctx;
	char *dir;
};

static const char *licenses[] = {"MIT", "Apache-2.0"};
static const char *depends[] = {"so:libc.so.6"};

static void make_tree(struct lf_tree *t)
{
	struct lf_node *n;

	assert_non_null(lf_tree_mkdirs(t, "usr/bin", 0755, NULL));
	n = lf_tree_write(t, "usr/bin/tool", "#!/bin/sh\n", 10, 04755, NULL);
	n->uid = 35;
	lf_tree_set_xattr(t, n, LF_STR("user.x"), LF_STR("v"));
	n = lf_tree_add(t, lf_tree_find(t, "usr/bin", true), LF_STR("link"), LF_NODE_SYMLINK);
	n->link = "tool";
	n->mode = 0777;
	n = lf_tree_add(t, lf_tree_find(t, "usr/bin", true), LF_STR("again"), LF_NODE_HARDLINK);
	n->link = "usr/bin/tool";
	n->target = lf_tree_find(t, "usr/bin/tool", true);
	n = lf_tree_add(t, lf_tree_root(t), LF_STR("pipe"), LF_NODE_FIFO);
	n->mode = 0600;
}

static void set_up(struct fixture *f, unsigned jobs)
{
	char dir[] = "/tmp/factory-test-XXXXXX";
	struct lf_recipe_package *p = &f->recipe.package;

	*f = (struct fixture){.ctx.jobs = jobs};
	assert_non_null(mkdtemp(dir));
	f->dir = lf_arena_strdup(&f->arena, dir);
	f->recipe.arena = &f->arena;
	p->version = "1.0";
	p->epoch = 2;
	p->unit = (struct lf_unit){.name = "foo", .description = "text", .url = "u", .commit = "c"};
	p->unit.scriptlets.post_install = "#!/bin/sh\nexit 0\n";
	p->copyright.v = lf_new_n(&f->arena, struct lf_copyright, 2);
	p->copyright.n = 2;
	for (size_t i = 0; i < 2; i++)
		p->copyright.v[i].license = licenses[i];
	f->out = (struct lf_output){.unit = &p->unit, .is_main = true, .directory_size = 4096 * 3};
	f->out.generated.runtime = (struct lf_strv){depends, 1, 1};
	f->out.tree = lf_tree_new();
	make_tree(f->out.tree);
	f->in = (struct lf_emit_input){.ctx = &f->ctx,
				       .recipe = &f->recipe,
				       .arch = "x86_64",
				       .namespace = "unknown",
				       .commit = "c",
				       .melange_yaml = "package:\n",
				       .source_date_epoch = 1700000000,
				       .out_dir = f->dir};
}

static void tear_down(struct fixture *f)
{
	lf_auto_err err = {0};

	assert_true(lf_remove_all(f->dir, &err));
	lf_tree_free(f->out.tree);
	lf_arena_fini(&f->arena);
}

static int emit(struct fixture *f)
{
	lf_auto_err err = {0};
	int fd;

	if (!lf_emit(&f->in, &f->out, &f->arena, &err))
		fail_msg("%s", lf_err_text(&err));
	fd = lf_open_read(lf_arena_printf(&f->arena, "%s/foo-" VERSION ".apk", f->dir), &err);
	assert_true(fd >= 0);
	return fd;
}

/* "TYPE MODE UID NAME [PAX KEYS]" a line */
static void list_entries(int data, struct lf_buf *out)
{
	lf_auto_arena a = {0};
	lf_auto_reader *r = lf_reader_range(data, 0, UINT32_MAX);
	struct lf_tar_in *t = lf_tar_in_new(r, &a);
	struct lf_tar_entry e;
	bool more;

	while (lf_tar_next(t, &e, &more, NULL) && more) {
		lf_buf_printf(out, "%c %o %u %s", e.type, e.mode, e.uid, e.name);
		for (size_t i = 0; i < e.n_pax; i++)
			lf_buf_printf(out, " " LF_STR_FMT, LF_STR_ARG(e.pax[i].key));
		lf_buf_putc(out, '\n');
		assert_int_equal(e.mtime, 1700000000);
	}
	lf_tar_in_free(t);
}

static void writes_a_package_that_can_be_read(void **state)
{
	struct fixture f;
	struct lf_apk apk;
	lf_auto_err err = {0};
	lf_auto_buf list = {0};
	uint64_t size;

	(void)state;
	set_up(&f, 1);
	lf_auto_fd fd = emit(&f);
	lf_auto_fd data = lf_temp_file(&err);

	if (!lf_apk_open(fd, "foo", 0, &f.arena, &apk, &err) ||
	    !lf_apk_unpack_data(fd, &apk, 0, data, &size, &err))
		fail_msg("%s", lf_err_text(&err));
	assert_string_equal(apk.pkg.name, "foo");
	assert_string_equal(apk.pkg.version, VERSION);
	/* three directories, two copies of ten bytes, a link of four */
	assert_int_equal(apk.pkg.installed_size, 3 * 4096 + 20 + 4);
	assert_int_equal(apk.n_files, 2);
	assert_string_equal(apk.file[0].name, ".melange.yaml");
	assert_string_equal(apk.file[1].name, ".post-install");
	assert_int_equal(apk.file[1].mode, 0755);
	list_entries(data, &list);
	assert_string_equal(lf_buf_c(&list),
			    "6 600 0 pipe\n5 755 0 usr\n5 755 0 usr/bin\n"
			    "0 4755 35 usr/bin/again APK-TOOLS.checksum.SHA1 SCHILY.xattr.user.x\n"
			    "2 777 0 usr/bin/link APK-TOOLS.checksum.SHA1\n"
			    "0 4755 35 usr/bin/tool APK-TOOLS.checksum.SHA1 SCHILY.xattr.user.x\n");
	tear_down(&f);
}

static void read_package(unsigned jobs, struct lf_buf *ret)
{
	lf_auto_err err = {0};
	struct fixture f;
	lf_auto_free char *big = lf_alloc(5 << 20);

	set_up(&f, jobs);
	for (size_t i = 0; i < 5 << 20; i++)
		big[i] = (char)(i * i >> 7);
	assert_non_null(lf_tree_write(f.out.tree, "usr/big", big, 5 << 20, 0644, &err));
	lf_auto_fd fd = emit(&f);

	assert_true(lf_read_file(lf_arena_printf(&f.arena, "%s/foo-" VERSION ".apk", f.dir),
				 1 << 30, ret, &err));
	tear_down(&f);
}

static void gives_the_same_bytes_for_any_number_of_jobs(void **state)
{
	lf_auto_buf one = {0}, four = {0};

	(void)state;
	read_package(1, &one);
	read_package(4, &four);
	assert_true(lf_str_eq(lf_buf_view(&one), lf_buf_view(&four)));
}

static void leaves_nothing_behind_on_failure(void **state)
{
	struct fixture f;
	lf_auto_err err = {0};
	struct lf_strv names = {0};
	struct lf_blob gone = {.fd = -1, .root = -1, .path = "gone", .size = 5};
	struct lf_node *n;

	(void)state;
	set_up(&f, 1);
	n = lf_tree_add(f.out.tree, lf_tree_root(f.out.tree), LF_STR("gone"), LF_NODE_FILE);
	n->blob = &gone;
	n->size = 5;
	assert_false(lf_emit(&f.in, &f.out, &f.arena, &err));
	lf_auto_fd dir = open(f.dir, O_RDONLY | O_DIRECTORY);

	assert_true(lf_dir_names(dir, &names, &err));
	assert_int_equal(names.n, 0);
	lf_dir_names_fini(&names);
	tear_down(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_a_package_that_can_be_read),
		cmocka_unit_test(gives_the_same_bytes_for_any_number_of_jobs),
		cmocka_unit_test(leaves_nothing_behind_on_failure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
