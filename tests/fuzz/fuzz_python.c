/*
 * Python modules of a package, which the scan and the linters know by the names of folders and
 * files: a tree with a path a line, a folder where the line ends in "/".
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>

#include "base/fs.h"
#include "build/lint/lint.h"
#include "build/scan/scan.h"

#include "base/banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MAX_LINES 200

static void add_path(struct lf_tree *t, struct lf_str line)
{
	lf_auto_arena arena = {0};
	lf_auto_free char *clean = lf_path_clean(lf_arena_str(&arena, line));
	const char *folder = lf_arena_str(&arena, lf_path_dir(lf_str(clean)));

	if (lf_str_ends(line, "/"))
		folder = clean;
	if (*folder == '.' || *clean == '.' || !lf_tree_mkdirs(t, folder, 0755, NULL))
		return;
	if (folder != clean && !lf_tree_write(t, clean, "x", 1, 0644, NULL))
		return; /* something else is there */
}

static void lint(struct lf_tree *t, struct lf_arena *arena)
{
	static lf_lint_fn *const linters[] = {lf_lint_python_docs, lf_lint_python_test,
					      lf_lint_python_multiple};
	static const struct lf_unit unit = {.name = "py"};
	const struct lf_output out = {.unit = &unit, .tree = t};

	for (size_t i = 0; i < LF_ARRAY_LEN(linters); i++) {
		struct lf_lint l = {.out = &out, .name = "py", .arena = arena};

		if (!linters[i](&l, NULL) || (l.details && !l.message.n))
			abort();
		lf_buf_fini(&l.message);
		lf_strv_fini(&l.items);
		json_decref(l.details);
	}
}

static void scan(struct lf_tree *t, struct lf_arena *arena)
{
	static const struct lf_ctx ctx;
	static const struct lf_unit unit = {.name = "py"};
	struct lf_output out = {.unit = &unit, .tree = t};
	struct lf_scan s = {.ctx = &ctx, .out = &out, .tree = t, .arena = arena};

	if (!lf_scan_python(&s, NULL) || s.runtime.n > 1 ||
	    (s.runtime.n &&
	     (!lf_starts(s.runtime.v[0], "python-") || !lf_ends(s.runtime.v[0], "-base"))))
		abort();
	lf_strv_fini(&s.runtime);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct lf_str text = {(const char *)data, size}, line;
	struct lf_tree *t = lf_tree_new();
	lf_auto_arena arena = {0};

	for (int i = 0; i < MAX_LINES && lf_str_line(&text, &line); i++)
		add_path(t, line);
	scan(t, &arena);
	lint(t, &arena);
	lf_tree_free(t);
	return 0;
}
