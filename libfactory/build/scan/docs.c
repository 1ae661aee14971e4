/*
 * Documentation packages need the reader of what they hold: man-db for manual pages, texinfo for
 * info files.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "build/scan/scan.h"

#include "base/banned.h"

static bool visit(void *data, struct lf_node *n, const char *path, struct lf_err *err)
{
	static const struct {
		const char *folder, *reader;
	} kinds[] = {{"usr/share/man", "man-db"}, {"usr/share/info", "texinfo"}};
	struct lf_scan *s = data;

	(void)n;
	(void)err;
	for (size_t i = 0; i < LF_ARRAY_LEN(kinds); i++) {
		if (!lf_scan_in_dir(path, kinds[i].folder))
			continue;
		if (lf_strv_has(&s->out->unit->dependencies.runtime, kinds[i].reader))
			lf_warn(s->ctx,
				"%s: %s dependency already specified, consider removing it in "
				"favor of SCA-generated dependency",
				s->out->unit->name, kinds[i].reader);
		lf_info(s->ctx, "  found files in /%s/ in package, generating %s dependency",
			kinds[i].folder, kinds[i].reader);
		lf_strv_add(&s->runtime, kinds[i].reader);
	}
	return true;
}

bool lf_scan_docs(struct lf_scan *s, struct lf_err *err)
{
	if (!lf_ends(s->out->unit->name, "-doc"))
		return true;
	return lf_tree_walk(s->tree, visit, s, err);
}
