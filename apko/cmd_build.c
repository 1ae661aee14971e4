/*
 * apko build: an image from a configuration, as a layout directory or an image tar.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/image.h>

#include "apko/commands.h"
#include "apko/options.h"
#include "base/banned.h"

static const struct lf_opt opts[] = {
	LF_OPT_STRINGS(0, "annotations", struct lf_image_options, annotations, NULL,
		       "OCI annotations to add. Separate with colon (key:value)"),
	LF_OPT_STRINGS(
		0, "arch", struct lf_image_options, archs, NULL,
		"architectures to build for (e.g., x86_64,ppc64le,arm64) -- default is all, "
		"unless specified in config. Can also use 'host' to indicate arch of host this "
		"is running on"),
	LF_OPT_STRING(
		0, "build-date", struct lf_image_options, build_date, NULL,
		"date used for the timestamps of the files inside the image in RFC3339 format"),
	LF_OPT_STRINGS('b', "build-repository-append", struct lf_image_options, build_repositories,
		       NULL, "path to extra repositories to include"),
	LF_OPT_STRING(
		0, "cache-dir", struct lf_image_options, cache_dir, NULL,
		"directory to use for caching apk packages and indexes (default '' means to use "
		"system-defined cache directory)",
		.dir = "d"),
	LF_OPT_STRING(0, "format", struct lf_image_options, format, NULL,
		      "layer format: tar or erofs (default: what the configuration says, else tar)",
		      .dir = "tar erofs"),
	LF_OPT_BOOL(0, "ignore-signatures", struct lf_image_options, ignore_signatures, false,
		    "ignore repository signature verification"),
	LF_OPT_STRINGS(
		0, "include-paths", struct lf_image_options, include_paths, NULL,
		"additional include paths where to look for input files (config, base image, "
		"etc.). By default apko will search for paths only in workdir. Include paths may "
		"be absolute, or relative. Relative paths are interpreted relative to workdir. "
		"For adding extra paths for packages, use --repository-append",
		.dir = "d"),
	LF_OPT_STRINGS('k', "keyring-append", struct lf_image_options, keyring, NULL,
		       "path to extra keys to include in the keyring"),
	LF_OPT_STRING(0, "lockfile", struct lf_image_options, lockfile, NULL,
		      "a path to .lock.json file (e.g. produced by apko lock) that constraints "
		      "versions of packages to the listed ones (default '' means no additional "
		      "constraints)"),
	LF_OPT_INT64(0, "max-apk-control-size", struct lf_image_options, max_control, "10485760",
		     "maximum decompressed size in bytes for the control section of a package"),
	LF_OPT_INT64(0, "max-apk-data-size", struct lf_image_options, max_data, "17179869184",
		     "maximum decompressed size in bytes for the data section of a package"),
	LF_OPT_INT64(0, "max-apkindex-decompressed-size", struct lf_image_options, max_index,
		     "314572800", "maximum decompressed size in bytes for a package index"),
	LF_OPT_INT64(0, "max-http-response-size", struct lf_image_options, max_response,
		     "8589934592", "maximum size in bytes of an HTTP response"),
	LF_OPT_BOOL(0, "offline", struct lf_image_options, offline, false,
		    "do not use network to fetch packages (cache must be pre-populated)"),
	LF_OPT_STRINGS('p', "package-append", struct lf_image_options, packages, NULL,
		       "extra packages to include"),
	LF_OPT_STRINGS('r', "repository-append", struct lf_image_options, repositories, NULL,
		       "path to extra repositories to include"),
	LF_OPT_BOOL(0, "sbom", struct lf_image_options, sbom, true, "generate SBOMs"),
	LF_OPT_STRINGS(0, "sbom-formats", struct lf_image_options, sbom_formats, "spdx",
		       "SBOM formats to output"),
	LF_OPT_STRING(0, "sbom-path", struct lf_image_options, sbom_path, NULL,
		      "generate SBOMs in dir (defaults to image directory)", .dir = "d"),
	LF_OPT_BOOL(0, "vcs", struct lf_image_options, probe_vcs, true,
		    "detect and embed VCS URLs"),
	APKO_OPT_VERIFY_PACKAGES(struct lf_image_options, verify_packages),
	LF_OPT_END,
};

static bool run(struct lf_cli *cli, void *values, struct lf_err *err)
{
	struct lf_image_options *o = values;

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
	.size = sizeof(struct lf_image_options),
	.args = {.min = 3,
		 .max = 3,
		 .text = "requires 3 arg: 1 config file, a tag for the image, and an output path"},
	.run = run,
};
