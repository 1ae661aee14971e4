/*
 * ELF: what is found in this very program, and that cut or damaged files are no ELF.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <elf.h>

#include "base/fs.h"
#include "codec/elf.h"

#include "base/banned.h"

static void reads_itself(void **state)
{
	lf_auto_arena arena = {0};
	lf_auto_fd fd = lf_open_read("/proc/self/exe", NULL);
	struct lf_elf e;
	bool is_elf, libc = false;

	(void)state;
	assert_true(fd >= 0);
	assert_true(lf_elf_read(fd, &arena, &e, &is_elf, NULL));
	assert_true(is_elf);
	assert_true(e.type == ET_DYN || e.type == ET_EXEC);
	assert_non_null(e.interp);
	assert_non_null(strstr(e.interp, "ld"));
	for (size_t i = 0; i < e.needed.n; i++)
		libc |= lf_starts(e.needed.v[i], "libc.");
	assert_true(libc);
	assert_true(lf_strv_has(&e.sections, ".text"));
	assert_int_equal(e.soname.n, 0);
	assert_int_equal(e.go_buildinfo.n, 0);
}

static void takes_damaged_files_as_none(void **state)
{
	static const size_t cuts[] = {0, 1, 4, 16, 63, 64, 100, 200, 1000};
	lf_auto_buf image = {0};

	(void)state;
	assert_true(lf_read_file("/proc/self/exe", 64u << 20, &image, NULL));
	for (size_t i = 0; i < LF_ARRAY_LEN(cuts); i++) {
		lf_auto_arena arena = {0};
		struct lf_elf e;
		bool is_elf = true;

		assert_true(lf_elf_read_mem(image.p, cuts[i], &arena, &e, &is_elf, NULL));
		assert_false(is_elf);
	}
}

static void ignores_other_files(void **state)
{
	lf_auto_arena arena = {0};
	struct lf_elf e;
	bool is_elf = true;

	(void)state;
	assert_true(lf_elf_read_mem("#!/bin/sh\nexit\n", 15, &arena, &e, &is_elf, NULL));
	assert_false(is_elf);
	assert_true(lf_elf_read_mem("!<arch>\n", 8, &arena, &e, &is_elf, NULL));
	assert_false(is_elf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_itself),
		cmocka_unit_test(takes_damaged_files_as_none),
		cmocka_unit_test(ignores_other_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
