/*
 * Linters: a package with something for nearly every one of them, packages as upstream linted them,
 * and the lists.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/fs.h"
#include "build/apk_tree.h"
#include "build/lint/lint.h"

#include "base/banned.h"

#define ALL                                                                                       \
	"dev,infodir,libtool/la-files,setuidgid,tempdir,usrmerge,varempty,worldwrite,binaryarch," \
	"cudaruntimelib,dll,duplicate,dylib,lddcheck,maninfo,nonlinux,object,opt,pkgconf,"        \
	"python/docs,python/multiple,python/test,sbom,srv,staticarchive,strip,unsupportedarch,"   \
	"usrlocal,documentation,empty"

static void split_names(struct lf_strv *ret, const char *names, struct lf_arena *arena)
{
	struct lf_str rest = lf_str(names);

	while (rest.p && rest.n)
		lf_strv_add(ret, lf_arena_str(arena, lf_str_cut(&rest, ',')));
}

static void log_plain(void *data, enum lf_level level, const char *text, const char *attrs)
{
	(void)attrs;
	lf_buf_printf(data, "%s %s\n", level == LF_LOG_WARN ? "WARN" : "INFO", text);
}

static void put(struct lf_tree *t, const char *path, uint32_t mode, struct lf_str content)
{
	lf_auto_free char *dir = lf_strdup(path);
	struct lf_node *n;

	*strrchr(dir, '/') = '\0';
	assert_non_null(lf_tree_mkdirs(t, dir, 0755, NULL));
	n = lf_tree_write(t, path, content.p, content.n, mode, NULL);
	assert_non_null(n);
	n->mode = (uint16_t)mode;
}

/* The tree of the case "lintwarn". */
static struct lf_tree *make_tree(void)
{
	static const char *const small[] = {
		"dev/null0",
		"opt/x/f",
		"srv/x/f",
		"tmp/x/f",
		"var/tmp/f",
		"run/x/f",
		"var/run/x/f",
		"usr/local/share/f",
		"var/empty/f",
		"usr/share/info/dir/f",
		"usr/share/info/a.info.gz",
		"usr/share/man/man3/a.3",
		"var/lib/db/sbom/other.json",
		"usr/lib/python3.12/site-packages/single.py",
		"usr/lib/python3.12/site-packages/gamma.cpython-312.so",
		"usr/lib/pkgconfig/a.pc",
		"bin/sh0",
		"lib/libx.so.1",
		"sbin/s",
		"usr/lib/liba.a",
		"usr/lib/a.o",
		"usr/lib/a.la",
		"usr/lib/a.dll",
		"usr/lib/a.dylib",
		"usr/lib/libcuda.so.1",
		"usr/lib/libz.so.1.2",
		"usr/share/darwin/f",
		"usr/share/tool-win32.txt",
		"usr/share/i386/f",
		"usr/share/lib-ppc64le.txt",
		"usr/share/lib_s390x_amd64.txt",
		"usr/share/doc/README.md",
	};
	static const char *const dirs[] = {
		"usr/lib/python3.12/site-packages/test",
		"usr/lib/python3.12/site-packages/docs",
		"usr/lib/python3.12/site-packages/alpha",
		"usr/lib/python3.12/site-packages/beta",
	};
	static const char zeros[2000];
	static const char arm[64] = "\177ELF\2\1\1\0\0\0\0\0\0\0\0\0\2\0\50\0\1";
	struct lf_tree *t = lf_tree_new();

	for (size_t i = 0; i < LF_ARRAY_LEN(small); i++)
		put(t, small[i], 0644, LF_STR("x\n"));
	for (size_t i = 0; i < LF_ARRAY_LEN(dirs); i++)
		assert_non_null(lf_tree_mkdirs(t, dirs[i], 0755, NULL));
	put(t, "usr/share/doc/a/same", 0644, (struct lf_str){zeros, 2000});
	put(t, "usr/share/doc/b/same", 0644, (struct lf_str){zeros, 2000});
	put(t, "usr/share/doc/b/other", 0644, (struct lf_str){zeros, 2000});
	put(t, "usr/share/doc/a/small", 0644, (struct lf_str){zeros, 1000});
	put(t, "usr/share/doc/b/small", 0644, (struct lf_str){zeros, 1000});
	put(t, "usr/bin/suid", 04755, LF_STR("x\n"));
	put(t, "usr/bin/ww", 0777, LF_STR("x\n"));
	put(t, "usr/share/ww", 0666, LF_STR("x\n"));
	put(t, "usr/bin/armprog", 0755, (struct lf_str){arm, sizeof(arm)});
	struct lf_node *link =
		lf_tree_add(t, lf_tree_find(t, "sbin", false), LF_STR("t"), LF_NODE_SYMLINK);

	link->link = "s";
	return t;
}

static bool golden(struct lf_buf *path, const char *name)
{
	const char *source = getenv("FACTORY_SOURCE");

	lf_buf_clear(path);
	lf_buf_printf(path, "%s/../shared/golden/melange-build/%s", source ? source : ".", name);
	if (lf_exists(lf_buf_c(path)))
		return true;
	print_message("skipped: no golden data\n");
	return false;
}

static void check_file(const char *dir, const char *name, const char *want_path)
{
	lf_auto_free char *path = lf_path_join(dir, name);
	lf_auto_buf got = {0}, want = {0};

	assert_true(lf_read_file(want_path, 1u << 20, &want, NULL));
	assert_true(lf_read_file(path, 1u << 20, &got, NULL));
	assert_string_equal(lf_buf_c(&got), lf_buf_c(&want));
}

/* The lines of a log between two marks, with the directory of the results replaced. */
static void log_part(struct lf_buf *out, struct lf_str log, const char *from, const char *to)
{
	ptrdiff_t start = lf_str_search(log, lf_str(from)), end = lf_str_search(log, lf_str(to));

	assert_true(start >= 0 && end > start);
	lf_buf_str(out, lf_str_sub(log, (size_t)start, (size_t)end));
}

static void finds_one_of_each(void **state)
{
	lf_auto_free char *dir = lf_temp_dir("test", NULL);
	lf_auto_arena arena = {0};
	lf_auto_buf path = {0}, log = {0}, text = {0}, want = {0}, got = {0};
	lf_auto_err err = {0};
	struct lf_ctx ctx = {.log_level = LF_LOG_INFO, .log = log_plain, .log_data = &log};
	struct lf_unit unit = {.name = "lintwarn"};
	struct lf_output out = {.unit = &unit, .is_main = true, .tree = make_tree()};
	struct lf_lint_options o = {.persist = true, .out_dir = dir};

	(void)state;
	split_names(&o.warn, ALL, &arena);
	split_names(&o.require, "opt", &arena);
	assert_false(lf_lint(&ctx, &o, &out, "1.0.0-r0", "x86_64", &arena, &err));
	assert_string_equal(lf_err_text(&err), "linter \"opt\" failed: lintwarn writes to /opt");
	if (golden(&path, "expected/lintwarn/lint-lintwarn-1.0.0-r0.json"))
		check_file(dir, "lint-lintwarn-1.0.0-r0.json", lf_buf_c(&path));
	if (golden(&path, "expected/lintwarn/log.txt")) {
		assert_true(lf_read_file(lf_buf_c(&path), 1u << 20, &text, NULL));
		log_part(&want, lf_buf_view(&text), "INFO linting apk", "INFO saving 1");
		log_part(&got, lf_buf_view(&log), "INFO linting apk", "INFO saving 1");
		assert_string_equal(lf_buf_c(&got), lf_buf_c(&want));
	}
	lf_strv_fini(&o.warn);
	lf_strv_fini(&o.require);
	lf_tree_free(out.tree);
	assert_true(lf_remove_all(dir, NULL));
}

static void check_package(const char *folder, const char *file, const char *size)
{
	lf_auto_free char *dir = lf_temp_dir("test", NULL);
	lf_auto_arena arena = {0};
	lf_auto_buf path = {0}, log = {0}, text = {0}, want = {0}, name = {0};
	lf_auto_err err = {0};
	struct lf_ctx ctx = {.log_level = LF_LOG_INFO, .log = log_plain, .log_data = &log};
	struct lf_unit unit = {0};
	struct lf_output out = {.unit = &unit, .is_main = true};
	struct lf_lint_options o = {.persist = true, .out_dir = dir, .log_suffix = size};
	const char *version;
	struct lf_apk apk;

	lf_buf_printf(&name, "%s/%s.apk", folder, file);
	if (!golden(&path, lf_buf_c(&name)))
		return;
	if (!lf_apk_tree_open(lf_buf_c(&path), &arena, &apk, &out.tree, &err))
		fail_msg("%s", lf_err_text(&err));
	unit.name = apk.pkg.name;
	split_names(&o.warn, ALL, &arena);
	version = lf_arena_printf(&arena, "%s-r0", apk.pkg.version);
	if (!lf_lint(&ctx, &o, &out, version, "x86_64", &arena, &err))
		fail_msg("%s", lf_err_text(&err));
	lf_buf_clear(&name);
	lf_buf_printf(&name, "lint/%s.lint.json", file);
	if (golden(&path, lf_buf_c(&name))) {
		lf_buf_clear(&name);
		lf_buf_printf(&name, "lint-%s-%s.json", unit.name, version);
		check_file(dir, lf_buf_c(&name), lf_buf_c(&path));
	}
	lf_buf_clear(&name);
	lf_buf_printf(&name, "lint/%s.err", file);
	assert_true(golden(&path, lf_buf_c(&name)));
	assert_true(lf_read_file(lf_buf_c(&path), 1u << 20, &text, NULL));
	if (lf_str_search(lf_buf_view(&text), LF_STR("INFO saving")) >= 0) {
		log_part(&want, lf_buf_view(&text), "INFO linting", "INFO saving");
		log.n = (size_t)lf_str_search(lf_buf_view(&log), LF_STR("INFO saving"));
		log.p[log.n] = '\0';
		assert_string_equal(lf_buf_c(&log), lf_buf_c(&want));
	}
	lf_strv_fini(&o.warn);
	lf_tree_free(out.tree);
	assert_true(lf_remove_all(dir, NULL));
}

static void finds_what_upstream_finds(void **state)
{
	(void)state;
	check_package("lint", "hello-wolfi-2.12.1-r1", " (size: 80 kB)");
	check_package("lint", "kubeflow-pipelines-2.1.3-r7", " (size: 1.9 kB)");
	check_package("sca/x86_64", "libcap-2.69-r0", " (size: 30 kB)");
	check_package("sca/x86_64", "neon-4604-r0", " (size: 20 kB)");
	check_package("sca/x86_64", "ruby3.2-base64-0.2.0-r2", " (size: 7.6 kB)");
}

static void moves_disabled_checks(void **state)
{
	lf_auto_arena arena = {0};
	lf_auto_buf log = {0};
	lf_auto_err err = {0};
	struct lf_ctx ctx = {.log_level = LF_LOG_WARN, .log = log_plain, .log_data = &log};
	struct lf_unit unit = {.name = "x"};
	struct lf_output out = {.unit = &unit, .tree = lf_tree_new()};
	struct lf_lint_options o = {0};

	(void)state;
	put(out.tree, "opt/f", 0644, LF_STR("x"));
	lf_strv_add(&o.require, "opt");
	assert_false(lf_lint(&ctx, &o, &out, "1-r0", "x86_64", &arena, &err));
	lf_strv_add(&unit.checks_disabled, "opt");
	lf_buf_clear(&log);
	assert_true(lf_lint(&ctx, &o, &out, "1-r0", "x86_64", &arena, &err));
	assert_non_null(strstr(lf_buf_c(&log), "WARN [opt] x writes to /opt"));
	lf_strv_add(&o.warn, "nope");
	assert_false(lf_lint(&ctx, &o, &out, "1-r0", "x86_64", &arena, &err));
	assert_string_equal(lf_err_text(&err), "unknown linter: \"nope\"");
	lf_strv_fini(&o.warn);
	lf_strv_fini(&o.require);
	lf_strv_fini(&unit.checks_disabled);
	lf_tree_free(out.tree);
}

static void matches_paths(void **state)
{
	static const struct {
		lf_lint_match *match;
		const char *path;
		bool want;
	} cases[] = {
		{lf_lint_maninfo, "usr/share/man", true},
		{lf_lint_maninfo, "usr/share/man/man1", true},
		{lf_lint_maninfo, "usr/share/man/man1/ls.1.gz", true},
		{lf_lint_maninfo, "usr/local/share/man/man3p/a.3pm", true},
		{lf_lint_maninfo, "usr/man/x.8", true},
		{lf_lint_maninfo, "usr/share/man/de/man1/ls.1", false},
		{lf_lint_maninfo, "usr/share/man/man1/README", false},
		{lf_lint_maninfo, "usr/share/info/dir", true},
		{lf_lint_maninfo, "usr/share/info/a.info-2.gz", true},
		{lf_lint_maninfo, "usr/share/info/a.information", false},
		{lf_lint_documentation, "x/README", true},
		{lf_lint_documentation, "x/a.3p", true},
		{lf_lint_documentation, "x/README.txt", false},
		{lf_lint_cuda, "usr/lib/libcuda.so.1.2", true},
		{lf_lint_cuda, "usr/lib/libcudart.so.1", false},
		{lf_lint_shared_object, "a.so.x/b.so.1", true},
		{lf_lint_shared_object, "a.sock", false},
		{lf_lint_shared_object, "a.so.1b", false},
		{lf_lint_sbom, "var/lib/db/sbom/x.spdx.json", false},
		{lf_lint_sbom, "var/lib/db/sbom/x/y", false},
	};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++)
		if (cases[i].match(NULL, cases[i].path) != cases[i].want)
			fail_msg("%s", cases[i].path);
}

/* What a linter says of one program of these first bytes. */
static const char *said_of(lf_lint_fn *linter, const char *head, size_t n, struct lf_arena *arena)
{
	static const struct lf_unit unit = {.name = "p"};
	struct lf_output out = {.unit = &unit, .tree = lf_tree_new()};
	struct lf_lint l = {.out = &out, .name = "p", .arena = arena};
	const char *said;

	put(out.tree, "usr/bin/program", 0755, (struct lf_str){head, n});
	assert_true(linter(&l, NULL));
	said = lf_arena_printf(arena, "%s|%s", lf_buf_c(&l.message), l.items.n ? l.items.v[0] : "");
	lf_buf_fini(&l.message);
	lf_strv_fini(&l.items);
	json_decref(l.details);
	lf_tree_free(out.tree);
	return said;
}

static void names_machines(void **state)
{
	static const struct {
		char machine;
		const char *name;
	} cases[] = {
		{3, "i386"},          {8, "mips"},  {21, "ppc64"},
		{40, "arm"},          {22, "s390"}, {2, "unknown (EM_SPARC)"},
		{99, "unknown (99)"},
	};
	lf_auto_arena arena = {0};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		char head[64] = "\177ELF\2\1\1\0\0\0\0\0\0\0\0\0\2\0\0\0\1";
		head[18] = cases[i].machine;
		assert_string_equal(said_of(lf_lint_binaryarch, head, sizeof(head), &arena),
				    lf_arena_printf(&arena,
						    "p contains 1 binary compiled for unsupported "
						    "architecture(s)|usr/bin/program (%s)",
						    cases[i].name));
	}
}

static void tells_programs_that_are_cut(void **state)
{
	lf_auto_arena arena = {0};

	(void)state;
	assert_string_equal(said_of(lf_lint_strip, "\177ELF\2\1", 6, &arena),
			    "could not open file \"usr/bin/program\" as executable: EOF|");
	assert_string_equal(said_of(lf_lint_strip, "\177EL", 3, &arena), "|");
	assert_string_equal(said_of(lf_lint_binaryarch, "\177ELF\2\1", 6, &arena), "|");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_machines),
		cmocka_unit_test(tells_programs_that_are_cut),
		cmocka_unit_test(finds_one_of_each),
		cmocka_unit_test(finds_what_upstream_finds),
		cmocka_unit_test(moves_disabled_checks),
		cmocka_unit_test(matches_paths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
