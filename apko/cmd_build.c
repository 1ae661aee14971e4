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
	LF_OPT_STRINGS(0, "annotations", struct args, o.annotations, NULL,
		       "OCI annotations to add. Separate with colon (key:value)"),
	APKO_OPT_ARCH(struct args, o.archs),
	APKO_OPT_BUILD_DATE(struct args, o.build_date),
	APKO_OPT_BUILD_REPOSITORIES(struct args, o.build_repositories),
	APKO_OPT_CACHE_DIR(struct args, o.cache_dir),
	LF_OPT_STRING(0, "format", struct args, o.format, NULL,
		      "layer format: tar or erofs (default: what the configuration says, else tar)",
		      .dir = "tar erofs"),
	APKO_OPT_IGNORE_SIGNATURES(struct args, o.ignore_signatures),
	APKO_OPT_INCLUDE_PATHS(struct args, o.include_paths),
	APKO_OPT_KEYRING(struct args, o.keyring),
	LF_OPT_STRING(0, "lockfile", struct args, o.lockfile, NULL,
		      "a path to .lock.json file (e.g. produced by apko lock) that constraints "
		      "versions of packages to the listed ones (default '' means no additional "
		      "constraints)"),
	APKO_OPTS_LIMITS(struct args, o.max_control, o.max_data, o.max_index, o.max_response),
	APKO_OPT_OFFLINE(struct args, o.offline),
	APKO_OPT_PACKAGES(struct args, o.packages),
	APKO_OPT_REPOSITORIES(struct args, o.repositories),
	LF_OPT_BOOL(0, "sbom", struct args, o.sbom, true, "generate SBOMs"),
	LF_OPT_STRINGS(0, "sbom-formats", struct args, o.sbom_formats, "spdx",
		       "SBOM formats to output"),
	LF_OPT_STRING(0, "sbom-path", struct args, o.sbom_path, NULL,
		      "generate SBOMs in dir (defaults to image directory)", .dir = "d"),
	LF_OPT_BOOL(0, "vcs", struct args, o.probe_vcs, true, "detect and embed VCS URLs"),
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
	.about = "Build an image from a YAML configuration file",
	.detail =
		"Build an image from a YAML configuration file.\n"
		"\n"
		"The generated image is in a format which can be used with `docker load`, e.g.\n"
		"\n"
		"  # docker load < output.tar\n"
		"\n"
		"Along the image, apko will generate SBOMs (software bill of materials) describing "
		"the image contents.",
	.example = "  apko build <config.yaml> <tag> <output.tar|oci-layout-dir/>",
	.opts = opts,
	.size = sizeof(struct args),
	.args = {.min = 3,
		 .max = 3,
		 .text = "requires 3 arg: 1 config file, a tag for the image, and an output path"},
	.run = run,
};
