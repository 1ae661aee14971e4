/* Ed25519 keys and DSSE envelopes. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/fs.h"
#include "base/mem.h"
#include "trust/dsse.h"
#include "trust/key.h"

#include "base/banned.h"

/* RFC 8032, 7.1, test 2: the seed in PKCS#8 form, the public key in SPKI form, the message 0x72. */
#define PRIVATE                                                            \
	"-----BEGIN PRIVATE KEY-----\n"                                    \
	"MC4CAQAwBQYDK2VwBCIEIEzNCJso/5banbbDRuwRTg9bijGfNaumJNqM9u1PuKb7" \
	"\n-----END PRIVATE KEY-----\n"
#define PUBLIC                                                         \
	"-----BEGIN PUBLIC KEY-----\n"                                 \
	"MCowBQYDK2VwAyEAPUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=" \
	"\n-----END PUBLIC KEY-----\n"
#define SIGNATURE                                                          \
	"92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da" \
	"085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"

struct fixture {
	char *dir, *path;
	struct lf_ed25519 *key;
	struct lf_ed25519_public public;
};

static int set_up(void **state)
{
	struct fixture *f = lf_calloc(1, sizeof(*f));
	lf_auto_err err = {0};

	f->dir = lf_temp_dir("lf-dsse", &err);
	f->path = lf_path_join(f->dir, "key");
	if (!lf_write_file(f->path, PRIVATE, strlen(PRIVATE), 0600, &err) ||
	    !(f->key = lf_ed25519_load(f->path, &err)) ||
	    !lf_ed25519_parse_public(LF_STR(PUBLIC), "public", &f->public, &err))
		fail_msg("%s", lf_err_text(&err));
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	(void)lf_remove_all(f->dir, NULL);
	lf_ed25519_free(f->key);
	lf_free(f->dir);
	lf_free(f->path);
	lf_free(f);
	return 0;
}

static void signs_as_the_standard_says(void **state)
{
	const struct fixture *f = *state;
	uint8_t sig[LF_ED25519_SIG];
	char hex[2 * LF_ED25519_SIG + 1];

	lf_ed25519_sign(f->key, LF_STR("\x72"), sig);
	lf_hex(sig, sizeof(sig), hex);
	assert_string_equal(hex, SIGNATURE);
	assert_memory_equal(lf_ed25519_public(f->key), &f->public, sizeof(f->public));
	assert_true(lf_ed25519_verify(&f->public, LF_STR("\x72"), sig));
	assert_false(lf_ed25519_verify(&f->public, LF_STR("\x73"), sig));
	sig[0] ^= 1;
	assert_false(lf_ed25519_verify(&f->public, LF_STR("\x72"), sig));
}

static void makes_pairs(void **state)
{
	const struct fixture *f = *state;
	lf_auto_free char *path = lf_path_join(f->dir, "made"),
			  *public = lf_path_join(f->dir, "made.pub");
	struct lf_ed25519_public read;
	lf_auto_err err = {0};
	lf_auto_buf pem = {0};
	struct stat st;

	assert_true(lf_ed25519_generate(path, &err));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	struct lf_ed25519 *key = lf_ed25519_load(path, &err);
	assert_non_null(key);
	assert_true(lf_read_file(public, 4096, &pem, &err));
	assert_true(lf_ed25519_parse_public(lf_buf_view(&pem), "made.pub", &read, &err));
	assert_memory_equal(&read, lf_ed25519_public(key), sizeof(read));
	lf_ed25519_free(key);
}

static void tells_the_kinds_apart(void **state)
{
	const struct fixture *f = *state;
	lf_auto_free char *path = lf_path_join(f->dir, "rsa"),
			  *public = lf_path_join(f->dir, "rsa.pub");
	struct lf_ed25519_public read;
	lf_auto_buf pem = {0};
	lf_auto_err err = {0};

	assert_true(lf_key_generate(path, 2048, &err));
	assert_null(lf_ed25519_load(path, &err));
	assert_true(lf_ends(lf_err_text(&err), "rsa: is not an Ed25519 private key"));
	assert_true(lf_read_file(public, 4096, &pem, &err));
	assert_false(lf_ed25519_parse_public(lf_buf_view(&pem), "rsa.pub", &read, &err));
	assert_string_equal(lf_err_text(&err), "rsa.pub: is not an Ed25519 public key");
	assert_null(lf_key_load_private(f->path, &err));
	assert_true(lf_ends(lf_err_text(&err), "key: is not an RSA private key"));
}

static void opens_what_it_encloses(void **state)
{
	const struct fixture *f = *state;
	LF_CLEANUP(lf_dsse_fini) struct lf_dsse d = {0};
	lf_auto_buf out = {0}, again = {0};
	lf_auto_err err = {0};

	lf_dsse_sign(f->key, "http://example.com/HelloWorld", LF_STR("hello world"), &out);
	lf_dsse_sign(f->key, "http://example.com/HelloWorld", LF_STR("hello world"), &again);
	assert_string_equal(out.p, again.p);
	assert_true(lf_starts(out.p, "{\"payload\":\"aGVsbG8gd29ybGQ=\",\"payloadType\":\"http://"
				     "example.com/HelloWorld\",\"signatures\":[{\"keyid\":\""));
	assert_true(lf_dsse_parse(lf_buf_view(&out), "x", &d, &err));
	assert_string_equal(d.type, "http://example.com/HelloWorld");
	assert_string_equal(lf_buf_c(&d.payload), "hello world");
	assert_ptr_equal(lf_dsse_verify(&d, &f->public, 1, &err), &f->public);
	assert_null(lf_dsse_verify(&d, NULL, 0, &err));
	assert_int_equal(err.class, LF_E_SIGNATURE);
	d.payload.p[0] = 'j';
	assert_null(lf_dsse_verify(&d, &f->public, 1, &err));
}

static void refuses_what_is_no_envelope(void **state)
{
	static const char *const cases[] = {
		"",
		"[]",
		"{}",
		"{\"payload\":\"aGVsbG8=\",\"payloadType\":1,\"signatures\":[]}",
		"{\"payload\":\"aGVsbG8\x01\",\"payloadType\":\"t\",\"signatures\":[]}",
		"{\"payload\":\"a\",\"payloadType\":\"t\",\"signatures\":[]}",
		"{\"payload\":\"aGVsbG8=\",\"payloadType\":\"t\",\"signatures\":{}}",
		"{\"payload\":\"aGVsbG8=\",\"payloadType\":\"t\",\"signatures\":[1]}",
		"{\"payload\":\"aGVsbG8=\",\"payloadType\":\"t\",\"signatures\":[]} {}",
	};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		struct lf_dsse d = {0};
		lf_auto_err err = {0};

		assert_false(lf_dsse_parse(lf_str(cases[i]), "x", &d, &err));
		assert_int_equal(err.class, LF_E_FORMAT);
	}
}

static void takes_either_alphabet_and_odd_signatures(void **state)
{
	static const char *const payloads[] = {"+/+/", "-_-_", "-_-_--8", "-_-_--8=", "+/+/++8="};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(payloads); i++) {
		LF_CLEANUP(lf_dsse_fini) struct lf_dsse d = {0};
		lf_auto_buf text = {0};

		lf_buf_printf(&text,
			      "{\"payload\":\"%s\",\"payloadType\":\"t\",\"signatures\":[{\"sig\":"
			      "\"AAAA\"}]}",
			      payloads[i]);
		assert_true(lf_dsse_parse(lf_buf_view(&text), "x", &d, NULL));
		assert_int_equal((unsigned char)d.payload.p[0], 0xfb);
		assert_int_equal(d.n_sigs, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(signs_as_the_standard_says),
		cmocka_unit_test(makes_pairs),
		cmocka_unit_test(tells_the_kinds_apart),
		cmocka_unit_test(opens_what_it_encloses),
		cmocka_unit_test(refuses_what_is_no_envelope),
		cmocka_unit_test(takes_either_alphabet_and_odd_signatures),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
