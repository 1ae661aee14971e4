/*
 * melange initramfs: packages as the first file system of a virtual machine.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/image.h>

#include "melange/commands.h"

#include "base/banned.h"

static const struct lf_opt opts[] = {
	LF_OPT_STRING(0, "arch", struct lf_initramfs_options, arch, NULL,
		      "target architecture (such as x86_64 or aarch64)", .dir = "-"),
	LF_OPT_STRING(0, "init-package", struct lf_initramfs_options, init_package, "microvm-init",
		      "package with the init program", .dir = "-"),
	LF_OPT_STRINGS('k', "keyring", struct lf_initramfs_options, keyring, NULL,
		       "keys that repositories may be signed with"),
	LF_OPT_STRING('o', "output", struct lf_initramfs_options, output, NULL,
		      "file to write (required)", .required = true),
	LF_OPT_STRINGS('p', "package", struct lf_initramfs_options, packages, NULL,
		       "further packages", .dir = "-"),
	LF_OPT_STRINGS('r', "repository", struct lf_initramfs_options, repositories,
		       "https://apk.cgr.dev/chainguard", "repositories to take packages from",
		       .dir = "d"),
	LF_OPT_END,
};

static bool run(struct lf_cli *cli, void *values, struct lf_err *err)
{
	return lf_initramfs_build(&cli->ctx, values, err);
}

const struct lf_cmd melange_cmd_initramfs = {
	.name = "initramfs",
	.about = "Build a base initramfs for the QEMU runner",
	.detail =
		"Build an initramfs that virtual machines can start from, as one cpio archive: the "
		"init\npackage and what it needs. It has neither host keys nor kernel modules; "
		"they are added\nfor each run.",
	.example = "  melange initramfs --arch x86_64 --output ./initramfs.cpio\n\n"
		   "  melange initramfs --arch aarch64 -o ./initramfs.cpio --init-package my-init "
		   "-r ./packages",
	.opts = opts,
	.size = sizeof(struct lf_initramfs_options),
	.run = run,
};
