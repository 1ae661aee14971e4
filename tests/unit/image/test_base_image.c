/*
 * Base images: a layout on disk read, and a new image's JSON over the base's.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/vec.h"
#include "image/base_image.h"

#include "base/banned.h"

/* ---- JSON over JSON ---- */

static void merges_configs(void **state)
{
	static const char base[] =
		"{\"config\":{\"Tty\":false,\"Hostname\":\"h\",\"Cmd\":[\"old\"],\"Env\":[\"A=1\"],"
		"\"Entrypoint\":[\"e\"],\"Odd\":1},\"variant\":\"v7\",\"architecture\":\"x\","
		"\"docker_version\":\"20\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"d1\"]},"
		"\"history\":[{\"empty_layer\":true,\"created_by\":\"RUN\"},{\"created\":\"t\"}],"
		"\"os\":\"linux\"}";
	static const char own[] =
		"{\"architecture\":\"amd64\",\"author\":\"a\",\"created\":\"now\",\"history\":"
		"[{\"author\":\"apko\",\"created\":\"now\"}],\"os\":\"linux\",\"rootfs\":{\"type\":"
		"\"layers\",\"diff_ids\":[\"d2\"]},\"config\":{\"Cmd\":[\"new\"],\"Env\":[\"P=1\"]}"
		"}";
	static const char want[] =
		"{\"architecture\":\"amd64\",\"author\":\"a\",\"created\":\"now\",\"docker_"
		"version\":"
		"\"20\",\"history\":[{\"created\":\"0001-01-01T00:00:00Z\",\"created_by\":\"RUN\","
		"\"empty_layer\":true},{\"created\":\"t\"},{\"author\":\"apko\",\"created\":"
		"\"now\"}],"
		"\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"d1\",\"d2\"]},"
		"\"config\":{\"Cmd\":[\"new\"],\"Entrypoint\":[\"e\"],\"Env\":[\"P=1\"],"
		"\"Hostname\":"
		"\"h\"}}";
	lf_auto_buf out = {0};
	lf_auto_err err = {0};

	(void)state;
	assert_true(lf_base_merge_config(lf_str(base), lf_str(own), &out, &err));
	assert_string_equal(out.p, want);
	assert_false(lf_base_merge_config(LF_STR("[]"), lf_str(own), &out, &err));
	assert_string_equal(err.text, "base image: config is no JSON object");
}

static void merges_manifests(void **state)
{
	static const char base[] =
		"{\"annotations\":{\"z\":\"1\",\"a\":\"old\"},\"layers\":[{\"size\":1,\"digest\":"
		"\"l1\",\"mediaType\":\"m\",\"annotations\":{\"k\":\"v\"}}],\"config\":{\"digest\":"
		"\"c1\"},\"mediaType\":\"old\",\"schemaVersion\":2}";
	static const char own[] =
		"{\"schemaVersion\":2,\"mediaType\":\"new\",\"config\":{\"size\":2,\"digest\":"
		"\"c2\"},\"layers\":[{\"mediaType\":\"m\",\"size\":3,\"digest\":\"l2\"}],"
		"\"annotations\":{\"a\":\"new\"}}";
	static const char want[] =
		"{\"schemaVersion\":2,\"mediaType\":\"new\",\"config\":{\"size\":2,\"digest\":"
		"\"c2\"},\"layers\":[{\"mediaType\":\"m\",\"size\":1,\"digest\":\"l1\","
		"\"annotations\":{\"k\":\"v\"}},{\"mediaType\":\"m\",\"size\":3,\"digest\":\"l2\"}]"
		","
		"\"annotations\":{\"a\":\"new\",\"z\":\"1\"}}";
	lf_auto_buf out = {0};
	lf_auto_err err = {0};

	(void)state;
	assert_true(lf_base_merge_manifest(lf_str(base), lf_str(own), &out, &err));
	assert_string_equal(out.p, want);
}

/* ---- on disk ---- */

struct world {
	char *dir;
	struct lf_contents contents;
	struct lf_base_image *base;
	struct lf_err err;
};

static void put(struct world *w, const char *name, const char *text)
{
	lf_auto_free char *path = lf_path_join(w->dir, name);
	struct lf_str dir = lf_path_dir(lf_str(path));
	lf_auto_arena arena = {0};

	assert_true(lf_mkdirs(lf_arena_str(&arena, dir), 0755, NULL));
	assert_true(lf_write_file(path, text, strlen(text), 0644, NULL));
}

/* A blob under the digest of its text; its descriptor. */
static char *put_blob(struct world *w, const char *type, const char *text)
{
	uint8_t digest[LF_SHA256_LEN];
	char hex[2 * LF_SHA256_LEN + 1];
	lf_auto_buf name = {0};
	struct lf_buf descriptor = {0};

	lf_hash_mem(LF_SHA256, text, strlen(text), digest);
	lf_hex(digest, sizeof(digest), hex);
	lf_buf_printf(&name, "blobs/sha256/%s", hex);
	put(w, name.p, text);
	lf_buf_printf(&descriptor, "{\"mediaType\":\"%s\",\"size\":%zu,\"digest\":\"sha256:%s\"}",
		      type, strlen(text), hex);
	return lf_buf_detach(&descriptor);
}

static char *put_image(struct world *w, const char *arch, const char *diff_ids)
{
	lf_auto_free char *layer = put_blob(w, LF_OCI_LAYER, "bytes");
	lf_auto_buf config = {0}, manifest = {0};

	lf_buf_printf(
		&config,
		"{\"architecture\":\"%s\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[%s]}}",
		arch, diff_ids);
	lf_auto_free char *c = put_blob(w, LF_OCI_CONFIG, config.p);

	lf_buf_printf(&manifest, "{\"config\":%s,\"layers\":[%s]}", c, layer);
	return put_blob(w, LF_OCI_MANIFEST, manifest.p);
}

#define ZEROS   "0000000000000000000000000000000000000000000000000000000000000000"
#define DIFF_ID "\"sha256:" ZEROS "\""

static int start(void **state)
{
	struct world *w = lf_calloc(1, sizeof(*w));

	w->dir = lf_temp_dir("lf-base", NULL);
	assert_non_null(w->dir);
	w->contents.base_image = w->contents.base_apkindex = w->dir;
	put(w, "x86_64/APKINDEX", "P:a\nV:1\nF:etc\nR:x\n\nP:lost\nV:1\n");
	*state = w;
	return 0;
}

static int end(void **state)
{
	struct world *w = *state;

	lf_base_image_free(w->base);
	lf_err_fini(&w->err);
	(void)lf_remove_all(w->dir, NULL);
	lf_free(w->dir);
	lf_free(w);
	return 0;
}

static bool open_base(struct world *w)
{
	const struct lf_strv none = {0};

	w->base = lf_base_image_open(&w->contents, &none, "x86_64", "amd64", &w->err);
	return w->base != NULL;
}

static void put_index(struct world *w, const char *first, const char *second)
{
	lf_auto_buf index = {0};

	lf_buf_printf(&index, "{\"manifests\":[%s%s%s]}", first, *second ? "," : "", second);
	put(w, "index.json", index.p);
}

static void opens(void **state)
{
	struct world *w = *state;
	lf_auto_free char *arm = put_image(w, "arm64", DIFF_ID);
	lf_auto_free char *intel = put_image(w, "amd64", DIFF_ID);
	lf_auto_buf bytes = {0}, nested = {0};
	lf_auto_strv world = {0};
	struct lf_writer *to = lf_writer_buf(&bytes);

	lf_buf_printf(&nested, "{\"manifests\":[%s,%s]}", arm, intel);
	lf_auto_free char *index = put_blob(w, LF_OCI_INDEX, nested.p);

	put_index(w, index, "");
	if (!open_base(w))
		fail_msg("%s", w->err.text);
	assert_int_equal(w->base->n_layers, 1);
	assert_int_equal(w->base->layer[0].size, 5);
	assert_true(lf_base_image_copy(w->base, 0, to, &w->err));
	assert_true(lf_writer_close(to, &w->err));
	assert_string_equal(bytes.p, "bytes");
	assert_true(lf_base_image_has(w->base, "a"));
	assert_false(lf_base_image_has(w->base, "lost"));
	lf_base_image_world(w->base, &world);
	assert_int_equal(world.n, 1);
	assert_string_equal(world.v[0], "a=1");
	/* A layer that is not what it was. */
	w->base->layer[0].digest[0] ^= 1;
	assert_false(lf_base_image_copy(w->base, 0, NULL, &w->err));
}

static void refuses(void **state)
{
	static const struct {
		const char *arch, *diff_ids, *want;
	} cases[] = {
		{"arm64", DIFF_ID, "image for arch amd64 not found in base image "},
		{"amd64", "", "base image: 1 layers, but 0 diff_ids"},
		{"amd64", "\"md5:0\"", "base image: \"md5:0\" is no sha256 digest"},
	};
	struct world *w = *state;

	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		lf_auto_free char *manifest = put_image(w, cases[i].arch, cases[i].diff_ids);

		put_index(w, manifest, "");
		assert_false(open_base(w));
		if (!lf_starts(w->err.text, cases[i].want))
			fail_msg("%s", w->err.text);
	}
}

static void refuses_damage(void **state)
{
	struct world *w = *state;
	lf_auto_free char *manifest = put_image(w, "amd64", DIFF_ID);

	put_index(w, "{\"digest\":\"sha256:" ZEROS "\",\"size\":1}", "");
	assert_false(open_base(w));
	assert_non_null(strstr(w->err.text, "no such file or directory"));
	put(w, "blobs/sha256/" ZEROS, "{}");
	assert_false(open_base(w));
	assert_non_null(strstr(w->err.text, "size limit exceeded"));
	put_index(w, "{\"digest\":\"sha256:" ZEROS "\",\"size\":2}", manifest);
	assert_false(open_base(w));
	assert_non_null(strstr(w->err.text, "its content does not have this digest"));
	w->contents.base_image = "/no/such";
	assert_false(open_base(w));
	assert_string_equal(w->err.text, "baseImage path /no/such: file does not exist");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(merges_configs),
		cmocka_unit_test(merges_manifests),
		cmocka_unit_test_setup_teardown(opens, start, end),
		cmocka_unit_test_setup_teardown(refuses, start, end),
		cmocka_unit_test_setup_teardown(refuses_damage, start, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
