/*
 * melange test: flags in, lf_test, errors out.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/build.h>

#include "melange/commands.h"
#include "melange/options.h"

#include "base/banned.h"

struct args {
	struct lf_build_options o;
	bool remove, debug_runner;
	const char *cache_source;
};

static const struct lf_opt opts[] = {
	MELANGE_OPT_APK_CACHE_DIR(o.apk_cache_dir),
	STRINGS("arch", o.archs, NULL,
		"architectures to test on (e.g., x86_64,ppc64le,arm64) -- default is all, unless "
		"specified in config"),
	STRING("cache-dir", o.cache_dir, NULL, "directory used for cached inputs", .dir = "d"),
	MELANGE_OPT_CACHE_SOURCE(cache_source),
	MELANGE_OPT_CPU(o.cpu, "tests"),
	MELANGE_OPT_CPUMODEL(o.cpumodel, "tests"),
	BOOL("debug", o.debug, false,
	     "enables debug logging of test pipelines (sets -x for steps)"),
	BOOL("debug-runner", debug_runner, false,
	     "when enabled, the test pod will persist after the test succeeds or fails"),
	MELANGE_OPT_DISK(o.disk, "tests"),
	MELANGE_OPT_ENV_FILE(o.env_files),
	MELANGE_OPT_IGNORE_SIGNATURES(o.ignore_signatures),
	MELANGE_OPT_INTERACTIVE(o.interactive),
	LF_OPT_STRINGS('k', "keyring-append", struct args, o.keyring, NULL,
		       "path to extra keys to include in the test environment keyring", .dir = "f"),
	MELANGE_OPT_MEMORY(o.memory, "tests"),
	MELANGE_OPT_PIPELINE_DIRS(o.pipeline_dirs),
	LF_OPT_STRINGS('r', "repository-append", struct args, o.repositories, NULL,
		       "path to extra repositories to include in the test environment", .dir = "d"),
	MELANGE_OPT_RM(remove, true),
	MELANGE_OPT_RUNNER(o.runner),
	MELANGE_OPT_SOURCE_DIR(o.source_dir),
	STRINGS("test-option", o.build_options, NULL, "build options to enable"),
	STRINGS("test-package-append", o.packages, NULL,
		"extra packages to install for each of the test environments"),
	LF_OPT_DURATION(0, "timeout", struct args, o.timeout_ns, NULL, "default timeout for tests"),
	MELANGE_OPT_VERIFY_PACKAGE_SIGNATURES(o.verify_packages),
	MELANGE_OPT_WORKSPACE_DIR(o.workspace_dir),
	LF_OPT_END,
};

static bool run(struct lf_cli *cli, void *values, struct lf_err *err)
{
	struct args *a = values;

	a->o.config = cli->args[0];
	a->o.builtins = &melange_builtins;
	a->o.keep = !a->remove || a->debug_runner;
	return lf_test(&cli->ctx, &a->o, cli->n_args > 1 ? cli->args[1] : "", err);
}

const struct lf_cmd melange_cmd_test = {
	.name = "test",
	.use = "test <test.yaml> [package-name]",
	.about = "Test a package with a YAML configuration file",
	.detail = "Test a package from a YAML configuration file containing a test pipeline.",
	.example = "  melange test <test.yaml> [package-name]",
	.opts = opts,
	.size = sizeof(struct args),
	.args = {.min = 1},
	.run = run,
};
