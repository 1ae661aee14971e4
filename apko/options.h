/*
 * Options that several commands have, each told once. `type` is the struct that a command's options
 * fill, `field` the member in it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "cli/cli.h"

#define APKO_OPT_ANNOTATIONS(type, field)                   \
	LF_OPT_STRINGS(0, "annotations", type, field, NULL, \
		       "annotations of images and index, each key:value")

#define APKO_OPT_ARCH(type, field)                                                             \
	LF_OPT_STRINGS(0, "arch", type, field, NULL,                                           \
		       "architectures, such as x86_64,arm64; all, or host for this machine's " \
		       "(none given: the configuration's, else all)")

#define APKO_OPT_BUILD_ARCH(type, field)                  \
	LF_OPT_STRING(0, "build-arch", type, field, NULL, \
		      "the one architecture to build for, unless this machine's")

#define APKO_OPT_BUILD_DATE(type, field)                  \
	LF_OPT_STRING(0, "build-date", type, field, NULL, \
		      "time of what apko itself makes, as RFC 3339 (none: 1970)")

#define APKO_OPT_BUILD_REPOSITORIES(type, field)                          \
	LF_OPT_STRINGS('b', "build-repository-append", type, field, NULL, \
		       "more repositories that the image shall not name")

#define APKO_OPT_CACHE_DIR(type, field)                                        \
	LF_OPT_STRING(0, "cache-dir", type, field, NULL,                       \
		      "where packages and indexes are kept for the next time " \
		      "(none: the user's cache directory)",                    \
		      .dir = "d")

#define APKO_OPT_FORMAT(type, field)                                                            \
	LF_OPT_STRING(                                                                          \
		0, "format", type, field, NULL,                                                 \
		"format of layers: tar or erofs (none: what the configuration says, else tar)", \
		.dir = "tar erofs")

#define APKO_OPT_IGNORE_SIGNATURES(type, field)                 \
	LF_OPT_BOOL(0, "ignore-signatures", type, field, false, \
		    "take indexes without checking who signed them")

#define APKO_OPT_INCLUDE_PATHS(type, field)                                                   \
	LF_OPT_STRINGS(0, "include-paths", type, field, NULL,                                 \
		       "more directories to find the configuration, its includes and a base " \
		       "image in; for packages there is --repository-append",                 \
		       .dir = "d")

#define APKO_OPT_KEYRING(type, field)                            \
	LF_OPT_STRINGS('k', "keyring-append", type, field, NULL, \
		       "more keys to trust: files or URLs")

#define APKO_OPT_LOCKFILE(type, field)                  \
	LF_OPT_STRING(0, "lockfile", type, field, NULL, \
		      "install just what this file of apko lock says (none: choose anew)")

#define APKO_OPT_OFFLINE(type, field) \
	LF_OPT_BOOL(0, "offline", type, field, false, "use no network, only what the cache has")

#define APKO_OPT_PACKAGES(type, field) \
	LF_OPT_STRINGS('p', "package-append", type, field, NULL, "more packages to install")

#define APKO_OPT_REPOSITORIES(type, field)                          \
	LF_OPT_STRINGS('r', "repository-append", type, field, NULL, \
		       "more repositories, named in the image, too")

#define APKO_OPT_SBOM(type, field) \
	LF_OPT_BOOL(0, "sbom", type, field, true, "describe images and index by SBOMs")

#define APKO_OPT_SBOM_FORMATS(type, field) \
	LF_OPT_STRINGS(0, "sbom-formats", type, field, "spdx", "formats of SBOMs; there is spdx")

#define APKO_OPT_SBOM_PATH(type, field, text) \
	LF_OPT_STRING(0, "sbom-path", type, field, NULL, text, .dir = "d")

#define APKO_OPT_VCS(type, field)                \
	LF_OPT_BOOL(0, "vcs", type, field, true, \
		    "find the source's URL and revision by git when the configuration has none")

#define APKO_OPT_VERIFY_PACKAGES(type, field)                           \
	LF_OPT_BOOL(0, "verify-package-signatures", type, field, false, \
		    "verify each package's own signature, too, by a key of the keyring")

/* Four, in their order. */
#define APKO_OPTS_LIMITS(type, control, data, index, response)                                    \
	LF_OPT_INT64(0, "max-apk-control-size", type, control, "10485760",                        \
		     "most bytes that a package's control section may unpack to (-1: any)"),      \
		LF_OPT_INT64(0, "max-apk-data-size", type, data, "17179869184",                   \
			     "most bytes that a package's data section may unpack to (-1: any)"), \
		LF_OPT_INT64(0, "max-apkindex-decompressed-size", type, index, "314572800",       \
			     "most bytes that an index may unpack to (-1: any)"),                 \
		LF_OPT_INT64(0, "max-http-response-size", type, response, "8589934592",           \
			     "most bytes of an HTTP response (-1: any)")

/* What scripts still pass and nothing comes of: taken with a warning. All commands had --debug. */
struct apko_retired {
	struct lf_strv build_options;
	bool debug, docker_mediatypes;
	const char *stage_tags;
};

#define APKO_OPT_RETIRED_DEBUG(type, field)             \
	LF_OPT_BOOL(0, "debug", type, field, false, "", \
		    .deprecated = "it does nothing any more; use --log-level debug")

#define APKO_OPTS_RETIRED(type, field)                                                            \
	LF_OPT_ARRAY(0, "build-option", type, field.build_options, NULL, "",                      \
		     .deprecated = "it does nothing any more"),                                   \
		APKO_OPT_RETIRED_DEBUG(type, field.debug),                                        \
		LF_OPT_STRING(0, "stage-tags", type, field.stage_tags, NULL, "",                  \
			      .deprecated = "it does nothing any more"),                          \
		LF_OPT_BOOL(0, "use-docker-mediatypes", type, field.docker_mediatypes, false, "", \
			    .deprecated = "images always have OCI media types")
