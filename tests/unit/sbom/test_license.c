/*
 * License expressions: which are valid, and what stands for those that are not.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "sbom/license.h"

#include "base/banned.h"

static void accepts_expressions(void **state)
{
	static const char *const good[] = {
		"MIT",
		"mit",
		"GPL-2.0-only OR MIT",
		"(MIT AND BSD-2-Clause) OR Apache-2.0",
		"GPL-2.0-or-later WITH Classpath-exception-2.0",
		"Apache-2.0+",
		"GPL-2.0+",
		"GPL-3.0",
		"LicenseRef-x.y",
		"DocumentRef-a:LicenseRef-b",
		" MIT ",
		"0BSD AND zlib-acknowledgement AND ZPL-2.1",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		if (!lf_license_is_valid(lf_str(good[i])))
			fail_msg("%s", good[i]);
}

static void refuses_other_texts(void **state)
{
	static const char *const bad[] = {
		"",
		"PROPRIETARY",
		"NOASSERTION",
		"MIT and BSD-2-Clause",
		"MIT AND",
		"(MIT",
		"MIT)",
		"MIT Apache-2.0",
		"MIT +",
		"LicenseRef-",
		"MIT WITH",
		"MIT WITH MIT",
		"MIT, Apache-2.0",
		"MIT/Apache-2.0",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (lf_license_is_valid(lf_str(bad[i])))
			fail_msg("%s", bad[i]);
}

static void limits_nesting(void **state)
{
	lf_auto_buf b = {0};

	(void)state;
	lf_buf_fill(&b, '(', 100000);
	assert_false(lf_license_is_valid(lf_buf_view(&b)));
}

static void makes_references(void **state)
{
	lf_auto_arena a = {0};

	(void)state;
	assert_string_equal(lf_license_ref(&a, LF_STR("My Custom_License (v2)!")),
			    "LicenseRef-My-Custom-License-v2");
	assert_string_equal(lf_license_ref(&a, LF_STR("???")), "LicenseRef-a03b221c6c6eae71");
}

/* The search needs the order. */
static void keeps_its_lists_in_order(void **state)
{
	(void)state;
	for (size_t i = 0; i < lf_n_license_ids; i++)
		if (!lf_license_is_valid(lf_str(lf_license_ids[i])))
			fail_msg("%s", lf_license_ids[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accepts_expressions),      cmocka_unit_test(refuses_other_texts),
		cmocka_unit_test(limits_nesting),           cmocka_unit_test(makes_references),
		cmocka_unit_test(keeps_its_lists_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
