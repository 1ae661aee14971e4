/*
 * melange: builds APK packages from recipes. This file is the table of its commands; each lives in
 * a file of its own.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "melange/commands.h"
#include "base/banned.h"

/* clang-format off */
static const struct lf_cmd *const commands[] = {
	&melange_cmd_build,
	&melange_cmd_bump,
	&melange_cmd_compile,
	&melange_cmd_index,
	&melange_cmd_initramfs,
	&melange_cmd_keygen,
	&melange_cmd_license_check,
	&melange_cmd_lint,
	&melange_cmd_package_version,
	&melange_cmd_query,
	&melange_cmd_rebuild,
	&melange_cmd_scan,
	&melange_cmd_sign,
	&melange_cmd_sign_index,
	&melange_cmd_source,
	&melange_cmd_test,
	&melange_cmd_update_cache,
	&melange_cmd_verify,
	NULL,
};
/* clang-format on */

static const char banner[] = "  __  __   _____   _          _      _   _    ____   _____\n"
			     " |  \\/  | | ____| | |        / \\    | \\ | |  / ___| | ____|\n"
			     " | |\\/| | |  _|   | |       / _ \\   |  \\| | | |  _  |  _|\n"
			     " | |  | | | |___  | |___   / ___ \\  | |\\  | | |_| | | |___\n"
			     " |_|  |_| |_____| |_____| /_/   \\_\\ |_| \\_|  \\____| |_____|\n";

static const struct lf_program program = {
	.name = "melange",
	.about = "",
	.banner = banner,
	.cmds = commands,
	.errors = LF_ERRORS_MELANGE,
	.gcplog = true,
};

int main(int argc, char **argv)
{
	return lf_cli_main(&program, argc, argv);
}
