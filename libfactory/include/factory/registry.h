/*
 * Images to registries: `apko publish` as a call, and keeping credentials.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <factory/image.h>

enum lf_attach {
	LF_ATTACH_DEFAULT, /* yes, unless the registry does not take them */
	LF_ATTACH_NEVER,
	LF_ATTACH_REQUIRED, /* yes, or publishing fails */
};

struct lf_publish_options {
	struct lf_strv tags;    /* [REGISTRY/]REPOSITORY[:TAG], at least one */
	const char *image_refs; /* file for the references, images first; "" or NULL: none */
	bool local;             /* into the docker daemon of this machine instead */
	enum lf_attach attach_sboms;
};

/* Builds all architectures and pushes them, their SBOMs (as referrers of images and index), and the
 * index under each tag, in this order. *ret_reference is "REGISTRY/REPOSITORY@sha256:..." of the
 * first tag, the caller's to free. */
LF_API bool lf_image_publish(const struct lf_ctx *ctx, const struct lf_image_options *o,
			     const struct lf_publish_options *p, char **ret_reference,
			     struct lf_err *err) LF_MUST_CHECK;

/* Keeps user and password for a registry ("" is docker's) where docker does. The registry is not
 * asked. */
LF_API bool lf_registry_login(const struct lf_ctx *ctx, const char *registry, const char *user,
			      const char *password, struct lf_err *err) LF_MUST_CHECK;
