/* Digests against published values, base64 both ways. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/fs.h"
#include "base/mem.h"
#include "trust/digest.h"

#include "base/banned.h"

static const struct {
	enum lf_hash hash;
	const char *text, *hex;
} vectors[] = {
	{LF_SHA1, "abc", "a9993e364706816aba3e25717850c26c9cd0d89d"},
	{LF_SHA1, "", "da39a3ee5e6b4b0d3255bfef95601890afd80709"},
	{LF_SHA256, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
	{LF_SHA512, "abc",
	 "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
	 "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"},
};

static void check_hex(const uint8_t *digest, enum lf_hash hash, const char *want)
{
	char hex[2 * LF_HASH_MAX + 1];

	lf_hex(digest, lf_hash_len(hash), hex);
	assert_string_equal(hex, want);
}

static void equals_published_values_in_all_ways(void **state)
{
	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(vectors); i++) {
		const enum lf_hash hash = vectors[i].hash;
		const char *text = vectors[i].text;
		uint8_t out[LF_HASH_MAX];
		lf_auto_err err = {0};

		lf_hash_mem(hash, text, strlen(text), out);
		check_hex(out, hash, vectors[i].hex);

		lf_auto_digest *d = lf_digest_new(hash);
		for (unsigned round = 0; round < 2; round++) { /* final starts anew */
			for (const char *p = text; *p; p++)
				lf_digest_add(d, p, 1);
			lf_digest_final(d, out);
			check_hex(out, hash, vectors[i].hex);
		}

		lf_auto_fd fd = lf_temp_file(&err);
		assert_true(lf_write_all(fd, text, strlen(text), &err));
		assert_true(lf_hash_fd(hash, fd, out, &err));
		check_hex(out, hash, vectors[i].hex);
	}
}

static void writer_counts_and_passes_on(void **state)
{
	(void)state;
	lf_auto_buf copy = {0};
	lf_auto_err err = {0};
	struct lf_writer *dst = lf_writer_buf(&copy);
	struct lf_digest_writer d;
	uint8_t out[LF_HASH_MAX];

	lf_digest_writer_init(&d, LF_SHA256, dst);
	assert_true(lf_write(&d.w, "ab", 2, &err));
	assert_true(lf_write(&d.w, "c", 1, &err));
	lf_digest_final(d.digest, out);
	check_hex(out, LF_SHA256, vectors[2].hex);
	assert_int_equal(d.n, 3);
	assert_string_equal(copy.p, "abc");
	lf_digest_writer_fini(&d);
	assert_true(lf_writer_close(dst, &err));
}

static void base64_goes_both_ways(void **state)
{
	(void)state;
	static const char *const pairs[][2] = {
		{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"\xff\xfe\xfd", "//79"}};

	for (size_t i = 0; i < LF_ARRAY_LEN(pairs); i++) {
		lf_auto_buf text = {0};
		uint8_t back[16];
		size_t n;

		lf_base64(&text, pairs[i][0], strlen(pairs[i][0]));
		assert_string_equal(text.p, pairs[i][1]);
		assert_true(lf_unbase64(lf_buf_view(&text), back, sizeof(back), &n));
		assert_int_equal(n, strlen(pairs[i][0]));
		assert_memory_equal(back, pairs[i][0], n);
	}
}

static void base64_refuses_what_is_not_exact(void **state)
{
	(void)state;
	static const char *const bad[] = {"Zg",   "Zg=", "Zg===", "Zm9v\n", " Zm9v",       "Zm9v!",
					  "Zh==", "Z",   "=",     "_-79",   "Zm9vZm9vZm9v"};
	uint8_t out[4];
	size_t n;

	for (size_t i = 0; i < LF_ARRAY_LEN(bad); i++) {
		if (lf_unbase64(lf_str(bad[i]), out, sizeof(out), &n))
			fail_msg("accepted \"%s\"", bad[i]);
	}
	assert_true(lf_unbase64url(LF_STR("_-4"), out, sizeof(out), &n));
	assert_int_equal(n, 2);
	assert_memory_equal(out, "\xff\xee", 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equals_published_values_in_all_ways),
		cmocka_unit_test(writer_counts_and_passes_on),
		cmocka_unit_test(base64_goes_both_ways),
		cmocka_unit_test(base64_refuses_what_is_not_exact),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
