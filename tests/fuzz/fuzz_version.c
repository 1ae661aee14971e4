/*
 * Versions: no text crashes the parser, and the order of two of them is one order whichever comes
 * first.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdint.h>
#include <stdlib.h>

#include "apk/version.h"

#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct lf_str second = {(const char *)data, size}, first = lf_str_cut(&second, '\n');
	struct lf_version a, b;

	if (!second.p || !lf_version_parse(first, &a, NULL) || !lf_version_parse(second, &b, NULL))
		return 0;
	if ((lf_version_cmp(&a, &b) > 0) != (lf_version_cmp(&b, &a) < 0) ||
	    lf_version_satisfies(&a, LF_OP_EQ, &b) != (lf_version_cmp(&a, &b) == 0) ||
	    !lf_version_satisfies(&a, LF_OP_FUZZY, &a))
		abort();
	return 0;
}
