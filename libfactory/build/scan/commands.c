/*
 * Commands: a regular file right in a bin folder that everybody may read and run is provided as
 * cmd:NAME.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "build/scan/scan.h"

#include "base/banned.h"

static bool is_bin_folder(const char *path)
{
	return lf_scan_in_dir(path, "bin") || lf_scan_in_dir(path, "sbin") ||
	       lf_scan_in_dir(path, "usr/bin") || lf_scan_in_dir(path, "usr/sbin");
}

static bool visit(void *data, struct lf_node *n, const char *path, struct lf_err *err)
{
	struct lf_scan *s = data;
	const struct lf_node *content = lf_node_content(n);

	(void)err;
	if (n->type != LF_NODE_FILE && n->type != LF_NODE_HARDLINK)
		return true;
	if (!is_bin_folder(path) || !content || (content->mode & 0555) != 0555)
		return true;
	lf_info(s->ctx, "  found command %s", path);
	lf_scan_add(s, &s->provides, "cmd:%s=%s", n->name, s->in->full_version);
	return true;
}

bool lf_scan_commands(struct lf_scan *s, struct lf_err *err)
{
	return lf_tree_walk(s->tree, visit, s, err);
}
