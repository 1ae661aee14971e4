/*
 * melange test: flags in, lf_test, errors out.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <factory/build.h>

#include "cli/cli.h"
#include "melange/commands.h"

#include "base/banned.h"

struct args {
	struct lf_build_options o;
	bool remove, debug_runner;
	const char *cache_source;
};

#define STRING(name, field, def, ...)  LF_OPT_STRING(0, name, struct args, field, def, __VA_ARGS__)
#define STRINGS(name, field, def, ...) LF_OPT_STRINGS(0, name, struct args, field, def, __VA_ARGS__)
#define BOOL(name, field, on, ...)     LF_OPT_BOOL(0, name, struct args, field, on, __VA_ARGS__)

static const struct lf_opt opts[] = {
	STRING("apk-cache-dir", o.apk_cache_dir, NULL,
	       "directory used for cached apk packages (default is system-defined cache directory)",
	       .dir = "d"),
	STRINGS("arch", o.archs, NULL,
		"architectures to test on (e.g., x86_64,ppc64le,arm64) -- default is all, unless "
		"specified in config"),
	STRING("cache-dir", o.cache_dir, NULL, "directory used for cached inputs", .dir = "d"),
	STRING("cache-source", cache_source, NULL,
	       "directory or bucket used for preloading the cache"),
	STRING("cpu", o.cpu, NULL, "default CPU resources to use for tests"),
	STRING("cpumodel", o.cpumodel, NULL, "default CPU model to use for tests"),
	BOOL("debug", o.debug, false,
	     "enables debug logging of test pipelines (sets -x for steps)"),
	BOOL("debug-runner", debug_runner, false,
	     "when enabled, the test pod will persist after the test succeeds or fails"),
	STRING("disk", o.disk, NULL, "disk size to use for tests"),
	STRINGS("env-file", o.env_files, NULL, "file(s) to use for preloaded environment variables",
		.dir = "f"),
	BOOL("ignore-signatures", o.ignore_signatures, false,
	     "ignore repository signature verification"),
	LF_OPT_BOOL('i', "interactive", struct args, o.interactive, false,
		    "when enabled, attaches stdin with a tty to the pod on failure"),
	LF_OPT_STRINGS('k', "keyring-append", struct args, o.keyring, NULL,
		       "path to extra keys to include in the test environment keyring", .dir = "f"),
	STRING("memory", o.memory, NULL, "default memory resources to use for tests"),
	STRINGS("pipeline-dirs", o.pipeline_dirs, NULL,
		"directories used to extend defined built-in pipelines", .dir = "d"),
	LF_OPT_STRINGS('r', "repository-append", struct args, o.repositories, NULL,
		       "path to extra repositories to include in the test environment", .dir = "d"),
	BOOL("rm", remove, true,
	     "clean up intermediate artifacts (e.g. container images, temp dirs)"),
	STRING("runner", o.runner, NULL,
	       "which runner to use to enable running commands, default is based on your platform. "
	       "Options are [\"bubblewrap\" \"docker\" \"qemu\"]",
	       .dir = "bubblewrap docker qemu"),
	STRING("source-dir", o.source_dir, NULL, "directory used for included sources", .dir = "d"),
	STRINGS("test-option", o.build_options, NULL, "build options to enable"),
	STRINGS("test-package-append", o.packages, NULL,
		"extra packages to install for each of the test environments"),
	LF_OPT_DURATION(0, "timeout", struct args, o.timeout_ns, NULL, "default timeout for tests"),
	BOOL("verify-package-signatures", o.verify_packages, false,
	     "verify each package's own signature, too, by a key of the keyring"),
	STRING("workspace-dir", o.workspace_dir, NULL,
	       "directory used for the workspace at /home/build", .dir = "d"),
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
