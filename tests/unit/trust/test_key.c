/* Keys: made, loaded, used, refused; rings. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "base/buf.h"
#include "base/fs.h"
#include "base/mem.h"
#include "trust/key.h"

#include "base/banned.h"

struct fixture {
	char *dir, *path;
	struct lf_buf public;
};

static int make_pair(void **state)
{
	struct fixture *f = lf_calloc(1, sizeof(*f));
	lf_auto_err err = {0};

	f->dir = lf_temp_dir("lf-key", &err);
	f->path = lf_path_join(f->dir, "test.rsa");
	lf_auto_free char *public = lf_path_join(f->dir, "test.rsa.pub");
	if (!lf_key_generate(f->path, 2048, &err) || !lf_read_file(public, 65536, &f->public, &err))
		fail_msg("%s", lf_err_text(&err));
	*state = f;
	return 0;
}

static int drop_pair(void **state)
{
	struct fixture *f = *state;

	(void)lf_remove_all(f->dir, NULL);
	lf_free(f->dir);
	lf_free(f->path);
	lf_buf_fini(&f->public);
	lf_free(f);
	return 0;
}

static void writes_pkcs1_and_spki_with_modes(void **state)
{
	const struct fixture *f = *state;
	lf_auto_buf text = {0};
	lf_auto_err err = {0};
	struct stat st;

	assert_true(lf_read_file(f->path, 65536, &text, &err));
	assert_true(lf_starts(text.p, "-----BEGIN RSA PRIVATE KEY-----\n"));
	assert_true(lf_ends(text.p, "-----END RSA PRIVATE KEY-----\n"));
	assert_true(lf_starts(f->public.p, "-----BEGIN PUBLIC KEY-----\n"));
	assert_int_equal(stat(f->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
}

static void signs_what_its_public_key_verifies(void **state)
{
	const struct fixture *f = *state;
	lf_auto_err err = {0};
	lf_auto_buf sig = {0}, again = {0};
	uint8_t digest[LF_SHA256_LEN];

	lf_auto_key *private = lf_key_load_private(f->path, &err);
	assert_non_null(private);
	lf_auto_key *public = lf_key_parse_public(lf_buf_view(&f->public), "test.rsa.pub", &err);
	assert_non_null(public);
	lf_hash_mem(LF_SHA256, "abc", 3, digest);
	assert_true(lf_key_sign(private, digest, &sig, &err));
	assert_int_equal(sig.n, 256);
	assert_true(lf_key_sign(private, digest, &again, &err));
	assert_memory_equal(sig.p, again.p, sig.n);
	assert_true(lf_key_verify(public, LF_SHA256, digest, sig.p, sig.n, &err));

	static const char words[] = "verify PKCS1v15 signature: crypto/rsa: verification error";
	assert_false(lf_key_verify(public, LF_SHA1, digest, sig.p, sig.n, &err));
	assert_false(lf_key_verify(public, LF_SHA256, digest, sig.p, sig.n - 1, &err));
	assert_false(lf_key_verify(public, LF_SHA256, digest, "", 0, &err));
	sig.p[100] ^= 1;
	assert_false(lf_key_verify(public, LF_SHA256, digest, sig.p, sig.n, &err));
	assert_int_equal(err.class, LF_E_SIGNATURE);
	assert_string_equal(err.text, words);
}

static void loads_pkcs8(void **state)
{
	const struct fixture *f = *state;
	lf_auto_free char *path = lf_path_join(f->dir, "pkcs8.rsa");
	lf_auto_err err = {0};
	FILE *in = fopen(f->path, "r"), *out = fopen(path, "w");
	EVP_PKEY *pkey = PEM_read_PrivateKey(in, NULL, NULL, NULL);

	assert_true(PEM_write_PKCS8PrivateKey(out, pkey, NULL, NULL, 0, NULL, NULL));
	EVP_PKEY_free(pkey);
	fclose(in);
	fclose(out);
	lf_auto_key *key = lf_key_load_private(path, &err);
	assert_non_null(key);
}

static void says_what_a_wrong_file_is(void **state)
{
	const struct fixture *f = *state;
	static const struct {
		const char *text, *want;
	} cases[] = {
		{"", "no PEM data in it"},
		{"hello\n", "no PEM data in it"},
		{"-----BEGIN ENCRYPTED PRIVATE KEY-----\nAA==\n",
		 "key is encrypted but no passphrase was provided"},
		{"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: x\n\nAA==\n",
		 "key is encrypted but no passphrase was provided"},
		{"-----BEGIN PUBLIC KEY-----\nAA==\n", "is a public key, a private key is needed"},
		{"-----BEGIN OPENSSH PRIVATE KEY-----\nAA==\n", "is not an RSA private key"},
		{"-----BEGIN RSA PRIVATE KEY-----\nAA==\n-----END RSA PRIVATE KEY-----\n",
		 "parse private key: "},
	};
	lf_auto_free char *path = lf_path_join(f->dir, "wrong");

	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		lf_auto_err err = {0};
		lf_auto_buf want = {0};

		lf_buf_printf(&want, "%s: %s", path, cases[i].want);
		assert_true(lf_write_file(path, cases[i].text, strlen(cases[i].text), 0600, &err));
		assert_null(lf_key_load_private(path, &err));
		if (!lf_starts(err.text, want.p))
			fail_msg("\"%s\", not \"%s\"", err.text, want.p);
	}
	lf_auto_err err = {0};
	assert_null(lf_key_load_private("/nonexistent/key", &err));
	assert_string_equal(err.text, "open /nonexistent/key: no such file or directory");
	assert_false(lf_key_generate(path, 1024, &err));
	assert_string_equal(err.text,
			    "key size is less than 2048 bits, this is not considered safe");
}

static void ring_finds_with_and_without_suffix(void **state)
{
	const struct fixture *f = *state;
	struct lf_keyring ring = {0};

	lf_keyring_add(&ring, "a.rsa.pub", LF_STR("nonsense"));
	lf_keyring_add(&ring, "b", lf_buf_view(&f->public));
	assert_null(lf_keyring_find(&ring, LF_STR("a.rsa.pub"))->key);
	assert_non_null(lf_keyring_find(&ring, LF_STR("b.rsa.pub"))->key);
	assert_non_null(lf_keyring_find(&ring, LF_STR("b"))->key);
	assert_null(lf_keyring_find(&ring, LF_STR("c.rsa.pub")));
	assert_null(lf_keyring_find(&ring, LF_STR("a")));
	lf_keyring_add(&ring, "a.rsa.pub", lf_buf_view(&f->public));
	assert_int_equal(ring.n, 2);
	assert_non_null(lf_keyring_find(&ring, LF_STR("a.rsa.pub"))->key);
	assert_true(lf_str_eq(ring.entry[0].pem, lf_buf_view(&f->public)));
	lf_keyring_fini(&ring);
	lf_keyring_fini(&ring);
}

static struct lf_str number(EVP_PKEY *pkey, const char *name, uint8_t *out)
{
	BIGNUM *n = NULL;

	assert_true(EVP_PKEY_get_bn_param(pkey, name, &n));
	const int len = BN_bn2bin(n, out);
	BN_free(n);
	return (struct lf_str){(char *)out, (size_t)len};
}

static void numbers_make_the_same_public_key(void **state)
{
	const struct fixture *f = *state;
	BIO *bio = BIO_new_mem_buf(f->public.p, (int)f->public.n);
	EVP_PKEY *pkey = PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL);
	uint8_t n[512], e[512];
	lf_auto_buf pem = {0};
	lf_auto_err err = {0};

	assert_true(lf_key_public_from_numbers(number(pkey, OSSL_PKEY_PARAM_RSA_N, n),
					       number(pkey, OSSL_PKEY_PARAM_RSA_E, e), &pem, &err));
	assert_string_equal(pem.p, f->public.p);
	assert_false(lf_key_public_from_numbers(LF_STR(""), LF_STR("\3"), &pem, &err));
	EVP_PKEY_free(pkey);
	BIO_free(bio);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_pkcs1_and_spki_with_modes),
		cmocka_unit_test(signs_what_its_public_key_verifies),
		cmocka_unit_test(loads_pkcs8),
		cmocka_unit_test(says_what_a_wrong_file_is),
		cmocka_unit_test(ring_finds_with_and_without_suffix),
		cmocka_unit_test(numbers_make_the_same_public_key),
	};

	return cmocka_run_group_tests(tests, make_pair, drop_pair);
}
