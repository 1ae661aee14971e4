/*
 * Index texts and archives: what could be read is printed, read again and printed the same.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdint.h>
#include <stdlib.h>

#include "apk/package.h"

#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void print(struct lf_buf *out, const struct lf_index *index)
{
	for (size_t i = 0; i < index->n; i++)
		lf_index_print_pkg(out, &index->pkg[i]);
}

static void check_round_trip(struct lf_index *index, struct lf_arena *arena)
{
	lf_auto_buf first = {0};
	lf_auto_buf second = {0};
	struct lf_index again;

	/* values that print differently than they were read settle in the first round */
	print(&first, index);
	if (!lf_index_parse(lf_buf_view(&first), arena, &again, NULL))
		abort();
	print(&second, &again);
	if (!lf_str_eq(lf_buf_view(&first), lf_buf_view(&second)))
		abort();
	lf_index_fini(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	lf_auto_arena arena = {0};
	lf_auto_err err = {0};
	struct lf_index index;

	if (lf_index_parse((struct lf_str){(const char *)data, size}, &arena, &index, &err)) {
		check_round_trip(&index, &arena);
		lf_index_fini(&index);
	}
	if (lf_index_read(data, size, 1 << 20, NULL, &arena, &index, &err))
		lf_index_fini(&index);
	return 0;
}
