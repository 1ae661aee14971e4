/*
 * Dependency texts: the parts lie inside the text, or in the arena when it was rewritten.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdint.h>
#include <stdlib.h>

#include "apk/version.h"
#include "base/arena.h"

#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	lf_auto_arena arena = {0};
	struct lf_dep d;

	lf_dep_parse((struct lf_str){(const char *)data, size}, &arena, &d);
	if (d.name.n > size || d.version.n > size + 2 || d.tag.n > size || d.text.n != size)
		abort();
	return 0;
}
