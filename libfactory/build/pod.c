/*
 * Pods: see pod.h. What is made here hangs on the pod or is the caller's to discard, and is known
 * to the keeper unless it is to stay.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "build/pod.h"

#include "base/fs.h"
#include "base/mem.h"
#include "build/guest.h"
#include "build/limits.h"

#include "base/banned.h"

/* ---- directories ---- */

/* What is to stay is none of the keeper's business. */
static char *temp_dir(const char *prefix, struct lf_keeper *keeper, bool keep, struct lf_err *err)
{
	return keep ? lf_temp_dir(prefix, err) : lf_keeper_temp_dir(keeper, prefix, err);
}

char *lf_pod_workspace(const char *dir, const char *arch, struct lf_keeper *keeper, bool keep,
		       struct lf_err *err)
{
	if (!dir || !*dir)
		return temp_dir("melange-workspace-", keeper, keep, err);
	lf_auto_free char *joined = lf_path_join(dir, arch);
	lf_auto_free char *path = lf_path_abs(joined, err);
	if (!path || !lf_mkdirs(path, 0755, err))
		return NULL;
	return lf_take(path);
}

void lf_pod_discard(const struct lf_ctx *ctx, char **path, bool keep, const char *what)
{
	lf_auto_err why = {0};

	if (*path && keep)
		lf_info(ctx, "  %s: %s", what, *path);
	else if (*path && !lf_remove_all(*path, &why))
		lf_warn(ctx, "unable to remove %s: %s", what, lf_err_text(&why));
	lf_free(lf_take(*path));
}

/* ---- guest ---- */

static void log_list(const struct lf_ctx *ctx, const char *what, const struct lf_strv *v,
		     const struct lf_strv *more)
{
	lf_auto_strv all = {0};
	lf_auto_buf b = {0};

	lf_strv_addv(&all, v);
	lf_strv_addv(&all, more);
	for (size_t i = 0; i < all.n; i++)
		lf_buf_printf(&b, "%s%s", i ? " " : "", all.v[i]);
	lf_info(ctx, "    %s[%s]", what, lf_buf_c(&b));
}

static void log_environment(const struct lf_ctx *ctx, const struct lf_environment_input *e)
{
	const struct lf_contents *c = &e->config->contents;

	lf_info(ctx, "image configuration:");
	lf_info(ctx, "  contents:");
	log_list(ctx, "build repositories: ", &c->build_repositories, &e->build_repositories);
	log_list(ctx, "repositories: ", &c->repositories, &e->repositories);
	log_list(ctx, "keyring:      ", &c->keyring, &e->keyring);
	log_list(ctx, "packages:     ", &c->packages, &e->packages);
}

struct lf_environment *lf_pod_assemble(const struct lf_pod_input *in, struct lf_fetcher *fetcher,
				       const struct lf_environment_input *environment,
				       struct lf_err *err)
{
	log_environment(in->ctx, environment);
	struct lf_environment *e = lf_environment_assemble(in->ctx, fetcher, environment, err);
	if (!e)
		lf_fail(err, "unable to generate image");
	return e;
}

bool lf_pod_make_guest(struct lf_pod *p, const struct lf_pod_input *in,
		       const struct lf_environment *e, struct lf_err *err)
{
	*p = (struct lf_pod){.in = in};
	p->guest = temp_dir("bubblewrap-guest-", in->keeper, in->keep, err);
	return (p->guest && lf_guest_fill(in->ctx, e->tree, p->guest, err)) ||
	       lf_fail(err, "unable to unpack the environment");
}

/* ---- sandbox ---- */

bool lf_pod_start(struct lf_pod *p, const struct lf_image_config *image,
		  const struct lf_pairs *environment, struct lf_err *err)
{
	const struct lf_pod_input *in = p->in;
	struct lf_run_as user;

	if (!lf_run_as_find(image, &user, err))
		return false;
	p->config = (struct lf_sandbox_config){
		.arch = in->arch,
		.guest = p->guest,
		.workspace = in->workspace,
		.cache_dir = in->cache_dir,
		.run_as_set = user.set,
		.uid = user.uid,
		.gid = user.gid,
		.cap_add = in->recipe->capabilities_add,
		.cap_drop = in->recipe->capabilities_drop,
		.environment = environment,
		.limits = *in->limits,
		.keeper = in->keeper,
	};
	p->sandbox = in->runner->start(in->ctx, &p->config, err);
	return p->sandbox != NULL;
}

void lf_pod_stop(struct lf_pod *p)
{
	if (!p->in)
		return;
	p->in->runner->stop(lf_take(p->sandbox));
	lf_pod_discard(p->in->ctx, &p->guest, p->in->keep, "guest dir");
	*p = (struct lf_pod){0};
}
