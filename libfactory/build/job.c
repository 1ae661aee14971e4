/*
 * One architecture's build, in upstream's order: configuration, compiled pipelines, workspace,
 * environment, sandbox, steps; then package.c. Everything that is made on the way hangs on the job,
 * so that lf_job_fini leaves nothing behind.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "build/job.h"

#include <stdlib.h>

#include "apk/version.h"
#include "base/date.h"
#include "base/fs.h"
#include "build/guest.h"
#include "build/materials.h"
#include "build/outputs.h"
#include "build/steps.h"
#include "build/workspace.h"
#include "image/environment.h"

#include "base/banned.h"

/* ---- prepare ---- */

static void set_recipe_options(const struct lf_build_job *j, struct lf_recipe_options *r)
{
	const struct lf_build_plan *p = j->plan;
	const struct lf_build_options *o = p->o;

	*r = (struct lf_recipe_options){
		.arch = j->arch,
		.commit = p->commit,
		.vars_file = o->vars_file ? o->vars_file : "",
		.env_files = o->env_files,
		.build_options = o->build_options,
		.libc_flavor = o->libc_flavor ? o->libc_flavor : "",
		.cpu = o->cpu ? o->cpu : "",
		.cpumodel = o->cpumodel ? o->cpumodel : "",
		.memory = o->memory ? o->memory : "",
		.disk = o->disk ? o->disk : "",
		.timeout_ns = o->timeout_ns,
	};
	if (o->pipeline_dir && *o->pipeline_dir)
		lf_strv_add(&r->pipeline_dirs, o->pipeline_dir);
	lf_strv_addv(&r->pipeline_dirs, &o->pipeline_dirs);
}

static void fini_recipe_options(struct lf_recipe_options *r)
{
	lf_strv_fini(&r->pipeline_dirs);
}

bool lf_job_prepare(struct lf_build_job *j, struct lf_err *err)
{
	LF_CLEANUP(fini_recipe_options) struct lf_recipe_options o;

	const char *text = j->plan->o->config_text, *path = j->plan->config;
	bool ok;

	set_recipe_options(j, &o);
	if (text)
		ok = lf_recipe_parse(&j->ctx, lf_str(text), path, &o, &j->arena, &j->recipe, err);
	else
		ok = lf_recipe_load(&j->ctx, path, &o, &j->arena, &j->recipe, err);
	if (!ok)
		return lf_fail(err, "failed to load configuration");
	j->skip = !lf_recipe_has_arch(&j->recipe, j->arch);
	return j->skip || j->plan->runner->usable(&j->ctx, j->arch, err);
}

/* ---- run ---- */

static bool compile(struct lf_build_job *j, struct lf_err *err)
{
	LF_CLEANUP(fini_recipe_options) struct lf_recipe_options o;
	struct lf_version v;

	lf_info(&j->ctx, "melange with runner %s is building:", j->plan->runner->name);
	if (!lf_version_parse(lf_str(j->recipe.package.version), &v, err))
		return lf_fail(err, "unable to parse version '%s' for %s",
			       j->recipe.package.version, j->recipe.package.unit.name);
	j->deadline_ns = lf_deadline_in(j->recipe.package.timeout_ns);
	set_recipe_options(j, &o);
	if (!lf_recipe_compile(&j->ctx, &j->recipe, &o, j->plan->o->builtins, err))
		return lf_fail(err, "compiling %s", j->plan->config);
	j->full_version = lf_recipe_full_version(&j->recipe);
	return true;
}

/* Drops subpackages whose condition is false. */
static bool drop_subpackages(struct lf_build_job *j, struct lf_err *err)
{
	size_t n = 0;

	for (size_t i = 0; i < j->recipe.n_subpackages; i++) {
		struct lf_subpackage *s = &j->recipe.subpackage[i];
		bool wanted;
		if (!lf_cond_eval(s->if_cond, &wanted, err))
			return lf_fail(err, "evaluating if-conditional \"%s\" of subpackage %s",
				       s->if_cond, s->unit.name);
		if (wanted)
			j->recipe.subpackage[n++] = *s;
		else
			lf_info(&j->ctx, "skipping subpackage %s because %s == false", s->unit.name,
				s->if_cond);
	}
	j->recipe.n_subpackages = n;
	return true;
}

static bool make_workspace(struct lf_build_job *j, struct lf_err *err)
{
	const char *dir = j->plan->o->workspace_dir;

	if (!dir || !*dir) {
		j->workspace = lf_temp_dir("melange-workspace-", err);
	} else {
		lf_auto_free char *joined = lf_path_join(dir, j->arch);
		j->workspace = lf_path_abs(joined, err);
		if (j->workspace && !lf_mkdirs(j->workspace, 0755, err))
			return false;
	}
	return j->workspace != NULL;
}

static bool fill_workspace(struct lf_build_job *j, struct lf_err *err)
{
	const struct lf_build_plan *p = j->plan;
	const char *metadata =
		lf_package_metadata(&j->recipe, j->full_version, p->namespace, j->arch, &j->arena);

	if (!make_workspace(j, err))
		return false;
	if (!p->o->empty_workspace) {
		if (!lf_workspace_write_compiler_files(j->workspace, metadata, err))
			return false;
		if (!lf_workspace_populate(&j->ctx, j->workspace, p->source_dir, err))
			return lf_fail(err, "unable to populate workspace");
	}
	return lf_workspace_make_output(j->workspace, j->recipe.package.unit.name, err);
}

static void log_list(const struct lf_build_job *j, const char *what, const struct lf_strv *v)
{
	lf_auto_buf b = {0};

	for (size_t i = 0; i < v->n; i++)
		lf_buf_printf(&b, "%s%s", i ? " " : "", v->v[i]);
	lf_info(&j->ctx, "    %s[%s]", what, lf_buf_c(&b));
}

static void log_environment(const struct lf_build_job *j, const struct lf_image_config *c)
{
	lf_info(&j->ctx, "image configuration:");
	lf_info(&j->ctx, "  contents:");
	log_list(j, "build repositories: ", &c->contents.build_repositories);
	log_list(j, "repositories: ", &c->contents.repositories);
	log_list(j, "keyring:      ", &c->contents.keyring);
	log_list(j, "packages:     ", &c->contents.packages);
}

/* The locked environment takes the place of the configured one, also in what packages record. */
static bool lock_environment(struct lf_build_job *j, struct lf_err *err)
{
	const struct lf_build_options *o = j->plan->o;
	const struct lf_environment_input in = {
		.config = &j->recipe.environment,
		.arch = j->arch,
		.build_repositories = o->repositories,
		.keyring = o->keyring,
		.packages = o->packages,
		.ignore_signatures = o->ignore_signatures,
		.build_date = j->plan->source_date_epoch,
	};
	struct lf_image_config locked;

	if (!lf_environment_lock(&j->ctx, j->fetcher, &in, &j->arena, &locked, err))
		return lf_fail(err, "unable to lock image configuration");
	lf_image_config_fini(&j->recipe.environment);
	j->recipe.environment = locked;
	log_environment(j, &locked);
	return true;
}

static bool make_guest(struct lf_build_job *j, struct lf_err *err)
{
	const struct lf_environment_input in = {
		.config = &j->recipe.environment,
		.arch = j->arch,
		.ignore_signatures = j->plan->o->ignore_signatures,
		.build_date = j->plan->source_date_epoch,
	};

	if (!lock_environment(j, err))
		return false;
	lf_auto_environment *e = lf_environment_assemble(&j->ctx, j->fetcher, &in, err);
	if (!e)
		return lf_fail(err, "unable to generate image");
	if (j->plan->provenance) {
		j->environment_package =
			lf_materials_environment(e->package, e->n_packages, &j->arena);
		j->n_environment_packages = e->n_packages;
	}
	j->guest = lf_guest_make(&j->ctx, e->tree, err);
	return j->guest || lf_fail(err, "unable to unpack the environment");
}

/* What every command of the guest sees. */
static void set_environment(struct lf_build_job *j)
{
	const struct lf_pairs *own = &j->recipe.environment.environment;
	struct lf_pairs *env = &j->environment;

	env->v = lf_new_n(&j->arena, struct lf_pair, own->n + 1);
	if (!lf_pairs_get(own, "SOURCE_DATE_EPOCH"))
		env->v[env->n++] = (struct lf_pair){
			"SOURCE_DATE_EPOCH",
			lf_arena_printf(&j->arena, "%lld", (long long)j->plan->source_date_epoch)};
	for (size_t i = 0; i < own->n; i++)
		env->v[env->n++] = own->v[i];
	lf_pairs_sort(env);
}

static bool start_sandbox(struct lf_build_job *j, struct lf_err *err)
{
	struct lf_run_as user;

	if (!lf_run_as_find(&j->recipe.environment, &user, err))
		return false;
	set_environment(j);
	j->sandbox_config = (struct lf_sandbox_config){
		.arch = j->arch,
		.guest = j->guest,
		.workspace = j->workspace,
		.cache_dir = j->plan->cache_dir,
		.run_as_set = user.set,
		.uid = user.uid,
		.gid = user.gid,
		.cap_add = j->recipe.capabilities_add,
		.cap_drop = j->recipe.capabilities_drop,
		.environment = &j->environment,
	};
	j->sandbox = j->plan->runner->start(&j->ctx, &j->sandbox_config, err);
	return j->sandbox || lf_fail(err, "unable to start pod");
}

static bool run_subpackage(struct lf_build_job *j, const struct lf_steps_run *run,
			   const struct lf_subpackage *s, struct lf_err *err)
{
	const char *name = s->unit.name;
	struct lf_ctx ctx = j->ctx;
	struct lf_steps_run r = *run;

	lf_info(&j->ctx, "running pipeline for subpackage %s", name);
	ctx.log_attrs = lf_arena_printf(&j->arena, "%s subpackage=%s",
					j->ctx.log_attrs ? j->ctx.log_attrs : "", name);
	r.ctx = &ctx;
	return lf_workspace_make_output(j->workspace, name, err) &&
	       (lf_steps_run(&r, &s->pipeline, err) ||
		lf_fail(err, "unable to run subpackage %s pipeline", name));
}

static bool run_steps(struct lf_build_job *j, struct lf_err *err)
{
	const struct lf_steps_run run = {
		.ctx = &j->ctx,
		.runner = j->plan->runner,
		.sandbox = j->sandbox,
		.workspace = j->workspace,
		.environment = &j->environment,
		.debug = j->plan->o->debug,
		.interactive = j->plan->o->interactive,
		.deadline_ns = j->deadline_ns,
	};

	if (!lf_steps_run(&run, &j->recipe.pipeline, err))
		return lf_fail(err, "unable to run package %s pipeline",
			       j->recipe.package.unit.name);
	for (size_t i = 0; i < j->recipe.n_subpackages; i++) {
		if (!run_subpackage(j, &run, &j->recipe.subpackage[i], err))
			return false;
	}
	return true;
}

static bool run(struct lf_build_job *j, struct lf_err *err)
{
	if (!compile(j, err) || !drop_subpackages(j, err) || !fill_workspace(j, err))
		return false;
	if (!make_guest(j, err))
		return lf_fail(err, "unable to build guest");
	return lf_check_cancel(&j->ctx, err) && lf_check_deadline(j->deadline_ns, err) &&
	       start_sandbox(j, err) && run_steps(j, err) && lf_job_package(j, err);
}

/* What came out, and how long it took. */
static void summarise(const struct lf_build_job *j, int64_t ns)
{
	lf_auto_buf names = {0};

	for (size_t i = 0; i < j->n_outputs; i++)
		lf_buf_printf(&names, "%s%s-%s", i ? ", " : "", j->output[i].unit->name,
			      j->full_version);
	lf_info(&j->ctx, "built %zu package%s for %s in %.1fs: %s", j->n_outputs,
		j->n_outputs == 1 ? "" : "s", j->arch, (double)ns / 1e9, lf_buf_c(&names));
}

bool lf_job_run(struct lf_build_job *j, struct lf_err *err)
{
	const int64_t start = lf_clock_ns();
	char timeout[LF_DATE_MAX];

	if (run(j, err)) {
		summarise(j, lf_clock_ns() - start);
		return true;
	}
	if (err->class != LF_E_LIMIT || lf_check_deadline(j->deadline_ns, NULL))
		return false;
	lf_duration_print(j->recipe.package.timeout_ns, timeout);
	return lf_fail(err, "timed out after %s", timeout);
}

/* ---- the end ---- */

static void remove_dir(struct lf_build_job *j, char **path, const char *what)
{
	lf_auto_err why = {0};

	if (*path && j->plan->o->keep)
		lf_info(&j->ctx, "  %s: %s", what, *path);
	else if (*path && !lf_remove_all(*path, &why))
		lf_warn(&j->ctx, "unable to remove %s: %s", what, lf_err_text(&why));
	lf_free(lf_take(*path));
}

void lf_job_fini(struct lf_build_job *j)
{
	if (!j->plan)
		return;
	j->plan->runner->stop(lf_take(j->sandbox));
	for (size_t i = 0; i < j->n_outputs; i++)
		lf_output_fini(&j->output[i]);
	remove_dir(j, &j->workspace, "workspace dir");
	remove_dir(j, &j->guest, "guest dir");
	lf_recipe_fini(&j->recipe);
	lf_arena_fini(&j->arena);
	*j = (struct lf_build_job){0};
}
