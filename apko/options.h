/*
 * Options that several commands have, each told once. `type` is the struct that a command's options
 * fill, `field` the member in it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "cli/cli.h"

#define APKO_OPT_ARCH(type, field)                                                                 \
	LF_OPT_STRINGS(0, "arch", type, field, NULL,                                               \
		       "architectures to build for (e.g., x86_64,ppc64le,arm64) -- default is "    \
		       "all, unless specified in config. Can also use 'host' to indicate arch of " \
		       "host this is running on")

#define APKO_OPT_BUILD_ARCH(type, field)                                 \
	LF_OPT_STRING(0, "build-arch", type, field, NULL,                \
		      "architecture to build for -- default is that of " \
		      "this machine")

#define APKO_OPT_BUILD_DATE(type, field)            \
	LF_OPT_STRING(                              \
		0, "build-date", type, field, NULL, \
		"date used for the timestamps of the files inside the image in RFC3339 format")

#define APKO_OPT_BUILD_REPOSITORIES(type, field)                          \
	LF_OPT_STRINGS('b', "build-repository-append", type, field, NULL, \
		       "path to extra repositories to include")

#define APKO_OPT_CACHE_DIR(type, field)                                                    \
	LF_OPT_STRING(0, "cache-dir", type, field, NULL,                                   \
		      "directory to use for caching apk packages and indexes (default '' " \
		      "means to use system-defined cache directory)",                      \
		      .dir = "d")

#define APKO_OPT_IGNORE_SIGNATURES(type, field)                 \
	LF_OPT_BOOL(0, "ignore-signatures", type, field, false, \
		    "ignore repository signature verification")

#define APKO_OPT_INCLUDE_PATHS(type, field)                                                     \
	LF_OPT_STRINGS(0, "include-paths", type, field, NULL,                                   \
		       "additional include paths where to look for input files (config, base "  \
		       "image, etc.). By default apko will search for paths only in workdir. "  \
		       "Include paths may be absolute, or relative. Relative paths are "        \
		       "interpreted relative to workdir. For adding extra paths for packages, " \
		       "use --repository-append",                                               \
		       .dir = "d")

#define APKO_OPT_KEYRING(type, field)                            \
	LF_OPT_STRINGS('k', "keyring-append", type, field, NULL, \
		       "path to extra keys to include in the keyring")

#define APKO_OPT_OFFLINE(type, field)                 \
	LF_OPT_BOOL(0, "offline", type, field, false, \
		    "do not use network to fetch packages (cache must be pre-populated)")

#define APKO_OPT_PACKAGES(type, field) \
	LF_OPT_STRINGS('p', "package-append", type, field, NULL, "extra packages to include")

#define APKO_OPT_REPOSITORIES(type, field)                          \
	LF_OPT_STRINGS('r', "repository-append", type, field, NULL, \
		       "path to extra repositories to include")

#define APKO_OPT_VERIFY_PACKAGES(type, field)                           \
	LF_OPT_BOOL(0, "verify-package-signatures", type, field, false, \
		    "verify each package's own signature, too, by a key of the keyring")

/* Four, in their order. */
#define APKO_OPTS_LIMITS(type, control, data, index, response)                                   \
	LF_OPT_INT64(0, "max-apk-control-size", type, control, "10485760",                       \
		     "maximum decompressed size in bytes for the control section of a package"), \
		LF_OPT_INT64(                                                                    \
			0, "max-apk-data-size", type, data, "17179869184",                       \
			"maximum decompressed size in bytes for the data section of a package"), \
		LF_OPT_INT64(0, "max-apkindex-decompressed-size", type, index, "314572800",      \
			     "maximum decompressed size in bytes for a package index"),          \
		LF_OPT_INT64(0, "max-http-response-size", type, response, "8589934592",          \
			     "maximum size in bytes of an HTTP response")

/* What scripts still pass and nothing comes of: taken with a warning. */
struct apko_retired {
	struct lf_strv build_options;
	bool debug, docker_mediatypes;
	const char *stage_tags;
};

#define APKO_OPTS_RETIRED(type, field)                                                            \
	LF_OPT_ARRAY(0, "build-option", type, field.build_options, NULL, "",                      \
		     .deprecated = "it does nothing any more"),                                   \
		LF_OPT_BOOL(0, "debug", type, field.debug, false, "",                             \
			    .deprecated = "it does nothing any more; use --log-level debug"),     \
		LF_OPT_STRING(0, "stage-tags", type, field.stage_tags, NULL, "",                  \
			      .deprecated = "it does nothing any more"),                          \
		LF_OPT_BOOL(0, "use-docker-mediatypes", type, field.docker_mediatypes, false, "", \
			    .deprecated = "images always have OCI media types")
