/*
 * Perl modules: the first folder that matches usr/lib/perlN/X_perl (then the same below lib) names
 * the version needed.
 *
 * compat: the version is the third component of the path, so lib/perl5/core_perl asks for the
 * nonsense perl~core_perl.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "build/scan/scan.h"

#include "base/banned.h"

/* The children of dir are in byte order: some walk came first. */
static const struct lf_node *find_modules(const struct lf_tree *tree, const char *libs)
{
	const struct lf_node *dir = lf_tree_find(tree, libs, true);

	for (const struct lf_node *v = dir ? dir->child : NULL; v; v = v->next) {
		if (!lf_starts(v->name, "perl") || v->name[4] < '0' || v->name[4] > '9')
			continue;
		for (const struct lf_node *m = v->child; m; m = m->next)
			if (lf_ends(m->name, "_perl"))
				return m;
	}
	return NULL;
}

bool lf_scan_perl(struct lf_scan *s, struct lf_err *err)
{
	const struct lf_node *modules = find_modules(s->tree, "usr/lib");
	const char *version;

	(void)err;
	version = modules ? modules->parent->name : NULL;
	if (!modules) {
		modules = find_modules(s->tree, "lib");
		version = modules ? modules->name : NULL;
	}
	if (!modules)
		return true;
	if (lf_starts(version, "perl"))
		version += 4;
	if (lf_scan_declared(s, "perl", NULL)) {
		lf_warn(s->ctx,
			"%s: Perl dependency 'perl' already specified, consider removing it in "
			"favor of SCA-generated dependency",
			s->out->unit->name);
		return true;
	}
	lf_info(s->ctx, "  found perl module, generating perl~%s dependency", version);
	lf_scan_add(s, &s->runtime, "perl~%s", version);
	return true;
}
