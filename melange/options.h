/*
 * Options that several commands have, each told once. `field` is a member of the command's `struct
 * args`.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "cli/cli.h"

#define STRING(name, field, def, ...)  LF_OPT_STRING(0, name, struct args, field, def, __VA_ARGS__)
#define STRINGS(name, field, def, ...) LF_OPT_STRINGS(0, name, struct args, field, def, __VA_ARGS__)
#define BOOL(name, field, on, ...)     LF_OPT_BOOL(0, name, struct args, field, on, __VA_ARGS__)

#define MELANGE_OPT_APK_CACHE_DIR(field)                                                  \
	STRING("apk-cache-dir", field, NULL,                                              \
	       "directory used for cached apk packages (default is system-defined cache " \
	       "directory)",                                                              \
	       .dir = "d")

#define MELANGE_OPT_BUILD_DATE(field)     \
	STRING("build-date", field, NULL, \
	       "date used for the timestamps of the files inside the image")

#define MELANGE_OPT_BUILD_OPTION(field) \
	STRINGS("build-option", field, NULL, "build options to enable")

#define MELANGE_OPT_CACHE_SOURCE(field) \
	STRING("cache-source", field, NULL, "directory or bucket used for preloading the cache")

#define MELANGE_OPT_CREATE_BUILD_LOG(field)                                                      \
	BOOL("create-build-log", field, false,                                                   \
	     "creates a packages.log file containing a list of packages that were built by the " \
	     "command")

#define MELANGE_OPT_DEPENDENCY_LOG(field) \
	STRING("dependency-log", field, NULL, "log dependencies to a specified file", .dir = "f")

#define MELANGE_OPT_EMPTY_WORKSPACE(field) \
	BOOL("empty-workspace", field, false, "whether the build workspace should be empty")

#define MELANGE_OPT_ENV_FILE(field)                                                            \
	STRINGS("env-file", field, NULL, "file(s) to use for preloaded environment variables", \
		.dir = "f")

#define MELANGE_OPT_GENERATE_INDEX(field) \
	BOOL("generate-index", field, true, "whether to generate APKINDEX.tar.gz")

#define MELANGE_OPT_GENERATE_PROVENANCE(field)                                                  \
	BOOL("generate-provenance", field, false,                                               \
	     "generate SLSA provenance for builds (included in a separate .attest.tar.gz file " \
	     "next to the APK)")

#define MELANGE_OPT_GIT_COMMIT(field)                                                             \
	STRING("git-commit", field, NULL,                                                         \
	       "commit hash of the git repository containing the build config file (defaults to " \
	       "detecting HEAD)")

#define MELANGE_OPT_GIT_REPO_URL(field)     \
	STRING("git-repo-url", field, NULL, \
	       "URL of the git repository containing the build config file")

#define MELANGE_OPT_IGNORE_SIGNATURES(field) \
	BOOL("ignore-signatures", field, false, "ignore repository signature verification")

#define MELANGE_OPT_INTERACTIVE(field)                             \
	LF_OPT_BOOL('i', "interactive", struct args, field, false, \
		    "when enabled, attaches stdin with a tty to the pod on failure")

#define MELANGE_OPT_LICENSE(field) \
	STRING("license", field, "NOASSERTION", "license to use for the build config file itself")

#define MELANGE_OPT_NAMESPACE(field)          \
	STRING("namespace", field, "unknown", \
	       "namespace to use in package URLs in SBOM (eg wolfi, alpine)")

#define MELANGE_OPT_PACKAGE_APPEND(field)      \
	STRINGS("package-append", field, NULL, \
		"extra packages to install for each of the build environments")

#define MELANGE_OPT_PIPELINE_DIR(field)                                                            \
	STRING("pipeline-dir", field, NULL, "directory used to extend defined built-in pipelines", \
	       .dir = "d")

#define MELANGE_OPT_PIPELINE_DIRS(field)      \
	STRINGS("pipeline-dirs", field, NULL, \
		"directories used to extend defined built-in pipelines", .dir = "d")

#define MELANGE_OPT_RM(field, on) \
	BOOL("rm", field, on, "clean up intermediate artifacts (e.g. container images, temp dirs)")

#define MELANGE_OPT_RUNNER(field)                                                          \
	STRING("runner", field, NULL,                                                      \
	       "which runner to use to enable running commands, default is based on your " \
	       "platform. Options are [\"bubblewrap\" \"docker\" \"qemu\"]",               \
	       .dir = "bubblewrap docker qemu")

#define MELANGE_OPT_SIGNING_KEY(field) \
	STRING("signing-key", field, NULL, "key to use for signing", .dir = "f")

#define MELANGE_OPT_SOURCE_DIR(field) \
	STRING("source-dir", field, NULL, "directory used for included sources", .dir = "d")

#define MELANGE_OPT_STRIP_ORIGIN_NAME(field)    \
	BOOL("strip-origin-name", field, false, \
	     "whether origin names should be stripped (for bootstrap)")

#define MELANGE_OPT_VARS_FILE(field)     \
	STRING("vars-file", field, NULL, \
	       "file to use for preloaded build configuration variables", .dir = "f")

#define MELANGE_OPT_VERIFY_PACKAGE_SIGNATURES(field)    \
	BOOL("verify-package-signatures", field, false, \
	     "verify each package's own signature, too, by a key of the keyring")

#define MELANGE_OPT_WORKSPACE_DIR(field)                                                        \
	STRING("workspace-dir", field, NULL, "directory used for the workspace at /home/build", \
	       .dir = "d")

/* `what`: "builds" or "tests". */
#define MELANGE_OPT_CPU(field, what) \
	STRING("cpu", field, NULL, "default CPU resources to use for " what "")

#define MELANGE_OPT_CPUMODEL(field, what) \
	STRING("cpumodel", field, NULL, "default CPU model to use for " what "")

#define MELANGE_OPT_DISK(field, what) STRING("disk", field, NULL, "disk size to use for " what "")

#define MELANGE_OPT_MEMORY(field, what) \
	STRING("memory", field, NULL, "default memory resources to use for " what "")
