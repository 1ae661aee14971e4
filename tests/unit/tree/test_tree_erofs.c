/*
 * Trees as EROFS images and back: names, metadata and contents of all sizes around a block; layers
 * over layers.
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
#include "codec/erofs.h"
#include "tree/tree.h"

#include "base/banned.h"

static void emit(struct lf_tree *t, struct lf_buf *out)
{
	struct lf_writer *w = lf_writer_buf(out);
	lf_auto_err err = {0};

	assert_true(lf_tree_erofs(t, 1000, w, &err));
	assert_true(lf_writer_close(w, &err));
	assert_int_equal(out->n % LF_EROFS_BLOCK, 0);
	lf_tree_free(t);
}

static void lay(struct lf_tree *t, const struct lf_buf *image, bool over)
{
	const struct lf_erofs_source src = {
		.mem = (const uint8_t *)image->p, .size = image->n, .path = "x"};
	lf_auto_err err = {0};

	if (!lf_tree_add_erofs(t, &src, over, &err))
		fail_msg("%s", lf_err_text(&err));
}

/* ---- contents ---- */

struct found {
	const struct lf_erofs *image;
	struct lf_str name;
	struct lf_erofs_inode inode;
};

static bool take(void *data, const struct lf_erofs_dirent *entry, struct lf_err *err)
{
	struct found *f = data;

	return !lf_str_eq(entry->name, f->name) ||
	       lf_erofs_get_inode(f->image, entry->nid, &f->inode, err);
}

static void contents_of_all_sizes(void **state)
{
	static const size_t sizes[] = {0,    1,    4031, 4032,  4033,  4095,
				       4096, 4097, 8192, 12000, 100000};
	static char bytes[100000];
	struct lf_tree *t = lf_tree_new();
	lf_auto_buf out = {0};
	char name[32];

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)(i * 7 + i / 256);
	for (size_t i = 0; i < LF_ARRAY_LEN(sizes); i++) {
		(void)snprintf(name, sizeof(name), "f%zu", sizes[i]);
		assert_non_null(lf_tree_write(t, name, bytes, sizes[i], 0644, NULL));
	}
	emit(t, &out);

	const struct lf_erofs_source src = {
		.mem = (const uint8_t *)out.p, .size = out.n, .path = "x"};
	struct lf_erofs image;
	struct lf_erofs_inode root;

	assert_true(lf_erofs_open(&image, &src, NULL));
	assert_int_equal(image.super.inodes, LF_ARRAY_LEN(sizes) + 1);
	assert_int_equal(image.super.blocks * LF_EROFS_BLOCK, out.n);
	assert_true(lf_erofs_get_inode(&image, image.super.root, &root, NULL));
	for (size_t i = 0; i < LF_ARRAY_LEN(sizes); i++) {
		struct found f = {.image = &image};
		lf_auto_buf content = {0};

		(void)snprintf(name, sizeof(name), "f%zu", sizes[i]);
		f.name = lf_str(name);
		assert_true(lf_erofs_each_entry(&image, &root, take, &f, NULL));
		assert_true(lf_erofs_read(&image, &f.inode, sizeof(bytes), &content, NULL));
		assert_int_equal(content.n, sizes[i]);
		assert_memory_equal(lf_buf_c(&content), bytes, sizes[i]);
	}
}

/* ---- metadata ---- */

static struct lf_tree *all_types(void)
{
	struct lf_tree *t = lf_tree_new();
	struct lf_node *dir = lf_tree_mkdirs(t, "+d", 01777, NULL);
	struct lf_node *file = lf_tree_write(t, "+d/file", "12345", 5, 04755, NULL);
	struct lf_node *link = lf_tree_add(t, dir, LF_STR("link"), LF_NODE_SYMLINK);
	struct lf_node *again = lf_tree_add(t, dir, LF_STR("again"), LF_NODE_HARDLINK);
	struct lf_node *dev = lf_tree_add(t, dir, LF_STR("z"), LF_NODE_CHAR);

	file->uid = 70000;
	file->gid = 8;
	file->mtime = -99;
	lf_tree_set_xattr(t, file, LF_STR("user.b"), LF_STR("value"));
	lf_tree_set_xattr(t, file, LF_STR("security.capability"), LF_STR("c"));
	link->link = "file";
	link->mode = 0644;
	again->target = file;
	again->link = "+d/file";
	dev->mode = 0620;
	dev->devmajor = 5;
	dev->devminor = 300;
	return t;
}

static void metadata_comes_back(void **state)
{
	struct lf_tree *t = lf_tree_new();
	lf_auto_buf out = {0};

	(void)state;
	emit(all_types(), &out);
	lay(t, &out, false);
	const struct lf_node *file = lf_tree_find(t, "+d/file", false);
	const struct lf_node *again = lf_tree_find(t, "+d/again", false);
	const struct lf_node *link = lf_tree_find(t, "+d/link", false);
	const struct lf_node *dev = lf_tree_find(t, "+d/z", false);

	assert_int_equal(lf_tree_count(t), 5);
	assert_int_equal(lf_tree_find(t, "+d", false)->mode, 01777);
	assert_int_equal(file->uid, 70000);
	assert_int_equal(file->gid, 8);
	assert_int_equal(file->mtime, -99);
	assert_int_equal(file->mode, 04755);
	assert_true(lf_str_is(file->xattr->key, "security.capability"));
	assert_true(lf_str_is(file->xattr->next->key, "user.b"));
	assert_true(lf_str_is(file->xattr->next->value, "value"));
	assert_int_equal(again->type, LF_NODE_FILE);
	assert_int_equal(again->size, 5);
	assert_string_equal(link->link, "file");
	assert_int_equal(link->mode, 0777);
	assert_int_equal(dev->devmajor, 5);
	assert_int_equal(dev->devminor, 300);
	lf_tree_free(t);
}

static void many_names_in_a_directory(void **state)
{
	struct lf_tree *t = lf_tree_new(), *back = lf_tree_new();
	lf_auto_buf out = {0}, again = {0};
	char name[32];

	(void)state;
	for (unsigned i = 0; i < 3000; i++) {
		(void)snprintf(name, sizeof(name), "d/%u", i * 7919);
		assert_non_null(lf_tree_mkdirs(t, name, 0755, NULL));
	}
	emit(t, &out);
	lay(back, &out, false);
	assert_int_equal(lf_tree_count(back), 3001);
	emit(back, &again);
	assert_int_equal(out.n, again.n);
	assert_memory_equal(out.p, again.p, out.n);
}

/* ---- layers ---- */

static void layers_hide_what_is_below(void **state)
{
	struct lf_tree *low = lf_tree_new(), *high = lf_tree_new(), *t = lf_tree_new();
	lf_auto_buf a = {0}, b = {0};

	(void)state;
	assert_non_null(lf_tree_mkdirs(low, "kept/x", 0755, NULL));
	assert_non_null(lf_tree_mkdirs(low, "emptied/x", 0755, NULL));
	assert_non_null(lf_tree_mkdirs(low, "gone/x", 0755, NULL));
	assert_non_null(lf_tree_mkdirs(low, "file", 0755, NULL));
	emit(low, &a);
	assert_non_null(lf_tree_mkdirs(high, "kept/y", 0700, NULL));
	struct lf_node *dir = lf_tree_mkdirs(high, "emptied", 0755, NULL);

	lf_tree_set_xattr(high, dir, LF_STR("trusted.overlay.opaque"), LF_STR("y"));
	(void)lf_tree_add(high, lf_tree_root(high), LF_STR("gone"), LF_NODE_CHAR);
	assert_non_null(lf_tree_write(high, "file", "1", 1, 0644, NULL));
	emit(high, &b);

	lay(t, &a, true);
	lay(t, &b, true);
	assert_non_null(lf_tree_find(t, "kept/x", false));
	assert_non_null(lf_tree_find(t, "kept/y", false));
	assert_int_equal(lf_tree_find(t, "kept", false)->mode, 0700);
	assert_non_null(lf_tree_find(t, "emptied", false));
	assert_null(lf_tree_find(t, "emptied/x", false));
	assert_null(lf_tree_find(t, "gone", false));
	assert_int_equal(lf_tree_find(t, "file", false)->type, LF_NODE_FILE);
	lf_tree_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(contents_of_all_sizes),
		cmocka_unit_test(metadata_comes_back),
		cmocka_unit_test(many_names_in_a_directory),
		cmocka_unit_test(layers_hide_what_is_below),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
