/*
 * Python modules: a folder site-packages below pythonX.Y asks for that interpreter; the last one
 * found wins.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "build/scan/scan.h"

#include "base/banned.h"

#define PYTHON "python"

static bool visit(void *data, struct lf_node *n, const char *path, struct lf_err *err)
{
	const char **version = data;

	(void)path;
	(void)err;
	if (n->type == LF_NODE_DIR && strcmp(n->name, "site-packages") == 0 &&
	    lf_starts(n->parent->name ? n->parent->name : "", PYTHON))
		*version = n->parent->name + strlen(PYTHON);
	return true;
}

bool lf_scan_python(struct lf_scan *s, struct lf_err *err)
{
	const char *version = "", *declared;

	if (!lf_tree_walk(s->tree, visit, &version, err))
		return false;
	if (!*version)
		return true;
	declared = lf_scan_declared(s, NULL, PYTHON);
	if (declared) {
		lf_warn(s->ctx,
			"%s: Python dependency \"%s\" already specified, consider removing it in "
			"favor of SCA-generated dependency",
			s->out->unit->name, declared);
		return true;
	}
	lf_info(s->ctx, "  found python module, generating python-%s-base dependency", version);
	lf_scan_add(s, &s->runtime, "python-%s-base", version);
	return true;
}
