/*
 * melange compile: flags in, one line of JSON out.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/recipe.h>

#include <stdio.h>

#include "melange/commands.h"

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

#define STRING(name, field, def, ...)  LF_OPT_STRING(0, name, struct args, field, def, __VA_ARGS__)
#define STRINGS(name, field, def, ...) LF_OPT_STRINGS(0, name, struct args, field, def, __VA_ARGS__)
#define BOOL(name, field, on, ...)     LF_OPT_BOOL(0, name, struct args, field, on, __VA_ARGS__)

static const struct lf_opt opts[] = {
	STRING("apk-cache-dir", apk_cache_dir, NULL,
	       "directory used for cached apk packages (default is system-defined cache directory)",
	       .dir = "d"),
	STRING("arch", o.arch, NULL, "architecture to compile for", .required = true),
	STRING("build-date", o.build_date, NULL,
	       "date used for the timestamps of the files inside the image"),
	STRINGS("build-option", o.build_options, NULL, "build options to enable"),
	STRING("cache-dir", cache_dir, "./melange-cache/", "directory used for cached inputs",
	       .dir = "d"),
	STRING("cache-source", cache_source, NULL,
	       "directory or bucket used for preloading the cache"),
	STRING("cpu", o.cpu, NULL, "default CPU resources to use for builds"),
	BOOL("create-build-log", create_build_log, false,
	     "creates a packages.log file containing a list of packages that were built by the "
	     "command"),
	BOOL("debug", debug, false, "enables debug logging of build pipelines"),
	BOOL("debug-runner", debug_runner, false,
	     "when enabled, the builder pod will persist after the build succeeds or fails"),
	STRING("dependency-log", dependency_log, NULL, "log dependencies to a specified file"),
	BOOL("empty-workspace", empty_workspace, false,
	     "whether the build workspace should be empty"),
	STRINGS("env-file", o.env_files, NULL,
		"file(s) to use for preloaded environment variables"),
	BOOL("fail-on-lint-warning", fail_on_warning, false, "turns linter warnings into failures"),
	BOOL("generate-index", generate_index, true, "whether to generate APKINDEX.tar.gz"),
	BOOL("generate-provenance", generate_provenance, false,
	     "generate SLSA provenance for builds (included in a separate .attest.tar.gz file next "
	     "to the APK)"),
	STRING("git-commit", o.git_commit, NULL,
	       "commit hash of the git repository containing the build config file (defaults to "
	       "detecting HEAD)"),
	STRING("git-repo-url", git_repo_url, NULL,
	       "URL of the git repository containing the build config file"),
	LF_OPT_BOOL('i', "interactive", struct args, interactive, false,
		    "when enabled, attaches stdin with a tty to the pod on failure"),
	LF_OPT_STRINGS('k', "keyring-append", struct args, keyring, NULL,
		       "path to extra keys to include in the build environment keyring"),
	STRING("license", license, "NOASSERTION",
	       "license to use for the build config file itself"),
	STRINGS("log-policy", log_policy, "builtin:stderr", "logging policy to use"),
	STRING("memory", o.memory, NULL, "default memory resources to use for builds"),
	STRING("namespace", namespace, "unknown",
	       "namespace to use in package URLs in SBOM (eg wolfi, alpine)"),
	STRING("out-dir", out_dir, "./packages/", "directory where packages will be output",
	       .dir = "d"),
	STRINGS("package-append", packages, NULL,
		"extra packages to install for each of the build environments"),
	STRING("pipeline-dir", o.pipeline_dir, NULL,
	       "directory used to extend defined built-in pipelines", .dir = "d"),
	LF_OPT_STRINGS('r', "repository-append", struct args, repositories, NULL,
		       "path to extra repositories to include in the build environment"),
	BOOL("rm", remove, false,
	     "clean up intermediate artifacts (e.g. container images, temp dirs)"),
	STRING("runner", runner, NULL,
	       "which runner to use to enable running commands, default is based on your platform. "
	       "Options are [\"bubblewrap\" \"docker\" \"qemu\"]",
	       .dir = "bubblewrap docker qemu"),
	STRING("signing-key", o.signing_key, NULL, "key to use for signing"),
	STRING("source-dir", source_dir, NULL, "directory used for included sources", .dir = "d"),
	BOOL("strip-origin-name", strip_origin_name, false,
	     "whether origin names should be stripped (for bootstrap)"),
	LF_OPT_DURATION(0, "timeout", struct args, o.timeout_ns, NULL,
			"default timeout for builds"),
	STRING("vars-file", o.vars_file, NULL,
	       "file to use for preloaded build configuration variables"),
	STRING("workspace-dir", workspace_dir, NULL,
	       "directory used for the workspace at /home/build", .dir = "d"),
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
