/*
 * YAML text → a tree of nodes: the text is checked, then read. Where libfyaml goes wrong with an
 * empty block ("key: |" and then a line that is not indented more than the key), the block is taken
 * out of the text, places stay, and reading begins again.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "codec/yaml.h"
#include "codec/yaml_text.h"

#include "base/banned.h"

#define MAX_TEXT         (16u << 20)
#define MAX_EMPTY_BLOCKS 20

/* The text with blanks from the block's "|" or ">" behind `at` to the end of the line. */
static struct lf_str without_block(struct lf_str text, size_t at, struct lf_arena *arena)
{
	char *copy = lf_arena_dup(arena, text.p, text.n);

	while (at < text.n && copy[at] != '|' && copy[at] != '>' && copy[at] != '\n')
		at++;
	while (at < text.n && copy[at] != '\n' && copy[at] != '\r')
		copy[at++] = ' ';
	return (struct lf_str){copy, text.n};
}

bool lf_yaml_parse(struct lf_str text, const char *file, struct lf_arena *arena,
		   struct lf_yaml **ret, struct lf_err *err)
{
	const char *name = lf_arena_strdup(arena, file);

	if (text.n > MAX_TEXT)
		return lf_fail_new(err, LF_E_LIMIT, "%s: size limit exceeded: limit is %u bytes",
				   file, MAX_TEXT);
	(void)lf_str_skip(&text, "\xef\xbb\xbf");
	if (!lf_yaml_check_text(text, name, err))
		return false;
	for (unsigned i = 0;; i++) {
		size_t block = 0;

		if (lf_yaml_read(text, name, arena, ret, &block, err))
			return true;
		if (!block || i == MAX_EMPTY_BLOCKS)
			return false;
		text = without_block(text, block, arena);
	}
}
