/*
 * melange build: flags in, lf_build, errors out.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/build.h>

#include "cli/cli.h"
#include "melange/commands.h"

#include "base/banned.h"

struct args {
	struct lf_build_options o;
	bool remove, debug_runner, cleanup, fail_on_warning;
	const char *cache_source, *trace;
};

#define STRING(name, field, def, ...)  LF_OPT_STRING(0, name, struct args, field, def, __VA_ARGS__)
#define STRINGS(name, field, def, ...) LF_OPT_STRINGS(0, name, struct args, field, def, __VA_ARGS__)
#define BOOL(name, field, on, ...)     LF_OPT_BOOL(0, name, struct args, field, on, __VA_ARGS__)

static const struct lf_opt opts[] = {
	STRINGS("arch", o.archs, NULL,
		"architectures to build for (e.g., x86_64,ppc64le,arm64) -- default is all, unless "
		"specified in config"),
	STRING("apk-cache-dir", o.apk_cache_dir, NULL,
	       "directory used for cached apk packages (default is system-defined cache directory)",
	       .dir = "d"),
	STRING("build-date", o.build_date, NULL,
	       "date used for the timestamps of the files inside the image"),
	STRINGS("build-option", o.build_options, NULL, "build options to enable"),
	STRING("cache-dir", o.cache_dir, "./melange-cache/", "directory used for cached inputs",
	       .dir = "d"),
	STRING("cache-source", cache_source, NULL,
	       "directory or bucket used for preloading the cache"),
	BOOL("cleanup", cleanup, true,
	     "when enabled, the temp dir used for the guest will be cleaned up after completion"),
	STRING("cpu", o.cpu, NULL, "default CPU resources to use for builds"),
	STRING("cpumodel", o.cpumodel, NULL, "default CPU model to use for builds"),
	BOOL("create-build-log", o.create_build_log, false,
	     "creates a packages.log file containing a list of packages that were built by the "
	     "command"),
	BOOL("debug", o.debug, false, "enables debug logging of build pipelines"),
	BOOL("debug-runner", debug_runner, false,
	     "when enabled, the builder pod will persist after the build succeeds or fails"),
	STRING("dependency-log", o.dependency_log, NULL, "log dependencies to a specified file",
	       .dir = "f"),
	STRING("disk", o.disk, NULL, "disk size to use for builds"),
	BOOL("empty-workspace", o.empty_workspace, false,
	     "whether the build workspace should be empty"),
	STRINGS("env-file", o.env_files, NULL, "file(s) to use for preloaded environment variables",
		.dir = "f"),
	BOOL("fail-on-lint-warning", fail_on_warning, false, "turns linter warnings into failures",
	     .deprecated = "use --lint-require and --lint-warn instead"),
	BOOL("faithful-metadata", o.faithful_metadata, false,
	     "keep hard links, and modes, owners and attributes of directories and links"),
	BOOL("generate-index", o.generate_index, true, "whether to generate APKINDEX.tar.gz"),
	BOOL("generate-provenance", o.generate_provenance, false,
	     "generate SLSA provenance for builds (included in a separate .attest.tar.gz file next "
	     "to the APK)"),
	STRING("git-commit", o.git_commit, NULL,
	       "commit hash of the git repository containing the build config file (defaults to "
	       "detecting HEAD)"),
	STRING("git-repo-url", o.git_repo_url, NULL,
	       "URL of the git repository containing the build config file"),
	BOOL("ignore-signatures", o.ignore_signatures, false,
	     "ignore repository signature verification"),
	LF_OPT_BOOL('i', "interactive", struct args, o.interactive, false,
		    "when enabled, attaches stdin with a tty to the pod on failure"),
	LF_OPT_STRINGS('k', "keyring-append", struct args, o.keyring, NULL,
		       "path to extra keys to include in the build environment keyring",
		       .dir = "f"),
	STRING("license", o.license, "NOASSERTION",
	       "license to use for the build config file itself"),
	STRINGS("lint-require", o.lint_require, MELANGE_LINT_REQUIRE, "linters that must pass"),
	STRINGS("lint-warn", o.lint_warn, MELANGE_LINT_WARN, "linters that will generate warnings"),
	STRING("memory", o.memory, NULL, "default memory resources to use for builds"),
	STRING("namespace", o.namespace, "unknown",
	       "namespace to use in package URLs in SBOM (eg wolfi, alpine)"),
	STRING("out-dir", o.out_dir, "./packages/", "directory where packages will be output",
	       .dir = "d"),
	STRING("override-host-triplet-libc-substitution-flavor", o.libc_flavor, "gnu",
	       "override the flavor of libc for ${{host.triplet.*}} substitutions (e.g. gnu,musl) "
	       "-- default is gnu"),
	STRINGS("package-append", o.packages, NULL,
		"extra packages to install for each of the build environments"),
	BOOL("persist-lint-results", o.persist_lint_results, false,
	     "persist lint results to JSON files in packages/{arch}/ directory"),
	STRING("pipeline-dir", o.pipeline_dir, NULL,
	       "directory used to extend defined built-in pipelines", .dir = "d"),
	STRINGS("pipeline-dirs", o.pipeline_dirs, NULL,
		"directories used to extend defined built-in pipelines", .dir = "d"),
	STRING("provenance-key", o.provenance_key, NULL,
	       "sign provenance with this Ed25519 key (implies --generate-provenance)", .dir = "f"),
	LF_OPT_STRINGS('r', "repository-append", struct args, o.repositories, NULL,
		       "path to extra repositories to include in the build environment",
		       .dir = "d"),
	BOOL("rm", remove, true,
	     "clean up intermediate artifacts (e.g. container images, temp dirs)"),
	STRING("runner", o.runner, NULL,
	       "which runner to use to enable running commands, default is based on your platform. "
	       "Options are [\"bubblewrap\" \"docker\" \"qemu\"]",
	       .dir = "bubblewrap docker qemu"),
	STRING("signing-key", o.signing_key, NULL, "key to use for signing", .dir = "f"),
	STRING("source-dir", o.source_dir, NULL, "directory used for included sources", .dir = "d"),
	BOOL("strip-origin-name", o.strip_origin_name, false,
	     "whether origin names should be stripped (for bootstrap)"),
	LF_OPT_DURATION(0, "timeout", struct args, o.timeout_ns, NULL,
			"default timeout for builds"),
	STRING("trace", trace, NULL, "where to write trace output", .dir = "f"),
	STRING("vars-file", o.vars_file, NULL,
	       "file to use for preloaded build configuration variables", .dir = "f"),
	BOOL("verify-package-signatures", o.verify_packages, false,
	     "verify each package's own signature, too, by a key of the keyring"),
	STRING("workspace-dir", o.workspace_dir, NULL,
	       "directory used for the workspace at /home/build", .dir = "d"),
	LF_OPT_END,
};

static bool run(struct lf_cli *cli, void *values, struct lf_err *err)
{
	struct args *a = values;

	a->o.config = cli->n_args ? cli->args[0] : "";
	a->o.args = cli->args;
	a->o.n_args = cli->n_args;
	a->o.builtins = &melange_builtins;
	a->o.keep = !a->remove || a->debug_runner;
	if (*a->trace)
		return lf_fail_new(err, LF_E_USAGE,
				   "--trace is not supported by this melange: no trace could be "
				   "written to %s; --log-level debug tells what is done and when",
				   a->trace);
	return lf_build(&cli->ctx, &a->o, err);
}

const struct lf_cmd melange_cmd_build = {
	.name = "build",
	.use = "build [config.yaml]",
	.about = "Build a package from a YAML configuration file",
	.example = "  melange build [config.yaml]",
	.opts = opts,
	.size = sizeof(struct args),
	.run = run,
};
