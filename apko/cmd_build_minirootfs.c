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
	bool debug;
};

/* In both commands; build-minirootfs has one more. */
#define OPTS_BEFORE                                                                             \
	APKO_OPT_BUILD_ARCH(struct args, arch), APKO_OPT_BUILD_DATE(struct args, o.build_date), \
		APKO_OPT_BUILD_REPOSITORIES(struct args, o.build_repositories)
#define OPTS_AFTER                                                                            \
	APKO_OPT_RETIRED_DEBUG(struct args, debug), APKO_OPT_KEYRING(struct args, o.keyring), \
		APKO_OPTS_LIMITS(struct args, o.max_control, o.max_data, o.max_index,         \
				 o.max_response),                                             \
		APKO_OPT_PACKAGES(struct args, o.packages),                                   \
		APKO_OPT_REPOSITORIES(struct args, o.repositories),                           \
		APKO_OPT_SBOM_PATH(struct args, o.sbom_path,                                  \
				   "accepted and ignored: a root has no SBOM")

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
	.about = "Build the root of an image as a plain tar",
	.detail = "Builds the root of the image that a YAML file describes, for one "
		  "architecture.\n"
		  "\n"
		  "The result is a plain tar, whatever its name.",
	.example = "  apko build-minirootfs <config.yaml> <output.tar>",
	.opts = opts_minirootfs,
	.size = sizeof(struct args),
	.args = {.min = 2, .max = 2},
	.init = init,
	.run = run_minirootfs,
};

const struct lf_cmd apko_cmd_build_cpio = {
	.name = "build-cpio",
	.about = "Build the root of an image as a cpio archive",
	.detail =
		"Builds the root of the image that a YAML file describes, for one architecture, as "
		"a\ncpio archive for a kernel to start with. It is compressed when its name ends "
		"in .gz.",
	.example = "  apko build-cpio <config.yaml> <output.cpio>",
	.hidden = true,
	.opts = opts_cpio,
	.size = sizeof(struct args),
	.args = {.min = 2, .max = 2},
	.init = init,
	.run = run_cpio,
};
