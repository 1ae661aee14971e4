/*
 * Linters about permission bits of regular files.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>

#include "build/lint/lint.h"

#include "base/banned.h"

struct bit {
	unsigned mask;
	const char *name;
};

struct walker {
	struct lf_lint *lint;
	json_t *files;
	const struct bit *bits;
	unsigned minded; /* any of these makes a finding */
};

static void add_file(struct walker *w, unsigned mode, const char *path)
{
	lf_auto_buf names = {0};
	json_t *file = json_object(), *permissions = json_array();
	char octal[8];

	for (const struct bit *b = w->bits; b->mask; b++) {
		if (!(mode & b->mask))
			continue;
		json_array_append_new(permissions, json_string(b->name));
		lf_buf_printf(&names, "%s%s", names.n ? "+" : "", b->name);
	}
	snprintf(octal, sizeof(octal), "%o", mode & 07777);
	lf_json_set_str(file, "path", path);
	lf_json_set_str(file, "mode", octal);
	lf_json_set(file, "permissions", permissions);
	json_array_append_new(w->files, file);
	if (w->minded == 0002)
		lf_lint_item(w->lint, "%s (mode: %s) [%s]", path, octal, lf_buf_c(&names));
	else
		lf_lint_item(w->lint, "%s (mode: %s, %s)", path, octal, lf_buf_c(&names));
}

static bool visit(void *data, struct lf_node *n, const char *path, struct lf_err *err)
{
	struct walker *w = data;

	(void)err;
	if (lf_lint_is_file(n) && (lf_node_content(n)->mode & w->minded))
		add_file(w, lf_node_content(n)->mode, path);
	return true;
}

static bool run(struct lf_lint *l, unsigned minded, const struct bit *bits, struct lf_err *err)
{
	lf_auto_json *files = json_array();
	struct walker w = {.lint = l, .files = files, .bits = bits, .minded = minded};

	if (!lf_tree_walk(l->out->tree, visit, &w, err))
		return false;
	if (!json_array_size(files))
		return true;
	lf_lint_message(l, json_array_size(files));
	l->details = json_object();
	lf_json_set(l->details, "files", json_incref(files));
	return true;
}

bool lf_lint_setuidgid(struct lf_lint *l, struct lf_err *err)
{
	static const struct bit bits[] = {
		{04000, "setuid"}, {02000, "setgid"}, {01000, "sticky"}, {0, NULL}};

	return run(l, 07000, bits, err);
}

bool lf_lint_worldwrite(struct lf_lint *l, struct lf_err *err)
{
	static const struct bit bits[] = {
		{0002, "world-writable"}, {0111, "executable"}, {0, NULL}};

	return run(l, 0002, bits, err);
}
