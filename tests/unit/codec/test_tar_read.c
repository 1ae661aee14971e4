/* Reading tar: foreign dialects, limits, malformed input. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/mem.h"
#include "codec/tar.h"
#include "codec/tar_format.h"

#include "base/banned.h"

static void fix_sum(char *block)
{
	unsigned sum = 0;

	memset(block + LF_TAR_AT_SUM, ' ', 8);
	for (size_t i = 0; i < 512; i++)
		sum += (uint8_t)block[i];
	snprintf(block + LF_TAR_AT_SUM, 8, "%06o", sum);
}

/* A raw special entry (x, g, L, K) with its text. */
static void add_special(struct lf_buf *out, char type, const char *text, size_t n)
{
	const struct lf_tar_entry e = {.name = "special", .type = type, .size = n};

	lf_tar_file(out, &e, text);
}

static void add_file(struct lf_buf *out, const char *name, const char *content)
{
	const struct lf_tar_entry e = {
		.name = name, .type = '0', .mode = 0644, .size = strlen(content)};

	lf_tar_file(out, &e, content);
}

/* One line an entry: "TYPE NAME SIZE [-> LINK] MODE UID:GID MTIME UNAME:GNAME key=value..."; the
 * error's text at the end. */
static char *list(const char *p, size_t n)
{
	lf_auto_arena arena = {0};
	lf_auto_reader *r = lf_reader_mem(p, n);
	struct lf_tar_in *t = lf_tar_in_new(r, &arena);
	struct lf_tar_entry e;
	struct lf_buf out = {0};
	lf_auto_err err = {0};
	bool more;

	while (lf_tar_next(t, &e, &more, &err) && more) {
		lf_auto_buf content = {0};

		lf_buf_printf(&out, "%c %s %llu", e.type, e.name, (unsigned long long)e.size);
		if (e.linkname[0])
			lf_buf_printf(&out, " -> %s", e.linkname);
		lf_buf_printf(&out, " %o %u:%u %lld %s:%s", e.mode, e.uid, e.gid,
			      (long long)e.mtime, e.uname, e.gname);
		for (size_t i = 0; i < e.n_pax; i++)
			lf_buf_printf(&out, " " LF_STR_FMT "=" LF_STR_FMT, LF_STR_ARG(e.pax[i].key),
				      LF_STR_ARG(e.pax[i].value));
		lf_buf_putc(&out, '\n');
		if (!lf_tar_read_all(t, 4096, &content, &err))
			break;
		if (content.n && content.n < 20)
			lf_buf_printf(&out, "[%s]\n", content.p);
	}
	if (err.text)
		lf_buf_puts(&out, err.text);
	else
		lf_buf_printf(&out, "end %llu", (unsigned long long)lf_tar_trailing(t));
	lf_tar_in_free(t);
	return lf_buf_detach(&out);
}

static void check(const struct lf_buf *b, const char *want)
{
	lf_auto_free char *got = list(b->p, b->n);

	assert_string_equal(got, want);
}

static void reads_what_it_writes(void **state)
{
	(void)state;
	const struct lf_tar_pax pax[] = {{LF_STR("SCHILY.xattr.user.a"), LF_STR("v")}};
	const struct lf_tar_entry entries[] = {
		{.name = "d", .type = '5', .mode = 01777, .mtime = 7, .uname = "root"},
		{.name = "d/l", .type = '2', .linkname = "../x", .mode = 0777},
		{.name = "d/\xc3\xa4",
		 .type = '0',
		 .uid = 4000000000u,
		 .mtime = -9,
		 .size = 3,
		 .pax = pax,
		 .n_pax = 1},
		{.name = "h", .type = '1', .linkname = "d/\xc3\xa4"},
	};
	lf_auto_buf out = {0};

	for (size_t i = 0; i < LF_ARRAY_LEN(entries); i++)
		lf_tar_file(&out, &entries[i], "abc");
	check(&out, "5 d 0 1777 0:0 7 root:\n"
		    "2 d/l 0 -> ../x 777 0:0 0 :\n"
		    "0 d/\xc3\xa4 3 0 4000000000:0 -9 : SCHILY.xattr.user.a=v\n[abc]\n"
		    "1 h 0 -> d/\xc3\xa4 0 0:0 0 :\nend 0");
	lf_tar_end(&out);
	lf_buf_fill(&out, 0, 512);
	lf_auto_free char *got = list(out.p, out.n);
	assert_string_equal(strrchr(got, '\n'), "\nend 1536");
}

static void reads_ustar_prefix(void **state)
{
	(void)state;
	lf_auto_buf out = {0};

	add_file(&out, "b", "");
	memcpy(out.p + LF_TAR_AT_PREFIX, "some/dir", 8);
	fix_sum(out.p);
	check(&out, "0 some/dir/b 0 644 0:0 0 :\nend 0");
}

static void reads_gnu_names_and_numbers(void **state)
{
	(void)state;
	lf_auto_buf out = {0};

	add_special(&out, 'L', "a/long/name", 12);
	add_special(&out, 'K', "a/long/link", 12);
	const size_t at = out.n;
	const struct lf_tar_entry e = {.name = "short", .type = '2', .linkname = "x"};
	lf_tar_file(&out, &e, "");
	char *block = out.p + at;
	memcpy(block + LF_TAR_AT_MAGIC, "ustar  ", 8);
	memcpy(block + LF_TAR_AT_PREFIX, "not a prefix", 12);
	memcpy(block + LF_TAR_AT_UID, "\x80\0\0\0\x01\0\0\0", 8);
	memset(block + LF_TAR_AT_MTIME, 0xff, 12);
	fix_sum(block);
	check(&out, "2 a/long/name 0 -> a/long/link 0 16777216:0 -1 :\nend 0");
}

static void reads_old_headers(void **state)
{
	(void)state;
	lf_auto_buf out = {0};

	add_file(&out, "old/", "");
	memset(out.p + LF_TAR_AT_MAGIC, 0, 512 - LF_TAR_AT_MAGIC);
	out.p[LF_TAR_AT_TYPE] = 0;
	memcpy(out.p + LF_TAR_AT_MODE, "   755 \0", 8);
	memset(out.p + LF_TAR_AT_UID, 0, 8);
	fix_sum(out.p);
	check(&out, "5 old/ 0 755 0:0 0 :\nend 0");
}

static void global_records_hold_until_replaced(void **state)
{
	(void)state;
	static const char global[] = "11 gid=777\n14 comment=hi\n";
	static const char local[] = "8 gid=5\n16 comment=here\n";
	lf_auto_buf out = {0};

	add_special(&out, 'g', global, sizeof(global) - 1);
	add_file(&out, "a", "");
	add_special(&out, 'x', local, sizeof(local) - 1);
	add_file(&out, "b", "");
	add_file(&out, "c", "");
	check(&out, "0 a 0 644 0:777 0 : comment=hi\n"
		    "0 b 0 644 0:5 0 : comment=here\n"
		    "0 c 0 644 0:777 0 : comment=hi\nend 0");
}

static void rounds_times_to_the_nearest_second(void **state)
{
	(void)state;
	static const struct {
		const char *record, *mtime;
	} cases[] = {{"14 mtime=1.49\n", "1"},      {"13 mtime=1.5\n", "2"},
		     {"14 mtime=-1.5\n", "-1"},     {"15 mtime=-1.51\n", "-2"},
		     {"14 mtime=-0.6\n", "-1"},     {"12 mtime=12\n", "12"},
		     {"20 mtime=1.99999999\n", "2"}};

	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		lf_auto_buf out = {0}, want = {0};

		add_special(&out, 'x', cases[i].record, strlen(cases[i].record));
		add_file(&out, "a", "");
		lf_buf_printf(&want, "0 a 0 644 0:0 %s :\nend 0", cases[i].mtime);
		check(&out, want.p);
	}
}

static void refuses_bad_records(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		size_t n;
	} cases[] = {
		{"5 a=", 4},           {"6 a=b", 5},
		{"x a=b\n", 6},        {"99 a=b\n", 7},
		{"6 =bb\n", 6},        {"6 abb\n", 6},
		{"4 a=\n", 5},         {"\n", 1},
		{"12 uid=-123\n", 12}, {"12 size=abc\n", 12},
		{"11 path=a\0\n", 11}, {"19 uid=9999999999\n", 18},
		{"0 a=b\n", 6},        {"2 a=b\n", 6},
		{"3 a=b\n", 6},        {"13 mtime=1.x\n", 13},
		{"11 mtime=-\n", 11},  {"18446744073709551616 a=b\n", 25},
	};

	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		lf_auto_buf out = {0};

		add_special(&out, 'x', cases[i].text, cases[i].n);
		add_file(&out, "a", "");
		check(&out, "archive/tar: invalid tar header");
	}
}

static void refuses_damaged_headers(void **state)
{
	(void)state;
	static const struct {
		size_t at;
		const char *bytes;
		bool fix;
	} cases[] = {
		{0, "Z", false},                   /* sum */
		{LF_TAR_AT_SIZE, "9", true},       /* not octal */
		{LF_TAR_AT_SIZE, "\xff", true},    /* negative */
		{LF_TAR_AT_UID, "\xff", true},     /* negative */
		{LF_TAR_AT_UID, "\x80\xff", true}, /* beyond 32 bits */
		{LF_TAR_AT_SIZE, "\x81\xff\xff\xff\xff", true},
	};

	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		lf_auto_buf out = {0};

		add_file(&out, "a", "");
		memcpy(out.p + cases[i].at, cases[i].bytes, strlen(cases[i].bytes));
		if (cases[i].fix)
			fix_sum(out.p);
		check(&out, "archive/tar: invalid tar header");
	}
}

static void refuses_cut_and_oversized_input(void **state)
{
	(void)state;
	lf_auto_buf out = {0};

	check(&out, "end 0");
	add_file(&out, "a", "abc");
	out.n = 100;
	check(&out, "unexpected EOF");
	out.n = 514;
	check(&out, "0 a 3 644 0:0 0 :\nunexpected EOF");
	out.n = 516; /* content whole, padding cut: Go does not mind */
	check(&out, "0 a 3 644 0:0 0 :\n[abc]\nend 0");

	lf_auto_buf zero = {0};
	lf_buf_fill(&zero, 0, 512);
	check(&zero, "end 512");
	add_file(&zero, "a", "");
	check(&zero, "archive/tar: invalid tar header");

	lf_auto_buf huge = {0};
	const struct lf_tar_entry e = {.name = "x", .type = 'x', .size = 2 << 20};
	lf_tar_header(&huge, &e);
	check(&huge, "archive/tar: header field too long");
	lf_auto_buf sparse = {0};
	add_special(&sparse, 'S', "", 0);
	check(&sparse, "archive/tar: sparse files are not supported");
}

static void limits_the_number_of_records(void **state)
{
	(void)state;
	lf_auto_buf text = {0}, out = {0};

	for (unsigned i = 0; i < 2000; i++)
		lf_buf_printf(&text, "10 k%04u=v\n", i);
	add_special(&out, 'x', text.p, text.n);
	add_file(&out, "a", "");
	check(&out, "archive/tar: invalid tar header");
}

static void read_all_obeys_its_limit(void **state)
{
	(void)state;
	lf_auto_buf out = {0};

	add_file(&out, "a", "abcdef");
	lf_auto_arena arena = {0};
	lf_auto_reader *r = lf_reader_mem(out.p, out.n);
	struct lf_tar_in *t = lf_tar_in_new(r, &arena);
	struct lf_tar_entry e;
	lf_auto_err err = {0};
	lf_auto_buf content = {0};
	bool more;

	assert_true(lf_tar_next(t, &e, &more, &err));
	assert_int_equal(e.offset, 512);
	assert_false(lf_tar_read_all(t, 5, &content, &err));
	assert_int_equal(err.class, LF_E_LIMIT);
	assert_true(lf_tar_next(t, &e, &more, &err));
	assert_false(more);
	lf_tar_in_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_it_writes),
		cmocka_unit_test(reads_ustar_prefix),
		cmocka_unit_test(reads_gnu_names_and_numbers),
		cmocka_unit_test(reads_old_headers),
		cmocka_unit_test(global_records_hold_until_replaced),
		cmocka_unit_test(rounds_times_to_the_nearest_second),
		cmocka_unit_test(refuses_bad_records),
		cmocka_unit_test(refuses_damaged_headers),
		cmocka_unit_test(refuses_cut_and_oversized_input),
		cmocka_unit_test(limits_the_number_of_records),
		cmocka_unit_test(read_all_obeys_its_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
