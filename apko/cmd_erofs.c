/*
 * apko erofs: what is in images of EROFS layers, without and with mounting them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/erofs.h>

#include <stdio.h>
#include <stdlib.h>

#include "apko/commands.h"
#include "base/banned.h"

#define SOURCES                                                      \
	"SOURCE is one of\n"                                         \
	"\n"                                                         \
	"  erofs:FILE      an EROFS image\n"                         \
	"  oci:DIR[:TAG]   an OCI layout (also oci-dir:DIR[:TAG])\n" \
	"  PATH[:TAG]      a file is an EROFS image, a directory an OCI layout"

/* ---- ls ---- */

struct ls_args {
	const char *arch;
};

static const struct lf_opt ls_opts[] = {
	LF_OPT_STRING(0, "arch", struct ls_args, arch, "host",
		      "architecture of the image in a layout with several", .dir = "-"),
	LF_OPT_END,
};

static bool run_ls(struct lf_cli *cli, void *values, struct lf_err *err)
{
	const struct ls_args *a = values;
	char *text;

	if (!lf_erofs_list(&cli->ctx, cli->args[0], a->arch, &text, err))
		return false;
	(void)fputs(text, stdout);
	free(text);
	return true;
}

static const struct lf_cmd cmd_ls = {
	.name = "ls",
	.use = "ls <source>",
	.about = "List the contents of an EROFS image without mounting it",
	.detail = "List the contents of an EROFS image without mounting it; the layers of an image "
		  "lie over each other.\n"
		  "\n" SOURCES,
	.example = "  apko erofs ls layer.erofs\n"
		   "  apko erofs ls oci:out --arch arm64",
	.opts = ls_opts,
	.size = sizeof(struct ls_args),
	.args = {.min = 1, .max = 1},
	.run = run_ls,
};

static const struct lf_cmd *const commands[] = {&cmd_ls, NULL};

const struct lf_cmd apko_cmd_erofs = {
	.name = "erofs",
	.about = "Work with EROFS images and layers",
	.sub = commands,
};
