/*
 * .PKGINFO texts: parsed within the limits, and every text of the record is there.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdint.h>
#include <stdlib.h>

#include "apk/package.h"

#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	lf_auto_arena arena = {0};
	lf_auto_err err = {0};
	struct lf_pkg pkg;

	if (lf_pkginfo_parse((struct lf_str){(const char *)data, size}, &arena, &pkg, &err) &&
	    (!pkg.name || !pkg.version || !pkg.datahash || !pkg.commit))
		abort();
	return 0;
}
