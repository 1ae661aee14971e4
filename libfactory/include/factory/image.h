/*
 * apko's way: from an image configuration to an OCI image, and what can be asked about it on the
 * way. Every call reads the configuration named in the options, decides the architectures, and
 * works in options->workdir (the caller has changed to it). Results are the same for any number of
 * jobs.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <factory/ctx.h>
#include <factory/list.h>

/* What the commands that take a configuration have in common. Zeroed fields mean the defaults of
 * the command line. */
struct lf_image_options {
	const char *config; /* path; NULL: an empty configuration */
	struct lf_strv
		include_paths; /* further directories for the configuration and its includes */
	struct lf_strv archs;  /* as given with --arch; empty: the configuration's, else all */
	struct lf_strv keyring, repositories, build_repositories, packages; /* the -append flags */
	struct lf_strv annotations;                                         /* "key:value" */
	const char *build_date; /* RFC 3339, "" or NULL: 1970 */
	const char *cache_dir;  /* "" or NULL: the system default */
	const char *lockfile;   /* "" or NULL: none */
	const char *format;     /* "tar", "erofs", or "": the configuration's */
	bool offline, ignore_signatures;
	bool verify_packages; /* each package's own signature by a key of the keyring */
	bool probe_vcs;       /* find the vcs url by git when the configuration has none */
	bool sbom;
	struct lf_strv sbom_formats;
	const char *sbom_path; /* "" or NULL: the current directory */
	int64_t max_index, max_control, max_data, max_response; /* bytes; 0: default, -1: none */
	const char *version;                                    /* of the program, for SBOMs */
};

/* `apko build`: all architectures, into an existing directory as OCI layout, otherwise into an
 * image tar that appears by rename. */
LF_API bool lf_image_build(const struct lf_ctx *ctx, const struct lf_image_options *o,
			   const char *tag, const char *output, struct lf_err *err) LF_MUST_CHECK;

/* `apko build-minirootfs`: the root of one architecture as a plain tar; o->archs and o->sbom do not
 * matter. */
LF_API bool lf_image_build_minirootfs(const struct lf_ctx *ctx, const struct lf_image_options *o,
				      const char *arch, const char *output,
				      struct lf_err *err) LF_MUST_CHECK;
/* `apko build-cpio`: the same as a cpio archive, gzip'ed when the name ends in .gz. */
LF_API bool lf_image_build_cpio(const struct lf_ctx *ctx, const struct lf_image_options *o,
				const char *arch, const char *output,
				struct lf_err *err) LF_MUST_CHECK;
struct lf_initramfs_options {
	const char *arch, *output, *init_package; /* arch: any spelling */
	struct lf_strv repositories, packages, keyring;
};

/* `melange initramfs`: an init package, further ones and what they need, as `apko build-cpio` packs
 * them. */
LF_API bool lf_initramfs_build(const struct lf_ctx *ctx, const struct lf_initramfs_options *o,
			       struct lf_err *err) LF_MUST_CHECK;
/* The OCI name of this machine's architecture. */
LF_API const char *lf_host_arch(void);

/* `apko lock`: the packages of each architecture, solved and fetched, as a lock file that appears
 * by rename. */
LF_API bool lf_image_write_lock(const struct lf_ctx *ctx, const struct lf_image_options *o,
				const char *output, struct lf_err *err) LF_MUST_CHECK;

/* `apko dot`. */
struct lf_dot_options {
	bool spanning_tree;   /* only the first edge to each package */
	bool web;             /* serve it to a browser until interrupted, instead of returning it */
	const char *explorer; /* host that nodes link to then */
};

/* The dependency graph of the first architecture in graphviz's language; *ret is the caller's to
 * free. When packages cannot be chosen it shows why, and is there on failure too; otherwise *ret is
 * NULL then. */
LF_API bool lf_image_dot(const struct lf_ctx *ctx, const struct lf_image_options *o,
			 const struct lf_dot_options *dot, char **ret,
			 struct lf_err *err) LF_MUST_CHECK;

/* `apko show-config`: the loaded configuration as YAML; *ret is the caller's to free. */
LF_API bool lf_image_show_config(const struct lf_ctx *ctx, const struct lf_image_options *o,
				 char **ret, struct lf_err *err) LF_MUST_CHECK;

/* `apko show-packages`: one line a package in install order by the format (a name or a template);
 * *ret is the caller's to free. */
LF_API bool lf_image_show_packages(const struct lf_ctx *ctx, const struct lf_image_options *o,
				   const char *format, char **ret,
				   struct lf_err *err) LF_MUST_CHECK;

/* `apko show-packages --explain`: who asked for the package of this name, which candidates there
 * were, and by which rule it won; *ret is the caller's to free. */
LF_API bool lf_image_explain(const struct lf_ctx *ctx, const struct lf_image_options *o,
			     const char *name, char **ret, struct lf_err *err) LF_MUST_CHECK;
