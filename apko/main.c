/*
 * apko: builds OCI images from APK packages. This file is the table of its commands; each lives in
 * a file of its own.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "apko/commands.h"
#include "base/banned.h"

/* clang-format off */
static const struct lf_cmd *const commands[] = {
	&apko_cmd_build,
	&apko_cmd_build_cpio,
	&apko_cmd_build_minirootfs,
	&apko_cmd_clean,
	&apko_cmd_dot,
	&apko_cmd_erofs,
	&apko_cmd_install_keys,
	&apko_cmd_lock,
	&apko_cmd_login,
	&apko_cmd_publish,
	&apko_cmd_resolve,
	&apko_cmd_show_config,
	&apko_cmd_show_packages,
	NULL,
};
/* clang-format on */

static const char banner[] = "     _      ____    _  __   ___\n"
			     "    / \\    |  _ \\  | |/ /  / _ \\\n"
			     "   / _ \\   | |_) | | ' /  | | | |\n"
			     "  / ___ \\  |  __/  | . \\  | |_| |\n"
			     " /_/   \\_\\ |_|     |_|\\_\\  \\___/\n";

static const struct lf_program program = {
	.name = "apko",
	.about = "",
	.banner = banner,
	.cmds = commands,
	.errors = LF_ERRORS_APKO,
	.workdir = true,
};

int main(int argc, char **argv)
{
	return lf_cli_main(&program, argc, argv);
}
