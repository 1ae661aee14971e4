/*
 * melange rebuild: builds published packages once more and compares.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/package.h>

#include <stdio.h>

#include "melange/commands.h"
#include "melange/options.h"

#include "base/banned.h"

struct args {
	struct lf_packages_rebuild_options o;
};

static const struct lf_opt opts[] = {
	BOOL("diff", o.diff, true,
	     "fail and show differences between the original and rebuilt packages"),
	BOOL("faithful-metadata", o.faithful_metadata, false,
	     "the packages were built with this option"),
	STRING("out-dir", o.out_dir, "./rebuilt-packages/",
	       "directory where packages will be output", .dir = "d"),
	MELANGE_OPT_RUNNER(o.runner),
	MELANGE_OPT_SIGNING_KEY(o.signing_key),
	MELANGE_OPT_SOURCE_DIR(o.source_dir),
	LF_OPT_END,
};

static bool run(struct lf_cli *cli, void *values, struct lf_err *err)
{
	struct lf_packages_rebuild_options *o = &((struct args *)values)->o;
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
	.size = sizeof(struct args),
	.args = {.min = 1},
	.run = run,
};
