/*
 * apko build-minirootfs and build-cpio: the root of one architecture without an image around it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/image.h>

#include "apko/commands.h"
#include "apko/options.h"
#include "base/banned.h"

struct args {
	struct lf_image_options o;
	const char *arch;
};

/* In both commands; build-minirootfs has one more. */
#define OPTS_BEFORE                                                                             \
	APKO_OPT_BUILD_ARCH(struct args, arch), APKO_OPT_BUILD_DATE(struct args, o.build_date), \
		APKO_OPT_BUILD_REPOSITORIES(struct args, o.build_repositories)
#define OPTS_AFTER                                                                    \
	APKO_OPT_KEYRING(struct args, o.keyring),                                     \
		APKO_OPTS_LIMITS(struct args, o.max_control, o.max_data, o.max_index, \
				 o.max_response),                                     \
		APKO_OPT_PACKAGES(struct args, o.packages),                           \
		APKO_OPT_REPOSITORIES(struct args, o.repositories),                   \
		LF_OPT_STRING(0, "sbom-path", struct args, o.sbom_path, NULL,         \
			      "accepted and ignored: a root has no SBOM", .dir = "d")

static const struct lf_opt opts_minirootfs[] = {
	OPTS_BEFORE,
	APKO_OPT_IGNORE_SIGNATURES(struct args, o.ignore_signatures),
	OPTS_AFTER,
	LF_OPT_END,
};

static const struct lf_opt opts_cpio[] = {
	OPTS_BEFORE,
	OPTS_AFTER,
	LF_OPT_END,
};

static void init(void *values)
{
	((struct args *)values)->arch = lf_host_arch();
}

static bool run_minirootfs(struct lf_cli *cli, void *values, struct lf_err *err)
{
	struct args *a = values;

	a->o.config = cli->args[0];
	return lf_image_build_minirootfs(&cli->ctx, &a->o, a->arch, cli->args[1], err);
}

static bool run_cpio(struct lf_cli *cli, void *values, struct lf_err *err)
{
	struct args *a = values;

	a->o.config = cli->args[0];
	return lf_image_build_cpio(&cli->ctx, &a->o, a->arch, cli->args[1], err);
}

const struct lf_cmd apko_cmd_build_minirootfs = {
	.name = "build-minirootfs",
	.about = "Build a minirootfs image from a YAML configuration file",
	.detail = "Build a minirootfs image from a YAML configuration file.\n"
		  "\n"
		  "The result is a plain tar of the root of one architecture, whatever its name.",
	.example = "  apko build-minirootfs <config.yaml> <output.tar>",
	.opts = opts_minirootfs,
	.size = sizeof(struct args),
	.args = {.min = 2, .max = 2},
	.init = init,
	.run = run_minirootfs,
};

const struct lf_cmd apko_cmd_build_cpio = {
	.name = "build-cpio",
	.about = "Build a cpio file from a YAML configuration file",
	.detail = "Build a cpio file from a YAML configuration file: the root of one architecture, "
		  "for a\nkernel to start with. It is compressed when its name ends in .gz.",
	.example = "  apko build-cpio <config.yaml> <output.cpio>",
	.hidden = true,
	.opts = opts_cpio,
	.size = sizeof(struct args),
	.args = {.min = 2, .max = 2},
	.init = init,
	.run = run_cpio,
};
