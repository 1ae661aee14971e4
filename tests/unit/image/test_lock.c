/*
 * Lock files: their text, what is refused, and how they become a solution.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/vec.h"
#include "image/lock.h"

#include "base/banned.h"

#define Q1 "Q1AAAAAAAAAAAAAAAAAAAAAAAAAAA="

static const char text[] = "{\n"
			   "  \"version\": \"v1\",\n"
			   "  \"config\": {\n"
			   "    \"name\": \"a.yaml\",\n"
			   "    \"checksum\": \"sha256-x\"\n"
			   "  },\n"
			   "  \"contents\": {\n"
			   "    \"keyring\": [\n"
			   "      {\n"
			   "        \"name\": \"h/k\",\n"
			   "        \"url\": \"https://h/k\",\n"
			   "        \"content\": \"\\u003ckey\\u003e\\n\"\n"
			   "      }\n"
			   "    ],\n"
			   "    \"build_repositories\": [],\n"
			   "    \"runtime_repositories\": [],\n"
			   "    \"repositories\": [\n"
			   "      {\n"
			   "        \"name\": \"r/x86_64\",\n"
			   "        \"url\": \"r/x86_64/APKINDEX.tar.gz\",\n"
			   "        \"architecture\": \"x86_64\"\n"
			   "      }\n"
			   "    ],\n"
			   "    \"packages\": [\n"
			   "      {\n"
			   "        \"name\": \"a\",\n"
			   "        \"url\": \"r/x86_64/a-1.apk\",\n"
			   "        \"version\": \"1\",\n"
			   "        \"architecture\": \"x86_64\",\n"
			   "        \"signature\": {\n"
			   "          \"range\": \"\",\n"
			   "          \"checksum\": \"\"\n"
			   "        },\n"
			   "        \"control\": {\n"
			   "          \"range\": \"bytes=0-9\",\n"
			   "          \"checksum\": \"sha1-c\"\n"
			   "        },\n"
			   "        \"data\": {\n"
			   "          \"range\": \"bytes=10-19\",\n"
			   "          \"checksum\": \"sha256-d\"\n"
			   "        },\n"
			   "        \"checksum\": \"" Q1 "\"\n"
			   "      }\n"
			   "    ]\n"
			   "  }\n"
			   "}\n";

static void prints(void **state)
{
	struct lf_lock lock = {
		.has_config = true, .config_name = "a.yaml", .config_checksum = "sha256-x"};
	const struct lf_lock_key key = {"h/k", "https://h/k", LF_STR("<key>\n")};
	const struct lf_lock_repository r = {"r/x86_64", "r/x86_64/APKINDEX.tar.gz", "x86_64"};
	const struct lf_lock_package p = {
		.name = "a",
		.url = "r/x86_64/a-1.apk",
		.version = "1",
		.arch = "x86_64",
		.signature = {"", ""},
		.control = {"bytes=0-9", "sha1-c"},
		.data = {"bytes=10-19", "sha256-d"},
		.checksum = Q1,
	};
	lf_auto_buf out = {0};

	(void)state;
	lf_vec_push(&lock.keys, key);
	lf_vec_push(&lock.repositories, r);
	lf_vec_push(&lock.packages, p);
	lf_lock_print(&out, &lock);
	assert_string_equal(out.p, text);
	lf_lock_fini(&lock);
}

static void reads_back(void **state)
{
	lf_auto_arena arena = {0};
	lf_auto_err err = {0};
	struct lf_lock lock;

	(void)state;
	assert_true(lf_lock_parse(lf_str(text), "l", &arena, &lock, &err));
	assert_true(lock.has_config);
	assert_string_equal(lock.config_checksum, "sha256-x");
	assert_int_equal(lock.packages.n, 1);
	assert_string_equal(lock.packages.v[0].url, "r/x86_64/a-1.apk");
	assert_string_equal(lock.packages.v[0].data.range, "bytes=10-19");
	assert_string_equal(lock.packages.v[0].checksum, Q1);
	lf_lock_fini(&lock);
}

static void bears_with_less(void **state)
{
	static const char *const cases[] = {
		"{}",
		"{\"contents\":null}",
		"{\"config\":null,\"contents\":{\"packages\":null}}",
		"{\"version\":\"v9\",\"more\":[1],\"contents\":{\"packages\":[]}}",
	};
	lf_auto_arena arena = {0};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		lf_auto_err err = {0};
		struct lf_lock lock;

		assert_true(lf_lock_parse(lf_str(cases[i]), "l", &arena, &lock, &err));
		assert_false(lock.has_config);
		assert_int_equal(lock.packages.n, 0);
		lf_lock_fini(&lock);
	}
}

static void refuses_other_files(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{"{", "l:1:"},
		{"", "l:1:"},
		{"[]", "l: no lock file"},
		{"{\"config\":1}", "l: \"config\" is no object"},
		{"{\"config\":{\"name\":1}}", "l: \"name\" is no text"},
		{"{\"contents\":[]}", "l: \"contents\" is no object"},
		{"{\"contents\":{\"packages\":{}}}", "l: \"packages\" is no list"},
		{"{\"contents\":{\"packages\":[1]}}", "l: \"packages\" is no list of objects"},
		{"{\"contents\":{\"packages\":[{\"url\":[]}]}}", "l: \"url\" is no text"},
		{"{\"contents\":{\"packages\":[{\"data\":\"x\"}]}}", "l: \"data\" is no object"},
	};
	lf_auto_arena arena = {0};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		lf_auto_err err = {0};
		struct lf_lock lock;

		assert_false(lf_lock_parse(lf_str(cases[i].text), "l", &arena, &lock, &err));
		if (!lf_starts(err.text, cases[i].want))
			fail_msg("%s: %s", cases[i].text, err.text);
	}
}

/* ---- as a solution ---- */

struct world {
	struct lf_ctx ctx;
	struct lf_image_run run;
	struct lf_image img;
};

static void start(struct world *w)
{
	*w = (struct world){0};
	w->run.ctx = &w->ctx;
	w->img.run = &w->run;
	w->img.arch = "x86_64";
	w->img.oci = "amd64";
	lf_image_config_init(&w->img.config);
	lf_strv_add(&w->img.config.contents.repositories, "r");
	lf_strv_add(&w->img.config.contents.packages, "anything");
}

static void becomes_a_solution(void **state)
{
	struct lf_lock lock = {0};
	lf_auto_arena arena = {0};
	lf_auto_err err = {0};
	struct world w;
	bool any;

	(void)state;
	start(&w);
	lf_vec_push(&lock.packages, (struct lf_lock_package){.name = "z",
							     .version = "1",
							     .url = "u/z",
							     .arch = "x86_64",
							     .checksum = Q1});
	lf_vec_push(&lock.packages, (struct lf_lock_package){.name = "other",
							     .version = "1",
							     .url = "u/o",
							     .arch = "aarch64",
							     .checksum = ""});
	lf_vec_push(&lock.packages, (struct lf_lock_package){.name = "a",
							     .version = "2",
							     .url = "u/a",
							     .arch = "x86_64",
							     .checksum = Q1});
	assert_true(lf_lock_apply(&lock, "l.json", &w.img, &arena, &any, &err));
	assert_true(any);
	assert_int_equal(w.img.solution.n, 2);
	assert_string_equal(w.img.solution.install[0].url, "u/z");
	assert_true(w.img.solution.install[0].pkg->has_checksum);
	assert_string_equal(w.img.lockfile, "l.json");
	/* The configuration keeps the file's order, the world is sorted. */
	assert_string_equal(w.img.config.contents.packages.v[0], "z=1");
	assert_string_equal(w.img.world.v[0], "a=2");
	assert_string_equal(w.img.world.v[1], "z=1");
	assert_string_equal(w.img.config.archs.v[0], "amd64");

	w.img.oci = "s390x";
	assert_true(lf_lock_apply(&lock, "l.json", &w.img, &arena, &any, &err));
	assert_false(any);
	w.img.oci = "arm64";
	assert_false(lf_lock_apply(&lock, "l.json", &w.img, &arena, &any, &err));
	assert_true(lf_starts(err.text, "locked package other has missing checksum "));
	lf_lock_fini(&lock);
	lf_image_fini(&w.img);
}

static void refuses_bad_packages(void **state)
{
	static const struct {
		struct lf_lock_package p;
		const char *want;
	} cases[] = {
		{{.name = "", .version = "1", .url = "u", .checksum = Q1},
		 "locked package \"\" has no name"},
		{{.name = "a", .version = "", .url = "u", .checksum = Q1},
		 "locked package \"a\" has no version"},
		{{.name = "a", .version = "1", .url = "", .checksum = Q1},
		 "locked package \"a\" has no url"},
		{{.name = "a", .version = "1", .url = "u", .checksum = "Q1AA=="},
		 "locked package a has a checksum that is none: Q1AA=="},
		{{.name = "a", .version = "1", .url = "u", .checksum = "AAAA"},
		 "locked package a has a checksum that is none: AAAA"},
	};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		struct lf_lock lock = {0};
		lf_auto_arena arena = {0};
		lf_auto_err err = {0};
		struct world w;
		bool any;

		start(&w);
		lf_vec_push(&lock.packages, cases[i].p);
		lock.packages.v[0].arch = "x86_64";
		assert_false(lf_lock_apply(&lock, "l", &w.img, &arena, &any, &err));
		assert_string_equal(err.text, cases[i].want);
		lf_lock_fini(&lock);
		lf_image_fini(&w.img);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prints),
		cmocka_unit_test(reads_back),
		cmocka_unit_test(bears_with_less),
		cmocka_unit_test(refuses_other_files),
		cmocka_unit_test(becomes_a_solution),
		cmocka_unit_test(refuses_bad_packages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
