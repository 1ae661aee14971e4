/*
 * JSON: whatever parses is printed in both forms, which parse and print the same again.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "codec/json.h"

#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	lf_auto_json *v = lf_json_parse((struct lf_str){(const char *)data, size}, "f", NULL);
	lf_auto_json *again = NULL;
	lf_auto_buf first = {0}, second = {0};
	lf_auto_err err = {0};

	if (!v)
		return 0;
	lf_json_print(&first, v, 2);
	again = lf_json_parse(lf_buf_view(&first), "f", &err);
	/* Go prints 2e20 with all its digits, which are no integer of 64 bits then. */
	if (!again && strstr(lf_err_text(&err), "too big"))
		return 0;
	if (!again)
		abort();
	lf_json_print(&second, again, 2);
	/* A fraction that is zero and negative prints as -0, as Go does, and is an integer then. */
	if (!lf_str_eq(lf_buf_view(&first), lf_buf_view(&second)) && !strstr(first.p, "-0"))
		abort();
	return 0;
}
