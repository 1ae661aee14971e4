/*
 * File capabilities.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "build/setcap.h"

#include "base/banned.h"

static const struct {
	const char *names, *flags, *hex;
} cases[] = {
	{"cap_net_raw", "+ep", "010000030020000000000000000000000000000000000000"},
	{"cap_net_raw", "=p", "000000030020000000000000000000000000000000000000"},
	{"cap_net_raw", "i", "000000030000000000200000000000000000000000000000"},
	{"cap_net_bind_service,cap_net_admin", "+eip",
	 "010000030014000000140000000000000000000000000000"},
	{"cap_sys_admin", "ep", "010000030000200000000000000000000000000000000000"},
	{"cap_ipc_lock", "", "000000030000000000000000000000000000000000000000"},
};

static void encodes_as_the_kernel_reads_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < LF_ARRAY_LEN(cases); i++) {
		struct lf_pair pair = {cases[i].names, cases[i].flags};
		struct lf_pairs add = {.v = &pair, .n = 1};
		struct lf_caps caps = {0};
		uint8_t value[LF_SETCAP_LEN];
		char hex[2 * LF_SETCAP_LEN + 1];

		assert_true(lf_caps_add(&caps, &add, "/x", NULL));
		lf_caps_encode(&caps, value);
		lf_hex(value, sizeof(value), hex);
		assert_string_equal(hex, cases[i].hex);
	}
}

static void refuses_other_names(void **state)
{
	struct lf_pair pair = {"cap_net_raw,cap_foo", "+ep"};
	struct lf_pairs add = {.v = &pair, .n = 1};
	struct lf_caps caps = {0};
	lf_auto_err err = {0};

	(void)state;
	assert_false(lf_caps_add(&caps, &add, "/x", &err));
	assert_string_equal(lf_err_text(&err), "invalid capability \"cap_foo\" for path \"/x\"");
}

static void adds_up_entries_of_one_file(void **state)
{
	struct lf_pair raw = {"cap_net_raw", "+ep"}, lock = {"cap_ipc_lock", "+i"};
	struct lf_setcap entry[] = {
		{.path = "/usr/bin/ping", .add = {.v = &raw, .n = 1}},
		{.path = "absent", .add = {.v = &raw, .n = 1}},
		{.path = "usr/bin/ping", .add = {.v = &lock, .n = 1}},
	};
	struct lf_unit unit = {.setcap = {.v = entry, .n = 3}};
	struct lf_tree *t = lf_tree_new();
	const struct lf_ctx ctx = {0};
	char hex[2 * LF_SETCAP_LEN + 1];

	(void)state;
	assert_non_null(lf_tree_mkdirs(t, "usr/bin", 0755, NULL));
	struct lf_node *n = lf_tree_write(t, "usr/bin/ping", "", 0, 0755, NULL);
	assert_true(lf_setcap_apply(&ctx, &unit, t, NULL));
	assert_non_null(n->xattr);
	assert_true(lf_str_is(n->xattr->key, "security.capability"));
	assert_int_equal(n->xattr->value.n, LF_SETCAP_LEN);
	lf_hex(n->xattr->value.p, LF_SETCAP_LEN, hex);
	assert_string_equal(hex, "010000030020000000400000000000000000000000000000");
	lf_tree_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(encodes_as_the_kernel_reads_it),
		cmocka_unit_test(refuses_other_names),
		cmocka_unit_test(adds_up_entries_of_one_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
