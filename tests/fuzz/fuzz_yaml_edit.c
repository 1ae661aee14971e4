/*
 * Editing YAML: an edit of a scalar or of a list is refused, or it changes the text at its place
 * only, and what the new text says at that place is what was asked for.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "codec/yaml_edit.h"

#include "base/banned.h"

#define MAX_EDITS 12

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct places {
	struct lf_yaml *scalar[MAX_EDITS], *seq[MAX_EDITS];
	size_t n_scalars, n_seqs;
};

static void collect(struct lf_yaml *n, struct places *p)
{
	if (n->kind == LF_YAML_SCALAR && p->n_scalars < MAX_EDITS)
		p->scalar[p->n_scalars++] = n;
	if (n->kind == LF_YAML_SEQ && p->n_seqs < MAX_EDITS)
		p->seq[p->n_seqs++] = n;
	for (size_t i = 0; i < n->n; i++)
		collect(n->item[i], p);
}

static bool open_edit(struct lf_yaml_edit *e, struct lf_str text, struct lf_arena *arena,
		      struct places *ret)
{
	*ret = (struct places){0};
	if (!lf_yaml_edit_open(e, text, "f", arena, NULL))
		return false;
	if (e->root)
		collect(e->root, ret);
	return true;
}

/* What was read from the new text agrees with the tree: finish has seen to that. Here: nothing but
 * the bytes of the value changed. */
static void edit_scalar(struct lf_str text, size_t i)
{
	static const char *const values[] = {"x", "12", "it's \"a\" b\\c", "a: b # c", "", "- ,[{"};
	const char *value = values[(text.n + i) % 6];
	lf_auto_arena arena = {0};
	lf_auto_buf out = {0};
	struct lf_yaml_edit e;
	struct places at;

	if (!open_edit(&e, text, &arena, &at) || i >= at.n_scalars)
		return lf_yaml_edit_fini(&e);
	size_t from = at.scalar[i]->from + e.mark, rest = text.n - at.scalar[i]->to - e.mark;

	if (lf_yaml_edit_set(&e, at.scalar[i], value, (enum lf_yaml_edit_style)(i % 3), NULL) &&
	    lf_yaml_edit_finish(&e, &out, NULL)) {
		if (e.splices.n == 0) {
			from = text.n;
			rest = 0;
		}
		if (out.n < from + rest || memcmp(out.p, text.p, from) != 0 ||
		    memcmp(out.p + out.n - rest, text.p + text.n - rest, rest) != 0 ||
		    !lf_str_is(at.scalar[i]->text, value))
			abort();
	}
	lf_yaml_edit_fini(&e);
}

static void edit_list(struct lf_str text, size_t i)
{
	static const char *const items[] = {"k: v\nl:\n  - 1", "s"};
	lf_auto_arena arena = {0};
	lf_auto_buf out = {0};
	struct lf_yaml_edit e;
	struct places at;

	if (open_edit(&e, text, &arena, &at) && i < at.n_seqs) {
		size_t n = at.seq[i]->n, from = n ? text.n % n : 0;

		if (lf_yaml_edit_items(&e, at.seq[i], from, n ? (i + n) % 2 : 0, items,
				       i % 3 % 2 + 1, NULL) &&
		    lf_yaml_edit_finish(&e, &out, NULL) && !out.n)
			abort();
	}
	lf_yaml_edit_fini(&e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct lf_str text = {(const char *)data, size};
	lf_auto_arena arena = {0};
	struct lf_yaml_edit e;
	struct places at;
	bool ok = open_edit(&e, text, &arena, &at);

	lf_yaml_edit_fini(&e);
	for (size_t i = 0; ok && i < at.n_scalars; i++)
		edit_scalar(text, i);
	for (size_t i = 0; ok && i < at.n_seqs; i++)
		edit_list(text, i);
	return 0;
}
