/*
 * The dependency scan of whole packages that are made up: what each generator finds, and what it
 * does not.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/fs.h"
#include "build/scan/scan.h"

#include "base/banned.h"

#define SONAME "libe.so.2.1" /* of the library, which needs libneed.so.1 */

/* A library with a soname as long as its own. */
static void read_library(struct lf_buf *ret, const char *soname)
{
	const char *source = getenv("FACTORY_SOURCE");
	lf_auto_buf path = {0};
	ptrdiff_t at;

	lf_buf_printf(&path, "%s/tests/fuzz/corpus/elf/library", source ? source : ".");
	assert_true(lf_read_file(path.p, 1 << 16, ret, NULL));
	at = lf_str_search(lf_buf_view(ret), LF_STR(SONAME));
	assert_true(at > 0);
	if (*soname) {
		assert_int_equal(strlen(soname), strlen(SONAME));
		memcpy(ret->p + at, soname, strlen(SONAME));
	}
}

static void add_file(struct lf_tree *t, const char *path, const char *p, size_t n, uint32_t mode)
{
	lf_auto_arena arena = {0};
	const char *dir = lf_arena_str(&arena, lf_path_dir(lf_str(path)));

	assert_non_null(lf_tree_mkdirs(t, dir, 0755, NULL));
	assert_non_null(lf_tree_write(t, path, p, n, mode, NULL));
}

/* "dir PATH", "file PATH TEXT", "tool PATH TEXT", "link PATH TARGET", "elf PATH SONAME"; "~" in a
 * text is a carriage return. */
static void add_line(struct lf_tree *t, struct lf_str line)
{
	lf_auto_arena arena = {0};
	lf_auto_buf elf = {0};
	struct lf_str kind = lf_str_cut(&line, ' ');
	const char *path = lf_arena_str(&arena, lf_str_cut(&line, ' '));
	char *more = lf_arena_str(&arena, line.p ? line : LF_STR(""));

	for (char *p = strchr(more, '~'); p; p = strchr(p, '~'))
		*p = '\r';
	if (lf_str_is(kind, "dir")) {
		assert_non_null(lf_tree_mkdirs(t, path, 0755, NULL));
	} else if (lf_str_is(kind, "link")) {
		const char *dir = lf_arena_str(&arena, lf_path_dir(lf_str(path)));
		struct lf_node *parent = lf_tree_mkdirs(t, dir, 0755, NULL);
		assert_non_null(parent);
		lf_tree_add(t, parent, lf_path_base(lf_str(path)), LF_NODE_SYMLINK)->link =
			lf_arena_strdup(lf_tree_arena(t), more);
	} else if (lf_str_is(kind, "elf")) {
		read_library(&elf, more);
		add_file(t, path, elf.p, elf.n, 0644);
	} else {
		add_file(t, path, more, strlen(more), lf_str_is(kind, "tool") ? 0755 : 0644);
	}
}

static struct lf_tree *make_tree(const char *lines)
{
	struct lf_tree *t = lf_tree_new();
	struct lf_str rest = lf_str(lines), line;

	while (lf_str_line(&rest, &line))
		add_line(t, line);
	return t;
}

static void print_list(struct lf_buf *out, const char *mark, const struct lf_strv *v)
{
	for (size_t i = 0; i < v->n; i++)
		lf_buf_printf(out, "%s%s%s", out->n ? " " : "", mark, v->v[i]);
}

static void log_warning(void *data, enum lf_level level, const char *text, const char *attrs)
{
	(void)attrs;
	if (level == LF_LOG_WARN)
		lf_buf_puts(data, text);
}

/* Depends, "+" provides, "#" vendored, and the warnings behind "!". */
static void check(const char *name, const char *declared, const char *lines, const char *want)
{
	lf_auto_arena arena = {0};
	lf_auto_buf got = {0}, warnings = {0};
	struct lf_ctx ctx = {.log_level = LF_LOG_WARN, .log = log_warning, .log_data = &warnings};
	struct lf_unit unit = {.name = name};
	struct lf_output out = {.unit = &unit, .is_main = true, .tree = make_tree(lines)};
	struct lf_scan_input in = {&ctx, &arena, &out, 1, "1-r0", NULL};

	if (declared)
		lf_strv_add(&unit.dependencies.runtime, declared);
	assert_true(lf_scan(&in, 0, NULL));
	print_list(&got, "", &out.generated.runtime);
	print_list(&got, "+", &out.generated.provides);
	print_list(&got, "#", &out.vendored);
	if (warnings.n)
		lf_buf_printf(&got, " !%s", warnings.p);
	if (strcmp(lf_buf_c(&got), want) != 0)
		fail_msg("%s\n\"%s\" instead of\n\"%s\"", lines, lf_buf_c(&got), want);
	lf_strv_fini(&unit.dependencies.runtime);
	lf_strv_fini(&out.found.runtime);
	lf_strv_fini(&out.found.provides);
	lf_strv_fini(&out.generated.runtime);
	lf_strv_fini(&out.generated.provides);
	lf_strv_fini(&out.vendored);
	lf_tree_free(out.tree);
}

struct scan_case {
	const char *lines, *want;
};

static void check_all(const struct scan_case *cases, size_t n)
{
	for (size_t i = 0; i < n; i++)
		check("x", NULL, cases[i].lines, cases[i].want);
}

static void libraries_by_soname_and_folder(void **state)
{
	static const struct scan_case cases[] = {
		{"elf usr/lib/e ", "so:libneed.so.1 +so-ver:libe.so.2.1=1-r0 +so:libe.so.2.1=2.1"},
		{"elf usr/lib/deep/e ",
		 "so:libneed.so.1 #so-ver:libe.so.2.1=1-r0 #so:libe.so.2.1=2.1"},
		{"elf lib64/e lib.so.1.2x",
		 "so:libneed.so.1 +so-ver:lib.so.1.2x=1-r0 +so:lib.so.1.2x=0"},
		{"elf lib/e l.so.1.so.2",
		 "so:libneed.so.1 +so-ver:l.so.1.so.2=1-r0 +so:l.so.1.so.2=1"},
		{"elf lib/e libe-2.1.so",
		 "so:libneed.so.1 +so-ver:libe-2.1.so=1-r0 +so:libe-2.1.so=0"},
	};

	(void)state;
	check_all(cases, LF_ARRAY_LEN(cases));
}

static void library_folders_from_ld_so_conf(void **state)
{
	static const char found[] = "so:libneed.so.1 +so-ver:libe.so.2.1=1-r0 +so:libe.so.2.1=2.1";
	static const char not_found[] =
		"so:libneed.so.1 #so-ver:libe.so.2.1=1-r0 #so:libe.so.2.1=2.1";
	static const struct scan_case cases[] = {
		{"file etc/ld.so.conf.d/a.conf /opt/l\nelf opt/l/e ", found},
		{"file etc/ld.so.conf.d/a.conf /opt/l/\nelf opt/l/e ", found},
		{"file etc/ld.so.conf.d/a.conf /opt/l~\nelf opt/l/e ", found},
		{"file etc/ld.so.conf.d/a.conf  /opt/l\nelf opt/l/e ", not_found},
		{"file etc/ld.so.conf.d/a.txt /opt/l\nelf opt/l/e ", not_found},
		{"file etc/ld.so.conf.d/a.conf /opt\nelf opt/l/e ", not_found},
	};

	(void)state;
	check_all(cases, LF_ARRAY_LEN(cases));
}

/* A link elsewhere to a library vendors it; one that leads nowhere does not. */
static void links_that_lead_somewhere(void **state)
{
#define LIBRARY  "elf usr/lib/libe.so.2.1 \nlink usr/lib/libe.so.2 libe.so.2.1\n"
#define PROVIDES "so:libneed.so.1 +so-ver:libe.so.2.1=1-r0 +so:libe.so.2.1=2.1"
#define VENDORS  " #so-ver:libe.so.2.1=1-r0 #so:libe.so.2.1=2.1"
	static const struct scan_case cases[] = {
		{LIBRARY "link opt/l ../usr/lib/libe.so.2", PROVIDES VENDORS},
		{LIBRARY "link opt/l /usr/lib/libe.so.2.1", PROVIDES},
		{LIBRARY "link opt/l ../../../usr/lib/libe.so.2.1", PROVIDES},
		{LIBRARY "link opt/l l", PROVIDES},
		{LIBRARY "link opt/a b\nlink opt/b a", PROVIDES},
		{LIBRARY "link opt/d ../usr/lib\nlink opt/l d/libe.so.2", PROVIDES VENDORS},
		{LIBRARY "link opt/d /usr/lib\nlink opt/l d/libe.so.2", PROVIDES},
		{LIBRARY "link opt/l ../usr/lib/libe.so.2.1/x", PROVIDES},
		{LIBRARY "link opt/l ..", PROVIDES},
	};

	(void)state;
	check_all(cases, LF_ARRAY_LEN(cases));
}

static void languages(void **state)
{
	static const struct scan_case cases[] = {
		{"dir usr/lib/ruby/gems/3.2.0/gems", "ruby-3.2"},
		{"dir usr/lib/ruby/gems/3.2.1/gems", ""},
		{"dir usr/lib/ruby/gems/3.10.0/gems", "ruby-3.10"},
		{"dir lib/ruby/gems/3.2..0/gems", "ruby-3.2."},
		{"dir usr/lib/ruby/gems/3.4/gems", ""},
		{"dir usr/lib/python3.12/site-packages", "python-3.12-base"},
		{"dir usr/lib/python/site-packages", ""},
		{"file usr/lib/python3.12/site-packages x", ""},
		{"dir usr/lib/python3.1/site-packages\ndir usr/lib/python3.9/site-packages",
		 "python-3.9-base"},
		{"tool usr/bin/a x\nfile usr/bin/b x\ntool usr/bin/d/c x\ntool sbin/e x",
		 "+cmd:a=1-r0 +cmd:e=1-r0"},
		{"file usr/share/pkgconfig/p.pc Requires: a, b # c", "pc:a pc:b +pc:p=1-r0"},
		{"file opt/p.pc Requires: a", "#pc:p=1-r0"},
	};

	(void)state;
	check_all(cases, LF_ARRAY_LEN(cases));
}

#define REMOVE "consider removing it in favor of SCA-generated dependency"

static void declared_dependencies_win_or_are_told(void **state)
{
	(void)state;
	check("x", "ruby", "dir usr/lib/ruby/gems/3.2.0/gems",
	      "ruby !x: Ruby dependency already specified");
	check("x", "ruby-3.1", "dir usr/lib/ruby/gems/3.2.0/gems",
	      "ruby-3.1 !x: Ruby dependency \"ruby-3.1\" already specified, " REMOVE);
	check("x", "python3", "dir usr/lib/python3.12/site-packages",
	      "python3 !x: Python dependency \"python3\" already specified, " REMOVE);
	check("x-doc", "man-db", "dir usr/share/man/man1",
	      "man-db !x-doc: man-db dependency already specified, " REMOVE);
	check("x-doc", NULL, "dir usr/share/man/man1\nfile usr/share/info/x y", "man-db texinfo");
	check("x", NULL, "dir usr/share/man/man1", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(libraries_by_soname_and_folder),
		cmocka_unit_test(library_folders_from_ld_so_conf),
		cmocka_unit_test(links_that_lead_somewhere),
		cmocka_unit_test(languages),
		cmocka_unit_test(declared_dependencies_win_or_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
