/*
 * YAML scalars: any valid text that is written reads back as the same string.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "codec/utf8.h"
#include "codec/yaml.h"

#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(struct lf_arena *arena, const char *text, unsigned indent)
{
	lf_auto_buf out = {0};
	struct lf_yaml_out y = {.out = &out, .indent = indent};
	struct lf_yaml *root;

	lf_yaml_map_begin(&y);
	lf_yaml_key(&y, "list");
	lf_yaml_seq_begin(&y);
	lf_yaml_seq_item(&y);
	lf_yaml_str(&y, text);
	lf_yaml_seq_end(&y);
	lf_yaml_key(&y, "value");
	lf_yaml_str(&y, text);
	lf_yaml_map_end(&y);
	if (!lf_yaml_parse(lf_buf_view(&out), "f", arena, &root, NULL))
		abort();
	if (strcmp(lf_yaml_get(root, "value")->text.p, text) != 0)
		abort();
	/* compat: Go writes a wrong indent number in sequences when the indent is not 2. */
	if (indent == 2 && strcmp(lf_yaml_get(root, "list")->item[0]->text.p, text) != 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	lf_auto_arena arena = {0};
	const char *text = lf_arena_dup(&arena, (const char *)data, size);

	if (!lf_utf8_valid(lf_str(text)))
		return 0;
	/* libfyaml 0.7.12 loses line breaks at the start of a block when a tab follows them. */
	if (*text == '\n' && text[strspn(text, "\n ")] == '\t')
		return 0;
	check(&arena, text, 2);
	return 0;
}
