/*
 * apko show-packages: the packages and versions that an image would hold.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/image.h>

#include <stdio.h>
#include <stdlib.h>

#include "apko/commands.h"
#include "apko/options.h"
#include "base/banned.h"

struct args {
	struct lf_image_options o;
	const char *format, *explain;
	bool debug;
};

static const struct lf_opt opts[] = {
	APKO_OPT_ARCH(struct args, o.archs),
	APKO_OPT_BUILD_REPOSITORIES(struct args, o.build_repositories),
	APKO_OPT_CACHE_DIR(struct args, o.cache_dir),
	APKO_OPT_RETIRED_DEBUG(struct args, debug),
	LF_OPT_STRING(0, "explain", struct args, explain, "",
		      "say why the package of this name is chosen, and why in that version, "
		      "instead of listing packages"),
	LF_OPT_STRING(0, "format", struct args, format, "{{ .Name }} {{ .Version }}",
		      "what a line shows: one of the names above, or a Go template over `.Name`, "
		      ".Version and .Source"),
	APKO_OPT_KEYRING(struct args, o.keyring),
	APKO_OPT_OFFLINE(struct args, o.offline),
	APKO_OPT_REPOSITORIES(struct args, o.repositories),
	LF_OPT_END,
};

static bool run(struct lf_cli *cli, void *values, struct lf_err *err)
{
	struct args *a = values;
	char *text;
	bool ok;

	a->o.config = cli->args[0];
	if (*a->explain)
		ok = lf_image_explain(&cli->ctx, &a->o, a->explain, &text, err);
	else
		ok = lf_image_show_packages(&cli->ctx, &a->o, a->format, &text, err);
	if (!ok)
		return false;
	(void)fputs(text, stdout);
	free(text);
	return true;
}

const struct lf_cmd apko_cmd_show_packages = {
	.name = "show-packages",
	.use = "show-packages <config.yaml>",
	.about = "List the packages that an image would hold",
	.detail = "Lists the packages that an image would hold, one a line, in the order of "
		  "installing.\n"
		  "Nothing is built. --format takes one of these names, or a template:\n"
		  "  name-version\n"
		  "  name-version-source\n"
		  "  name=version\n"
		  "  name=version-source\n"
		  "  name-(version)\n"
		  "  name-(version)-source\n"
		  "  packagelock\n"
		  "  packagelock-source",
	.example = "  apko show-packages <config.yaml>",
	.opts = opts,
	.size = sizeof(struct args),
	.args = {.min = 1, .max = 1},
	.run = run,
};
