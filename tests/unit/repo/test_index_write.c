/*
 * Writing and signing on disk: indexes made, merged and filtered; packages and indexes signed and
 * verified; nothing left behind by what fails.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include <factory/index.h>
#include <factory/sign.h>

#include "apk/archive.h"
#include "base/fs.h"
#include "codec/gzip.h"
#include "trust/key.h"

#include "base/banned.h"

struct place {
	struct lf_arena arena;
	char dir[32];
	struct lf_ctx ctx;
	const char *key;
	struct lf_keyring ring;
};

static const char *at(struct place *p, const char *name)
{
	return lf_arena_printf(&p->arena, "%s/%s", p->dir, name);
}

static void read_file(const char *path, struct lf_buf *ret)
{
	lf_auto_err err = {0};

	if (!lf_read_file(path, 1 << 20, ret, &err))
		fail_msg("%s", lf_err_text(&err));
}

/* name-1-r0.apk for an architecture, unsigned. */
static const char *make_package(struct place *p, const char *name, const char *arch)
{
	const char *path = at(p, lf_arena_printf(&p->arena, "%s-1-r0.apk", name));
	lf_auto_buf out = {0};
	lf_auto_err err = {0};
	struct lf_apk_section_file info = {".PKGINFO", 0644, {0}};

	info.content = lf_str(lf_arena_printf(
		&p->arena, "pkgname = %s\npkgver = 1-r0\narch = %s\nsize = 7\n", name, arch));
	lf_apk_section(&out, &info, 1, 1234, LF_GZIP_ZERO_TIME);
	lf_gzip_member("", 0, 6, 0, &out);
	assert_true(lf_write_file(path, out.p, out.n, 0644, &err));
	return path;
}

static int set_up(void **state)
{
	struct place *p = lf_calloc(1, sizeof(*p));
	lf_auto_buf pem = {0};
	lf_auto_err err = {0};

	snprintf(p->dir, sizeof(p->dir), "/tmp/factory-test-XXXXXX");
	assert_non_null(mkdtemp(p->dir));
	p->key = at(p, "k.rsa");
	assert_true(lf_keygen(&p->ctx, p->key, 2048, &err));
	read_file(at(p, "k.rsa.pub"), &pem);
	lf_keyring_add(&p->ring, "k.rsa.pub", lf_buf_view(&pem));
	*state = p;
	return 0;
}

static int tear_down(void **state)
{
	struct place *p = *state;
	lf_auto_err err = {0};

	assert_true(lf_remove_all(p->dir, &err));
	lf_keyring_fini(&p->ring);
	lf_arena_fini(&p->arena);
	lf_free(p);
	return 0;
}

static void update(struct place *p, struct lf_index_options o, const char **files, size_t n)
{
	lf_auto_err err = {0};

	o.files = (struct lf_strv){files, n, n};
	if (!lf_index_update(&p->ctx, &o, &err))
		fail_msg("%s", lf_err_text(&err));
}

/* The names in an index, each followed by a blank. */
static const char *names_in(struct place *p, const char *path)
{
	lf_auto_buf file = {0}, names = {0};
	lf_auto_err err = {0};
	struct lf_index index;

	read_file(path, &file);
	if (!lf_index_read(file.p, file.n, 0, path, &p->arena, &index, &err))
		fail_msg("%s", lf_err_text(&err));
	for (size_t i = 0; i < index.n; i++)
		lf_buf_printf(&names, "%s ", index.pkg[i].name);
	lf_index_fini(&index);
	return lf_arena_str(&p->arena, lf_buf_view(&names));
}

static bool verifies(struct place *p, const char *path)
{
	lf_auto_buf file = {0};
	lf_auto_err err = {0};

	read_file(path, &file);
	return lf_index_verify(&p->ctx, file.p, file.n, &p->ring, &err);
}

static void makes_and_merges_indexes(void **state)
{
	struct place *p = *state;
	const char *index = at(p, "INDEX");
	const char *first[] = {make_package(p, "b", "x86_64"), make_package(p, "a", "x86_64"),
			       make_package(p, "b", "x86_64")};
	const char *more[] = {make_package(p, "c", "x86_64"), first[0]};

	update(p, (struct lf_index_options){.output = index, .source = index}, first, 3);
	assert_string_equal(names_in(p, index), "b a ");
	update(p, (struct lf_index_options){.output = index, .source = index, .merge = true}, more,
	       2);
	assert_string_equal(names_in(p, index), "b a c ");
	update(p,
	       (struct lf_index_options){.output = index,
					 .source = at(p, "none"),
					 .merge = true,
					 .signing_key = p->key},
	       more, 1);
	assert_string_equal(names_in(p, index), "c ");
	assert_true(verifies(p, index));
}

static void passes_over_other_architectures(void **state)
{
	struct place *p = *state;
	const char *index = at(p, "INDEX-arch");
	const char *files[] = {make_package(p, "one", "aarch64"), make_package(p, "two", "x86_64")};

	update(p, (struct lf_index_options){.output = index, .arch = "x86_64"}, files, 2);
	assert_string_equal(names_in(p, index), "two ");
}

static void writes_nothing_on_failure(void **state)
{
	struct place *p = *state;
	const char *files[] = {make_package(p, "fine", "x86_64"), at(p, "missing.apk")};
	struct lf_index_options o = {.output = at(p, "INDEX-never"), .files = {files, 2, 2}};
	lf_auto_err err = {0};

	assert_false(lf_index_update(&p->ctx, &o, &err));
	assert_string_equal(
		lf_err_text(&err),
		lf_arena_printf(&p->arena,
				"updating index: failed to open package %s: open %s: no such "
				"file or directory",
				files[1], files[1]));
	assert_false(lf_exists(o.output));
}

static void signs_indexes_once(void **state)
{
	struct place *p = *state;
	const char *index = at(p, "INDEX-sign");
	const char *files[] = {make_package(p, "s", "x86_64")};
	lf_auto_buf once = {0}, twice = {0};
	lf_auto_err err = {0};

	update(p, (struct lf_index_options){.output = index}, files, 1);
	assert_false(verifies(p, index));
	assert_true(lf_index_sign(&p->ctx, index, p->key, false, &err));
	assert_true(verifies(p, index));
	read_file(index, &once);
	assert_true(lf_index_sign(&p->ctx, index, p->key, false, &err));
	read_file(index, &twice);
	assert_true(lf_str_eq(lf_buf_view(&once), lf_buf_view(&twice)));
	assert_true(lf_index_sign(&p->ctx, index, p->key, true, &err));
	assert_true(verifies(p, index));
	assert_string_equal(names_in(p, index), "s ");
}

static void check_package(struct place *p, const char *path)
{
	lf_auto_err err = {0};
	lf_auto_fd fd = lf_open_read(path, &err);
	struct lf_apk apk;
	struct stat st;

	if (!lf_apk_open(fd, path, 0, &p->arena, &apk, &err) ||
	    !lf_apk_verify(&apk, &p->ring, &err))
		fail_msg("%s", lf_err_text(&err));
	assert_string_equal(apk.signature_name, ".SIGN.RSA256.k.rsa.pub");
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
}

static void signs_packages_in_place(void **state)
{
	struct place *p = *state;
	const char *files[] = {make_package(p, "p", "x86_64"), make_package(p, "q", "x86_64")};
	struct lf_strv list = {files, 2, 2};
	lf_auto_buf once = {0}, twice = {0};
	lf_auto_err err = {0};

	for (size_t i = 0; i < 2; i++)
		assert_int_equal(chmod(files[i], 0640), 0);
	assert_true(lf_packages_sign(&p->ctx, &list, p->key, &err));
	for (size_t i = 0; i < 2; i++)
		check_package(p, files[i]);
	read_file(files[0], &once);
	assert_true(lf_packages_sign(&p->ctx, &list, p->key, &err));
	read_file(files[0], &twice);
	assert_true(lf_str_eq(lf_buf_view(&once), lf_buf_view(&twice)));
}

static void keeps_private_keys_private(void **state)
{
	struct place *p = *state;
	lf_auto_err err = {0};
	struct stat st;

	assert_int_equal(stat(p->key, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_false(lf_keygen(&p->ctx, at(p, "small"), 1024, &err));
	assert_string_equal(lf_err_text(&err),
			    "key size is less than 2048 bits, this is not considered safe");
	assert_false(lf_exists(at(p, "small")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(makes_and_merges_indexes),
		cmocka_unit_test(passes_over_other_architectures),
		cmocka_unit_test(writes_nothing_on_failure),
		cmocka_unit_test(signs_indexes_once),
		cmocka_unit_test(signs_packages_in_place),
		cmocka_unit_test(keeps_private_keys_private),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
