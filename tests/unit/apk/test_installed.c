/*
 * The installed database: order of paths, what is left out, the lines of a record.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "apk/installed.h"

#include "golden.h"

#include "base/banned.h"

static struct lf_pkg package(void)
{
	return (struct lf_pkg){.name = "n",
			       .version = "1-r0",
			       .arch = "x86",
			       .description = "d",
			       .url = "u",
			       .license = "l",
			       .origin = "o",
			       .maintainer = "m",
			       .commit = "c",
			       .datahash = "",
			       .size = 9,
			       .installed_size = 8};
}

#define HEAD                                                                                   \
	"P:n\nV:1-r0\nA:x86\nL:l\nT:d\no:o\nm:m\nU:u\nD:\np:\nc:c\ni:[]\nt:0\nS:9\nI:8\nk:0\n" \
	"C:Q1AAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"

static void check(const struct lf_apk_path *path, size_t n, const char *want)
{
	lf_auto_buf out = {0};
	lf_auto_err err = {0};
	struct lf_pkg pkg = package();

	if (!lf_installed_print(&out, &pkg, path, n, &err))
		fail_msg("%s", lf_err_text(&err));
	assert_string_equal(lf_buf_c(&out), want);
}

static void orders_paths(void **state)
{
	static const struct lf_apk_path paths[] = {
		{.path = "usr/lib/x", .type = '0', .mode = 0644},
		{.path = "usr", .type = '5', .mode = 0755},
		{.path = "usr/lib", .type = '5', .mode = 0755},
		{.path = "usr/zed", .type = '0', .mode = 0755, .uid = 5, .gid = 6},
		{.path = "usr/lib-a", .type = '5', .mode = 01777},
		{.path = "bin", .type = '2', .mode = 0777, .has_sha1 = true},
		{.path = "usr/lib/y", .type = '1', .mode = 0644},
	};

	(void)state;
	check(paths, 7,
	      HEAD "F:\nR:bin\na:0:0:0777\nZ:Q1AAAAAAAAAAAAAAAAAAAAAAAAAAA=\nF:usr\nR:zed\n"
		   "a:5:6:0755\nF:usr/lib\nR:x\nR:y\nF:usr/lib-a\nM:0:0:1777\n\n");
}

static void leaves_out_what_has_no_parent_or_owner(void **state)
{
	static const struct lf_apk_path paths[] = {
		{.path = "", .type = '5', .mode = 0755},
		{.path = "deep/er/dir", .type = '5', .mode = 0755},
		{.path = "deep/er", .type = '5', .mode = 0755},
		{.path = "etc", .type = '5', .mode = 0755},
		{.path = "etc/gone", .type = '0', .mode = 0644, .dropped = true},
	};

	(void)state;
	check(paths, 5, HEAD "F:etc\n\n");
}

static void refuses_what_cannot_be_recorded(void **state)
{
	static const struct lf_apk_path root = {.path = "", .type = '5', .mode = 0700};
	lf_auto_buf out = {0};
	lf_auto_err err = {0};
	struct lf_pkg pkg = package();

	(void)state;
	assert_false(lf_installed_print(&out, &pkg, &root, 1, &err));
	pkg.name = "";
	assert_false(lf_installed_print(&out, &pkg, NULL, 0, &err));
	assert_int_equal(out.n, 0);
}

static void names_scripts(void **state)
{
	struct lf_apk_control_file files[] = {
		{".post-install", 0755, 0, 0, "root", "root", 5, LF_STR("x")},
		{".melange.yaml", 0644, 0, 0, "root", "root", 5, LF_STR("y")},
	};
	struct lf_apk apk = {.file = files, .n_files = 2};
	lf_auto_buf out = {0};

	(void)state;
	apk.pkg = package();
	lf_installed_scripts(&out, &apk, 0);
	assert_int_equal(out.n, 1024);
	assert_string_equal(out.p, "n-1-r0.Q1AAAAAAAAAAAAAAAAAAAAAAAAAAA=.post-install");
}

static void prints_triggers(void **state)
{
	const char *list[] = {"/a /b", "/c"};
	struct lf_pkg pkg = package();
	lf_auto_buf out = {0};

	(void)state;
	pkg.triggers = (struct lf_strv){list, 2, 2};
	lf_installed_triggers(&out, &pkg);
	assert_string_equal(lf_buf_c(&out), "Q1AAAAAAAAAAAAAAAAAAAAAAAAAAA= /a /b\n"
					    "Q1AAAAAAAAAAAAAAAAAAAAAAAAAAA= /c\n");
}

static void reads_back(void **state)
{
	static const char text[] =
		"P:a\nV:1\nD:b c\nr:d\ni:[]\nF:\nR:top\nF:etc\nM:5:6:0700\nR:x\na:1:2:0600\n"
		"Z:Q1AAAA\n\nV:2\nF:lost\n\nP:b\nV:3\nF:usr\nF:usr/bin\nR:y\n\nP:cut\nV:4\n";
	lf_auto_arena arena = {0};
	lf_auto_err err = {0};
	struct lf_installed db;

	(void)state;
	assert_true(lf_installed_parse(lf_str(text), &arena, &db, &err));
	assert_int_equal(db.index.n, 2);
	assert_string_equal(db.index.pkg[0].replaces.v[0], "d");
	assert_string_equal(db.index.pkg[0].install_if.v[0], "[]");
	assert_int_equal(db.paths[0].n, 3);
	assert_string_equal(db.paths[0].v[0].path, "top");
	assert_string_equal(db.paths[0].v[1].path, "etc");
	assert_int_equal(db.paths[0].v[1].type, '5');
	/* compat: what it says of modes is lost */
	assert_int_equal(db.paths[0].v[1].mode, 0755);
	assert_string_equal(db.paths[0].v[2].path, "etc/x");
	assert_int_equal(db.paths[0].v[2].mode, 0644);
	assert_string_equal(db.index.pkg[1].name, "b");
	assert_int_equal(db.paths[1].n, 3);
	assert_string_equal(db.paths[1].v[2].path, "usr/bin/y");
	lf_installed_fini(&db);
	assert_false(lf_installed_parse(LF_STR("P:a\nS:x\n"), &arena, &db, &err));
	assert_non_null(strstr(err.text, "cannot parse size field x"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(orders_paths),
		cmocka_unit_test(leaves_out_what_has_no_parent_or_owner),
		cmocka_unit_test(refuses_what_cannot_be_recorded),
		cmocka_unit_test(names_scripts),
		cmocka_unit_test(prints_triggers),
		cmocka_unit_test(reads_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
