/*
 * Ruby gems: usr/lib/ruby/gems/X.Y.Z/gems (then the same below lib) asks for ruby-X.Y.
 *
 * compat: upstream's pattern takes as Z only what begins with "0", "." or "9"; the gems of
 * ruby 3.2.1 go unseen.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <fnmatch.h>
#include <string.h>

#include "build/scan/scan.h"

#include "base/banned.h"

static const char *find_version(const struct lf_tree *tree, const char *gems)
{
	const struct lf_node *dir = lf_tree_find(tree, gems, true);

	for (const struct lf_node *v = dir ? dir->child : NULL; v; v = v->next)
		if (fnmatch("[0-9]*.[0-9]*.[0.9]*", v->name, 0) == 0 &&
		    lf_tree_child(tree, v, LF_STR("gems")))
			return v->name;
	return NULL;
}

bool lf_scan_ruby(struct lf_scan *s, struct lf_err *err)
{
	const char *version = find_version(s->tree, "usr/lib/ruby/gems"), *declared;
	struct lf_str wanted;

	(void)err;
	if (!version)
		version = find_version(s->tree, "lib/ruby/gems");
	if (!version)
		return true;
	declared = lf_scan_declared(s, "ruby", "ruby-");
	if (declared && strcmp(declared, "ruby") == 0) {
		lf_warn(s->ctx, "%s: Ruby dependency already specified", s->out->unit->name);
		return true;
	}
	if (declared) {
		lf_warn(s->ctx,
			"%s: Ruby dependency \"%s\" already specified, consider removing it in "
			"favor of SCA-generated dependency",
			s->out->unit->name, declared);
		return true;
	}
	wanted = lf_str_sub(lf_str(version), 0, (size_t)(strrchr(version, '.') - version));
	lf_info(s->ctx, "  found ruby gem, generating ruby-" LF_STR_FMT " dependency",
		LF_STR_ARG(wanted));
	lf_scan_add(s, &s->runtime, "ruby-" LF_STR_FMT, LF_STR_ARG(wanted));
	return true;
}
