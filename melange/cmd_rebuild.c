/*
 * melange rebuild: builds published packages once more and compares.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/package.h>

#include <stdio.h>

#include "melange/commands.h"

#include "base/banned.h"

#define STRING(name, field, def, ...) \
	LF_OPT_STRING(0, name, struct lf_packages_rebuild_options, field, def, __VA_ARGS__)

static const struct lf_opt opts[] = {
	LF_OPT_BOOL(0, "diff", struct lf_packages_rebuild_options, diff, true,
		    "fail and show differences between the original and rebuilt packages"),
	LF_OPT_BOOL(0, "faithful-metadata", struct lf_packages_rebuild_options, faithful_metadata,
		    false, "the packages were built with this option"),
	STRING("out-dir", out_dir, "./rebuilt-packages/", "directory where packages will be output",
	       .dir = "d"),
	STRING("runner", runner, NULL,
	       "which runner to use to enable running commands, default is based on your platform. "
	       "Options are [\"bubblewrap\" \"docker\" \"qemu\"]",
	       .dir = "bubblewrap docker qemu"),
	STRING("signing-key", signing_key, NULL, "key to use for signing", .dir = "f"),
	STRING("source-dir", source_dir, NULL, "directory used for included sources", .dir = "d"),
	LF_OPT_END,
};

static bool run(struct lf_cli *cli, void *values, struct lf_err *err)
{
	struct lf_packages_rebuild_options *o = values;
	lf_auto_free char *text = NULL;
	bool differs;

	o->files = (struct lf_strv){(const char **)cli->args, cli->n_args, cli->n_args};
	o->builtins = &melange_builtins;
	if (!lf_packages_rebuild(&cli->ctx, o, &text, &differs, err))
		return false;
	fputs(text, stdout);
	return !differs || lf_fail_new(err, LF_E_CONFIG, "rebuilt packages differ");
}

const struct lf_cmd melange_cmd_rebuild = {
	.name = "rebuild",
	.hidden = true,
	.about = "Rebuild a melange package",
	.opts = opts,
	.size = sizeof(struct lf_packages_rebuild_options),
	.args = {.min = 1},
	.run = run,
};
