/*
 * From the options of a command to what a run shares: configuration, architectures, dates, fetcher.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "image/image.h"

struct lf_image_setup {
	struct lf_arena arena;
	struct lf_image_config config;
	struct lf_buf bytes;        /* of all configuration files, for lock files */
	struct lf_strv archs;       /* OCI names */
	struct lf_moment flag_date; /* --build-date alone */
	struct lf_image_run run;
	/* One a architecture, in OCI order; those that were started. */
	struct lf_image *image;
	size_t n_images;
};

/* Loads the configuration and decides on everything that needs no repository. */
bool lf_setup_init(struct lf_image_setup *s, const struct lf_ctx *ctx,
		   const struct lf_image_options *o, struct lf_err *err) LF_MUST_CHECK;
/* Starts every architecture's image: validated, keys loaded. */
bool lf_setup_images(struct lf_image_setup *s, struct lf_err *err) LF_MUST_CHECK;
/* "Determining packages for 2 architectures: [amd64 arm64]" */
void lf_setup_tell_archs(const struct lf_image_setup *s);
void lf_setup_fini(struct lf_image_setup *s);

/* SOURCE_DATE_EPOCH over the given date; *ret_fixed: it is set, if only to nothing. */
bool lf_source_date(struct lf_moment flag_date, struct lf_moment *ret, bool *ret_fixed,
		    struct lf_err *err) LF_MUST_CHECK;

/* URL@COMMIT of the git repository that holds the file, searching upwards to the current directory;
 * NULL when there is none. */
const char *lf_vcs_probe(const struct lf_ctx *ctx, const char *path, struct lf_arena *arena);
