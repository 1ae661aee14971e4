/*
 * apko show-packages: the packages and versions that an image would hold.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/image.h>

#include <stdio.h>
#include <stdlib.h>

#include "apko/commands.h"
#include "base/banned.h"

struct args {
	struct lf_image_options o;
	const char *format, *explain;
};

static const struct lf_opt opts[] = {
	LF_OPT_STRINGS(
		0, "arch", struct args, o.archs, NULL,
		"architectures to show packages for (e.g., x86_64,ppc64le,arm64) -- default is "
		"all, unless specified in config. Can also use 'host' to indicate arch of host "
		"this is running on"),
	LF_OPT_STRINGS('b', "build-repository-append", struct args, o.build_repositories, NULL,
		       "path to extra repositories to include"),
	LF_OPT_STRING(
		0, "cache-dir", struct args, o.cache_dir, NULL,
		"directory to use for caching apk packages and indexes (default '' means to use "
		"system-defined cache directory)",
		.dir = "d"),
	LF_OPT_STRING(0, "explain", struct args, explain, "",
		      "say why the package of this name is chosen, and why in that version, "
		      "instead of listing packages",
		      .hidden = true),
	LF_OPT_STRING(0, "format", struct args, format, "{{ .Name }} {{ .Version }}",
		      "format for showing packages; if pre-defined from list, will use that, else "
		      "go template. See https://pkg.go.dev/text/template for more information. "
		      "Available vars are `.Name`, `.Version`, `.Source`"),
	LF_OPT_STRINGS('k', "keyring-append", struct args, o.keyring, NULL,
		       "path to extra keys to include in the keyring"),
	LF_OPT_BOOL(0, "offline", struct args, o.offline, false,
		    "do not use network to fetch packages (cache must be pre-populated)"),
	LF_OPT_STRINGS('r', "repository-append", struct args, o.repositories, NULL,
		       "path to extra repositories to include"),
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
	.about = "Show the packages and versions that would be installed by a configuration",
	.detail = "Show the packages and versions that would be installed by a configuration.\n"
		  "The result is similar to the first stages of a build, but does not install "
		  "anything.\n"
		  "\n"
		  "The output is one line per package. Pre-defined formats, which may be used by "
		  "name:\n"
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
