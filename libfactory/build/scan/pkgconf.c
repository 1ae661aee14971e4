/*
 * pkg-config: .pc files in the system's folders are provided as pc:NAME and ask for what they
 * require; those elsewhere are vendored.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "build/scan/scan.h"

#include "base/banned.h"

#define MAX_PC (1u << 20)

static bool is_system_folder(const char *path)
{
	static const char *const folders[] = {
		"usr/local/lib/pkgconfig", "usr/local/share/pkgconfig", "usr/lib/pkgconfig",
		"usr/lib64/pkgconfig",     "usr/share/pkgconfig",
	};

	for (size_t i = 0; i < LF_ARRAY_LEN(folders); i++)
		if (lf_scan_in_dir(path, folders[i]))
			return true;
	return false;
}

static void note(struct lf_scan *s, const char *path, struct lf_str name,
		 const struct lf_strv *required)
{
	struct lf_strv *list = is_system_folder(path) ? &s->provides : &s->vendored;

	lf_scan_add(s, list, "pc:" LF_STR_FMT "=%s", LF_STR_ARG(name), s->in->full_version);
	if (list == &s->vendored)
		return;
	for (size_t i = 0; i < required->n; i++)
		lf_scan_add(s, &s->runtime, "pc:%s", required->v[i]);
}

static bool visit(void *data, struct lf_node *n, const char *path, struct lf_err *err)
{
	lf_auto_strv required = {0};
	lf_auto_buf text = {0};
	struct lf_scan *s = data;
	const char *problem;

	if (!lf_ends(path, ".pc") || (n->type != LF_NODE_FILE && n->type != LF_NODE_HARDLINK))
		return true;
	if (!lf_tree_read(s->tree, n, MAX_PC, &text, err))
		return false;
	if (!lf_pc_parse(lf_buf_view(&text), s->arena, &required, &problem)) {
		lf_warn(s->ctx, "Unable to load .pc file (%s) using pkgconfig: %s", path, problem);
		return true;
	}
	note(s, path, lf_str_sub(lf_str(n->name), 0, strlen(n->name) - 3), &required);
	return true;
}

bool lf_scan_pkgconf(struct lf_scan *s, struct lf_err *err)
{
	return lf_tree_walk(s->tree, visit, s, err);
}
