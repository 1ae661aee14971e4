/*
 * melange build: flags in, lf_build, errors out.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/build.h>

#include "melange/commands.h"
#include "melange/options.h"

#include "base/banned.h"

struct args {
	struct lf_build_options o;
	bool remove, debug_runner, cleanup, fail_on_warning;
	const char *cache_source, *trace;
};

static const struct lf_opt opts[] = {
	STRINGS("arch", o.archs, NULL,
		"architectures to build for (e.g., x86_64,ppc64le,arm64) -- default is all, unless "
		"specified in config"),
	MELANGE_OPT_APK_CACHE_DIR(o.apk_cache_dir),
	MELANGE_OPT_BUILD_DATE(o.build_date),
	MELANGE_OPT_BUILD_OPTION(o.build_options),
	STRING("cache-dir", o.cache_dir, "./melange-cache/", "directory used for cached inputs",
	       .dir = "d"),
	MELANGE_OPT_CACHE_SOURCE(cache_source),
	BOOL("cleanup", cleanup, true,
	     "when enabled, the temp dir used for the guest will be cleaned up after completion"),
	MELANGE_OPT_CPU(o.cpu, "builds"),
	MELANGE_OPT_CPUMODEL(o.cpumodel, "builds"),
	MELANGE_OPT_CREATE_BUILD_LOG(o.create_build_log),
	BOOL("debug", o.debug, false, "enables debug logging of build pipelines"),
	BOOL("debug-runner", debug_runner, false,
	     "when enabled, the builder pod will persist after the build succeeds or fails"),
	MELANGE_OPT_DEPENDENCY_LOG(o.dependency_log),
	MELANGE_OPT_DISK(o.disk, "builds"),
	MELANGE_OPT_EMPTY_WORKSPACE(o.empty_workspace),
	MELANGE_OPT_ENV_FILE(o.env_files),
	BOOL("fail-on-lint-warning", fail_on_warning, false, "turns linter warnings into failures",
	     .deprecated = "use --lint-require and --lint-warn instead"),
	BOOL("faithful-metadata", o.faithful_metadata, false,
	     "keep hard links, and modes, owners and attributes of directories and links"),
	MELANGE_OPT_GENERATE_INDEX(o.generate_index),
	MELANGE_OPT_GENERATE_PROVENANCE(o.generate_provenance),
	MELANGE_OPT_GIT_COMMIT(o.git_commit),
	MELANGE_OPT_GIT_REPO_URL(o.git_repo_url),
	MELANGE_OPT_IGNORE_SIGNATURES(o.ignore_signatures),
	MELANGE_OPT_INTERACTIVE(o.interactive),
	LF_OPT_STRINGS('k', "keyring-append", struct args, o.keyring, NULL,
		       "path to extra keys to include in the build environment keyring",
		       .dir = "f"),
	MELANGE_OPT_LICENSE(o.license),
	STRINGS("lint-require", o.lint_require, MELANGE_LINT_REQUIRE, "linters that must pass"),
	STRINGS("lint-warn", o.lint_warn, MELANGE_LINT_WARN, "linters that will generate warnings"),
	MELANGE_OPT_MEMORY(o.memory, "builds"),
	MELANGE_OPT_NAMESPACE(o.namespace),
	STRING("out-dir", o.out_dir, "./packages/", "directory where packages will be output",
	       .dir = "d"),
	STRING("override-host-triplet-libc-substitution-flavor", o.libc_flavor, "gnu",
	       "override the flavor of libc for ${{host.triplet.*}} substitutions (e.g. gnu,musl) "
	       "-- default is gnu"),
	MELANGE_OPT_PACKAGE_APPEND(o.packages),
	BOOL("persist-lint-results", o.persist_lint_results, false,
	     "persist lint results to JSON files in packages/{arch}/ directory"),
	MELANGE_OPT_PIPELINE_DIR(o.pipeline_dir),
	MELANGE_OPT_PIPELINE_DIRS(o.pipeline_dirs),
	STRING("provenance-key", o.provenance_key, NULL,
	       "sign provenance with this Ed25519 key (implies --generate-provenance)", .dir = "f"),
	LF_OPT_STRINGS('r', "repository-append", struct args, o.repositories, NULL,
		       "path to extra repositories to include in the build environment",
		       .dir = "d"),
	MELANGE_OPT_RM(remove, true),
	MELANGE_OPT_RUNNER(o.runner),
	MELANGE_OPT_SIGNING_KEY(o.signing_key),
	MELANGE_OPT_SOURCE_DIR(o.source_dir),
	MELANGE_OPT_STRIP_ORIGIN_NAME(o.strip_origin_name),
	LF_OPT_DURATION(0, "timeout", struct args, o.timeout_ns, NULL,
			"default timeout for builds"),
	STRING("trace", trace, NULL, "where to write trace output", .dir = "f"),
	MELANGE_OPT_VARS_FILE(o.vars_file),
	MELANGE_OPT_VERIFY_PACKAGE_SIGNATURES(o.verify_packages),
	MELANGE_OPT_WORKSPACE_DIR(o.workspace_dir),
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
