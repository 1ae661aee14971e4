/*
 * Templates: no text crashes the parser or the run, neither goes on for ever, and what is refused
 * has a reason.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/mem.h"
#include "codec/template.h"

#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define TEXT(t)                                                                   \
	{                                                                         \
		.kind = LF_VALUE_STR, .type = "string", .s = { t, sizeof(t) - 1 } \
	}

static const struct lf_value list[] = {TEXT("a"), TEXT("b")};
static const struct lf_value_field pairs[] = {{"k", TEXT("v")}};
static const struct lf_value_field fields[] = {
	{"A", TEXT("foo")},
	{"L", {.kind = LF_VALUE_LIST, .type = "[]string", .n = 2, .item = list}},
	{"M", {.kind = LF_VALUE_MAP, .type = "map[string]string", .n = 1, .field = pairs}},
	{"N", {.kind = LF_VALUE_POINTER, .type = "*t.T"}},
	{"U", {.kind = LF_VALUE_UINT, .type = "uint64", .u = 7}},
};
static const struct lf_value top = {
	.kind = LF_VALUE_STRUCT, .type = "t.T", .n = LF_ARRAY_LEN(fields), .field = fields};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	lf_auto_arena arena = {0};
	lf_auto_buf out = LF_BUF((size_t)1 << 20);
	lf_auto_err err = {0};
	const struct lf_template *t = lf_template_parse(
		"t", lf_arena_dup(&arena, (const char *)data, size), &arena, &err);

	if ((!t || !lf_template_run(t, &top, &out, &arena, &err)) && !*lf_err_text(&err))
		abort();
	return 0;
}
