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

#define OPT_ARCH(type, field)                                                          \
	LF_OPT_STRING(0, "arch", type, field, "host",                                  \
		      "architecture to select from a layout with several (host: this " \
		      "machine's)",                                                    \
		      .dir = "-")

/* ---- ls ---- */

struct ls_args {
	const char *arch;
};

static const struct lf_opt ls_opts[] = {
	OPT_ARCH(struct ls_args, arch),
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

/* ---- mount and umount ---- */

static const struct lf_opt mount_opts[] = {
	OPT_ARCH(struct lf_erofs_mount_options, arch),
	LF_OPT_STRING(0, "mode", struct lf_erofs_mount_options, mode, "auto",
		      "who mounts: kernel, fuse, or auto (the kernel for root, else fuse)",
		      .dir = "auto kernel fuse"),
	LF_OPT_BOOL(0, "rw", struct lf_erofs_mount_options, writable, false,
		    "make the mount writable: changes go to upper in the destination"),
	LF_OPT_END,
};

static bool run_mount(struct lf_cli *cli, void *values, struct lf_err *err)
{
	struct lf_erofs_mount_options *o = values;

	o->dest = cli->args[1];
	return lf_erofs_mount(&cli->ctx, cli->args[0], o, err);
}

static const struct lf_cmd cmd_mount = {
	.name = "mount",
	.use = "mount <source> <dest>",
	.about = "Mount an EROFS image",
	.detail = "Mount an EROFS image at a directory, or the layers of an image over each other "
		  "at\n"
		  "\"merged\" below it.\n"
		  "\n" SOURCES,
	.example = "  apko erofs mount layer.erofs /mnt\n"
		   "  apko erofs mount --rw oci:out /mnt",
	.opts = mount_opts,
	.size = sizeof(struct lf_erofs_mount_options),
	.args = {.min = 2, .max = 2},
	.run = run_mount,
};

static bool run_umount(struct lf_cli *cli, void *values, struct lf_err *err)
{
	(void)values;
	return lf_erofs_umount(&cli->ctx, cli->args[0], err);
}

static const struct lf_cmd cmd_umount = {
	.name = "umount",
	.use = "umount <dest>",
	.about = "Unmount what \"apko erofs mount\" mounted",
	.detail = "Unmount what \"apko erofs mount\" mounted, and remove the directories it made. "
		  "Changes in\n"
		  "\"upper\" stay.",
	.example = "  apko erofs umount /mnt",
	.args = {.min = 1, .max = 1},
	.run = run_umount,
};

static const struct lf_cmd *const commands[] = {&cmd_ls, &cmd_mount, &cmd_umount, NULL};

const struct lf_cmd apko_cmd_erofs = {
	.name = "erofs",
	.about = "Work with EROFS images and layers",
	.sub = commands,
};
