/*
 * OCI values against the worked example of upstream's own test data, byte for byte, and their
 * optional fields.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/vec.h"
#include "image/oci.h"

#include "base/banned.h"

#define DIFF_ID "20f698463c2755b6dc42b7d07e959ed7455a06e7367d507e829a315898f21a01"
#define BLOB    "c7557730da0e2d7fb242d8d1ac6dcf7e3a2439732aa5981270b4f3a02454b738"

static void unhex(const char *hex, uint8_t *out)
{
	assert_true(lf_unhex(lf_str(hex), out, LF_SHA256_LEN));
}

static void check_digest(const struct lf_buf *b, size_t size, const char *want)
{
	uint8_t digest[LF_SHA256_LEN];
	char hex[2 * LF_SHA256_LEN + 1];

	assert_int_equal(b->n, size);
	lf_hash_mem(LF_SHA256, b->p, b->n, digest);
	lf_hex(digest, sizeof(digest), hex);
	assert_string_equal(hex, want);
}

static void equals_the_worked_example(void **state)
{
	lf_auto_arena arena = {0};
	lf_auto_buf config = {0}, manifest = {0};
	lf_auto_err err = {0};
	struct lf_image_config c;
	struct lf_layer layer = {.size = 3072};
	struct lf_oci_image image = {.oci = "amd64", .layer = &layer, .n_layers = 1};

	(void)state;
	lf_image_config_init(&c);
	c.entrypoint.command = "/bin/sh -l";
	lf_pairs_set(&c.annotations, &arena, "org.opencontainers.image.vendor", "Vendor");
	lf_pairs_set(&c.annotations, &arena, "org.opencontainers.image.title", "Title");
	unhex(DIFF_ID, layer.diff_id);
	unhex(BLOB, layer.digest);
	assert_true(lf_oci_print_config(&config, &c, "amd64", lf_moment_utc(0), &layer, 1, &err));
	check_digest(&config, 658,
		     "6c815259150f37d000417f9a93f41bddf74dff905c745986069d4b03e954ac1d");
	image.config = lf_buf_view(&config);
	lf_hash_mem(LF_SHA256, config.p, config.n, image.config_digest);
	lf_oci_print_manifest(&manifest, &c, &image);
	check_digest(&manifest, 560,
		     "69f0237c7f8cf0b8a329d1bf1d6870c870c4ec323e39d3a6da59596632d0f2f4");
	lf_image_config_fini(&c);
}

static void prints_optional_fields(void **state)
{
	lf_auto_arena arena = {0};
	lf_auto_buf got = {0};
	lf_auto_err err = {0};
	struct lf_image_config c;
	struct lf_layer layer[2] = {0};

	(void)state;
	lf_image_config_init(&c);
	c.cmd = "a 'b c'";
	c.entrypoint.command = "ignored";
	c.entrypoint.shell_fragment = "x < y";
	c.accounts.run_as = "65532";
	c.work_dir = "/w";
	c.stop_signal = "SIGINT";
	c.vcs_url = "https://h/r@abc";
	lf_strv_add(&c.volumes, "/b");
	lf_strv_add(&c.volumes, "/a");
	lf_pairs_set(&c.environment, &arena, "PATH", "");
	lf_pairs_set(&c.environment, &arena, "Z", "1");
	assert_true(lf_oci_print_config(&got, &c, "arm/v7", lf_moment_utc(1), layer, 2, &err));
	assert_non_null(strstr(got.p, "{\"architecture\":\"arm\",\"author\""));
	assert_non_null(strstr(
		got.p, "\"history\":[{\"author\":\"apko\",\"created\":\"1970-01-01T00:00:01Z\","
		       "\"created_by\":\"apko\"},{"));
	assert_non_null(strstr(
		got.p, "\"config\":{\"Cmd\":[\"a\",\"b c\"],\"Entrypoint\":[\"/bin/sh\",\"-c\","
		       "\"x \\u003c y\"],\"Env\":[\"PATH=\",\"SSL_CERT_FILE=/etc/ssl/certs/"
		       "ca-certificates.crt\",\"Z=1\"],\"Labels\":{\"org.opencontainers.image."
		       "created\":\"1970-01-01T00:00:01Z\",\"org.opencontainers.image.revision\":"
		       "\"abc\",\"org.opencontainers.image.source\":\"https://h/r\"},\"User\":"
		       "\"65532\",\"Volumes\":{\"/a\":{},\"/b\":{}},\"WorkingDir\":\"/w\","
		       "\"StopSignal\":\"SIGINT\"},\"variant\":\"v7\"}"));
	lf_buf_clear(&got);
	c.cmd = "'";
	assert_false(lf_oci_print_config(&got, &c, "amd64", lf_moment_utc(1), layer, 2, &err));
	assert_string_equal(lf_err_text(&err),
			    "unable to parse cmd: EOF found when expecting closing quote");
	lf_image_config_fini(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equals_the_worked_example),
		cmocka_unit_test(prints_optional_fields),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
