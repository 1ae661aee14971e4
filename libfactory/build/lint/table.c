/*
 * All linters: name, default, what they mind, what they say. Texts are part of what users match and
 * read, so they are upstream's.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <string.h>

#include "build/lint/lint.h"

#include "base/banned.h"

#define COMPAT "This package should be a -compat package"
#define DOCS   "Place documentation into a separate package or remove it"

#define PATHS(match_fn, text) .run = lf_lint_paths, .match = (match_fn), .message = (text)
#define R                     LF_LINT_REQUIRE
#define W                     LF_LINT_WARN

/* Sorted by name. */
static const struct lf_linter linters[] = {
	{"binaryarch", W, lf_lint_binaryarch,
	 .explain = "This package contains binaries compiled for unsupported architectures (only "
		    "aarch64/arm64 and amd64/x86_64 binaries are supported)"},
	{"cudaruntimelib", W, PATHS(lf_lint_cuda, "{P} contains CUDA driver-specific libraries"),
	 .explain =
		 "CUDA driver-specific libraries should be passed into the container by the "
		 "host. Installing them in an image could override the host libraries and break "
		 "GPU support. If this library is needed for build-time linking or ldd-check "
		 "tests, please use a package containing a stub library instead. For libcuda.so, "
		 "use nvidia-cuda-cudart-$cuda_version. For libnvidia-ml.so, use "
		 "nvidia-cuda-nvml-dev-$cuda_version."},
	{"dev", R, PATHS(lf_lint_dev, "{P} writes to /dev"),
	 .explain =
		 "If this package is creating /dev nodes, it should use udev instead; otherwise, "
		 "remove any files in /dev"},
	{"dll", W, PATHS(lf_lint_dll, "{P} contains {N} DLL file{s}"), .exempt = {"-dev"},
	 .explain = "This package contains Windows libraries"},
	{"documentation", LF_LINT_OFF,
	 PATHS(lf_lint_documentation,
	       "{P} contains {N} documentation file{s} but is not a documentation package"),
	 .exempt = {"-doc"}, .explain = DOCS},
	{"duplicate", W, lf_lint_duplicate,
	 .explain = "This package contains files with the same name and content in different "
		    "directories (consider symlinking)"},
	{"dylib", W, PATHS(lf_lint_dylib, "{P} contains {N} dylib file{s}"), .exempt = {"-dev"},
	 .explain = "This package contains macOS libraries"},
	{"empty", LF_LINT_OFF, lf_lint_empty,
	 .explain = "Verify that this package is supposed to be empty; if it is, disable this "
		    "linter; otherwise check the build"},
	{"infodir", R, PATHS(lf_lint_infodir, "{P} writes to /usr/share/info/dir/"),
	 .explain = "Remove /usr/share/info/dir from the package (run split/infodir)"},
	{"lddcheck", W, lf_lint_lddcheck, lf_lint_shared_object,
	 .message = "{P} contains shared objects but test/ldd-check is not configured",
	 .explain = "This package provides shared object files, please add the ldd-check test "
		    "pipeline"},
	{"libtool/la-files", R,
	 PATHS(lf_lint_la,
	       "{P} contains {N} libtool archive (.la) file{s}. Remove them in the build pipeline; "
	       "if this package legitimately needs to ship .la files, disable this linter via "
	       "checks.disabled"),
	 .explain = "Remove libtool archive (.la) files from the package, or disable this linter "
		    "if they are required"},
	{"maninfo", W,
	 PATHS(lf_lint_maninfo,
	       "{P} contains {N} man/info file{s} but is not a documentation package"),
	 .exempt = {"-doc"}, .explain = DOCS},
	{"nonlinux", W, lf_lint_nonlinux, .message = "{P} contains {N} non-Linux reference(s)",
	 .explain = "This package contains references to non-Linux paths"},
	{"object", W,
	 PATHS(lf_lint_object, "{P} contains {N} intermediate object file{s}. This is usually "
			       "wrong. In most cases they should be removed"),
	 .explain = "This package contains intermediate object files (.o files)"},
	{"opt", W, PATHS(lf_lint_opt, "{P} writes to /opt"), .exempt = {"-compat"},
	 .explain = COMPAT},
	{"pkgconf", W, lf_lint_pkgconf, lf_lint_pkgconf_file,
	 .message = "{P} contains pkgconfig files but test/pkgconf is not configured",
	 .explain = "This package provides files in a pkgconfig directory, please add the pkgconf "
		    "test pipeline"},
	{"python/docs", W, lf_lint_python_docs,
	 .explain = "Remove all docs directories from the package"},
	{"python/multiple", W, lf_lint_python_multiple,
	 .explain = "Split this package up into multiple packages and verify you are not "
		    "improperly using pip install"},
	{"python/test", W, lf_lint_python_test,
	 .explain = "Remove all test directories from the package"},
	{"sbom", W, PATHS(lf_lint_sbom, "{P} writes to var/lib/db/sbom"),
	 .explain = "Remove any files in /var/lib/db/sbom from the package"},
	{"setuidgid", R, lf_lint_setuidgid,
	 .message = "{P} contains {N} file{s} with special permissions (setuid/setgid)",
	 .explain = "Unset the setuid/setgid bit on the relevant files, or remove this linter"},
	{"srv", W, PATHS(lf_lint_srv, "{P} writes to /srv"), .exempt = {"-compat"},
	 .explain = COMPAT},
	{"staticarchive", W,
	 PATHS(lf_lint_archive,
	       "{P} contains {N} static archive{s}. Static archives bloat packages "
	       "and should typically be in -dev packages or removed"),
	 .exempt = {"-dev", "-static"},
	 .explain = "This package contains static archives (.a files)"},
	{"strip", W, lf_lint_strip, .explain = "Properly strip all binaries in the pipeline"},
	{"tempdir", R, lf_lint_tempdir, .message = "{P} writes to a temp dir",
	 .explain = "Remove any offending files in temporary dirs in the pipeline, or add a "
		    "/usr/lib/tmpfiles.d/ snippet in the case of dirs under /run/"},
	{"unsupportedarch", W, lf_lint_unsupportedarch,
	 .message = "{P} contains {N} unsupported architecture reference(s)",
	 .explain = "This package contains references to unsupported architectures (only "
		    "aarch64/arm64 and amd64/x86_64 are supported)"},
	{"usrlocal", W,
	 PATHS(lf_lint_usrlocal, "{P} contains /usr/local path in non-compat package"),
	 .exempt = {"-compat"}, .explain = COMPAT},
	{"usrmerge", R, lf_lint_usrmerge, .explain = "Move binary to /usr/bin"},
	{"varempty", R, PATHS(lf_lint_varempty, "{P} writes to /var/empty"),
	 .explain = "Remove any offending files in /var/empty in the pipeline"},
	{"worldwrite", R, lf_lint_worldwrite, .message = "{P} contains {N} world-writeable file{s}",
	 .explain = "Change the permissions of any permissive files in the package, disable the "
		    "linter, or make this a -compat package"},
};

const struct lf_linter *lf_linter_find(const char *name)
{
	for (size_t i = 0; i < LF_ARRAY_LEN(linters); i++)
		if (strcmp(linters[i].name, name) == 0)
			return &linters[i];
	return NULL;
}

void lf_lint_defaults(struct lf_strv *require, struct lf_strv *warn)
{
	for (size_t i = 0; i < LF_ARRAY_LEN(linters); i++) {
		if (linters[i].by_default == LF_LINT_REQUIRE)
			lf_strv_add(require, linters[i].name);
		else if (linters[i].by_default == LF_LINT_WARN)
			lf_strv_add(warn, linters[i].name);
	}
}
