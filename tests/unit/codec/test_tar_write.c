/* Tar headers, byte for byte as Go's archive/tar writes them. SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/mem.h"
#include "codec/tar.h"
#include "codec/tar_format.h"

#include "base/banned.h"

#define A10  "aaaaaaaaaa"
#define A50  A10 A10 A10 A10 A10
#define A99  A50 A10 A10 A10 A10 "aaaaaaaaa"
#define A100 A50 A50

static void writes_plain_file_byte_for_byte(void **state)
{
	(void)state;
	const struct lf_tar_entry e = {.name = "usr/bin/x",
				       .uname = "root",
				       .gname = "wheel",
				       .type = '0',
				       .mode = 04755,
				       .uid = 1000,
				       .gid = 10,
				       .mtime = 1700000000,
				       .size = 12345};
	uint8_t want[512] = {0};
	unsigned sum = 0;
	lf_auto_buf out = {0};

	memcpy(want, "usr/bin/x", 9);
	memcpy(want + 100,
	       "0004755\0"
	       "0001750\0"
	       "0000012\0",
	       24);
	memcpy(want + 124,
	       "00000030071\0"
	       "14524770400\0"
	       "        ",
	       32);
	want[156] = '0';
	memcpy(want + 257,
	       "ustar\0"
	       "00"
	       "root",
	       12);
	memcpy(want + 297, "wheel", 5);
	memcpy(want + 329,
	       "0000000\0"
	       "0000000\0",
	       16);
	for (size_t i = 0; i < sizeof(want); i++)
		sum += want[i];
	want[148] = '0';
	for (unsigned i = 0; i < 5; i++)
		want[153 - i] = (uint8_t)('0' + (sum >> 3 * i & 7));
	want[154] = 0;
	lf_tar_header(&out, &e);
	assert_int_equal(out.n, 512);
	assert_memory_equal(out.p, want, 512);
}

/* What the pax text, the name and the prefix field must be. */
struct name_case {
	const char *claim, *name, *linkname, *pax_name, *pax, *field, *prefix;
};

static void check_field(const char *claim, const char *block, size_t at, size_t size,
			const char *want)
{
	char field[LF_TAR_PREFIX + 1] = {0};

	memcpy(field, block + at, size);
	if (strcmp(field, want) != 0)
		fail_msg("%s: field at %zu is \"%s\", not \"%s\"", claim, at, field, want);
}

static void chooses_between_ustar_and_pax(void **state)
{
	(void)state;
	static const struct name_case cases[] = {
		{"100 bytes fit", A100, "", NULL, NULL, A100, ""},
		{"prefix is cut at the last slash", A50 "/" A50 "/b", "", NULL, NULL, "b",
		 A50 "/" A50},
		{"no slash needs pax", A100 "a", "", "PaxHeaders.0/" A50 A10 A10 A10 "aaaaaaa",
		 "111 path=" A100 "a\n", A100, ""},
		{"base too long needs pax", "d/" A100 "a", "",
		 "d/PaxHeaders.0/" A50 A10 A10 A10 "aaaaa", "113 path=d/" A100 "a\n",
		 "d/" A50 A10 A10 A10 A10 "aaaaaaaa", ""},
		{"not ASCII needs pax", "a/gr\xc3\xbc\xc3\x9f", "", "a/PaxHeaders.0/gr",
		 "17 path=a/gr\xc3\xbc\xc3\x9f\n", "a/gr", ""},
		{"long link needs pax", "a/b", A100 "x", "a/PaxHeaders.0/b",
		 "115 linkpath=" A100 "x\n", "a/b", ""},
		{"split is not used beside a record", A50 "/" A50 "/b", A100 "x",
		 A50 "/"
		     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		 "115 linkpath=" A100 "x\n113 path=" A50 "/" A50 "/b\n",
		 A50 "/"
		     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		 ""},
		{"slash at the cut goes", A99 "/b/c\xff", "", A99, "114 path=" A99 "/b/c\xff\n",
		 A99, ""},
	};

	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		const struct name_case *c = &cases[i];
		const struct lf_tar_entry e = {
			.name = c->name, .linkname = c->linkname, .type = '2', .mode = 0777};
		lf_auto_buf out = {0};
		const char *main_block;

		lf_tar_header(&out, &e);
		if (!c->pax) {
			assert_int_equal(out.n, 512);
			main_block = out.p;
		} else {
			const size_t n = strlen(c->pax);

			assert_int_equal(out.n, 1024 + n + lf_tar_pad(n));
			assert_int_equal(out.p[156], 'x');
			if (memcmp(out.p + 512, c->pax, n) != 0)
				fail_msg("%s: records \"%.*s\"", c->claim, (int)n, out.p + 512);
			check_field(c->claim, out.p, 0, 100, c->pax_name);
			main_block = out.p + out.n - 512;
		}
		check_field(c->claim, main_block, LF_TAR_AT_NAME, LF_TAR_NAME, c->field);
		check_field(c->claim, main_block, LF_TAR_AT_PREFIX, LF_TAR_PREFIX, c->prefix);
	}
}

static void sorts_records_and_keeps_nul_in_values(void **state)
{
	(void)state;
	const struct lf_tar_pax pax[] = {
		{LF_STR("SCHILY.xattr.user.x"), LF_STR("a\0b")},
		{LF_STR("APK-TOOLS.checksum.SHA1"),
		 LF_STR("da39a3ee5e6b4b0d3255bfef95601890afd80709")},
		{LF_STR("path"), LF_STR("ignored")},
	};
	const struct lf_tar_entry e = {.name = "x", .type = '0', .pax = pax, .n_pax = 3};
	static const char want[] =
		"68 APK-TOOLS.checksum.SHA1=da39a3ee5e6b4b0d3255bfef95601890afd80709\n"
		"27 SCHILY.xattr.user.x=a\0b\n";
	lf_auto_buf out = {0};

	lf_tar_header(&out, &e);
	assert_int_equal(out.n, 3 * 512);
	assert_string_equal(out.p, "PaxHeaders.0/x");
	assert_memory_equal(out.p + 124,
			    "00000000137\0"
			    "00000000000\0",
			    24);
	assert_memory_equal(out.p + 512, want, sizeof(want) - 1);
}

static void puts_numbers_that_do_not_fit_into_records(void **state)
{
	(void)state;
	const struct lf_tar_entry e = {.name = "x",
				       .type = '0',
				       .uid = 2097152,
				       .gid = 4294967295u,
				       .mtime = -5,
				       .size = UINT64_C(8589934592)};
	static const char want[] = "18 gid=4294967295\n12 mtime=-5\n19 size=8589934592\n15 "
				   "uid=2097152\n";
	lf_auto_buf out = {0};

	lf_tar_header(&out, &e);
	assert_int_equal(out.n, 3 * 512);
	assert_memory_equal(out.p + 512, want, sizeof(want) - 1);
	assert_memory_equal(out.p + 1024 + 108,
			    "0000000\0"
			    "0000000\0"
			    "00000000000\0",
			    28);
	assert_memory_equal(out.p + 1024 + 136, "00000000000\0", 12);
}

static void largest_fitting_numbers_stay_in_the_header(void **state)
{
	(void)state;
	const struct lf_tar_entry e = {.name = "x",
				       .type = '0',
				       .uid = 2097151,
				       .gid = 2097151,
				       .mtime = INT64_C(8589934591),
				       .size = UINT64_C(8589934591)};
	lf_auto_buf out = {0};

	lf_tar_header(&out, &e);
	assert_int_equal(out.n, 512);
	assert_memory_equal(out.p + 108,
			    "7777777\0"
			    "7777777\0"
			    "77777777777\0"
			    "77777777777\0",
			    40);
}

static void length_of_a_record_counts_its_own_digits(void **state)
{
	(void)state;
	static const struct {
		size_t value;
		const char *head;
	} cases[] = {
		{2, "9 a.b="}, {3, "11 a.b="}, {90, "98 a.b="}, {91, "99 a.b="}, {92, "101 a.b="}};

	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		char value[128] = {0};
		const struct lf_tar_pax pax = {LF_STR("a.b"), {value, cases[i].value}};
		const struct lf_tar_entry e = {.name = "x", .type = '0', .pax = &pax, .n_pax = 1};
		lf_auto_buf out = {0};

		lf_tar_header(&out, &e);
		assert_memory_equal(out.p + 512, cases[i].head, strlen(cases[i].head));
	}
}

static void file_is_padded_and_end_is_two_blocks(void **state)
{
	(void)state;
	const struct lf_tar_entry e = {.name = "x", .type = '0', .size = 513};
	char content[513];
	lf_auto_buf out = {0};

	memset(content, 'c', sizeof(content));
	lf_tar_file(&out, &e, content);
	assert_int_equal(out.n, 3 * 512);
	assert_int_equal(lf_tar_pad(0), 0);
	assert_int_equal(lf_tar_pad(512), 0);
	assert_int_equal(lf_tar_pad(1), 511);
	lf_tar_end(&out);
	assert_int_equal(out.n, 5 * 512);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_plain_file_byte_for_byte),
		cmocka_unit_test(chooses_between_ustar_and_pax),
		cmocka_unit_test(sorts_records_and_keeps_nul_in_values),
		cmocka_unit_test(puts_numbers_that_do_not_fit_into_records),
		cmocka_unit_test(largest_fitting_numbers_stay_in_the_header),
		cmocka_unit_test(length_of_a_record_counts_its_own_digits),
		cmocka_unit_test(file_is_padded_and_end_is_two_blocks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
