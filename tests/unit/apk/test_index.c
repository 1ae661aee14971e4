/*
 * Indexes: text to records and back, archives, merging, signatures.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "apk/archive.h"
#include "apk/package.h"
#include "base/fs.h"
#include "trust/key.h"

#include <factory/ctx.h>

#include "golden.h"

#include "base/banned.h"

static const char record[] = "C:Q1AAECAwQFBgcICQoLDA0ODxAREhM=\n"
			     "P:foo\nV:1.0-r2\nA:x86_64\nS:123\nI:456\nT:a text\nU:https://x\n"
			     "L:MIT\no:foo-src\nm:me\nt:1700000000\nc:abc\nD:a b>=1\ni:x y=1\n"
			     "p:cmd:foo=1\nk:7\n\n";

static void parse(struct lf_arena *a, const char *text, struct lf_index *ret)
{
	lf_auto_err err = {0};

	if (!lf_index_parse(lf_str(text), a, ret, &err))
		fail_msg("%s", lf_err_text(&err));
}

static void reads_and_prints_every_field(void **state)
{
	lf_auto_arena a = {0};
	lf_auto_buf out = {0};
	struct lf_index index = {0};

	(void)state;
	parse(&a, record, &index);
	assert_int_equal(index.n, 1);
	assert_string_equal(index.pkg[0].name, "foo");
	assert_int_equal(index.pkg[0].installed_size, 456);
	assert_int_equal(index.pkg[0].depends.n, 2);
	assert_string_equal(index.pkg[0].depends.v[1], "b>=1");
	assert_true(index.pkg[0].has_checksum);
	assert_int_equal(index.pkg[0].checksum[19], 0x13);
	lf_index_print_pkg(&out, &index.pkg[0]);
	assert_string_equal(lf_buf_c(&out), record);
	lf_index_fini(&index);
}

static void prints_what_must_be_there(void **state)
{
	lf_auto_buf out = {0};
	struct lf_pkg p = {.name = "n",
			   .version = "1",
			   .arch = "",
			   .description = "",
			   .url = "",
			   .license = "",
			   .origin = "",
			   .maintainer = "",
			   .commit = ""};

	(void)state;
	lf_index_print_pkg(&out, &p);
	assert_string_equal(lf_buf_c(&out),
			    "C:Q1AAAAAAAAAAAAAAAAAAAAAAAAAAA=\nP:n\nV:1\nT:\nt:0\n\n");
}

static void keeps_values_on_their_line(void **state)
{
	lf_auto_buf out = {0};

	(void)state;
	lf_index_print_value(&out, "text\nP:other\r\n");
	assert_string_equal(lf_buf_c(&out), "text P:other  ");
}

static void keeps_oddities_of_the_reader(void **state)
{
	lf_auto_arena a = {0};
	struct lf_index index = {0};

	(void)state;
	/* no name: dropped; "\r\n" ends lines; two blanks make an empty item; unknown letters are
	 * ignored; the last record has no blank line and is lost */
	parse(&a, "V:1\n\nP:a\r\nD:x  y\r\nq:z\r\nC:Q2xx\r\n\r\n\n\nP:lost\n", &index);
	assert_int_equal(index.n, 1);
	assert_string_equal(index.pkg[0].name, "a");
	assert_int_equal(index.pkg[0].depends.n, 3);
	assert_string_equal(index.pkg[0].depends.v[1], "");
	assert_false(index.pkg[0].has_checksum);
	lf_index_fini(&index);
}

static void refuses_broken_lines(void **state)
{
	static const char *const cases[][2] = {
		{"P\n", "cannot parse line 1: expected len >= 2, saw \"P\""},
		{"P:a\n\n\nname\n", "cannot parse line 2: expected \":\" not found"},
		{"P:a\nS:x\n",
		 "cannot parse size field x: strconv.ParseUint: parsing \"x\": invalid syntax"},
		{"k:-1\n", "cannot parse provider priority field -1: strconv.ParseUint: parsing "
			   "\"-1\": invalid syntax"},
		{"I:99999999999999999999\n", "cannot parse installed size field "
					     "99999999999999999999: strconv.ParseUint: parsing "
					     "\"99999999999999999999\": value out of range"},
		{"t:zz\n",
		 "cannot parse build time zz: strconv.ParseInt: parsing \"zz\": invalid syntax"},
		{"C:Q1!bcd\n", "illegal base64 data at input byte 0"},
		{"C:Q1ab\n", "illegal base64 data at input byte 0"},
		{"C:Q1abcde\n", "illegal base64 data at input byte 4"},
		{"C:Q1abcdab=x\n", "illegal base64 data at input byte 6"},
		{"C:Q1abcdab==x\n", "illegal base64 data at input byte 8"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		lf_auto_arena a = {0};
		lf_auto_err err = {0};
		struct lf_index index;

		assert_false(lf_index_parse(lf_str(cases[i][0]), &a, &index, &err));
		assert_string_equal(lf_err_text(&err), cases[i][1]);
	}
}

static void merges_in_place(void **state)
{
	lf_auto_arena a = {0};
	struct lf_index index = {0}, more = {0};

	(void)state;
	parse(&a, "P:a\nV:1\n\nP:b\nV:1\n\n", &index);
	parse(&a, "P:a\nV:1\nL:new\n\nP:a\nV:2\n\n", &more);
	lf_index_put(&index, &more.pkg[0]);
	lf_index_put(&index, &more.pkg[1]);
	assert_int_equal(index.n, 3);
	assert_string_equal(index.pkg[0].license, "new");
	assert_string_equal(index.pkg[2].version, "2");
	lf_index_fini(&index);
	lf_index_fini(&more);
}

static void reads_the_archive_it_writes(void **state)
{
	lf_auto_arena a = {0};
	lf_auto_buf out = {0};
	lf_auto_err err = {0};
	struct lf_index index = {0}, back = {0};

	(void)state;
	parse(&a, record, &index);
	index.description = "what it is";
	lf_index_write(&out, &index);
	assert_memory_equal(out.p, "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff", 10);
	assert_true(lf_index_read(out.p, out.n, 0, "x", &a, &back, &err));
	assert_int_equal(back.n, 1);
	assert_string_equal(back.description, "what it is");
	lf_index_fini(&back);
	assert_false(lf_index_read(out.p, out.n, 512, NULL, &a, &back, &err));
	assert_int_equal(err.class, LF_E_LIMIT);
	assert_false(lf_index_read(out.p, out.n - 9, 0, NULL, &a, &back, &err));
	assert_false(lf_index_read("not an index", 12, 0, "x", &a, &back, &err));
	assert_string_equal(lf_err_text(&err), "x: gzip: invalid header");
	lf_index_fini(&index);
}

static void refuses_unknown_files(void **state)
{
	lf_auto_arena a = {0};
	lf_auto_buf out = {0};
	lf_auto_err err = {0};
	struct lf_apk_section_file file = {"EXTRA", 0644, LF_STR("x")};
	struct lf_index index;

	(void)state;
	lf_apk_section(&out, &file, 1, 0, 0);
	assert_false(lf_index_read(out.p, out.n, 0, NULL, &a, &index, &err));
	assert_string_equal(lf_err_text(&err), "unexpected file found in APKINDEX: EXTRA");
}

/* ---- signatures ---- */

struct log {
	struct lf_buf text;
};

static void collect(void *data, enum lf_level level, const char *text, const char *attrs)
{
	struct log *log = data;

	(void)level;
	(void)attrs;
	lf_buf_printf(&log->text, "%s\n", text);
}

/* path and name of a key pair in a new directory */
static char *make_key(struct lf_arena *a)
{
	char dir[] = "/tmp/factory-test-XXXXXX";
	lf_auto_err err = {0};
	char *path;

	assert_non_null(mkdtemp(dir));
	path = lf_arena_printf(a, "%s/k.rsa", dir);
	if (!lf_key_generate(path, 2048, &err))
		fail_msg("%s", lf_err_text(&err));
	return path;
}

static struct lf_str read_text(struct lf_arena *a, const char *path)
{
	lf_auto_buf b = {0};
	lf_auto_err err = {0};

	assert_true(lf_read_file(path, 1 << 20, &b, &err));
	return (struct lf_str){lf_arena_dup(a, b.p, b.n), b.n};
}

static void verifies_signatures(void **state)
{
	lf_auto_arena a = {0};
	lf_auto_err err = {0};
	lf_auto_buf plain = {0}, file = {0};
	char *path = make_key(&a);
	lf_auto_key *key = lf_key_load_private(path, &err);
	struct log log = {0};
	struct lf_ctx ctx = {.log = collect, .log_data = &log};
	struct lf_keyring ring = {0}, other = {0};
	struct lf_index index = {0};

	(void)state;
	assert_non_null(key);
	parse(&a, record, &index);
	lf_index_write(&plain, &index);
	assert_true(lf_apk_signature(&file, key, "k.rsa", plain.p, plain.n, 0, &err));
	lf_buf_add(&file, plain.p, plain.n);
	lf_keyring_add(&ring, "k.rsa.pub", read_text(&a, lf_arena_printf(&a, "%s.pub", path)));
	lf_keyring_add(&other, "z.rsa.pub", LF_STR("no key"));
	lf_keyring_add(&other, "a.rsa.pub", LF_STR("no key"));

	assert_true(lf_index_verify(&ctx, file.p, file.n, &ring, &err));
	assert_string_equal(lf_buf_c(&log.text), "");
	assert_false(lf_index_verify(&ctx, file.p, file.n, &other, &err));
	assert_string_equal(lf_err_text(&err), "no signature with known key (one of: [a.rsa.pub "
					       "z.rsa.pub]) found in repository index");
	assert_string_equal(lf_buf_c(&log.text), "skipping signature .SIGN.RSA256.k.rsa.pub due to "
						 "missing keyfile: k.rsa.pub\n");
	assert_false(lf_index_verify(&ctx, plain.p, plain.n, &ring, &err));
	assert_string_equal(lf_err_text(&err), "failed to find key name in signature file name: "
					       "APKINDEX (the index is not signed)");
	assert_false(lf_index_verify(&ctx, file.p, file.n, &(struct lf_keyring){0}, &err));
	assert_string_equal(lf_err_text(&err), "no keys provided to verify signature");
	lf_buf_clear(&log.text);
	lf_buf_putc(&file, 'x'); /* one byte more is enough */
	assert_false(lf_index_verify(&ctx, file.p, file.n, &ring, &err));
	assert_string_equal(lf_buf_c(&log.text),
			    "failed to verify signature for keyfile k.rsa.pub: verify PKCS1v15 "
			    "signature: crypto/rsa: verification error\n");
	assert_string_equal(lf_err_text(&err),
			    "signature verification failed for repository index, "
			    "for all provided keys");

	assert_true(lf_remove_all(lf_arena_str(&a, lf_path_dir(lf_str(path))), &err));
	lf_buf_fini(&log.text);
	lf_keyring_fini(&ring);
	lf_keyring_fini(&other);
	lf_index_fini(&index);
}

/* The signed indexes of the shared repositories, with SHA-1 and SHA-256 signatures. */
static void verifies_shared_indexes(void **state)
{
	lf_auto_arena a = {0};
	lf_auto_err err = {0};
	struct lf_ctx ctx = {0};
	struct lf_keyring ring = {0};
	struct lf_str main_index = golden(&a, "apko/repo/main/x86_64/APKINDEX.tar.gz");
	struct lf_str extra = golden(&a, "apko/repo/extra/x86_64/APKINDEX.tar.gz");
	struct lf_str wrong = golden(&a, "apko/repo/wrongkey/x86_64/APKINDEX.tar.gz");

	(void)state;
	lf_keyring_add(&ring, "gold.rsa.pub", golden(&a, "apko/keys/gold.rsa.pub"));
	lf_keyring_add(&ring, "gold2.rsa.pub", golden(&a, "apko/keys/gold2.rsa.pub"));
	assert_true(lf_index_verify(&ctx, main_index.p, main_index.n, &ring, &err));
	assert_true(lf_index_verify(&ctx, extra.p, extra.n, &ring, &err));
	assert_false(lf_index_verify(&ctx, wrong.p, wrong.n, &ring, &err));
	lf_keyring_fini(&ring);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_and_prints_every_field),
		cmocka_unit_test(prints_what_must_be_there),
		cmocka_unit_test(keeps_values_on_their_line),
		cmocka_unit_test(keeps_oddities_of_the_reader),
		cmocka_unit_test(refuses_broken_lines),
		cmocka_unit_test(merges_in_place),
		cmocka_unit_test(reads_the_archive_it_writes),
		cmocka_unit_test(refuses_unknown_files),
		cmocka_unit_test(verifies_signatures),
		cmocka_unit_test(verifies_shared_indexes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
