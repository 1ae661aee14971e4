/*
 * A repository of an OCI registry (OCI distribution 1.1): blobs and manifests go there, and
 * manifests that refer to others. Credentials are sent to the registry and to the token server that
 * it names, and to nobody else.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "net/docker_config.h"
#include "net/http.h"

struct lf_registry_options {
	const struct lf_ctx *ctx;
	struct lf_http *http;
	const char *registry, *repository; /* as lf_reference_parse gives them */
	const char *mount_from; /* a repository of that registry whose blobs may be used; NULL */
	const struct lf_registry_auth *auth;
};

/* Asks whether a registry is there and what proof it wants. All pointers stay the caller's and in
 * use. NULL on failure. */
struct lf_registry;
struct lf_registry *lf_registry_open(const struct lf_registry_options *o,
				     struct lf_err *err) LF_MUST_CHECK;
void lf_registry_close(struct lf_registry *r); /* NULL is fine */

struct lf_registry_blob {
	const char *digest; /* "sha256:HEX" */
	uint64_t size;
	const char *path;    /* a file that holds it, or */
	struct lf_str bytes; /* what it is, when path is NULL */
};

/* Those that the repository does not have, several at once. */
bool lf_registry_push_blobs(struct lf_registry *r, const struct lf_registry_blob *blob, size_t n,
			    struct lf_err *err) LF_MUST_CHECK;

struct lf_registry_manifest {
	const char *media_type, *digest;
	struct lf_str bytes;
};

/* Under its digest, unless it is there. */
bool lf_registry_push_manifest(struct lf_registry *r, const struct lf_registry_manifest *m,
			       struct lf_err *err) LF_MUST_CHECK;
bool lf_registry_push_tag(struct lf_registry *r, const struct lf_registry_manifest *m,
			  const char *tag, struct lf_err *err) LF_MUST_CHECK;

/* A manifest that names another one as its subject. Where the registry does not keep account of
 * such, the list of those who refer to the subject (the tag sha256-HEX) gets this one added.
 * *ret_refused: the failure is that the registry does not take such a manifest. */
struct lf_registry_referrer {
	struct lf_registry_manifest manifest;
	const char *subject; /* its digest */
	const char *artifact_type;
	const char *created; /* the annotation; NULL: none */
};
bool lf_registry_push_referrer(struct lf_registry *r, const struct lf_registry_referrer *a,
			       bool *ret_refused, struct lf_err *err) LF_MUST_CHECK;
