/*
 * Lock files: what is read prints, and reads again as the same packages.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdint.h>
#include <stdlib.h>

#include "image/lock.h"

#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct lf_str text = {(const char *)data, size};
	lf_auto_arena arena = {0};
	lf_auto_buf printed = {0};
	lf_auto_err err = {0};
	struct lf_lock lock, again;

	if (!lf_lock_parse(text, "l", &arena, &lock, &err))
		return 0;
	lf_lock_print(&printed, &lock);
	if (!lf_lock_parse(lf_buf_view(&printed), "l", &arena, &again, &err) ||
	    again.packages.n != lock.packages.n || again.has_config != lock.has_config)
		abort();
	lf_lock_fini(&lock);
	lf_lock_fini(&again);
	return 0;
}
