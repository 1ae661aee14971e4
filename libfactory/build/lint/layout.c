/*
 * Linters about where things are put and what should come with them: merged /usr, temporary
 * folders, tests for libraries, empty packages.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "build/lint/lint.h"

#include "base/banned.h"

/* A test step at the top level that uses one of these. */
static bool has_test(const struct lf_lint *l, const char *const *uses)
{
	const struct lf_steps *steps = l->out->test_pipeline;

	for (; *uses; uses++)
		for (size_t i = 0; steps && i < steps->n; i++)
			if (strcmp(steps->v[i].uses, *uses) == 0)
				return true;
	return false;
}

bool lf_lint_lddcheck(struct lf_lint *l, struct lf_err *err)
{
	static const char *const uses[] = {"test/ldd-check", "test/tw/ldd-check", NULL};

	return has_test(l, uses) || lf_lint_paths(l, err);
}

bool lf_lint_pkgconf(struct lf_lint *l, struct lf_err *err)
{
	static const char *const uses[] = {"test/pkgconf", NULL};

	return has_test(l, uses) || lf_lint_paths(l, err);
}

struct walker {
	struct lf_lint *lint;
	struct lf_strv paths;
	bool tmpfiles; /* the package says itself which folders to make below /run */
	bool found;
};

static void add(struct walker *w, const char *path)
{
	lf_strv_add(&w->paths, lf_arena_strdup(w->lint->arena, path));
}

static bool look_for_tmpfiles(void *data, struct lf_node *n, const char *path, struct lf_err *err)
{
	struct walker *w = data;

	(void)n;
	(void)err;
	w->tmpfiles |= lf_lint_below(path, "usr/lib/tmpfiles.d");
	return true;
}

static bool visit_temp(void *data, struct lf_node *n, const char *path, struct lf_err *err)
{
	struct walker *w = data;
	bool dir = n->type == LF_NODE_DIR;

	(void)err;
	if (lf_lint_below(path, "var/run") ||
	    (!dir && (lf_lint_below(path, "tmp") || lf_lint_below(path, "var/tmp"))) ||
	    (lf_lint_below(path, "run") && !(dir && w->tmpfiles)))
		add(w, path);
	return true;
}

bool lf_lint_tempdir(struct lf_lint *l, struct lf_err *err)
{
	struct walker w = {.lint = l};
	bool ok = lf_tree_walk(l->out->tree, look_for_tmpfiles, &w, err) &&
		  lf_tree_walk(l->out->tree, visit_temp, &w, err);

	if (ok)
		lf_lint_found_paths(l, &w.paths);
	lf_strv_fini(&w.paths);
	return ok;
}

static bool visit_merged(void *data, struct lf_node *n, const char *path, struct lf_err *err)
{
	static const char *const dirs[] = {"sbin", "bin", "usr/sbin", "lib", "lib64"};

	(void)n;
	(void)err;
	for (size_t i = 0; i < LF_ARRAY_LEN(dirs); i++)
		if (strcmp(path, dirs[i]) == 0 || lf_lint_below(path, dirs[i]))
			add(data, path);
	return true;
}

bool lf_lint_usrmerge(struct lf_lint *l, struct lf_err *err)
{
	struct walker w = {.lint = l};
	bool ok = lf_tree_walk(l->out->tree, visit_merged, &w, err);

	if (ok && w.paths.n) {
		lf_buf_puts(&l->message, "Package contains paths in violation of usrmerge:");
		for (size_t i = 0; i < w.paths.n; i++)
			lf_buf_printf(&l->message, "\n%s", w.paths.v[i]);
		lf_lint_found_paths(l, &w.paths);
	}
	lf_strv_fini(&w.paths);
	return ok;
}

static bool visit_any(void *data, struct lf_node *n, const char *path, struct lf_err *err)
{
	struct walker *w = data;

	(void)err;
	w->found |= n->type != LF_NODE_DIR && !lf_lint_below(path, LF_LINT_SBOM_DIR);
	return true;
}

bool lf_lint_empty(struct lf_lint *l, struct lf_err *err)
{
	struct walker w = {.lint = l};

	if (l->out->unit->options.no_provides)
		return true;
	if (!lf_tree_walk(l->out->tree, visit_any, &w, err))
		return false;
	if (!w.found)
		lf_buf_puts(&l->message, "package is empty but no-provides is not set");
	return true;
}
