/*
 * Substitution: "KEY=VALUE" lines that refer to each other, then text. Whatever the strict replacer
 * accepts, quoting and the plain replacer must survive too.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdint.h>
#include <stdlib.h>

#include "recipe/vars.h"

#include "base/banned.h"

#define MAX_ITEMS 64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	lf_auto_arena arena = {0};
	lf_auto_err err = {0};
	lf_auto_vars vars = {0};
	struct lf_vars_item item[MAX_ITEMS];
	struct lf_str rest = lf_str(lf_arena_dup(&arena, (const char *)data, size)), line;
	size_t n = 0;

	while (n < MAX_ITEMS && lf_str_line(&rest, &line) && lf_str_find(line, '=') > 0) {
		item[n].key = lf_arena_str(&arena, lf_str_cut(&line, '='));
		item[n++].value = lf_arena_str(&arena, line);
	}
	if (!lf_vars_expand_each(item, n, "vars.", NULL, &arena, &err))
		return 0;
	for (size_t i = 0; i < n; i++)
		lf_vars_set(&vars, lf_arena_printf(&arena, "vars.%s", item[i].key), item[i].value);
	const char *text = lf_arena_str(&arena, rest);
	const char *strict = lf_vars_expand(&vars, text, &arena, NULL);
	const char *quoted = lf_vars_expand_quoted(&vars, text, &arena, NULL);
	if (!strict != !quoted || !lf_vars_replace(&vars, text, &arena))
		abort();
	return 0;
}
