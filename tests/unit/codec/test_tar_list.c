/*
 * Lists of tar entries: what goes in comes out, and nothing else is taken for a list.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "codec/tar_list.h"

#include "base/banned.h"

static const struct lf_tar_pax pax[] = {
	{LF_STR("SCHILY.xattr.user.x"), LF_STR("a\0b")},
	{LF_STR("APK-TOOLS.checksum.SHA1"), LF_STR("da39a3ee5e6b4b0d3255bfef95601890afd80709")},
	{LF_STR(""), LF_STR("")},
};

static const struct lf_tar_entry entries[] = {
	{.name = "etc",
	 .linkname = "",
	 .uname = "root",
	 .gname = "root",
	 .type = '5',
	 .mode = 0755},
	{.name = "etc/\xc3\xa4",
	 .linkname = "",
	 .uname = "",
	 .gname = "",
	 .type = '0',
	 .mode = 07777,
	 .uid = UINT32_MAX,
	 .gid = 7,
	 .mtime = INT64_MIN,
	 .size = UINT64_MAX,
	 .offset = 512,
	 .pax = pax,
	 .n_pax = LF_ARRAY_LEN(pax)},
	{.name = "dev/null",
	 .linkname = "",
	 .uname = "",
	 .gname = "",
	 .type = '3',
	 .devmajor = 1,
	 .devminor = 3,
	 .mtime = -1},
	{.name = "",
	 .linkname = "../there",
	 .uname = "u",
	 .gname = "g",
	 .type = '2',
	 .mtime = INT64_MAX},
};

static void print_list(struct lf_buf *out)
{
	for (size_t i = 0; i < LF_ARRAY_LEN(entries); i++)
		lf_tar_list_add(out, &entries[i]);
}

static void check_pax(const struct lf_tar_entry *got, const struct lf_tar_entry *want)
{
	assert_int_equal(got->n_pax, want->n_pax);
	for (size_t i = 0; i < want->n_pax; i++) {
		assert_true(lf_str_eq(got->pax[i].key, want->pax[i].key));
		assert_true(lf_str_eq(got->pax[i].value, want->pax[i].value));
	}
}

static void check(const struct lf_tar_entry *got, const struct lf_tar_entry *want)
{
	assert_string_equal(got->name, want->name);
	assert_string_equal(got->linkname, want->linkname);
	assert_string_equal(got->uname, want->uname);
	assert_string_equal(got->gname, want->gname);
	assert_int_equal(got->type, want->type);
	assert_int_equal(got->mode, want->mode);
	assert_int_equal(got->uid, want->uid);
	assert_int_equal(got->gid, want->gid);
	assert_int_equal(got->devmajor, want->devmajor);
	assert_int_equal(got->devminor, want->devminor);
	assert_true(got->mtime == want->mtime);
	assert_true(got->size == want->size);
	assert_true(got->offset == want->offset);
	check_pax(got, want);
}

static void comes_back_as_it_was(void **state)
{
	lf_auto_buf text = {0};
	struct lf_tar_entry e;
	bool more;

	(void)state;
	print_list(&text);
	struct lf_tar_list list = {.rest = lf_buf_view(&text)};

	for (size_t i = 0; i < LF_ARRAY_LEN(entries); i++) {
		assert_true(lf_tar_list_next(&list, &e, &more, NULL));
		assert_true(more);
		check(&e, &entries[i]);
	}
	assert_true(lf_tar_list_next(&list, &e, &more, NULL));
	assert_false(more);
	lf_tar_list_fini(&list);
}

/* Entries up to the end, or -1 for what is none. */
static int count(struct lf_str text)
{
	struct lf_tar_list list = {.rest = text};
	struct lf_tar_entry e;
	lf_auto_err err = {0};
	bool more = true, ok = true;
	int n = -1;

	for (; ok && more; n++)
		ok = lf_tar_list_next(&list, &e, &more, &err);
	lf_tar_list_fini(&list);
	assert_int_equal(err.class, ok ? LF_E_NONE : LF_E_FORMAT);
	return ok ? n : -1;
}

/* In memory of its own, so that a sanitizer sees a step too far. */
static int count_copy(struct lf_str text)
{
	lf_auto_free char *copy = lf_alloc(text.n ? text.n : 1);

	if (text.n)
		memcpy(copy, text.p, text.n);
	return count((struct lf_str){copy, text.n});
}

static void refuses_a_cut_list(void **state)
{
	lf_auto_buf text = {0};
	size_t whole[LF_ARRAY_LEN(entries) + 1] = {0}, k = 0;

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(entries); i++) {
		lf_tar_list_add(&text, &entries[i]);
		whole[i + 1] = text.n;
	}
	for (size_t n = 0; n <= text.n; n++) {
		const bool is_whole = n == whole[k];

		assert_int_equal(count_copy(lf_str_sub(lf_buf_view(&text), 0, n)),
				 is_whole ? (int)k : -1);
		k += is_whole;
	}
}

/* Bytes that change may make another list, never a crash. */
static void survives_damage(void **state)
{
	lf_auto_buf text = {0};

	(void)state;
	print_list(&text);
	for (size_t i = 0; i < text.n; i++) {
		const char was = text.p[i];

		for (unsigned bit = 0; bit < 8; bit++) {
			text.p[i] = (char)(was ^ 1 << bit);
			(void)count_copy(lf_buf_view(&text));
		}
		text.p[i] = was;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comes_back_as_it_was),
		cmocka_unit_test(refuses_a_cut_list),
		cmocka_unit_test(survives_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
