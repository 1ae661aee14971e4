/*
 * A pod: an environment as a directory, and a sandbox in which it is the root and a workspace is
 * /home/build. A build has one, a test one for each package that it tests.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <factory/ctx.h>

#include "base/keeper.h"
#include "build/sandbox.h"
#include "config/config.h"
#include "image/environment.h"
#include "recipe/recipe.h"

/* What a pod is made from. Everything outlives it. */
struct lf_pod_input {
	const struct lf_ctx *ctx;
	const struct lf_runner *runner;
	struct lf_keeper *keeper;
	const char *arch;               /* apk's spelling */
	const char *workspace;          /* on the host */
	const char *cache_dir;          /* NULL: none */
	const struct lf_recipe *recipe; /* for its capabilities */
	const struct lf_limits *limits;
	bool keep; /* leave the guest behind */
};

struct lf_pod {
	const struct lf_pod_input *in;
	char *guest; /* directory with the environment */
	struct lf_sandbox_config config;
	struct lf_sandbox *sandbox;
};

/* Assembles an environment, told in the log. NULL on failure. */
struct lf_environment *lf_pod_assemble(const struct lf_pod_input *in, struct lf_fetcher *fetcher,
				       const struct lf_environment_input *environment,
				       struct lf_err *err) LF_MUST_CHECK;
/* Begins a pod: unpacks the environment. */
bool lf_pod_make_guest(struct lf_pod *p, const struct lf_pod_input *in,
		       const struct lf_environment *e, struct lf_err *err) LF_MUST_CHECK;
/* Starts the sandbox as the user that the image configuration says. environment is what each
 * command sees; it outlives the pod. */
bool lf_pod_start(struct lf_pod *p, const struct lf_image_config *image,
		  const struct lf_pairs *environment, struct lf_err *err) LF_MUST_CHECK;
/* Ends the sandbox and removes the guest. Harmless on a zeroed struct, and twice. */
void lf_pod_stop(struct lf_pod *p);

/* The workspace: DIR/ARCH, made if it is not there, or a temporary directory when dir is NULL or
 * "". The caller frees the path and discards the directory. NULL on failure. */
char *lf_pod_workspace(const char *dir, const char *arch, struct lf_keeper *keeper, bool keep,
		       struct lf_err *err) LF_MUST_CHECK;
/* Removes the directory, or says that it is kept; frees *path, which may be NULL. */
void lf_pod_discard(const struct lf_ctx *ctx, char **path, bool keep, const char *what);
