/*
 * Linters about the one site-packages folder of a Python package.
 *
 * compat: a module that is a file is known by as many letters of its name as its extension has:
 * "single.py" is "sin".
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "build/lint/lint.h"

#include "base/banned.h"

static const struct lf_node *site_packages(struct lf_lint *l)
{
	const struct lf_node *lib = lf_tree_find(l->out->tree, "usr/lib", true), *found = NULL;
	size_t n = 0;

	for (const struct lf_node *c = lib ? lib->child : NULL; c; c = c->next) {
		if (!lf_starts(c->name, "python3."))
			continue;
		found = c;
		n++;
	}
	if (n > 1)
		lf_buf_printf(&l->message, "more than one Python version detected: %zu found", n);
	return n == 1 ? lf_tree_child(l->out->tree, found, LF_STR("site-packages")) : NULL;
}

static bool has_child(struct lf_lint *l, const struct lf_node *dir, const char *a, const char *b)
{
	return dir && (lf_tree_child(l->out->tree, dir, lf_str(a)) ||
		       lf_tree_child(l->out->tree, dir, lf_str(b)));
}

bool lf_lint_python_docs(struct lf_lint *l, struct lf_err *err)
{
	(void)err;
	if (has_child(l, site_packages(l), "doc", "docs"))
		lf_buf_puts(&l->message,
			    "docs directory encountered in Python site-packages directory");
	return true;
}

bool lf_lint_python_test(struct lf_lint *l, struct lf_err *err)
{
	(void)err;
	if (has_child(l, site_packages(l), "test", "tests"))
		lf_buf_puts(&l->message,
			    "tests directory encountered in Python site-packages directory");
	return true;
}

static bool is_left_out(const char *name)
{
	static const char *const names[] = {"test", "tests", "doc", "docs"};
	static const char *const extensions[] = {".egg-info", ".dist-info", ".pth"};
	const char *dot = strrchr(name, '.');

	for (size_t i = 0; i < LF_ARRAY_LEN(names); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	for (size_t i = 0; dot && i < LF_ARRAY_LEN(extensions); i++)
		if (strcmp(dot, extensions[i]) == 0)
			return true;
	return *name == '_';
}

static void add_package(struct lf_lint *l, const char *name, struct lf_strv *packages)
{
	const char *dot = strrchr(name, '.'), *quoted;
	int n = (int)(dot ? strlen(dot) : strlen(name));

	quoted = lf_arena_printf(l->arena, "\"%.*s\"", n, name);
	if (!lf_strv_has(packages, quoted))
		lf_strv_add(packages, quoted);
}

static void report(struct lf_lint *l, const struct lf_strv *packages)
{
	json_t *list = json_array();

	lf_buf_printf(&l->message, "multiple Python packages detected: %zu found (", packages->n);
	for (size_t i = 0; i < packages->n; i++) {
		lf_buf_printf(&l->message, "%s%s", i ? ", " : "", packages->v[i]);
		json_array_append_new(list, lf_json_text(lf_str(packages->v[i])));
		lf_lint_item(l, "%s", packages->v[i]);
	}
	lf_buf_putc(&l->message, ')');
	l->details = json_object();
	lf_json_set(l->details, "count", json_integer((json_int_t)packages->n));
	lf_json_set(l->details, "packages", list);
}

static bool visit(void *data, struct lf_node *n, const char *path, struct lf_err *err)
{
	(void)data;
	(void)n;
	(void)path;
	(void)err;
	return true;
}

bool lf_lint_python_multiple(struct lf_lint *l, struct lf_err *err)
{
	lf_auto_strv packages = {0};
	const struct lf_node *dir;

	if (!lf_tree_walk(l->out->tree, visit, NULL, err)) /* puts children in order */
		return false;
	dir = site_packages(l);
	for (const struct lf_node *c = dir ? dir->child : NULL; c; c = c->next)
		if (!is_left_out(c->name))
			add_package(l, c->name, &packages);
	if (packages.n > 1)
		report(l, &packages);
	return true;
}
