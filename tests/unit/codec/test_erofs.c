/*
 * Records of EROFS: device numbers, attributes, directories of many blocks, and what is refused.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/mem.h"
#include "codec/erofs.h"

#include "base/banned.h"

static void device_numbers(void **state)
{
	static const struct {
		uint32_t major, minor, want;
	} cases[] = {{0, 0, 0}, {1, 3, 0x103}, {5, 1, 0x501}, {8, 0x12345, 0x12300845}};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		uint32_t dev = lf_erofs_dev(cases[i].major, cases[i].minor);

		assert_int_equal(dev, cases[i].want);
		assert_int_equal(lf_erofs_dev_major(dev), cases[i].major);
		assert_int_equal(lf_erofs_dev_minor(dev), cases[i].minor);
	}
}

static void attribute_names(void **state)
{
	static const struct {
		const char *key;
		size_t size; /* head, entry; 0: refused */
	} cases[] = {
		{"user.a", 12 + 8},
		{"trusted.overlay.opaque", 12 + 20},
		{"security.capability", 12 + 16},
		{"system.posix_acl_access", 12 + 8},
		{"system.posix_acl_access2", 0},
		{"system.other", 0},
		{"user.", 0},
		{"other", 0},
	};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		lf_auto_buf out = {0};
		lf_auto_err err = {0};
		bool ok = lf_erofs_put_xattr(&out, lf_str(cases[i].key), LF_STR("v"), &err);

		assert_int_equal(ok, cases[i].size != 0);
		assert_int_equal(out.n, cases[i].size);
	}
}

/* ---- a directory alone in an image ---- */

struct names {
	size_t n;
	char last[8];
};

static bool take_name(void *data, const struct lf_erofs_dirent *entry, struct lf_err *err)
{
	struct names *names = data;

	(void)err;
	assert_int_equal(entry->nid, names->n);
	assert_int_equal(entry->mode, S_IFREG);
	(void)snprintf(names->last, sizeof(names->last), LF_STR_FMT, LF_STR_ARG(entry->name));
	names->n++;
	return true;
}

static void make_image(struct lf_buf *out, const struct lf_buf *dir)
{
	const struct lf_erofs_super super = {.meta = 1, .blocks = 2};
	const struct lf_erofs_inode i = {.mode = S_IFDIR | 0755, .size = dir->n, .at = 2};

	lf_erofs_put_super(out, &super);
	lf_erofs_put_inode(out, &i, LF_STR(""));
	lf_buf_fill(out, '\0', 2 * LF_EROFS_BLOCK - out->n);
	lf_buf_add(out, dir->p, dir->n);
}

static bool read_names(const struct lf_buf *image, struct names *names, struct lf_err *err)
{
	const struct lf_erofs_source src = {
		.mem = (const uint8_t *)image->p, .size = image->n, .path = "x"};
	struct lf_erofs e;
	struct lf_erofs_inode i;

	return lf_erofs_open(&e, &src, err) && lf_erofs_get_inode(&e, 0, &i, err) &&
	       lf_erofs_each_entry(&e, &i, take_name, names, err);
}

static void directories_of_many_blocks(void **state)
{
	static const size_t counts[] = {0, 1, 227, 228, 5000};

	(void)state;
	for (size_t c = 0; c < LF_ARRAY_LEN(counts); c++) {
		lf_auto_arena arena = {0};
		lf_auto_buf dir = {0}, image = {0};
		lf_auto_err err = {0};
		struct names names = {0};
		struct lf_erofs_dirent *entry = lf_new_n(&arena, struct lf_erofs_dirent, counts[c]);

		for (size_t i = 0; i < counts[c]; i++)
			entry[i] = (struct lf_erofs_dirent){
				lf_str(lf_arena_printf(&arena, "f%05zu", i)), i, S_IFREG};
		lf_erofs_put_dir(&dir, entry, counts[c]);
		make_image(&image, &dir);
		assert_true(read_names(&image, &names, &err));
		assert_int_equal(names.n, counts[c]);
	}
}

static void bad_names_are_refused(void **state)
{
	static const char *const cases[][2] = {
		{"a/b", "c"}, {"a", "a"}, {"b", "a"}, {"/", "x"}, {"a", ""},
	};

	(void)state;
	for (size_t c = 0; c < LF_ARRAY_LEN(cases); c++) {
		lf_auto_buf dir = {0}, image = {0};
		lf_auto_err err = {0};
		struct names names = {0};
		const struct lf_erofs_dirent entry[] = {
			{lf_str(cases[c][0]), 0, S_IFREG},
			{lf_str(cases[c][1]), 1, S_IFREG},
		};

		lf_erofs_put_dir(&dir, entry, 2);
		make_image(&image, &dir);
		assert_false(read_names(&image, &names, &err));
		assert_int_equal(err.class, LF_E_FORMAT);
	}
}

/* Every truncation, and every byte turned, ends well or in an error. */
static void damage_is_survived(void **state)
{
	lf_auto_buf dir = {0}, image = {0};
	const struct lf_erofs_dirent entry[] = {{LF_STR("a"), 0, S_IFREG},
						{LF_STR("b"), 1, S_IFREG}};

	(void)state;
	lf_erofs_put_dir(&dir, entry, 2);
	make_image(&image, &dir);
	for (size_t n = 0; n < image.n; n += 61) {
		struct lf_buf cut = {.p = image.p, .n = n};
		struct names names = {0};
		lf_auto_err err = {0};

		assert_false(read_names(&cut, &names, &err));
	}
	struct names names = {0};
	lf_auto_err err = {0};

	image.p[1024 + 80] = (char)0x80; /* an unknown feature */
	assert_false(read_names(&image, &names, &err));
	assert_non_null(strstr(lf_err_text(&err), "not supported"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(device_numbers),
		cmocka_unit_test(attribute_names),
		cmocka_unit_test(directories_of_many_blocks),
		cmocka_unit_test(bad_names_are_refused),
		cmocka_unit_test(damage_is_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
