/*
 * Licences in texts, against the copies that Debian has on every system; and which files are taken
 * for licence files.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/fs.h"
#include "base/mem.h"
#include "sbom/license_detect.h"

#include "base/banned.h"

#define FOLDER "/usr/share/common-licenses/"

/* Appends a file; skips the test where it is not. */
static void add_file(struct lf_buf *to, const char *name)
{
	lf_auto_buf path = {0}, text = {0};

	lf_buf_printf(&path, FOLDER "%s", name);
	if (!lf_read_file(lf_buf_c(&path), 1 << 20, &text, NULL))
		skip();
	lf_buf_str(to, lf_buf_view(&text));
}

static void check(struct lf_str text, const char *want)
{
	struct lf_licenses found;
	lf_auto_buf got = {0};

	lf_license_detect(text, &found);
	for (size_t i = 0; i < found.n; i++)
		lf_buf_printf(&got, "%s%s%s", i ? " " : "", found.v[i].license->name,
			      found.v[i].confidence < LF_LICENSE_CONFIDENT ? "?" : "");
	assert_string_equal(lf_buf_c(&got), want);
}

static void knows_common_licences(void **state)
{
	static const char *const cases[][2] = {
		{"Apache-2.0", "Apache-2.0"}, {"Artistic", "Artistic-1.0-Perl"},
		{"CC0-1.0", "CC0-1.0"},       {"GFDL-1.2", "GFDL-1.2"},
		{"GFDL-1.3", "GFDL-1.3"},     {"GPL-1", "GPL-1.0"},
		{"GPL-2", "GPL-2.0"},         {"GPL-3", "GPL-3.0"},
		{"LGPL-2", "LGPL-2.0"},       {"LGPL-2.1", "LGPL-2.1"},
		{"LGPL-3", "LGPL-3.0"},       {"MPL-1.1", "MPL-1.1"},
		{"MPL-2.0", "MPL-2.0"},       {"BSD", "BSD-3-Clause"},
	};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		lf_auto_buf text = {0};

		add_file(&text, cases[i][0]);
		check(lf_buf_view(&text), cases[i][1]);
	}
}

/* Other line breaks, comment signs, case, and words between. */
static void looks_through_layout(void **state)
{
	lf_auto_buf text = {0}, changed = {0};
	struct lf_str rest, word;

	(void)state;
	add_file(&text, "Apache-2.0");
	lf_buf_puts(&changed, " * Copyright (c) 2020 Somebody, all rights reserved\n *\n");
	rest = lf_buf_view(&text);
	for (size_t i = 1; lf_str_word(&rest, &word); i++) {
		for (size_t k = 0; k < word.n; k++) {
			char c = word.p[k];

			lf_buf_putc(&changed, c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c);
		}
		lf_buf_puts(&changed, i % 7 ? " " : "\n // ");
		if (i % 100 == 0)
			lf_buf_puts(&changed, "something ");
	}
	check(lf_buf_view(&changed), "Apache-2.0");
}

static void finds_several_in_one_text(void **state)
{
	lf_auto_buf text = {0};

	(void)state;
	lf_buf_puts(&text, "This program comes under two licences.\n\n");
	add_file(&text, "MPL-2.0");
	lf_buf_puts(&text, "\nor, if you like that better:\n\n");
	add_file(&text, "Apache-2.0");
	add_file(&text, "Apache-2.0");
	struct lf_licenses found;

	lf_license_detect(lf_buf_view(&text), &found);
	assert_int_equal(found.n, 2);
	assert_true(found.v[0].confidence >= found.v[1].confidence);
	assert_true(found.v[1].confidence >= LF_LICENSE_CONFIDENT);
	assert_int_equal(strcmp(found.v[0].license->name, "MPL-2.0") == 0 ||
				 strcmp(found.v[1].license->name, "MPL-2.0") == 0,
			 true);
	assert_null(found.nearest.license);
}

/* Half of a licence is none, but the nearest is told. */
static void tells_the_nearest(void **state)
{
	lf_auto_buf text = {0};
	struct lf_licenses found;

	(void)state;
	add_file(&text, "GPL-2");
	lf_license_detect(lf_str_sub(lf_buf_view(&text), 0, text.n / 2), &found);
	assert_int_equal(found.n, 0);
	assert_string_equal(found.nearest.license->name, "GPL-2.0");
	assert_true(found.nearest.confidence > 0.3 && found.nearest.confidence < 0.8);
	check(LF_STR(""), "");
	check(LF_STR("hello"), "");
	check(LF_STR("All of this is mine, and nobody may do anything with it, ever.\n"), "");
}

static void weighs_file_names(void **state)
{
	static const struct {
		const char *path;
		double want;
		bool all;
	} cases[] = {
		{"LICENSE", 1.00, false},
		{"a/b/licence", 1.00, false},
		{"UNLICENSE", 1.00, false},
		{"LICENSE.md", 0.80, false},
		{"License-MIT", 0.70, false},
		{"LICENSE_MIT.txt", 0.70, false},
		{"COPYING", 0.90, false},
		{"Copyright", 0.90, false},
		{"COPYING.LESSER", 0.75, false},
		{"COPYING-GPL.txt", 0.65, false},
		{"MIT-LICENSE", 0.60, false},
		{"mit_license.txt", 0.60, false},
		{"GPL-COPYING", 0.55, false},
		{"OFL.txt", 0.45, false},
		{"OFL", 0.40, false},
		{"PATENTS", 0.35, false},
		{"PATENTS.txt", 0.30, false},
		{"LICENSE.go", 0, false},
		{"LICENSE.spdx", 0, false},
		{"licenses", 0, false},
		{"LICENSE.a.b", 0, false},
		{"license-a.b.c", 0, false},
		{"a-b-license", 0, false},
		{"README", 0, false},
		{"copy", 0, false},
		{"ofl-x", 0, false},
		{"x/node_modules/y/LICENSE", 0, false},
		{"x/node_modules/y/LICENSE", 1.00, true},
		{"rust-1.86.0-src/LICENSE", 0, false},
		{"rust-1.86-src/LICENSE", 1.00, false},
		{"venv/LICENSE", 0, false},
	};

	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		double got = lf_license_file_weight(cases[i].path, cases[i].all);

		if (fabs(got - cases[i].want) > 1e-9)
			fail_msg("%s: %f, not %f", cases[i].path, got, cases[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_common_licences),     cmocka_unit_test(looks_through_layout),
		cmocka_unit_test(finds_several_in_one_text), cmocka_unit_test(tells_the_nearest),
		cmocka_unit_test(weighs_file_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
