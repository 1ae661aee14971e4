/*
 * cpio archives: the records of a small tree, byte for byte.
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
#include "codec/cpio.h"
#include "tree/tree.h"

#include "base/banned.h"

/* A record with inode, owner, group, links, time, own device and checksum 0. */
static void expect(struct lf_buf *b, unsigned mode, unsigned size, unsigned major, unsigned minor,
		   const char *name)
{
	lf_buf_printf(b,
		      "070701"
		      "00000000%08X00000000000000000000000000000000%08X0000000000000000%08X%08X"
		      "%08zX00000000%s",
		      mode, size, major, minor, strlen(name) + 1, name);
	lf_buf_fill(b, '\0', 1 + (4 - (110 + strlen(name) + 1) % 4) % 4);
}

static void writes_all_types(void **state)
{
	struct lf_tree *t = lf_tree_new();
	lf_auto_buf got = {0}, want = {0};
	lf_auto_err err = {0};
	struct lf_writer *w = lf_writer_buf(&got);

	(void)state;
	struct lf_node *dir = lf_tree_mkdirs(t, "d", 01777, NULL);
	struct lf_node *file = lf_tree_write(t, "d/file", "12345", 5, 04755, NULL);
	struct lf_node *link = lf_tree_add(t, dir, LF_STR("link"), LF_NODE_SYMLINK);
	struct lf_node *again = lf_tree_add(t, dir, LF_STR("again"), LF_NODE_HARDLINK);
	struct lf_node *dev = lf_tree_add(t, dir, LF_STR("z"), LF_NODE_CHAR);

	assert_non_null(dir);
	assert_non_null(file);
	file->uid = 7;
	file->mtime = 99;
	link->link = "file";
	link->mode = 0644;
	again->target = file;
	again->link = "d/file";
	dev->mode = 0620;
	dev->devmajor = 5;
	dev->devminor = 1;

	assert_true(lf_tree_cpio(t, w, &err));
	assert_true(lf_writer_close(w, &err));
	expect(&want, 040777, 0, 0, 0, ".");
	expect(&want, 041777, 0, 0, 0, "d");
	expect(&want, 0104755, 5, 0, 0, "d/again");
	lf_buf_add(&want, "12345\0\0\0", 8);
	expect(&want, 0104755, 5, 0, 0, "d/file");
	lf_buf_add(&want, "12345\0\0\0", 8);
	expect(&want, 0120777, 4, 0, 0, "d/link");
	lf_buf_add(&want, "file", 4);
	expect(&want, 020620, 0, 5, 1, "d/z");
	expect(&want, 0, 0, 0, 0, "TRAILER!!!");
	assert_int_equal(got.n, want.n);
	assert_memory_equal(got.p, want.p, want.n);
	lf_tree_free(t);
}

static void refuses_what_does_not_fit(void **state)
{
	lf_auto_buf out = {0};
	lf_auto_err err = {0};
	const struct lf_cpio_entry e = {.name = "big", .mode = 0100644, .size = UINT64_C(1) << 32};

	(void)state;
	assert_false(lf_cpio_header(&out, &e, &err));
	assert_int_equal(err.class, LF_E_LIMIT);
	assert_int_equal(out.n, 0);
}

static void pads_to_four(void **state)
{
	static const struct {
		uint64_t size;
		size_t want;
	} cases[] = {{0, 0}, {1, 3}, {2, 2}, {3, 1}, {4, 0}, {UINT32_MAX, 1}};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++)
		assert_int_equal(lf_cpio_pad(cases[i].size), cases[i].want);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_all_types),
		cmocka_unit_test(refuses_what_does_not_fit),
		cmocka_unit_test(pads_to_four),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
