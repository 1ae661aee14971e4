/*
 * What apko does to a root after its packages: accounts, paths, services, certificates, busybox's
 * links, /lib/apk.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/vec.h"
#include "image/busybox.h"
#include "image/certificates.h"
#include "image/image.h"

#include "base/banned.h"

struct world {
	struct lf_ctx ctx;
	struct lf_image_run run;
	struct lf_image img;
};

static void start(struct world *w)
{
	*w = (struct world){0};
	w->run.ctx = &w->ctx;
	w->img.run = &w->run;
	w->img.tree = lf_tree_new();
	lf_image_config_init(&w->img.config);
	assert_non_null(lf_tree_mkdirs(w->img.tree, "etc", 0755, NULL));
}

static void end(struct world *w)
{
	lf_tree_free(w->img.tree);
	lf_image_config_fini(&w->img.config);
	lf_arena_fini(&w->img.arena);
}

static void put(struct world *w, const char *path, const char *text)
{
	assert_non_null(lf_tree_mkdirs(w->img.tree, lf_root_dirname(&w->img, path), 0755, NULL));
	assert_non_null(lf_root_write(&w->img, path, lf_str(text), 0644, NULL));
}

static void expect(struct world *w, const char *path, const char *want)
{
	lf_auto_buf got = {0};

	assert_true(lf_root_read(&w->img, path, &got));
	assert_string_equal(lf_buf_c(&got), want);
}

static const struct lf_node *find(struct world *w, const char *path)
{
	return lf_tree_find(w->img.tree, path, false);
}

/* ---- accounts ---- */

static void adds_accounts(void **state)
{
	struct world w;
	lf_auto_err err = {0};

	(void)state;
	start(&w);
	put(&w, "etc/passwd",
	    "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:n:/dev/null:/x\n");
	put(&w, "etc/group", "root:x:0:root\n");
	put(&w, "etc/shadow", "root:*:19000:0:99999:7:::\n");
	lf_vec_push(
		&w.img.config.accounts.users,
		(struct lf_user){.username = "web", .shell = "", .homedir = "/srv/web", .uid = 7});
	struct lf_group g = {.groupname = "web", .gid = 8};

	lf_strv_add(&g.members, "a");
	lf_strv_add(&g.members, "b");
	lf_vec_push(&w.img.config.accounts.groups, g);
	w.img.config.accounts.run_as = "web";
	assert_true(lf_image_accounts(&w.img, &err));
	expect(&w, "etc/passwd",
	       "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:n:/dev/null:/x\n"
	       "web:x:7:7:Account created by apko:/srv/web:/bin/sh\n");
	expect(&w, "etc/group", "root:x:0:root\nweb:x:8:a,b\n");
	expect(&w, "etc/shadow", "root:*::0:99999:7:::\nweb:!:::::::\n");
	assert_string_equal(w.img.config.accounts.run_as, "7");
	assert_int_equal(find(&w, "srv/web")->mode, 0700);
	assert_int_equal(find(&w, "srv/web")->gid, 7);
	assert_int_equal(find(&w, "srv")->mode, 0755);
	assert_null(find(&w, "dev"));
	end(&w);
}

static void makes_an_empty_passwd_only(void **state)
{
	struct world w;

	(void)state;
	start(&w);
	assert_true(lf_image_accounts(&w.img, NULL));
	expect(&w, "etc/passwd", "");
	assert_null(find(&w, "etc/group"));
	assert_null(find(&w, "etc/shadow"));
	end(&w);
}

static void refuses_bad_accounts(void **state)
{
	static const struct {
		const char *passwd, *want;
	} cases[] = {
		{"\n", "unable to parse: malformed line, contains 1 parts, expecting 7"},
		{"a:b:c:0:::\n", "failed to parse UID c"},
		{"a:x:0:99999999999:::\n", "failed to parse GID 99999999999"},
		{"a:x:0:0::/etc/passwd:\n",
		 "a home directory /etc/passwd exists, but is not a directory"},
	};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		struct world w;
		lf_auto_err err = {0};

		start(&w);
		put(&w, "etc/passwd", cases[i].passwd);
		assert_false(lf_image_accounts(&w.img, &err));
		assert_string_equal(lf_err_text(&err) + strlen("failed to mutate accounts: "),
				    cases[i].want);
		end(&w);
	}
}

/* ---- paths ---- */

static struct lf_err mutate(struct world *w, const char *type, const char *path, const char *source,
			    uint32_t mode, bool recursive)
{
	struct lf_err err = {0};

	w->img.config.paths.n = 0;
	lf_vec_push(&w->img.config.paths, (struct lf_path_mutation){.path = path,
								    .type = type,
								    .source = source,
								    .permissions = mode,
								    .uid = {true, 9},
								    .recursive = recursive});
	assert_true(lf_image_paths(&w->img, &err) || err.class != LF_E_NONE);
	return err;
}

static void mutates_paths(void **state)
{
	struct world w;

	(void)state;
	start(&w);
	put(&w, "etc/f", "text");
	assert_int_equal(mutate(&w, "directory", "/a/b/", "", 01777, false).class, LF_E_NONE);
	assert_int_equal(find(&w, "a")->mode, 01777);
	assert_int_equal(find(&w, "a")->uid, 0);
	assert_int_equal(find(&w, "a/b")->uid, 9);
	assert_int_equal(mutate(&w, "empty-file", "/x/y", "", 0600, false).class, LF_E_NONE);
	assert_int_equal(find(&w, "x")->mode, 0755);
	expect(&w, "x/y", "");
	assert_int_equal(mutate(&w, "hardlink", "/x/h", "/etc/f", 0640, false).class, LF_E_NONE);
	assert_int_equal(find(&w, "etc/f")->mode, 0640);
	assert_true(find(&w, "x/h")->copy);
	assert_int_equal(mutate(&w, "symlink", "/x/l", "/etc/f", 0400, false).class, LF_E_NONE);
	assert_int_equal(find(&w, "x/l")->mode, 0777);
	assert_int_equal(find(&w, "etc/f")->mode, 0400);
	assert_int_equal(mutate(&w, "permissions", "/x", "", 0711, true).class, LF_E_NONE);
	assert_int_equal(find(&w, "x/y")->mode, 0711);
	end(&w);
}

static void empties_only_what_is_its_own(void **state)
{
	struct world w;

	(void)state;
	start(&w);
	put(&w, "etc/made", "text");
	put(&w, "etc/brought", "text");
	((struct lf_node *)find(&w, "etc/brought"))->owner = 0;
	assert_int_equal(mutate(&w, "empty-file", "/etc/made", "", 0644, false).class, LF_E_NONE);
	assert_int_equal(mutate(&w, "empty-file", "/etc/brought", "", 0600, false).class,
			 LF_E_NONE);
	expect(&w, "etc/made", "");
	expect(&w, "etc/brought", "text");
	end(&w);
}

static void refuses_bad_paths(void **state)
{
	static const struct {
		const char *type, *path, *source, *want;
	} cases[] = {
		{"bogus", "/x", "", "unsupported path mutation type \"bogus\""},
		{"symlink", "/etc/f", "/x",
		 "mutating path \"/etc/f\": file \"/etc/f\" already exists"},
		{"symlink", "/nx", "/no",
		 "symlink mutation on /nx: chmod \"/nx\": file does not exist"},
		{"hardlink", "/h", "/no",
		 "mutating path \"/h\": linking \"/no\" -> \"/h\": file does not exist"},
		{"permissions", "/no", "",
		 "mutating path \"/no\": chmod \"/no\": file does not exist"},
		{"directory", "/etc/f", "", "mutating path \"/etc/f\": path is not a directory"},
		{"directory", "/a/../b", "",
		 "mutating path \"/a/../b\": path has a \"..\" component"},
		{"empty-file", "/etc/f/x", "",
		 "mutating path \"/etc/f/x\": ensuring parent directory for \"/etc/f/x\": path is "
		 "not a "
		 "directory"},
	};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		struct world w;

		start(&w);
		put(&w, "etc/f", "");
		struct lf_err err =
			mutate(&w, cases[i].type, cases[i].path, cases[i].source, 0, false);

		assert_string_equal(lf_err_text(&err) + strlen("failed to mutate paths: "),
				    cases[i].want);
		lf_err_fini(&err);
		end(&w);
	}
}

/* ---- the rest ---- */

static void writes_services(void **state)
{
	struct world w;

	(void)state;
	start(&w);
	lf_pairs_set(&w.img.config.entrypoint.services, &w.img.arena, "web", "/bin/web -x");
	assert_true(lf_image_services(&w.img, NULL));
	expect(&w, "sv/web/run", "#!/bin/execlineb\n/bin/web -x\n");
	assert_int_equal(find(&w, "sv")->mode, 0777);
	assert_int_equal(find(&w, "sv/web/run")->mode, 0755);
	end(&w);
}

static void links_the_database(void **state)
{
	static const struct {
		const char *dirs, *link, *want; /* dirs by blanks; link: target of /lib */
	} cases[] = {
		{"usr/lib/apk", NULL, "/lib/apk"},
		{"usr/lib/apk lib/apk/db", NULL, "/lib/apk"},
		{"usr/lib/apk", "usr/lib", NULL},
		{"usr/lib/apk", "/usr/lib", NULL},
		{"usr/lib/apk lib/apk/db/x", NULL, "/lib/apk/db is not empty, refusing to replace"},
	};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		struct world w;
		lf_auto_err err = {0};
		struct lf_str rest = lf_str(cases[i].dirs), word;

		start(&w);
		while (lf_str_word(&rest, &word))
			assert_non_null(lf_tree_mkdirs(w.img.tree, lf_arena_str(&w.img.arena, word),
						       0755, NULL));
		if (cases[i].link)
			(void)lf_root_symlink(&w.img, lf_tree_root(w.img.tree), LF_STR("lib"),
					      cases[i].link);
		bool ok = lf_image_link_database(&w.img, &err);

		if (!ok)
			assert_string_equal(lf_err_text(&err), cases[i].want);
		else if (cases[i].want)
			assert_string_equal(find(&w, cases[i].want)->link, "../usr/lib/apk");
		end(&w);
	}
}

static void adds_to_truststores(void **state)
{
	static const char empty[] =
		"\376\355\376\355\0\0\0\2\0\0\0\0"
		"\342\150\156\105\036\103\337\244\240\331\222\335\125\266\304\176\143\103\077\200";
	struct lf_certificate c[2] = {{.alias = "b", .der = LF_STR("DER-B")},
				      {.alias = "a", .der = LF_STR("DER-A")}};
	struct lf_certificates list = {.v = c, .n = 2};
	lf_auto_arena arena = {0};
	lf_auto_buf one = {0}, two = {0};
	lf_auto_err err = {0};

	(void)state;
	assert_true(lf_truststore_add((struct lf_str){empty, 32}, &list, 1, &arena, &one, &err));
	/* sorted by alias: 4 + 2 + 1 + 8 + 2 + 5 + 4 + 5 bytes an entry */
	assert_int_equal(one.n, 12 + 2 * 31 + 20);
	assert_int_equal(one.p[12 + 6], 'a');
	assert_int_equal(one.p[12 + 31 + 6], 'b');
	/* Adding them again changes nothing, so what was written can be read. */
	assert_true(lf_truststore_add(lf_buf_view(&one), &list, 1, &arena, &two, &err));
	assert_int_equal(two.n, one.n);
	assert_memory_equal(two.p, one.p, one.n);
	lf_buf_clear(&two);
	assert_false(lf_truststore_add(LF_STR("not a store"), &list, 1, &arena, &two, &err));
	assert_int_equal(err.class, LF_E_FORMAT);
}

static void links_applets(void **state)
{
	struct world w;
	struct lf_package package = {0}, *list[] = {&package};
	lf_auto_err err = {0};

	(void)state;
	start(&w);
	put(&w, "bin/busybox", "elf");
	((struct lf_node *)find(&w, "bin/busybox"))->mtime = 77;
	put(&w, "etc/busybox-paths.d/bb", "/bin/busybox\n/bin/ls\n\n/usr/bin/awk\n/etc/there\n");
	put(&w, "etc/there", "");
	package.apk.pkg.name = "bb";
	lf_strv_add(&package.apk.pkg.provides, "cmd:busybox=1");
	w.img.package = list;
	w.img.solution.n = 1;
	assert_true(lf_image_busybox(&w.img, &err));
	assert_string_equal(find(&w, "usr/bin/awk")->link, "/bin/busybox");
	assert_int_equal(find(&w, "usr/bin")->mtime, 77);
	assert_int_equal(find(&w, "usr/bin/awk")->mtime, 77);
	assert_int_equal(find(&w, "etc/there")->type, LF_NODE_FILE);
	assert_int_equal(find(&w, "bin/busybox")->type, LF_NODE_FILE);
	lf_strv_fini(&package.apk.pkg.provides);
	end(&w);
}

static void knows_old_busyboxes(void **state)
{
	static const struct {
		const char *version, *want; /* "": refused */
		size_t n;
		bool bash, tree;
	} cases[] = {
		{"1.32.1-r9", "1.32.1", 427, true, false},
		{"1.33.0-r0", "1.33.0", 428, true, false},
		{"1.34.0-r1", "1.34.0", 429, false, false},
		{"v1.34.1", "1.34.1", 430, true, false},
		{"1.36.0-r3", "1.36.0", 433, true, true},
		{"1.37.0-r1", "1.37.0", 433, true, true},
		{"1-r0", "", 0, false, false},
		{"1.36-r0", "", 0, false, false},
		{"1.36.0_git-r1", "", 0, false, false},
		{"1.36.0-r1-x", "", 0, false, false},
		{"1.36.0-", "", 0, false, false},
		{"", "", 0, false, false},
	};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		lf_auto_arena arena = {0};
		lf_auto_strv list = {0};
		struct lf_str version;

		assert_int_equal(lf_busybox_version(lf_str(cases[i].version), &version),
				 *cases[i].want != '\0');
		if (!*cases[i].want)
			continue;
		assert_true(lf_str_is(version, cases[i].want));
		lf_busybox_links(version, &arena, &list);
		assert_int_equal(list.n, cases[i].n);
		assert_int_equal(lf_strv_has(&list, "/bin/bash"), cases[i].bash);
		assert_int_equal(lf_strv_has(&list, "/usr/bin/tree"), cases[i].tree);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(adds_accounts),
		cmocka_unit_test(makes_an_empty_passwd_only),
		cmocka_unit_test(refuses_bad_accounts),
		cmocka_unit_test(mutates_paths),
		cmocka_unit_test(empties_only_what_is_its_own),
		cmocka_unit_test(refuses_bad_paths),
		cmocka_unit_test(writes_services),
		cmocka_unit_test(links_the_database),
		cmocka_unit_test(adds_to_truststores),
		cmocka_unit_test(links_applets),
		cmocka_unit_test(knows_old_busyboxes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
