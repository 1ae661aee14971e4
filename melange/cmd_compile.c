/*
 * melange compile: flags in, one line of JSON out.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/recipe.h>

#include <stdio.h>

#include "melange/commands.h"
#include "melange/options.h"

#include "base/banned.h"

struct args {
	struct lf_compile_options o;
	/* Taken for the sake of scripts that pass the flags of a build; without effect here. */
	bool create_build_log, debug, debug_runner, empty_workspace, fail_on_warning,
		generate_index, generate_provenance, interactive, remove, strip_origin_name;
	const char *apk_cache_dir, *cache_dir, *cache_source, *dependency_log, *git_repo_url,
		*license, *namespace, *out_dir, *runner, *source_dir, *workspace_dir;
	struct lf_strv keyring, log_policy, packages, repositories;
};

static const struct lf_opt opts[] = {
	MELANGE_OPT_APK_CACHE_DIR(apk_cache_dir),
	STRING("arch", o.arch, NULL, "architecture to compile for", .required = true),
	MELANGE_OPT_BUILD_DATE(o.build_date),
	MELANGE_OPT_BUILD_OPTION(o.build_options),
	STRING("cache-dir", cache_dir, "./melange-cache/", "directory used for cached inputs",
	       .dir = "d"),
	MELANGE_OPT_CACHE_SOURCE(cache_source),
	MELANGE_OPT_CPU(o.cpu, "builds"),
	MELANGE_OPT_CREATE_BUILD_LOG(create_build_log),
	BOOL("debug", debug, false, "enables debug logging of build pipelines"),
	BOOL("debug-runner", debug_runner, false,
	     "when enabled, the builder pod will persist after the build succeeds or fails"),
	MELANGE_OPT_DEPENDENCY_LOG(dependency_log),
	MELANGE_OPT_EMPTY_WORKSPACE(empty_workspace),
	MELANGE_OPT_ENV_FILE(o.env_files),
	BOOL("fail-on-lint-warning", fail_on_warning, false, "turns linter warnings into failures"),
	MELANGE_OPT_GENERATE_INDEX(generate_index),
	MELANGE_OPT_GENERATE_PROVENANCE(generate_provenance),
	MELANGE_OPT_GIT_COMMIT(o.git_commit),
	MELANGE_OPT_GIT_REPO_URL(git_repo_url),
	MELANGE_OPT_INTERACTIVE(interactive),
	LF_OPT_STRINGS('k', "keyring-append", struct args, keyring, NULL,
		       "path to extra keys to include in the build environment keyring"),
	MELANGE_OPT_LICENSE(license),
	STRINGS("log-policy", log_policy, "builtin:stderr", "logging policy to use"),
	MELANGE_OPT_MEMORY(o.memory, "builds"),
	MELANGE_OPT_NAMESPACE(namespace),
	STRING("out-dir", out_dir, "./packages/", "directory where packages will be output",
	       .dir = "d"),
	MELANGE_OPT_PACKAGE_APPEND(packages),
	MELANGE_OPT_PIPELINE_DIR(o.pipeline_dir),
	LF_OPT_STRINGS('r', "repository-append", struct args, repositories, NULL,
		       "path to extra repositories to include in the build environment"),
	MELANGE_OPT_RM(remove, false),
	MELANGE_OPT_RUNNER(runner),
	MELANGE_OPT_SIGNING_KEY(o.signing_key),
	MELANGE_OPT_SOURCE_DIR(source_dir),
	MELANGE_OPT_STRIP_ORIGIN_NAME(strip_origin_name),
	LF_OPT_DURATION(0, "timeout", struct args, o.timeout_ns, NULL,
			"default timeout for builds"),
	MELANGE_OPT_VARS_FILE(o.vars_file),
	MELANGE_OPT_WORKSPACE_DIR(workspace_dir),
	LF_OPT_END,
};

static bool run(struct lf_cli *cli, void *values, struct lf_err *err)
{
	struct args *a = values;
	lf_auto_free char *text = NULL;

	a->o.config = cli->n_args ? cli->args[0] : "";
	a->o.builtins = &melange_builtins;
	if (!lf_compile(&cli->ctx, &a->o, &text, err))
		return false;
	fputs(text, stdout);
	return true;
}

const struct lf_cmd melange_cmd_compile = {
	.name = "compile",
	.use = "compile [config.yaml]",
	.about = "Compile a YAML configuration file",
	.example = "  melange compile [config.yaml]",
	.opts = opts,
	.size = sizeof(struct args),
	.run = run,
};
