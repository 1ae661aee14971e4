/*
 * Packages that exist already, as files or behind URLs: what melange can be asked about them. Plain
 * values say what the flags say; texts may be NULL or "" for "not given". Nothing is owned.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>

#include <factory/ctx.h>
#include <factory/list.h>

struct lf_packages_lint_options {
	struct lf_strv files;         /* paths or http(s) URLs */
	struct lf_strv require, warn; /* names of linters */
	bool persist;                 /* write OUT/ARCH/lint-NAME-VERSION.json */
	const char *out_dir;
};

/* `melange lint`: all packages are looked at; false with what the required linters say of them, a
 * line each. */
LF_API bool lf_packages_lint(const struct lf_ctx *ctx, const struct lf_packages_lint_options *o,
			     struct lf_err *err) LF_MUST_CHECK;

struct lf_packages_scan_options {
	const char *config;
	struct lf_strv archs;   /* as they name folders of the repository */
	const char *repository; /* a directory or an http(s) URL */
	const char *package;    /* this one alone; "": all that the configuration makes */
	const char *namespace;
	bool diff;     /* what would change instead of the whole text */
	bool comments; /* with diff: comment lines count too */
};

/* `melange scan`: what a build would write into .PKGINFO of packages that are in the repository, by
 * the configuration as it is now. *ret is the caller's to free; *ret_differs is for diff. */
LF_API bool lf_packages_scan(const struct lf_ctx *ctx, const struct lf_packages_scan_options *o,
			     char **ret, bool *ret_differs, struct lf_err *err) LF_MUST_CHECK;

struct lf_builtins;

struct lf_packages_rebuild_options {
	struct lf_strv files; /* paths or http(s) URLs */
	const char *out_dir;
	const char *runner, *signing_key, *source_dir; /* as of a build */
	const struct lf_builtins *builtins;
	bool diff;              /* compare what comes out */
	bool faithful_metadata; /* as of a build */
};

/* `melange rebuild`: builds each origin of these packages once more, by the configuration that they
 * carry. *ret tells what differs and is the caller's to free. */
LF_API bool lf_packages_rebuild(const struct lf_ctx *ctx,
				const struct lf_packages_rebuild_options *o, char **ret,
				bool *ret_differs, struct lf_err *err) LF_MUST_CHECK;

struct lf_packages_verify_options {
	struct lf_strv files;           /* paths or http(s) URLs */
	struct lf_strv keys;            /* public keys, one of which signed each package */
	struct lf_strv provenance_keys; /* Ed25519; with any, provenance must be there and be
					   signed by one of them */
};

/* `melange verify`: of each package the signature, the digests of sections and files, the SBOM, and
 * the provenance beside it. *ret has a line for each check, also on failure, and is the caller's to
 * free; the error has a line for each that failed. */
LF_API bool lf_packages_verify(const struct lf_ctx *ctx, const struct lf_packages_verify_options *o,
			       char **ret, struct lf_err *err) LF_MUST_CHECK;
