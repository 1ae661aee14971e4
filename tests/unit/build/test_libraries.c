/*
 * Which version of a library's package another package needs: whose it is, how old it is, what it
 * offers; and what the scan makes of that.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/fs.h"
#include "build/libraries.h"
#include "build/outputs.h"
#include "build/scan/scan.h"

#include "base/banned.h"

/* A build of "demo" and "demo-libs", 3-r0. */
struct build {
	struct lf_arena arena;
	struct lf_ctx ctx;
	struct lf_unit unit[2];
	struct lf_output output[2];
	struct lf_index index;
	struct lf_solve_repo repo;
	struct lf_strv locked;
	struct lf_libraries libraries;
	struct lf_scan_input in;
};

/* Records of an index, with the blank lines between them. */
static void begin(struct build *b, const char *index, const char *installed)
{
	struct lf_str rest = lf_str(installed), word;

	*b = (struct build){.unit = {{.name = "demo"}, {.name = "demo-libs"}}};
	b->output[0].unit = &b->unit[0];
	b->output[1].unit = &b->unit[1];
	assert_true(lf_index_parse(lf_str(index), &b->arena, &b->index, NULL));
	b->repo = (struct lf_solve_repo){"", "", &b->index};
	while (lf_str_word(&rest, &word))
		lf_strv_add(&b->locked, lf_arena_str(&b->arena, word));
	lf_libraries_init(&b->libraries, &b->repo, 1, &b->locked, &b->arena);
	b->in = (struct lf_scan_input){&b->ctx, &b->arena, b->output, 2, "3-r0", &b->libraries};
}

static void end(struct build *b)
{
	lf_libraries_fini(&b->libraries);
	lf_strv_fini(&b->locked);
	lf_index_fini(&b->index);
	lf_arena_fini(&b->arena);
}

static void check(const char *index, const char *installed, const char *want)
{
	lf_auto_err err = {0};
	struct build b;
	const char *got;

	begin(&b, index, installed);
	if (!lf_libraries_version(&b.in, "libx.so.1", &got, &err))
		got = lf_err_text(&err);
	if (want ? !got || strcmp(got, want) : got != NULL)
		fail_msg("%s%s: %s instead of %s", index, installed, got ? got : "none",
			 want ? want : "none");
	end(&b);
}

#define X1      "P:x\nV:1.2-r0\nt:10\np:so:libx.so.1=1.2 so-ver:libx.so.1=1.2-r0\n\n"
#define X2      "P:x\nV:1.10-r0\nt:20\np:so:libx.so.1=1.10 so-ver:libx.so.1=1.10-r0\n\n"
#define X2_LATE "P:x\nV:1.10-r0\nt:10\np:so:libx.so.1=1.10\n\n"
#define STRANGE "P:x\nV:1.2-r0\nt:10\np:so:libx.so.1 so-ver:libx.so.1=odd\n\n"
#define OTHER   "P:y\nV:7-r0\nt:30\np:so:libx.so.1=9\n\n"
#define OWN     "P:demo-libs\nV:2-r0\nt:15\np:so:libx.so.1=1\n\n"
#define UNOWNED "P:z\nV:1-r0\np:so:liby.so.1=1 cmd:z=1-r0\n\n"

static void whose_library_it_is(void **state)
{
	(void)state;
	check("", "", "3-r0"); /* nobody's yet: this build's */
	check(UNOWNED, "z=1-r0", "3-r0");
	check(OWN, "", "3-r0");
	check(OWN X1, "x=1.2-r0", "3-r0"); /* the later build */
	check(OWN X2, "x=1.10-r0", NULL);
	check(OTHER, "", NULL); /* somebody's who is not there: brought along */
	check(OTHER OWN, "x=1-r0", "3-r0");
	check(OTHER X1, "x=1.2-r0", NULL);
}

static void offers(void **state)
{
	(void)state;
	check(X1, "x=1.2-r0", NULL); /* as upstream: a proper version does not count */
	check(STRANGE, "x=1.2-r0", "1.2-r0");
	check(STRANGE, "x=1.1-r3", "1.1-r3");
}

#define TOO_OLD                                                                               \
	"could not find suitable package providing library so-ver:libx.so.1>=1.10-r0 (found " \
	"so-ver:libx.so.1=1.2-r0 instead)"

static void ages(void **state)
{
	(void)state;
	check(X1, "x=1.10-r0", TOO_OLD);
	check(X1 X2, "x=1.10-r0", NULL);
	check(X2 X1, "x=1.10-r0", NULL);
	check(X1 X2_LATE, "x=1.10-r0", NULL); /* built at the same time: the newer version */
	check(X2_LATE X1, "x=1.10-r0", NULL);
	check(X1, "x=nonsense", "invalid version nonsense, could not parse");
}

static void loaders_have_none(void **state)
{
	static const char *const names[] = {"ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1"};
	struct build b;
	const char *got = "";

	(void)state;
	begin(&b, "", "");
	for (size_t i = 0; i < LF_ARRAY_LEN(names); i++) {
		assert_true(lf_libraries_version(&b.in, names[i], &got, NULL));
		assert_null(got);
	}
	end(&b);
}

/* A library that needs libneed.so.1, and a link to it. */
static struct lf_tree *make_tree(void)
{
	const char *source = getenv("FACTORY_SOURCE");
	lf_auto_buf path = {0}, elf = {0};
	struct lf_tree *t = lf_tree_new();
	struct lf_node *dir = lf_tree_mkdirs(t, "usr/lib", 0755, NULL);

	lf_buf_printf(&path, "%s/tests/fuzz/corpus/elf/library", source ? source : ".");
	assert_true(lf_read_file(path.p, 1 << 16, &elf, NULL));
	assert_non_null(lf_tree_write(t, "usr/lib/libe.so.2.1", elf.p, elf.n, 0755, NULL));
	lf_tree_add(t, dir, LF_STR("libe.so"), LF_NODE_SYMLINK)->link = "libe.so.2.1";
	return t;
}

static void check_scan(bool wanted, bool no_option, const char *want)
{
	lf_auto_buf got = {0};
	struct build b;

	begin(&b, "", "");
	b.unit[0].options.no_versioned_shlib_deps = no_option;
	b.output[0].tree = make_tree();
	b.output[1].tree = lf_tree_new();
	if (!wanted)
		b.in.libraries = NULL;
	assert_true(lf_scan(&b.in, 0, NULL));
	for (size_t i = 0; i < b.output[0].found.runtime.n; i++)
		lf_buf_printf(&got, "%s ", b.output[0].found.runtime.v[i]);
	assert_string_equal(lf_buf_c(&got), want);
	for (size_t i = 0; i < 2; i++)
		lf_output_fini(&b.output[i]);
	end(&b);
}

static void what_the_scan_finds(void **state)
{
	(void)state;
	check_scan(false, false, "so:libe.so.2.1 so:libneed.so.1 ");
	check_scan(true, true, "so:libe.so.2.1 so:libneed.so.1 ");
	check_scan(true, false,
		   "so-ver:libe.so.2.1>=3-r0 so-ver:libneed.so.1>=3-r0 so:libe.so.2.1 "
		   "so:libneed.so.1 ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whose_library_it_is),
		cmocka_unit_test(offers),
		cmocka_unit_test(ages),
		cmocka_unit_test(loaders_have_none),
		cmocka_unit_test(what_the_scan_finds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
