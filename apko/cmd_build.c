/*
 * apko build: an image from a configuration, as a layout directory or an image tar.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/image.h>

#include "apko/commands.h"
#include "apko/options.h"
#include "base/banned.h"

struct args {
	struct lf_image_options o;
	struct apko_retired retired;
};

static const struct lf_opt opts[] = {
	APKO_OPT_ANNOTATIONS(struct args, o.annotations),
	APKO_OPT_ARCH(struct args, o.archs),
	APKO_OPT_BUILD_DATE(struct args, o.build_date),
	APKO_OPT_BUILD_REPOSITORIES(struct args, o.build_repositories),
	APKO_OPT_CACHE_DIR(struct args, o.cache_dir),
	APKO_OPT_FORMAT(struct args, o.format),
	APKO_OPT_IGNORE_SIGNATURES(struct args, o.ignore_signatures),
	APKO_OPT_INCLUDE_PATHS(struct args, o.include_paths),
	APKO_OPT_KEYRING(struct args, o.keyring),
	APKO_OPT_LOCKFILE(struct args, o.lockfile),
	APKO_OPTS_LIMITS(struct args, o.max_control, o.max_data, o.max_index, o.max_response),
	APKO_OPT_OFFLINE(struct args, o.offline),
	APKO_OPT_PACKAGES(struct args, o.packages),
	APKO_OPT_REPOSITORIES(struct args, o.repositories),
	APKO_OPT_SBOM(struct args, o.sbom),
	APKO_OPT_SBOM_FORMATS(struct args, o.sbom_formats),
	APKO_OPT_SBOM_PATH(struct args, o.sbom_path,
			   "directory for the SBOMs (none: the current one)"),
	APKO_OPT_VCS(struct args, o.probe_vcs),
	APKO_OPT_VERIFY_PACKAGES(struct args, o.verify_packages),
	APKO_OPTS_RETIRED(struct args, retired),
	LF_OPT_END,
};

static bool run(struct lf_cli *cli, void *values, struct lf_err *err)
{
	struct lf_image_options *o = &((struct args *)values)->o;

	o->config = cli->args[0];
	return lf_image_build(&cli->ctx, o, cli->args[1], cli->args[2], err);
}

const struct lf_cmd apko_cmd_build = {
	.name = "build",
	.use = "build <config.yaml> <tag> <output.tar|oci-layout-dir/>",
	.about = "Build an image that a YAML file describes",
	.detail = "Builds the image that a YAML file describes, for each of its architectures.\n"
		  "\n"
		  "An output that is a directory becomes an OCI layout, anything else a tar for\n"
		  "`docker load`:\n"
		  "\n"
		  "  docker load < output.tar\n"
		  "\n"
		  "SBOMs that tell what is in each image and in the index are written beside.",
	.example = "  apko build <config.yaml> <tag> <output.tar|oci-layout-dir/>",
	.opts = opts,
	.size = sizeof(struct args),
	.args = {.min = 3,
		 .max = 3,
		 .text = "requires 3 arg: 1 config file, a tag for the image, and an output path"},
	.run = run,
};
