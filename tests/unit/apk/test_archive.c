/*
 * The .apk file: what is written can be read, and what does not fit together is refused.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "apk/archive.h"
#include "base/fs.h"
#include "codec/gzip.h"
#include "trust/key.h"

#include "golden.h"

#include <unistd.h>

#include "base/banned.h"

/* A package in pieces, to be put together in good and bad ways. */
struct pieces {
	struct lf_arena arena;
	struct lf_buf signature, control, data;
};

static int fd_of(const struct lf_buf *a, const struct lf_buf *b, const struct lf_buf *c)
{
	lf_auto_err err = {0};
	int fd = lf_temp_file(&err);

	assert_true(fd >= 0);
	for (const struct lf_buf *const *p = (const struct lf_buf *const[]){a, b, c, NULL}; *p; p++)
		assert_true(lf_write_all(fd, (*p)->p, (*p)->n, &err));
	return fd;
}

static void make_data(struct lf_buf *out, const char *sha1_hex)
{
	lf_auto_buf tar = {0};
	struct lf_tar_pax pax = {LF_STR("APK-TOOLS.checksum.SHA1"), lf_str(sha1_hex)};
	struct lf_tar_entry dir = {.name = "usr",
				   .type = '5',
				   .mode = 0755,
				   .linkname = "",
				   .uname = "root",
				   .gname = "root"};
	struct lf_tar_entry file = {.name = "usr/x",
				    .type = '0',
				    .mode = 0644,
				    .linkname = "",
				    .uname = "root",
				    .gname = "root",
				    .size = 5,
				    .pax = &pax,
				    .n_pax = 1};

	lf_tar_file(&tar, &dir, NULL);
	lf_tar_file(&tar, &file, "hello");
	lf_tar_end(&tar);
	lf_gzip_member(tar.p, tar.n, 6, LF_GZIP_ZERO_TIME, out);
}

static void make(struct pieces *p, const char *sha1_hex)
{
	uint8_t hash[LF_SHA256_LEN];
	char hex[2 * LF_SHA256_LEN + 1];
	lf_auto_buf info = {0};
	struct lf_apk_section_file files[2] = {{".PKGINFO", 0644, {0}},
					       {".post-install", 0755, LF_STR("#!/bin/sh\n")}};
	struct lf_apk_section_file signature = {".SIGN.RSA256.k.rsa.pub", 0644, LF_STR("junk")};

	*p = (struct pieces){0};
	make_data(&p->data, sha1_hex);
	lf_hash_mem(LF_SHA256, p->data.p, p->data.n, hash);
	lf_hex(hash, sizeof(hash), hex);
	lf_buf_printf(&info, "pkgname = foo\npkgver = 1-r0\ndatahash = %s\n", hex);
	files[0].content = lf_buf_view(&info);
	lf_apk_section(&p->control, files, 2, 1234, LF_GZIP_ZERO_TIME);
	lf_apk_section(&p->signature, &signature, 1, 1234, 0);
}

static void drop(struct pieces *p)
{
	lf_buf_fini(&p->signature);
	lf_buf_fini(&p->control);
	lf_buf_fini(&p->data);
	lf_arena_fini(&p->arena);
}

#define HELLO_SHA1 "aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d"

static const struct lf_buf none;

static void reads_what_is_written(void **state)
{
	struct pieces p;
	struct lf_apk apk;
	lf_auto_err err = {0};
	uint8_t sha1[LF_SHA1_LEN];
	uint64_t size;

	(void)state;
	make(&p, HELLO_SHA1);
	lf_auto_fd fd = fd_of(&p.signature, &p.control, &p.data);
	lf_auto_fd out = lf_temp_file(&err);

	if (!lf_apk_open(fd, "foo.apk", 0, &p.arena, &apk, &err))
		fail_msg("%s", lf_err_text(&err));
	assert_string_equal(apk.pkg.name, "foo");
	assert_int_equal(apk.pkg.size, p.signature.n + p.control.n + p.data.n);
	lf_hash_mem(LF_SHA1, p.control.p, p.control.n, sha1);
	assert_memory_equal(sha1, apk.pkg.checksum, sizeof(sha1));
	assert_string_equal(apk.signature_name, ".SIGN.RSA256.k.rsa.pub");
	assert_true(lf_str_is(apk.signature_bytes, "junk"));
	assert_int_equal(apk.n_files, 1);
	assert_string_equal(apk.file[0].name, ".post-install");
	assert_string_equal(apk.first_name, ".PKGINFO");
	assert_int_equal(apk.first_mtime, 1234);
	assert_true(lf_apk_unpack_data(fd, &apk, 0, out, &size, &err));
	/* directory, pax header and record, file header, content, two zero blocks */
	assert_int_equal(size, 512 + 1024 + 512 + 512 + 1024);
	drop(&p);
}

/* A section with or without its signature, and nothing else. */
static void reads_a_section_alone(void **state)
{
	static const char bad[] = "not one section and its signature";
	struct pieces p;

	(void)state;
	make(&p, HELLO_SHA1);
	const struct {
		const struct lf_buf *parts[3];
		const char *problem; /* NULL: good */
	} cases[] = {
		{{&p.signature, &p.control, &none}, NULL},
		{{&none, &p.control, &none}, NULL},
		{{&p.signature, &p.control, &p.data}, bad},
		{{&p.control, &p.data, &none}, bad},
		{{&p.signature, &none, &none}, bad},
		{{&none, &none, &none}, "creating gzip reader: EOF"},
	};

	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		lf_auto_fd fd = fd_of(cases[i].parts[0], cases[i].parts[1], cases[i].parts[2]);
		lf_auto_err err = {0};
		struct lf_apk apk;
		bool ok = lf_apk_open_section(fd, 1 << 20, &p.arena, &apk, &err);

		assert_int_equal(ok, !cases[i].problem);
		if (!ok) {
			assert_string_equal(lf_err_text(&err), cases[i].problem);
			continue;
		}
		assert_int_equal(apk.control.size, p.control.n);
		assert_true(lf_str_is(lf_apk_control_file(&apk, ".post-install")->content,
				      "#!/bin/sh\n"));
	}
	drop(&p);
}

static void reads_unsigned_packages(void **state)
{
	struct pieces p;
	struct lf_apk apk;
	lf_auto_err err = {0};
	struct lf_keyring ring = {0};

	(void)state;
	make(&p, HELLO_SHA1);
	lf_auto_fd fd = fd_of(&none, &p.control, &p.data);

	assert_true(lf_apk_open(fd, NULL, 0, &p.arena, &apk, &err));
	assert_null(apk.signature_name);
	assert_int_equal(apk.signature.size, 0);
	assert_int_equal(apk.control.size, p.control.n);
	assert_false(lf_apk_verify(&apk, &ring, &err));
	assert_string_equal(lf_err_text(&err), "package is not signed");
	drop(&p);
}

static void refuse(const struct lf_buf *a, const struct lf_buf *b, const char *want)
{
	lf_auto_arena arena = {0};
	lf_auto_err err = {0};
	struct lf_apk apk;
	lf_auto_fd fd = fd_of(a, b, &none);

	assert_false(lf_apk_open(fd, "f", 0, &arena, &apk, &err));
	assert_string_equal(lf_err_text(&err), want);
}

static void refuses_incomplete_files(void **state)
{
	struct pieces p;
	struct lf_buf junk = {.p = (char[]){"not a package"}, .n = 13};

	(void)state;
	make(&p, HELLO_SHA1);
	refuse(&none, &none, "f: creating gzip reader: EOF");
	refuse(&junk, &none, "f: creating gzip reader: gzip: invalid header");
	refuse(&p.signature, &none, "f: invalid number of tar streams: 1");
	refuse(&p.control, &none, "f: invalid number of tar streams: 1");
	refuse(&p.signature, &p.control, "f: invalid number of tar streams: 2");
	drop(&p);
}

static void limits_the_control_section(void **state)
{
	struct pieces p;
	struct lf_apk apk;
	lf_auto_err err = {0};

	(void)state;
	make(&p, HELLO_SHA1);
	lf_auto_fd fd = fd_of(&none, &p.control, &p.data);

	assert_false(lf_apk_open(fd, NULL, 100, &p.arena, &apk, &err));
	assert_string_equal(lf_err_text(&err), "size limit exceeded: limit is 100 bytes");
	drop(&p);
}

static void compares_the_expected_checksum(void **state)
{
	struct pieces p;
	struct lf_apk apk;
	lf_auto_err err = {0};
	struct lf_pkg expected = {.name = "foo", .has_checksum = true};

	(void)state;
	make(&p, HELLO_SHA1);
	lf_auto_fd fd = fd_of(&p.signature, &p.control, &p.data);

	lf_hash_mem(LF_SHA1, p.control.p, p.control.n, expected.checksum);
	assert_true(lf_apk_open_expecting(fd, &expected, 0, &p.arena, &apk, &err));
	expected.checksum[0] ^= 1;
	assert_false(lf_apk_open_expecting(fd, &expected, 0, &p.arena, &apk, &err));
	assert_int_equal(err.class, LF_E_SIGNATURE);
	expected.has_checksum = false;
	assert_false(lf_apk_open_expecting(fd, &expected, 0, &p.arena, &apk, &err));
	drop(&p);
}

static void check_unpack(struct pieces *p, struct lf_buf *data, uint64_t max, const char *want)
{
	struct lf_apk apk;
	lf_auto_err err = {0};
	lf_auto_fd fd = fd_of(&none, &p->control, data);
	lf_auto_fd out = lf_temp_file(&err);
	uint64_t size;

	assert_true(lf_apk_open(fd, NULL, 0, &p->arena, &apk, &err));
	assert_false(lf_apk_unpack_data(fd, &apk, max, out, &size, &err));
	if (!lf_starts(lf_err_text(&err), want))
		assert_string_equal(lf_err_text(&err), want);
}

static void refuses_data_that_does_not_fit(void **state)
{
	struct pieces p, other;

	(void)state;
	make(&p, HELLO_SHA1);
	make(&other, "AAf4c61ddcc5e8a2dabede0f3b482cd9aea9434d");
	check_unpack(&p, &other.data, 0, "package \"foo\" data hash mismatch: expected ");
	check_unpack(&p, &p.data, 600, "checking sums: size limit exceeded");
	p.data.n -= 40;
	check_unpack(&p, &p.data, 0, "checking sums: ");
	drop(&p);
	drop(&other);
	make(&p, "00f4c61ddcc5e8a2dabede0f3b482cd9aea9434d");
	check_unpack(&p, &p.data, 0,
		     "checking sums: checksum mismatch: usr/x header was "
		     "00f4c61ddcc5e8a2dabede0f3b482cd9aea9434d, computed " HELLO_SHA1);
	drop(&p);
}

static void check_shared(const char *name)
{
	lf_auto_arena a = {0};
	lf_auto_err err = {0};
	struct lf_str bytes = golden(&a, name);
	struct lf_buf file = {.p = (char *)bytes.p, .n = bytes.n};
	lf_auto_fd fd = fd_of(&file, &none, &none);
	lf_auto_fd out = lf_temp_file(&err);
	struct lf_keyring ring = {0};
	struct lf_apk apk;
	uint64_t size;

	lf_keyring_add(&ring, "gold.rsa.pub", golden(&a, "apko/keys/gold.rsa.pub"));
	if (!lf_apk_open(fd, name, 0, &a, &apk, &err) || !lf_apk_verify(&apk, &ring, &err) ||
	    !lf_apk_unpack_data(fd, &apk, 0, out, &size, &err))
		fail_msg("%s: %s", name, lf_err_text(&err));
	lf_keyring_fini(&ring);
}

static void reads_shared_packages(void **state)
{
	(void)state;
	check_shared("apko/repo/main/x86_64/base-layout-1.2-r3.apk");
	check_shared("apko/repo/main/x86_64/scripted-1.0-r0.apk");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_is_written),
		cmocka_unit_test(reads_a_section_alone),
		cmocka_unit_test(reads_unsigned_packages),
		cmocka_unit_test(refuses_incomplete_files),
		cmocka_unit_test(limits_the_control_section),
		cmocka_unit_test(compares_the_expected_checksum),
		cmocka_unit_test(refuses_data_that_does_not_fit),
		cmocka_unit_test(reads_shared_packages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
