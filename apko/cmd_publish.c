/*
 * apko publish: an image from a configuration, pushed to a registry.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/registry.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apko/commands.h"
#include "apko/options.h"
#include "base/banned.h"

struct args {
	struct lf_image_options o;
	struct lf_publish_options publish;
	struct apko_retired retired;
	bool attach_sboms;
};

static const struct lf_opt opts[] = {
	APKO_OPT_ANNOTATIONS(struct args, o.annotations),
	APKO_OPT_ARCH(struct args, o.archs),
	LF_OPT_BOOL(0, "attach-sboms", struct args, attach_sboms, true,
		    "push the SBOMs too, as referrers of images and index (also: "
		    "APKO_ATTACH_SBOMS=false)"),
	APKO_OPT_BUILD_DATE(struct args, o.build_date),
	APKO_OPT_BUILD_REPOSITORIES(struct args, o.build_repositories),
	APKO_OPT_CACHE_DIR(struct args, o.cache_dir),
	APKO_OPT_FORMAT(struct args, o.format),
	APKO_OPT_IGNORE_SIGNATURES(struct args, o.ignore_signatures),
	LF_OPT_STRING(0, "image-refs", struct args, publish.image_refs, NULL,
		      "file for the references of all that was pushed, the index last"),
	APKO_OPT_KEYRING(struct args, o.keyring),
	LF_OPT_BOOL(0, "local", struct args, publish.local, false,
		    "load the image into the docker daemon of this machine instead"),
	APKO_OPT_LOCKFILE(struct args, o.lockfile),
	APKO_OPT_OFFLINE(struct args, o.offline),
	APKO_OPT_PACKAGES(struct args, o.packages),
	APKO_OPT_REPOSITORIES(struct args, o.repositories),
	APKO_OPT_SBOM(struct args, o.sbom),
	APKO_OPT_SBOM_FORMATS(struct args, o.sbom_formats),
	APKO_OPT_SBOM_PATH(struct args, o.sbom_path, "directory for the SBOMs (none: no files)"),
	APKO_OPT_VCS(struct args, o.probe_vcs),
	APKO_OPT_VERIFY_PACKAGES(struct args, o.verify_packages),
	APKO_OPTS_RETIRED(struct args, retired),
	LF_OPT_END,
};

static bool parse_bool(const char *text, bool *ret)
{
	static const char *const yes[] = {"1", "t", "T", "true", "TRUE", "True", NULL};
	static const char *const no[] = {"0", "f", "F", "false", "FALSE", "False", NULL};

	for (size_t i = 0; yes[i]; i++) {
		*ret = strcmp(text, yes[i]) == 0;
		if (*ret || strcmp(text, no[i]) == 0)
			return true;
	}
	return false;
}

/* The option counts before the variable, and either before what is usual. */
static bool decide_attach(const struct lf_cli *cli, bool on, enum lf_attach *ret,
			  struct lf_err *err)
{
	const char *variable = getenv("APKO_ATTACH_SBOMS");

	*ret = LF_ATTACH_DEFAULT;
	if (!lf_cli_given(cli, "attach-sboms")) {
		if (!variable || !*variable)
			return true;
		if (!parse_bool(variable, &on))
			return lf_fail_new(err, LF_E_USAGE,
					   "APKO_ATTACH_SBOMS is neither true nor false: %s",
					   variable);
	}
	*ret = on ? LF_ATTACH_REQUIRED : LF_ATTACH_NEVER;
	return true;
}

static bool run(struct lf_cli *cli, void *values, struct lf_err *err)
{
	struct args *a = values;
	char *reference;

	a->o.config = cli->args[0];
	a->publish.tags = (struct lf_strv){.v = (const char **)&cli->args[1], .n = cli->n_args - 1};
	if (!decide_attach(cli, a->attach_sboms, &a->publish.attach_sboms, err) ||
	    !lf_image_publish(&cli->ctx, &a->o, &a->publish, &reference, err))
		return false;
	printf("%s\n", reference);
	free(reference);
	return true;
}

const struct lf_cmd apko_cmd_publish = {
	.name = "publish",
	.use = "publish <config.yaml> <tag...>",
	.about = "Build an image and push it to a registry",
	.detail = "Builds the image that a YAML file describes and pushes it to a registry, under "
		  "each tag.\n"
		  "\n"
		  "Credentials come from where `apko login` and `docker login` keep them.\n"
		  "The reference of what was published is printed.",
	.example = "  apko publish <config.yaml> <tag...>",
	.opts = opts,
	.size = sizeof(struct args),
	.args = {.min = 2,
		 .text = "requires at least 2 arg(s), 1 config file and at least 1 tag for the "
			 "image"},
	.run = run,
};
