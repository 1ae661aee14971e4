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

static void note_required(struct lf_scan *s, const char *path, const struct lf_pc *pc)
{
	static const char *const kinds[LF_PC_KINDS] = {"requires", "requires private",
						       "requires internal"};

	for (size_t kind = 0; kind < LF_PC_KINDS; kind++)
		for (size_t i = 0; i < pc->required[kind].n; i++) {
			const char *name = pc->required[kind].v[i];

			lf_info(s->ctx, "  found pkg-config dependency (%s) %s for %s", kinds[kind],
				name, path);
			lf_scan_add(s, &s->runtime, "pc:%s", name);
		}
}

static void note(struct lf_scan *s, const char *path, struct lf_str name, const struct lf_pc *pc)
{
	bool system_wide = is_system_folder(path);

	lf_info(s->ctx, "  found %spkg-config " LF_STR_FMT " for %s",
		system_wide ? "" : "vendored ", LF_STR_ARG(name), path);
	lf_scan_add(s, system_wide ? &s->provides : &s->vendored, "pc:" LF_STR_FMT "=%s",
		    LF_STR_ARG(name), s->in->full_version);
	if (system_wide)
		note_required(s, path, pc);
}

static bool visit(void *data, struct lf_node *n, const char *path, struct lf_err *err)
{
	LF_CLEANUP(lf_pc_fini) struct lf_pc pc = {0};
	lf_auto_buf text = {0};
	struct lf_scan *s = data;
	const char *problem;

	if (!lf_ends(path, ".pc") || (n->type != LF_NODE_FILE && n->type != LF_NODE_HARDLINK))
		return true;
	if (!lf_tree_read(s->tree, n, MAX_PC, &text, err))
		return false;
	if (!lf_pc_parse(lf_buf_view(&text), s->arena, &pc, &problem))
		lf_warn(s->ctx, "Unable to load .pc file (%s) using pkgconfig: %s", path, problem);
	else
		note(s, path, lf_str_sub(lf_str(n->name), 0, strlen(n->name) - 3), &pc);
	return true;
}

bool lf_scan_pkgconf(struct lf_scan *s, struct lf_err *err)
{
	return lf_tree_walk(s->tree, visit, s, err);
}
