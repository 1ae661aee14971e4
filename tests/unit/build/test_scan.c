/*
 * The dependency scan: its parsers, its merging, and whole packages compared with what upstream
 * found in them.
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
#include "build/scan/kernel_text.h"
#include "build/scan/scan.h"

#include "base/banned.h"

static void parses_shebangs(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{"#!/bin/bash\necho", "bash"},
		{"#!/bin/sh", ""},
		{"", ""},
		{"#", ""},
		{"#!", ""},
		{"#! \n", ""},
		{"#!  /usr/bin/tclsh -x\n", "tclsh"},
		{"#!/usr/bin/env perl", "perl"},
		{"#!ksh\r\n", "ksh"},
		{"#!/usr/bin/env -S node --x\n", "node"},
		{"#!/usr/bin/env python3\n", ""},
		{"#!/usr/bin/env\n", "!a shbang of only '/usr/bin/env'"},
		{"#!/usr/bin/env lua -x\n", "!a shbang of only '/usr/bin/env' with multiple "
					    "arguments (3 /usr/bin/env lua -x)"},
		{"#!/usr/bin/env -S -u X ruby\n", "!a shbang of only '/usr/bin/env' with multiple "
						  "arguments (5 /usr/bin/env -S -u X ruby)"},
	};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		lf_auto_arena arena = {0};
		const char *program = NULL, *problem = NULL;
		const char *want = cases[i].want;
		bool ok = lf_shebang_parse(lf_str(cases[i].text), &arena, &program, &problem);

		assert_int_equal(ok, *want != '!');
		assert_string_equal(ok ? program : problem, ok ? want : want + 1);
	}
}

static void parses_pc_files(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{"", ""},
		{"prefix=/usr\nName: one\nRequires: glib-2.0 >= 2.50, two three = 1\n",
		 "glib-2.0 two three "},
		{"Requires.private: a,b < 3\nRequires.internal: c\nProvides: d\n# x\n\n", "a b c "},
		{"x = y\nCflags: -I${prefix} <>\n", ""},
		{"this is not a pc file\n", "!offset 5: expected :"},
		{"req=aaa\nRequires: ${req} ccc\n", "!left unparsed: ${req} ccc"},
		{"Requires: a, b ,c,\n", "a b c "},
		{"Requires: a # b\nName: # c\n # d\n", "a "},
		{"Requires: # a\n", ""},
		{"Requires: a,,b\n", "!left unparsed: ,b"},
		{"Requires: ,a\n", "!left unparsed: ,a"},
		{"Requires: a >= , b\n", "!left unparsed: >= , b"},
		{"Requires: a = = 1\n", "!left unparsed: = = 1"},
	};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		lf_auto_arena arena = {0};
		LF_CLEANUP(lf_pc_fini) struct lf_pc pc = {0};
		lf_auto_buf got = {0};
		const char *problem = NULL;

		if (!lf_pc_parse(lf_str(cases[i].text), &arena, &pc, &problem))
			lf_buf_printf(&got, "!%s", problem);
		else
			for (size_t kind = 0; kind < LF_PC_KINDS; kind++)
				for (size_t j = 0; j < pc.required[kind].n; j++)
					lf_buf_printf(&got, "%s ", pc.required[kind].v[j]);
		assert_string_equal(lf_buf_c(&got), cases[i].want);
	}
}

static void finds_kernel_versions(void **state)
{
	lf_auto_arena arena = {0};
	lf_auto_buf image = {0};

	(void)state;
	lf_buf_fill(&image, '\0', 514);
	lf_buf_puts(&image, "HdrS");
	lf_buf_fill(&image, '\0', 8);
	lf_buf_add(&image, "\0\2", 2);
	lf_buf_fill(&image, '\0', 496);
	lf_buf_puts(&image, "6.1.0-gold (user@host) #1");
	assert_string_equal(lf_kernel_image_version(lf_buf_view(&image), &arena), "6.1.0-gold");
	assert_string_equal(lf_kernel_image_version(LF_STR("xLinux version 6.2.0+raw (a)"), &arena),
			    "6.2.0");
	assert_string_equal(lf_kernel_image_version(LF_STR("nothing"), &arena), "");
	assert_string_equal(lf_kernel_module_version(LF_STR("a\0vermagic=6.1 SMP\0b"), &arena),
			    "6.1");
	assert_string_equal(lf_kernel_image_version(LF_STR("MZ"), &arena), "");
}

static void check_merge(const char *const runtime[], const char *const provides[],
			const char *const generated[], const char *const vendored[],
			const struct lf_package_options *o, const char *want)
{
	lf_auto_arena arena = {0};
	lf_auto_buf got = {0};
	struct lf_unit unit = {.options = *o};
	struct lf_scan s = {.arena = &arena};
	struct lf_dependencies final = {0};

	for (; *runtime; runtime++)
		lf_strv_add(&unit.dependencies.runtime, *runtime);
	for (; *provides; provides++)
		lf_strv_add(&unit.dependencies.provides, *provides);
	for (; *generated; generated++)
		lf_strv_add(strchr(*generated, '=') ? &s.provides : &s.runtime, *generated);
	for (; *vendored; vendored++)
		lf_strv_add(&s.vendored, *vendored);
	lf_scan_merge(&unit, &s, &final);
	for (size_t i = 0; i < final.runtime.n; i++)
		lf_buf_printf(&got, "%s ", final.runtime.v[i]);
	lf_buf_puts(&got, "|");
	for (size_t i = 0; i < final.provides.n; i++)
		lf_buf_printf(&got, " %s", final.provides.v[i]);
	assert_string_equal(lf_buf_c(&got), want);
	lf_strv_fini(&unit.dependencies.runtime);
	lf_strv_fini(&unit.dependencies.provides);
	lf_strv_fini(&s.runtime);
	lf_strv_fini(&s.provides);
	lf_strv_fini(&s.vendored);
	lf_strv_fini(&final.runtime);
	lf_strv_fini(&final.provides);
}

#define LIST(...) ((const char *const[]){__VA_ARGS__, NULL})
#define NONE      ((const char *const[]){NULL})

static void merges_relations(void **state)
{
	static const struct lf_package_options plain,
		no_commands = {.set = true, .no_commands = true},
		no_depends = {.set = true, .no_depends = true},
		no_provides = {.set = true, .no_provides = true};

	(void)state;
	check_merge(LIST("zlib", "own", "other>=1.0"), LIST("own=1", "other"),
		    LIST("so:a", "cmd:x", "so:a", "cmd:y=1"), NONE, &plain,
		    "cmd:x other>=1.0 so:a zlib | cmd:y=1 other own=1");
	check_merge(NONE, NONE, LIST("so:a", "so:b", "so-ver:c"), LIST("so:a=1"), &plain,
		    "so-ver:c so:b |");
	check_merge(LIST("so-ver:a>=1", "so-ver:b>=2"), LIST("so-ver:b=3"), NONE, NONE, &plain,
		    "so-ver:a | so-ver:b=3");
	check_merge(LIST("cmd:d"), NONE, LIST("cmd:x", "so:a", "cmd:y=1"), NONE, &no_commands,
		    "cmd:d so:a |");
	check_merge(NONE, NONE, LIST("cmd:x", "cmd:y=1"), NONE, &no_depends, "| cmd:y=1");
	check_merge(NONE, LIST("d=1"), LIST("cmd:x", "cmd:y=1"), NONE, &no_provides, "cmd:x | d=1");
}

/* The relation lines of a .PKGINFO text. */
static void relations(struct lf_str text, struct lf_buf *out)
{
	struct lf_str line;

	while (lf_str_line(&text, &line))
		if (lf_str_starts(line, "depend = ") || lf_str_starts(line, "provides = ") ||
		    lf_str_starts(line, "# vendored = "))
			lf_buf_printf(out, LF_STR_FMT "\n", LF_STR_ARG(line));
}

static void print_list(struct lf_buf *out, const char *title, const struct lf_strv *v)
{
	for (size_t i = 0; i < v->n; i++)
		lf_buf_printf(out, "%s = %s\n", title, v->v[i]);
}

static void log_warning(void *data, enum lf_level level, const char *text, const char *attrs)
{
	(void)attrs;
	if (level == LF_LOG_WARN)
		lf_buf_printf(data, "WARN %s\n", text);
}

static void check_package(const char *dir, const char *file)
{
	lf_auto_arena arena = {0};
	lf_auto_buf path = {0}, text = {0}, want = {0}, got = {0}, warnings = {0};
	lf_auto_err err = {0};
	struct lf_ctx ctx = {.log_level = LF_LOG_WARN, .log = log_warning, .log_data = &warnings};
	struct lf_unit unit = {0};
	struct lf_output out = {.unit = &unit, .is_main = true};
	struct lf_scan_input in = {&ctx, &arena, &out, 1, NULL, NULL};
	struct lf_apk apk;

	lf_buf_printf(&path, "%s/x86_64/%s", dir, file);
	if (!lf_apk_tree_open(lf_buf_c(&path), &arena, &apk, &out.tree, &err))
		fail_msg("%s", lf_err_text(&err));
	unit.name = apk.pkg.name;
	in.full_version = apk.pkg.version;
	if (!lf_scan(&in, 0, &err))
		fail_msg("%s: %s", file, lf_err_text(&err));
	lf_buf_clear(&path);
	lf_buf_printf(&path, "%s/%s.pkginfo", dir, unit.name);
	assert_true(lf_read_file(lf_buf_c(&path), 1u << 20, &text, NULL));
	relations(lf_buf_view(&text), &want);
	print_list(&got, "depend", &out.generated.runtime);
	print_list(&got, "provides", &out.generated.provides);
	print_list(&got, "# vendored", &out.vendored);
	assert_string_equal(lf_buf_c(&got), lf_buf_c(&want));
	lf_buf_clear(&path);
	lf_buf_clear(&text);
	lf_buf_printf(&path, "%s/%s.warn", dir, unit.name);
	assert_true(lf_read_file(lf_buf_c(&path), 1u << 20, &text, NULL));
	assert_string_equal(lf_buf_c(&warnings), lf_buf_c(&text));
	lf_strv_fini(&out.found.runtime);
	lf_strv_fini(&out.found.provides);
	lf_strv_fini(&out.generated.runtime);
	lf_strv_fini(&out.generated.provides);
	lf_strv_fini(&out.vendored);
	lf_tree_free(out.tree);
}

static void finds_what_upstream_finds(void **state)
{
	const char *source = getenv("FACTORY_SOURCE");
	lf_auto_buf dir = {0}, packages = {0};
	struct lf_strv names = {0};

	(void)state;
	lf_buf_printf(&dir, "%s/../shared/golden/melange-build/sca", source ? source : ".");
	lf_buf_printf(&packages, "%s/x86_64", lf_buf_c(&dir));
	lf_auto_fd fd = lf_open_read(lf_buf_c(&packages), NULL);

	if (fd < 0) {
		print_message("skipped: no golden data\n");
		return;
	}
	assert_true(lf_dir_names(fd, &names, NULL));
	for (size_t i = 0; i < names.n; i++)
		check_package(lf_buf_c(&dir), names.v[i]);
	lf_dir_names_fini(&names);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parses_shebangs),           cmocka_unit_test(parses_pc_files),
		cmocka_unit_test(finds_kernel_versions),     cmocka_unit_test(merges_relations),
		cmocka_unit_test(finds_what_upstream_finds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
