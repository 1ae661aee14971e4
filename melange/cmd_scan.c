/*
 * melange scan: what packages of a repository need and offer, by the configuration as it is now.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/package.h>

#include <stdio.h>

#include "melange/commands.h"

#include "base/banned.h"

struct args {
	struct lf_packages_scan_options o;
	const char *keyring; /* taken for the sake of scripts: signatures are not looked at */
};

static const struct lf_opt opts[] = {
	LF_OPT_STRINGS(0, "arch", struct args, o.archs, "x86_64",
		       "architectures to scan the packages of"),
	LF_OPT_BOOL(0, "comments", struct args, o.comments, false,
		    "include comments in .PKGINFO diff"),
	LF_OPT_BOOL(0, "diff", struct args, o.diff, false, "show diff output"),
	LF_OPT_STRING('k', "keyring-append", struct args, keyring, "local-melange.rsa.pub",
		      "path to key to include in the build environment keyring"),
	LF_OPT_STRING(0, "namespace", struct args, o.namespace, "unknown",
		      "namespace to use in package URLs in SBOM (eg wolfi, alpine)"),
	LF_OPT_STRING('p', "package", struct args, o.package, NULL,
		      "which package's .PKGINFO to print"),
	LF_OPT_STRING('r', "repository-append", struct args, o.repository, "./packages",
		      "path to repository to include in the build environment", .dir = "d"),
	LF_OPT_END,
};

static bool run(struct lf_cli *cli, void *values, struct lf_err *err)
{
	struct args *a = values;
	lf_auto_free char *text = NULL;
	bool differs;

	a->o.config = cli->args[0];
	if (!lf_packages_scan(&cli->ctx, &a->o, &text, &differs, err))
		return false;
	fputs(text, stdout);
	return !differs || lf_fail_new(err, LF_E_CONFIG, "saw diff for %s", a->o.config);
}

const struct lf_cmd melange_cmd_scan = {
	.name = "scan",
	.use = "scan",
	.about = "Scan an existing APK to regenerate .PKGINFO",
	.detail = "Scan an existing APK to regenerate .PKGINFO.",
	.example = "  melange scan < foo.yaml",
	.opts = opts,
	.size = sizeof(struct args),
	.args = {.min = 1, .max = 1},
	.run = run,
};
